-- The same counts as lib/baocao/sources/dossiers, written by hand for DuckDB and for whole calendar months only:
-- what the reduction's time is held against. {dossiers}: the file; {first}, {last}: first and last day of all months.
WITH received AS (
    SELECT unit, month_of(received) AS w, count(*) AS online_base,
        count(*) FILTER (channel = 2) AS filed_online,
        count(*) FILTER (channel IN (1, 3)) AS filed_direct,
        count(*) FILTER (channel = 3) AS post_received,
        count(*) FILTER (level IN (3, 4)) AS eligible_received,
        count(*) FILTER (level IN (3, 4) AND channel = 2) AS eligible_online,
        count(*) FILTER (level = 4) AS full_online_received,
        count(*) FILTER (level = 4 AND channel = 2) AS full_online_filed,
        count(*) FILTER (has_identity) AS digitisation_base,
        count(*) FILTER (has_identity AND digitised >= 1) AS dossier_digitised,
        count(*) FILTER (payment_requested) AS fee_bearing,
        count(*) FILTER (payment_requested AND paid_online) AS paid_online,
        count(channel) AS n_channel, count(level) AS n_level, count(has_identity) AS n_identity,
        count(digitised) AS n_digitised, count(payment_requested) AS n_fee, count(paid_online) AS n_paid
    FROM {dossiers}
    WHERE received BETWEEN {first} AND {last} AND countable(unit, status, received, coalesce(finished, returned, stopped))
    GROUP BY ALL
), ended AS (
    SELECT unit, month_of(e) AS w,
        count(*) FILTER (status <> 8) AS ended, count(*) AS portal_ended,
        count(*) FILTER (status >= 9 AND e < due) AS resolved_early,
        count(*) FILTER (status = 7 OR status >= 9 AND (due IS NULL OR e = due)) AS resolved_on_time,
        count(*) FILTER (status >= 9 AND e > due) AS resolved_late,
        count(*) FILTER (status <> 8 AND return_channel = 3) AS post_returned,
        count(*) FILTER (status >= 9) AS result_base,
        count(*) FILTER (status >= 9 AND (coalesce(result_attached, false) OR NOT coalesce(needs_result, true))) AS result_digitised,
        count(*) FILTER (late) AS portal_resolved_late, count(*) FILTER (NOT late) AS portal_resolved_on_time,
        count(return_channel) FILTER (status <> 8) AS n_return,
        count(*) FILTER (status >= 9 AND (result_attached IS NOT NULL OR needs_result IS NOT NULL)) AS n_result
    FROM (
        SELECT *, CASE WHEN e <= due THEN false ELSE coalesce(
            e > coalesce(due, received + legal_days::int)
              + CASE WHEN supplement_returned BETWEEN supplement_requested AND e
                     THEN (supplement_returned - supplement_requested)::int ELSE 0 END, false) END AS late
        FROM (SELECT *, coalesce(finished, returned, stopped) AS e FROM {dossiers})
        WHERE status BETWEEN 7 AND 10 AND e BETWEEN {first} AND {last} AND countable(unit, status, received, e)
    )
    GROUP BY ALL
), slow AS (
    SELECT unit, status, received, due, portal_e, CASE WHEN status <> 8 THEN portal_e END AS e, asked,
        CASE WHEN coalesce(asked > due_by, true) THEN due_by ELSE due_by + (back - asked)::int END AS last_day,
        supplements > 1 AND asked IS NOT NULL AND coalesce(asked <= due_by, true) AS waits, least(back, portal_e) AS until
    FROM (
        SELECT unit, status, received, due, supplements, coalesce(due, received + legal_days::int) AS due_by,
            CASE WHEN status >= 7 THEN coalesce(finished, returned, stopped) END AS portal_e, supplement_requested AS asked,
            CASE WHEN supplement_returned >= supplement_requested THEN supplement_returned END AS back
        FROM {dossiers}
        WHERE received <= {last} AND countable(unit, status, received, coalesce(finished, returned, stopped))
            AND (status IN (2, 4, 5, 6, 8) OR due IS NULL OR coalesce(finished, returned, stopped) > due OR supplements > 1)
    )
), spells AS (
    SELECT unit, 'overdue' AS kind, greatest(due + 1, received) AS since, e AS until FROM slow
    WHERE status NOT IN (5, 6, 8) AND due IS NOT NULL
    UNION ALL SELECT unit, 'late', greatest(last_day + 1, received), portal_e FROM slow WHERE last_day IS NOT NULL
    UNION ALL SELECT unit, 'late', greatest(asked, received), until FROM slow WHERE waits
), turns AS (
    SELECT unit, w, sum(change) FILTER (kind = 'overdue') AS overdue, sum(change) FILTER (kind = 'late') AS late
    FROM (
        SELECT unit, kind, month_of(since) AS w, 1 AS change FROM spells
        WHERE since <= {last} AND (until IS NULL OR month_of(since) < month_of(until))
        UNION ALL SELECT unit, kind, month_of(until), -1 FROM spells
        WHERE until <= {last} AND month_of(since) < month_of(until)
    ) GROUP BY ALL
), events AS (
    SELECT unit, w, COLUMNS(* EXCLUDE (unit, w)) FROM (
        FROM received UNION ALL BY NAME FROM ended UNION ALL BY NAME FROM turns
    )
), summed AS (
    SELECT unit, w, coalesce(sum(COLUMNS(* EXCLUDE (unit, w))), 0) FROM events GROUP BY unit, w
), filled AS (
    SELECT u.unit, m.w, coalesce(COLUMNS(s.* EXCLUDE (unit, w)), 0)
    FROM (SELECT unit, min(w) AS since FROM summed GROUP BY unit) AS u
    JOIN (SELECT unnest(range(0, month_of({last}) + 1)) AS w) AS m ON m.w >= u.since
    LEFT JOIN summed AS s ON s.unit = u.unit AND s.w = m.w
), stocks AS (
    SELECT *, sum(online_base - ended) OVER past AS pending, sum(overdue) OVER past AS pending_overdue,
        sum(online_base - portal_ended) OVER past AS portal_pending, sum(late) OVER past AS portal_pending_late
    FROM filled WINDOW past AS (PARTITION BY unit ORDER BY w)
), known AS (
    SELECT *, sum(n_channel) OVER month > 0 AS has_channel, sum(n_level) OVER month > 0 AS has_level,
        sum(n_identity) OVER month > 0 AS has_identity, sum(n_digitised) OVER month > 0 AS has_digitised,
        sum(n_fee) OVER month > 0 AS has_fee, sum(n_paid) OVER month > 0 AS has_paid,
        sum(n_return) OVER month > 0 AS has_return, sum(n_result) OVER month > 0 AS has_result,
        make_date(((w + {base}) // 12)::int, ((w + {base}) % 12 + 1)::int, 1) AS period_start
    FROM stocks WHERE pending + ended > 0 WINDOW month AS (PARTITION BY w)
), wide AS (
    SELECT unit, period_start, last_day(period_start) AS period_end,
        CASE WHEN has_channel THEN filed_online END AS filed_online,
        CASE WHEN has_channel THEN filed_direct END AS filed_direct, online_base,
        CASE WHEN has_level AND period_start >= '2022-08-15' THEN eligible_received END AS eligible_received,
        CASE WHEN has_level AND period_start >= '2022-08-15' THEN eligible_online END AS eligible_online,
        CASE WHEN has_level AND period_start >= '2022-08-15' THEN full_online_received END AS full_online_received,
        CASE WHEN has_level AND period_start >= '2022-08-15' THEN full_online_filed END AS full_online_filed,
        CASE WHEN has_level AND last_day(period_start) <= '2022-08-14' THEN eligible_online - full_online_filed END AS level_3_filed,
        CASE WHEN has_level AND last_day(period_start) <= '2022-08-14' THEN full_online_filed END AS level_4_filed,
        CASE WHEN last_day(period_start) <= '2022-08-14' THEN online_base END AS level_base,
        CASE WHEN has_channel THEN post_received END AS post_received,
        CASE WHEN has_identity AND period_start >= '2021-12-06' THEN digitisation_base END AS digitisation_base,
        CASE WHEN has_digitised AND period_start >= '2021-12-06' THEN dossier_digitised END AS dossier_digitised,
        CASE WHEN has_fee THEN fee_bearing END AS fee_bearing, CASE WHEN has_paid THEN paid_online END AS paid_online,
        CASE WHEN w > 0 THEN resolved_early END AS resolved_early,
        CASE WHEN w > 0 THEN resolved_on_time END AS resolved_on_time,
        CASE WHEN w > 0 THEN resolved_late END AS resolved_late,
        CASE WHEN w > 0 AND has_return THEN post_returned END AS post_returned,
        CASE WHEN w > 0 AND period_start >= '2021-12-06' THEN result_base END AS result_base,
        CASE WHEN w > 0 AND has_result AND period_start >= '2021-12-06' THEN result_digitised END AS result_digitised,
        CASE WHEN w > 0 THEN portal_resolved_on_time END AS portal_resolved_on_time,
        CASE WHEN w > 0 THEN portal_resolved_late END AS portal_resolved_late,
        CASE WHEN w > 0 THEN pending + ended - online_base END AS carried_over,
        CASE WHEN w > 0 THEN pending - pending_overdue END AS pending_in_time,
        CASE WHEN w > 0 THEN pending_overdue END AS pending_overdue,
        CASE WHEN w > 0 THEN portal_pending - portal_pending_late END AS portal_pending_on_time,
        CASE WHEN w > 0 THEN portal_pending_late END AS portal_pending_late
    FROM known
)
SELECT unit, period_start, period_end, measure, value::BIGINT AS value
FROM (UNPIVOT (SELECT unit, period_start, period_end, COLUMNS(* EXCLUDE (unit, period_start, period_end))::BIGINT FROM wide)
      ON COLUMNS(* EXCLUDE (unit, period_start, period_end)) INTO NAME measure VALUE value)
