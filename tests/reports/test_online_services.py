"""The letter on online services as its cells print it: three denominators, growth both ways, who is named, targets, bridges."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import partial
from math import ceil
from pathlib import Path

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from baocao.analysis import rates as compute
from baocao.analysis.subject import CHOSEN
from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import NoDataError, UserError
from baocao.publishing import pandoc
from baocao.publishing.check_claims import Checker
from baocao.publishing.document_blocks import read_blocks
from baocao.reports import open_memo
from baocao.reports.online_services import FILED, LETTER
from conftest import WrittenMemo, make_project, plain, write_memo

NONE_RECEIVED = "HT-SNGV"  # sở Ngoại vụ receives nothing in June 2023
ALL_ELIGIBLE, ALL_FULL, SEVEN = ("HT-SGDDT", "HT-STTTT"), ("440",), ("HT-SXD",)
BODY = ("result", "shares", "one-unit", "praise", "weaknesses", "tasks")


# --- facts of our own --------------------------------------------------------------------------------------------
def shares_of(at: int, code: str, year: int) -> dict[str, int]:
    """One unit's counts: more dossiers and a higher share every year, no two units quite alike."""
    base = 60 + at % 37 + 10 * (year - 2022)
    online = 10 + at % 23 + 6 * (year - 2022)
    eligible, full = base - 7, base - 30
    full_online = min(online - 4, full - 1)
    if year == 2023 and code in ALL_ELIGIBLE:
        base, online, eligible, full, full_online = 60, 35, 35, 34, 34
    elif year == 2023 and code in ALL_FULL:
        base, online, eligible, full, full_online = 120, 60, 80, 50, 50
    elif year == 2023 and code in SEVEN:
        base = online = eligible = full = full_online = 7
    elif year == 2023 and code == NONE_RECEIVED:
        base = online = eligible = full = full_online = 0
    return {
        "filed_online": online, "online_base": base, "eligible_online": online, "eligible_received": eligible,
        "full_online_filed": full_online, "full_online_received": full, "pending_overdue": 0,
    }  # fmt: skip


def levels_of(at: int, code: str) -> dict[str, int]:
    """The same of 2022, when online services had levels 3 and 4."""
    counts = shares_of(at, code, 2022)
    return {
        "filed_online": counts["filed_online"], "online_base": counts["online_base"],
        "level_3_filed": counts["filed_online"] - 3, "level_4_filed": 3, "level_base": counts["online_base"],
    }  # fmt: skip


def leaf_units(register, day: date) -> list:
    return [unit for unit in register.on(day) if unit.kind in compute.LEAF_KINDS]


def month_rows(register, last: date, counts, without: tuple[str, ...] = ()) -> list[tuple]:
    return [
        (unit.code, last.replace(day=1).isoformat(), last.isoformat(), name, value)
        for at, unit in enumerate(leaf_units(register, last))
        if unit.code not in without
        for name, value in counts(at, unit.code).items()
    ]


def of_year(year: int):
    return lambda at, code: shares_of(at, code, year)


@pytest.fixture(scope="module")
def facts(root, register, tmp_path_factory) -> Path:
    """All units in June 2022 (levels), 2023 and 2024, in July 2024 and 2025; in September 2023 without one commune."""
    rows = [
        *month_rows(register, date(2022, 6, 30), levels_of),
        *month_rows(register, date(2023, 6, 30), of_year(2023)),
        *month_rows(register, date(2023, 9, 30), of_year(2023), without=("18229",)),
        *month_rows(register, date(2024, 6, 30), of_year(2024)),
        *month_rows(register, date(2024, 7, 31), of_year(2024)),
        *month_rows(register, date(2025, 7, 31), of_year(2025)),
    ]
    return make_project(root, tmp_path_factory.mktemp("online"), {"don_vi.csv": ("received", rows)})


@pytest.fixture(scope="module")
def decreed(root, register, tmp_path_factory) -> Path:
    """July 2025 with a target for one share of all units, and a level that few reach."""
    rows = month_rows(register, date(2025, 7, 31), of_year(2025))
    project = make_project(root, tmp_path_factory.mktemp("decreed"), {"don_vi.csv": ("received", rows)})
    with (project / "data" / "reference" / "targets.csv").open("a", encoding="utf-8") as file:
        file.write("eligible_online_share,all,50,>=,2025-01-01,,Quyết định thử của UBND tỉnh,K,\n")
        file.write("full_online_share,all,90,>=,2026-01-01,,Quyết định sau,K,\n")
    return project


# --- writing and reading -----------------------------------------------------------------------------------------
Write = Callable[..., WrittenMemo]


@pytest.fixture(scope="module")
def write(write_sound) -> Write:
    """Writes the letter on units of a project."""
    return partial(write_sound, "online_services")


@pytest.fixture(scope="module")
def june(write, facts) -> WrittenMemo:
    return write(facts, "2023-06", "42")


@pytest.fixture(scope="module")
def july(write, facts) -> WrittenMemo:
    return write(facts, "2025-07", "42")


@pytest.fixture(scope="module")
def levels(write, facts) -> WrittenMemo:
    return write(facts, "2022-06", "42")


@pytest.fixture(scope="module")
def targeted(write, decreed) -> WrittenMemo:
    return write(decreed, "2025-07", "42")


def names_in(*pieces: str) -> set[str]:
    return set(re.findall(r'data-don-vi="([^"]+)"', "".join(pieces)))


def cells_of(letter: WrittenMemo, code: str) -> list[str]:
    """The row of a unit in the table by unit, its number apart."""
    units = letter.markdown("units").split("theo đơn vị ")[-1]
    (row,) = [
        line for line in units.splitlines() if line.startswith("| ") and f'data-don-vi="{code}"' in line
    ]
    return re.sub(r"^\| \d* \| ", "", plain(row)).strip("| ").split(" | ")


@pytest.mark.parametrize(
    "units",
    [
        ["xã Đức Thọ"],
        ["Sở Nội vụ"],
        ["Sở Công Thương", "xã Sơn Kim 1", "xã Đức Thọ"],
        ["42X"],
        ["land-offices"],
    ],
)
def test_only_the_units_asked_for_are_named(write, facts, units):
    """Beside them: the old units of a bridge, the levels, the office and the province that speak."""
    letter = write(facts, "2025-07", *units)
    setting, members = letter.memo.setting, [one.unit for one in letter.memo.members]
    inside = {unit.code for unit in (*setting.units, *members)} | {CHOSEN.code, "42", "HT-VPUB"}
    base = letter.memo.period.same_period_last_year()
    bridge = {unit.code for unit in setting.bridge_units([*members, letter.memo.subject.unit], base)}
    named = {code for code in names_in(*letter.pieces) if not code.startswith("42-")}
    assert named <= inside | bridge
    assert "mô hình" not in letter["tasks"]


# --- growth both ways --------------------------------------------------------------------------------------------
def sums(register, last: date, counts, *names: str, level: str = "") -> list[int]:
    rows = [
        counts(at, unit.code)
        for at, unit in enumerate(leaf_units(register, last))
        if not level or unit.level == level
    ]
    return [sum(row[name] for row in rows) for name in names]


def test_growth_is_told_both_ways_with_its_base(june, register):
    now = sums(register, date(2023, 6, 30), of_year(2023), "filed_online", "online_base")
    then = sums(register, date(2022, 6, 30), levels_of, "filed_online", "online_base")
    points = vn.parse_number(vn.format_percent(*now)[:-1]) - vn.parse_number(vn.format_percent(*then)[:-1])
    growth = Fraction(now[0] * then[1], now[1] * then[0]) - 1
    assert june["result"] == (
        "Qua số liệu hồ sơ thủ tục hành chính (TTHC) trích xuất từ Hệ thống thông tin giải quyết TTHC của tỉnh tháng 6 "
        "năm 2023 (từ ngày 01/06/2023 đến ngày 30/06/2023), tỷ lệ hồ sơ nộp trực tuyến trên tổng số hồ sơ tiếp nhận đạt "
        f"{vn.format_percent(*now)} ({vn.format_number(now[0])}/{vn.format_number(now[1])} hồ sơ), tăng "
        f"{vn.format_number(points, 2)} điểm phần trăm (tăng tương đối {vn.format_number(100 * growth, 2)}%) so với mức "
        f"{vn.format_percent(*then)} ({vn.format_number(then[0])}/{vn.format_number(then[1])} hồ sơ) của tháng 6 năm 2022."
    )


def test_growth_from_few_dossiers_is_told_in_points_only(june, register):
    day = date(2023, 6, 30)
    at = next(at for at, unit in enumerate(leaf_units(register, day)) if unit.code == "439")
    now, then = shares_of(at, "439", 2023), levels_of(at, "439")
    rates = [Fraction(100 * one["filed_online"], one["online_base"]) for one in (now, then)]
    assert then["filed_online"] < 30
    assert cells_of(june, "439")[:6] == [
        "Huyện Hương Sơn", f"{now['filed_online']}/{now['online_base']}", f"{vn.format_number(rates[0], 2)}%",
        f"{vn.format_number(rates[1], 2)}%", f"+{vn.format_number(rates[0] - rates[1], 2)}", "–",
    ]  # fmt: skip
    assert re.search(r"\| \+[\d,]+ \| \+[\d,]+% \|", june["units"]), "that of enough is told both ways"


def test_the_three_denominators_are_named_and_kept_apart(june, register):
    names = ("eligible_online", "eligible_received", "full_online_filed", "full_online_received")
    now = sums(register, date(2023, 6, 30), of_year(2023), *names)
    assert re.fullmatch(
        rf"Tính riêng các TTHC có dịch vụ công \(DVC\) trực tuyến, .* đạt {vn.format_percent(*now[:2])} \([\d./]+ hồ sơ\)\. Tính "
        rf"riêng các TTHC có DVC trực tuyến toàn trình, .* đạt {vn.format_percent(*now[2:])} \([\d./]+ hồ sơ\)\.",
        june["shares"],
    )
    reason = "vì kỳ đó chỉ có tỷ lệ dịch vụ công mức độ 3, mức độ 4 tính trên tổng số hồ sơ, khác cách tính của kỳ này."
    assert june["units"].count(f"Không so sánh với tháng 6 năm 2022 {reason}") == 1, "of two tables, once"


def test_shares_of_one_definition_are_all_compared(write, facts):
    letter = write(facts, "2024-06", "42")
    assert letter["shares"].count("điểm phần trăm (tăng tương đối") == 2
    told = re.findall("Không so sánh[^.]*", letter["units"])
    assert {one.split(": ")[-1] for one in told} == {"Sở Ngoại vụ"}, "which had no dossier the year before"


def test_several_rates_that_got_better_are_counted(write, root, register, tmp_path):
    """Three of the four that may be compared; one of few dossiers then is not."""

    def counts(year: int) -> dict[str, int]:
        more = year - 2024
        digitised = {
            "digitisation_base": 100,
            "dossier_digitised": 50 + more,
            "result_base": 100,
            "result_digitised": 50 - more,
        }
        paid = {"fee_bearing": 10, "paid_online": 5 + more}
        online = {"filed_online": 50 + more, "online_base": 100}
        return (
            digitised
            | paid
            | online
            | {"resolved_early": 90 + more, "resolved_on_time": 0, "resolved_late": 10}
        )

    rows = [
        ("HT-SCT", f"{year}-07-01", f"{year}-07-31", name, value)
        for year in (2024, 2025)
        for name, value in counts(year).items()
    ]
    project = make_project(root, tmp_path, {"don_vi.csv": ("received", rows)})
    assert (
        "(03/04 chỉ tiêu so sánh được với cùng kỳ)" in write(project, "2025-07", "Sở Công Thương")["result"]
    )


def test_the_annex_has_a_row_for_every_unit(june, register):
    units = june.markdown("units").split("theo đơn vị ")[-1]
    rows = [line for line in units.splitlines() if line.startswith("| ") and "data-don-vi" in line]
    assert len(rows) == len(leaf_units(register, date(2023, 6, 30))) + 4 + 1


def test_a_unit_without_dossiers_has_dashes_and_is_in_no_list(june, register):
    name = register.get(NONE_RECEIVED, date(2023, 6, 30)).full_name
    cells = cells_of(june, NONE_RECEIVED)
    assert cells[:3] == [name, "–", "–"] and "0%" not in cells
    assert name not in june["praise"] + june["weaknesses"]


# --- lists by rule -----------------------------------------------------------------------------------------------
def test_units_at_the_full_share_are_praised_where_their_dossiers_are_enough(june):
    """Seven of seven are no reason for praise, and a unit is named once."""
    assert re.fullmatch(
        r"Có 02 đơn vị đã đạt tỷ lệ 100% đối với các DVC trực tuyến cho phép nộp hồ sơ trực tuyến: Sở Giáo dục và Đào tạo "
        r"\(35/35 hồ sơ\); Sở Thông tin và Truyền thông \(35/35 hồ sơ\)\. Có 01 đơn vị khác đã đạt tỷ lệ 100% đối với DVC trực "
        r"tuyến toàn trình: huyện Đức Thọ \(\d+/\d+ hồ sơ\)\. Chủ tịch UBND tỉnh ghi nhận và biểu dương các đơn vị nêu trên đã "
        r"thực hiện tốt\^\[Chỉ xét đơn vị có từ ba mươi hồ sơ trở lên, không có hồ sơ đang giải quyết quá hạn\.\]\.",
        june["praise"],
    )


def test_without_a_full_share_the_highest_of_each_level_are_named(july, register):
    text = july["praise"]
    assert text.startswith(
        "Các đơn vị có tỷ lệ hồ sơ nộp trực tuyến trên tổng số hồ sơ cao nhất: cấp tỉnh có "
    )
    rates = {
        unit.official_name: Fraction(counts["filed_online"], counts["online_base"])
        for at, unit in enumerate(leaf_units(register, date(2025, 7, 31)))
        if unit.kind == "commune" and (counts := shares_of(at, unit.code, 2025))
    }
    third = sorted((round_share(rate) for rate in rates.values()), reverse=True)[2]
    best = {name for name, rate in rates.items() if round_share(rate) >= third}
    communes = text.split("cấp xã có ")[1].split(". Chủ tịch")[0]
    assert {name for name in rates if f"{name} (" in communes} == best


def round_share(rate: Fraction):
    return vn.round_half_up(100 * rate, 2)


def test_weak_units_are_told_with_the_least_number_of_dossiers_missing(june, register):
    """The rule applied anew: below the common level of communes, the three lowest and all tied with them."""
    day = date(2023, 6, 30)
    common = Fraction(*sums(register, day, of_year(2023), "filed_online", "online_base", level="commune"))
    counts = {
        unit.official_name: shares_of(at, unit.code, 2023)
        for at, unit in enumerate(leaf_units(register, day))
        if unit.kind == "commune"
    }
    rates = {name: Fraction(one["filed_online"], one["online_base"]) for name, one in counts.items()}
    below = {name: rate for name, rate in rates.items() if round_share(rate) < round_share(common)}
    third = sorted(round_share(rate) for rate in below.values())[2]
    lowest = {name for name, rate in below.items() if round_share(rate) <= third}
    (line,) = re.findall(r"- (Cấp xã .*?)\.(?: -|$)", june["weaknesses"])
    assert line.startswith(
        f"Cấp xã ({vn.format_count_in_text(len(below))}/{len(rates)} đơn vị dưới mức chung {vn.format_number(100 * common, 2)}%): "
    )
    assert len(lowest) <= 10
    for name in lowest:
        online, base = counts[name]["filed_online"], counts[name]["online_base"]
        missing = next(more for more in range(base) if Fraction(online + more, base) >= common)
        assert missing == ceil(common * base) - online
        assert (
            f"{name} ({vn.format_percent(online, base)}, {online}/{base} hồ sơ; cần thêm {vn.format_count_in_text(missing)} hồ sơ)"
        ) in line
    assert line.count("cần thêm") == len(lowest)


def test_a_long_tie_is_counted_and_never_cut(write, root, register, tmp_path):
    """Eleven units alike at the top of their level, and twelve with every dossier online."""
    units = [unit for unit in leaf_units(register, date(2025, 7, 31)) if unit.kind == "commune"]
    rows = [
        (unit.code, "2025-07-01", "2025-07-31", name, value)
        for at, unit in enumerate(units)
        for name, value in {
            "filed_online": 40 if at < 12 else 20 - at % 4, "online_base": 50, "pending_overdue": 0,
            "eligible_online": 40 if at < 12 else 20, "eligible_received": 40,
        }.items()
    ]  # fmt: skip
    letter = write(make_project(root, tmp_path, {"a.csv": ("received", rows)}), "2025-07", "42X")
    assert letter["praise"].startswith(
        "Có 12 đơn vị đã đạt tỷ lệ 100% đối với các DVC trực tuyến cho phép nộp hồ sơ trực tuyến, nêu tại Phụ lục I. "
    )
    assert re.search(r"là \d+ đơn vị cùng đạt 34,00% \(nêu tại Phụ lục I\)\.$", letter["weaknesses"])


def test_without_a_target_nothing_is_said_of_targets(june):
    assert "chỉ tiêu" not in june["praise"] + june["weaknesses"]
    assert june.names["letter"].main.name == "online_share"


def test_units_are_held_to_a_target_that_is_in_force(targeted, register):
    assert targeted.names["letter"].main.name == "eligible_online_share"
    units = leaf_units(register, date(2025, 7, 31))
    counts = [shares_of(at, unit.code, 2025) for at, unit in enumerate(units)]
    met = sum(2 * one["eligible_online"] >= one["eligible_received"] for one in counts)
    assert 0 < met < len(units)
    assert (
        f"Có {vn.format_count_in_text(met)}/{len(units)} đơn vị đạt và vượt chỉ tiêu từ 50% trở lên (Quyết định thử của UBND "
        f"tỉnh). Chủ tịch UBND tỉnh ghi nhận và biểu dương "
    ) in targeted["praise"]
    assert "đã thực hiện tốt, đạt và vượt chỉ tiêu đã đề ra^[" in targeted["praise"]
    text = targeted["weaknesses"]
    assert text.startswith(
        f"Tuy vậy, vẫn còn {len(units) - met}/{len(units)} đơn vị chưa đạt chỉ tiêu về tỷ lệ hồ sơ nộp trực tuyến của TTHC có DVCTT^["
    )
    found = re.search(r"(\d+)/(\d+) hồ sơ; cần thêm (\d+) hồ sơ", text)
    online, eligible, missing = map(int, found.groups())
    assert missing == ceil(Fraction(eligible, 2)) - online
    assert "chưa đạt chỉ tiêu từ 50% trở lên" in targeted["shares"]


def test_who_misses_a_target_is_not_praised_for_being_above_the_others(levels):
    letter = levels.names["letter"]
    assert letter.highest and letter.aimed
    assert set(letter.named) == set(letter.reached_units)


def test_a_target_of_later_days_is_not_applied(targeted):
    assert not targeted.names["full_online_share"].target.known
    assert targeted["shares"].count("chỉ tiêu") == 1


# --- before một phần and toàn trình -------------------------------------------------------------------------------
def test_before_the_classes_of_today_the_target_of_levels_holds(levels):
    assert [share.name for share in levels.names["letter"].shares] == ["online_share", "level_34_share"]
    assert levels.names["letter"].main.name == "level_34_share"
    assert levels["shares"].startswith(
        "Tỷ lệ hồ sơ nộp qua dịch vụ công (DVC) trực tuyến mức độ 3, mức độ 4 đạt "
    )
    assert (
        "chỉ tiêu từ 20% trở lên (Chỉ thị 08/CT-UBND ngày 17/5/2018 của UBND tỉnh Hà Tĩnh)"
        in levels["shares"]
    )
    assert "toàn trình" not in levels["shares"] + levels["tasks"]
    assert "toàn trình từ ngày 15/08/2022 (Nghị định số 42/2022/NĐ-CP)" in levels["definitions"]
    assert "đủ điều kiện thực hiện DVC trực tuyến mức độ 4 đã được công bố" in levels["tasks"]


def test_a_missing_base_is_no_zero_and_makes_no_column(levels):
    assert levels["result"].endswith(" hồ sơ).") and "so với" not in levels["result"]
    assert "cùng kỳ" not in levels["units"] and "Hình" not in levels["units"]


# --- across the reform of 01/07/2025 -------------------------------------------------------------------------------
def test_new_communes_are_held_against_the_sum_of_the_old_ones(july, register):
    day = date(2024, 7, 31)
    rows = {unit.code: shares_of(at, unit.code, 2024) for at, unit in enumerate(leaf_units(register, day))}
    edges = register.predecessors("18229", date(2025, 7, 1))
    codes = {edge.old_code for edge in edges} | {"18229"}
    then = [sum(rows[code][name] for code in codes) for name in ("filed_online", "online_base")]
    assert len(codes) == 4
    assert cells_of(july, "18229")[3] == vn.format_percent(*then)
    bridged = "Đơn vị thành lập sau sắp xếp được so sánh với tổng của các đơn vị cũ hợp thành"
    assert july["units"].count(bridged) == 1, "of all tables of the annex, once"


def test_split_communes_are_refused_with_the_reason(july):
    code = "18823"  # phường Vũng Áng
    assert cells_of(july, code)[3:6] == ["–", "–", "–"]
    (told,) = re.findall(
        r"Không so sánh với tháng 7 năm 2024 vì từ ngày 01/07/2025 đơn vị chỉ nhận một phần của đơn vị cũ, số liệu cũ không tách "
        r"được: ([^.]*)\.",
        july["units"].split("theo đơn vị ")[-1],
    )
    assert "phường Vũng Áng" in told and "xã Đức Thọ" not in told


@pytest.fixture(scope="module")
def summer(root, register, write, tmp_path_factory) -> WrittenMemo:
    """A window across the reform of 01/07/2025."""
    rows = [
        row
        for day in (date(2025, 6, 30), date(2025, 7, 31))
        for row in month_rows(register, day, of_year(day.year))
    ]
    project = make_project(root, tmp_path_factory.mktemp("summer"), {"don_vi.csv": ("received", rows)})
    return write(project, "2025-06-01..2025-07-31", "42")


def test_units_of_a_part_of_the_window_are_not_judged_beside_the_others(summer):
    began = {one.unit for one in summer.memo.members if not one.unit.valid_on(date(2025, 6, 1))}
    judged = {one.unit for found in summer.names["letter"].levels for one in found.held_units}
    assert began and judged and not began & judged
    named = names_in(summer.markdown("weaknesses"))
    assert named and not {unit.code for unit in began} & named


def test_where_no_unit_lived_through_the_window_nobody_is_behind(write, facts, root, register, tmp_path):
    rows = month_rows(register, date(2025, 7, 31), of_year(2025))
    rows += month_rows(register, date(2025, 6, 30), of_year(2025))
    project = make_project(root, tmp_path, {"don_vi.csv": ("received", rows)})
    letter = write(project, "2025-06-01..2025-07-31", "xã Sơn Kim 1", "xã Đức Thọ")
    assert letter["praise"] + letter["weaknesses"] == ""


def test_a_bridge_is_told_once(write, facts):
    letter = write(facts, "2025-07", "xã Đức Thọ")
    assert "(so với tổng của thị trấn Đức Thọ, xã " in letter["result"]
    assert letter["shares"].count("(cách so sánh nêu trên)") == 2


def test_addressees_follow_the_reform(june, july):
    assert (
        "giao các sở, ban, ngành cấp tỉnh; UBND các huyện, thị xã, thành phố; UBND các xã, phường, thị trấn tiếp"
        in june["tasks"]
    )
    assert "giao các sở, ban, ngành cấp tỉnh; UBND các xã, phường tiếp tục" in july["tasks"]
    assert "| **III** | **Xã, phường** |" in july["units"]


def test_the_models_of_2023_are_named_in_the_letter_of_their_period_only(
    write, root, register, tmp_path, july
):
    rows = [
        (unit.code, "2023-01-01", "2023-06-30", name, value)
        for at, unit in enumerate(leaf_units(register, date(2023, 6, 30)))
        for name, value in shares_of(at, unit.code, 2023).items()
    ]
    letter = write(make_project(root, tmp_path, {"a.csv": ("received", rows)}), "2023-H1", "42")
    assert (
        "không hẹn” - thị trấn Phố Châu, huyện Hương Sơn; mô hình “6 TTHC không chờ, không giấy hẹn” - phường Đức"
        in letter["tasks"]
    )
    assert "mô hình" not in july["tasks"]


# --- tasks, coverage, one and several units --------------------------------------------------------------------------
def test_the_five_tasks_and_the_end_are_those_of_the_memo_of_2023(june):
    text = june["tasks"]
    assert [int(number) for number in re.findall(r"(?:^| )(\d)\. (?=[A-ZĐ])", text)] == [1, 2, 3, 4, 5]
    for words_of_2023 in (
        "1. Tập trung rà soát, cải tiến quy trình tiếp nhận, hướng dẫn, hỗ trợ người dân, doanh nghiệp tại Bộ phận Một cửa",
        "thay đổi tư duy từ “làm thay, làm hộ” sang “hỗ trợ, hướng dẫn, cầm tay chỉ việc”",
        "“Một số TTHC, một số ngày không nộp hồ sơ bằng bản giấy” để phấn đấu 100% người dân, tổ chức",
        "4. Đối với đối tượng thực hiện TTHC là các cơ quan hành chính nhà nước, khi nộp hồ sơ TTHC:",
        "5. Giao Văn phòng UBND tỉnh (Trung tâm Phục vụ hành chính công) đôn đốc, theo dõi kết quả",
    ):
        assert words_of_2023 in text
    assert text.endswith("kết quả thực hiện theo quy định./.")


def test_a_unit_that_did_not_report_is_named_and_its_sums_are_marked(write, facts):
    letter = write(facts, "2023-09", "42")
    assert letter["result"].endswith("(Chưa gồm 01 đơn vị chưa có đủ số liệu.)")
    assert letter["shares"].endswith("Đơn vị chưa có đủ số liệu: thị trấn Đức Thọ.")
    (row,) = [line for line in letter.markdown("units").splitlines() if "Thị trấn Đức Thọ" in line]
    assert set(plain(row).strip("| ").split(" | ")[2:]) == {"–"}


def test_chosen_units_are_added_up_and_compared_together(write, facts, register):
    codes = ["HT-SCT", "HT-STP"]
    letter = write(facts, "2024-06", *codes)
    units = leaf_units(register, date(2024, 6, 30))
    now, then = (
        [
            sum(shares_of(at, unit.code, year)[name] for at, unit in enumerate(units) if unit.code in codes)
            for name in ("filed_online", "online_base")
        ]
        for year in (2024, 2023)
    )
    assert f"đạt {vn.format_percent(*now)} ({now[0]}/{now[1]} hồ sơ), " in letter["result"]
    assert f"so với mức {vn.format_percent(*then)} ({then[0]}/{then[1]} hồ sơ)" in letter["result"]
    assert "giao Sở Công Thương; Sở Tư pháp tiếp tục" in letter["tasks"]


def test_chosen_units_of_which_one_is_not_comparable_are_not_compared(write, facts):
    letter = write(facts, "2025-07", "Sở Tư pháp", "phường Vũng Áng")
    assert letter["result"].endswith(" hồ sơ).") and "so với" not in letter["result"]
    assert (
        "Không so sánh với tháng 7 năm 2024 vì từ ngày 01/07/2025 đơn vị chỉ nhận một phần" in letter["units"]
    )


def test_one_unit_has_no_lists_of_others(write, facts):
    letter = write(facts, "2023-06", "huyện Đức Thọ")
    assert " của huyện Đức Thọ, tỷ lệ" in letter["result"]
    assert "ghi nhận và biểu dương đơn vị đã thực hiện tốt^[" in letter["praise"]
    assert "giao UBND huyện Đức Thọ tiếp tục" in letter["tasks"]
    assert letter["units"] == "" and "Phụ lục" not in letter["praise"]
    assert 'data-so="I"' in letter.markdown("definitions")


def test_one_unit_below_the_others_is_told_what_to_strive_for(write, facts, register):
    day = date(2025, 7, 31)
    common = Fraction(*sums(register, day, of_year(2025), "filed_online", "online_base", level="commune"))
    counts = {unit.code: shares_of(at, unit.code, 2025) for at, unit in enumerate(leaf_units(register, day))}
    communes = [unit.code for unit in leaf_units(register, day) if unit.kind == "commune"]
    by_share = sorted(communes, key=lambda code: counts[code]["filed_online"] / counts[code]["online_base"])
    for code in (by_share[0], by_share[-1]):
        online, base = counts[code]["filed_online"], counts[code]["online_base"]
        missing = ceil(common * base) - online
        text = write(facts, "2025-07", code)["weaknesses"]
        if missing > 0:
            assert (
                f"còn dưới mức chung {vn.format_number(100 * common, 2)}% của các xã, phường; phấn đấu"
                in text
            )
            assert (
                f"thêm ít nhất {vn.format_count_in_text(missing)} hồ sơ nộp trực tuyến để đạt mức này."
                in text
            )
        else:
            assert text == ""


def test_charts_tell_their_figures_in_words(june, register):
    drawn = re.findall(r'data-mo-ta="([^"]+)"', june.markdown("units"))
    assert len(drawn) == 2
    (total,) = sums(register, date(2023, 6, 30), of_year(2023), "full_online_received")
    assert f"Tỉnh Hà Tĩnh: TTHC toàn trình {vn.format_number(total)}" in drawn[1]


# --- what is absent ----------------------------------------------------------------------------------------------------
def july_2025(root, register, target: Path, change) -> Path:
    """July 2025 alone: of every unit what `change` makes of its counts; None leaves it out."""
    rows = [
        (unit.code, "2025-07-01", "2025-07-31", name, value)
        for at, unit in enumerate(leaf_units(register, date(2025, 7, 31)))
        for name, value in (change(unit, shares_of(at, unit.code, 2025)) or {}).items()
    ]
    return make_project(root, target, {"don_vi.csv": ("received", rows)})


@pytest.fixture(scope="module")
def absent(root, register, tmp_path_factory) -> Path:
    """Sở Tư pháp reported nothing, xã Đức Thọ zeros, Sở Công Thương seven dossiers, all of them filed online."""

    def change(unit, counts):
        seven = dict.fromkeys(counts, 7) | {"pending_overdue": 0}
        none = {"HT-STP": None, "18229": dict.fromkeys(counts, 0), "HT-SCT": seven}
        return none.get(unit.code, counts)

    return july_2025(root, register, tmp_path_factory.mktemp("vang"), change)


def test_without_the_tracking_table_the_share_follows_from_the_form(write, root, register, tmp_path):
    def change(unit, counts):
        online = counts["filed_online"]
        return {"filed_online": online, "filed_direct": counts["online_base"] - online}

    letter = write(july_2025(root, register, tmp_path / "nha", change), "2025-07", "42")
    assert (
        "Chưa có bảng theo dõi nộp trực tuyến nên tỷ lệ tính trên số hồ sơ tiếp nhận theo Biểu II.06/VPCP/KSTT."
        in letter["result"]
    )
    assert letter["shares"].startswith("Chưa có số liệu: tỷ lệ nộp trực tuyến của TTHC có DVCTT; ")
    assert "không phát sinh" not in " ".join(letter[cell] for cell in BODY)
    assert "Nguồn: Biểu II.06/VPCP/KSTT (số liệu nhận được)." in letter["units"]
    assert "100%" not in letter["praise"], "nobody knows"


def test_dossiers_filed_whose_total_is_not_known_stop_no_letter(write, root, register, tmp_path):
    letter = write(
        july_2025(root, register, tmp_path / "nha", lambda *_: {"filed_online": 10}), "2025-07", "42"
    )
    assert "Chưa có số liệu: tỷ lệ nộp trực tuyến trên tổng số hồ sơ" in letter["result"]
    assert letter["praise"] + letter["weaknesses"] == ""


def test_a_sum_without_a_unit_is_marked_and_nobody_is_judged_by_it(write, absent):
    letter = write(absent, "2025-07", "42")
    assert letter["result"].endswith("(Chưa gồm 01 đơn vị chưa có đủ số liệu.)")
    assert re.search(r"Tổng số: tỉnh Hà Tĩnh[^\n]*%†", letter["units"])
    assert "Dấu “†”: chưa gồm các đơn vị chưa có đủ số liệu." in letter["units"]
    weak = letter["weaknesses"]
    assert "/68 đơn vị có tỷ lệ" in weak and "Cấp tỉnh" not in weak
    drawn = " ".join(re.findall(r'data-mo-ta="([^"]+)"', letter.markdown("units")))
    assert "Cấp xã: TTHC toàn trình" in drawn and "Tỉnh Hà Tĩnh" not in drawn


def test_seven_dossiers_are_no_reason_for_praise(write, absent):
    letter = write(absent, "2025-07", "Sở Công Thương")
    assert "đạt 100% (7/7 hồ sơ)" in letter["result"]
    assert letter["praise"] == ""
    assert "Sở Công Thương" not in write(absent, "2025-07", "42")["praise"]


@pytest.mark.parametrize(
    ("late", "praise"),
    [
        ({"HT-SCT": 0, "HT-SYT": 0}, "biểu dương các đơn vị nêu trên đã thực hiện tốt^["),
        ({"HT-SCT": 1, "HT-SYT": 0}, "biểu dương Sở Y tế đã thực hiện tốt^["),
        (
            {"HT-SYT": 0},
            "biểu dương Sở Y tế đã thực hiện tốt^[",
        ),  # Sở Công Thương has not said what is overdue
        ({"HT-SCT": 1, "HT-SYT": 2}, ""),
    ],
)
def test_nobody_is_praised_who_has_not_said_that_nothing_is_overdue(
    write, root, register, tmp_path, late, praise
):
    def change(unit, counts):
        full = dict.fromkeys(counts, 40) if unit.code in ("HT-SCT", "HT-SYT") else counts
        own = {name: value for name, value in full.items() if name != "pending_overdue"}
        return own | ({"pending_overdue": late[unit.code]} if unit.code in late else {})

    text = write(july_2025(root, register, tmp_path / "nha", change), "2025-07", "42")["praise"]
    assert (
        text.startswith("Có 02 đơn vị đã đạt tỷ lệ 100%")
        and "Sở Công Thương (40/40 hồ sơ); Sở Y tế (40/40 hồ sơ)" in text
    )
    assert praise in text if praise else "biểu dương" not in text


def test_nothing_to_divide_by_is_not_the_same_as_not_reported(write, absent):
    letter = write(absent, "2025-07", "xã Đức Thọ")
    assert (
        letter["result"] == "Trong kỳ không phát sinh hồ sơ để tính tỷ lệ nộp trực tuyến trên tổng số hồ sơ."
    )
    with pytest.raises(NoDataError):
        open_memo("2025-07", ["Sở Tư pháp"], purpose=LETTER, start=absent)


def test_a_sum_that_lacks_units_meets_and_misses_no_target(write, root, register, tmp_path):
    rows = month_rows(register, date(2022, 6, 30), levels_of, without=("HT-STP",))
    text = write(make_project(root, tmp_path / "nha", {"a.csv": ("received", rows)}), "2022-06", "42")[
        "shares"
    ]
    assert "mức độ 3, mức độ 4 đạt " in text and "chỉ tiêu" not in text


MEASURES = (
    "filed_online", "online_base", "eligible_online", "eligible_received", "full_online_filed", "full_online_received",
    "pending_overdue",
)  # fmt: skip


KNOWN = st.lists(st.sets(st.sampled_from(MEASURES)), min_size=6, max_size=6)
"""What each of three units reported, in 2024 and 2025."""


@settings(max_examples=20, phases=(Phase.explicit, Phase.generate))
@example([set(), {"full_online_filed"}, set(), set(), set(), set()], ("HT-SCT",))  # no share at all
@given(KNOWN, st.sampled_from([("42",), ("HT-SCT", "HT-STP", "18229"), ("HT-SCT",)]))
def test_whatever_is_not_reported_every_figure_stands_and_every_sentence_is_whole(
    root, register, laws, tmp_path_factory, known, units
):
    rows = [
        (code, f"{year}-07-01", f"{year}-07-31", name, shares_of(at, code, year)[name])
        for at, code in enumerate(("HT-SCT", "HT-STP", "18229"))
        for year in (2024, 2025)
        for name in sorted(known[2 * at + year - 2024])
    ]
    rows.append(("HT-SCT", "2025-07-01", "2025-07-31", "received", 60))
    project = make_project(root, tmp_path_factory.mktemp("thieu"), {"a.csv": ("received", rows)})
    told = {
        name for code, day, _, name, _ in rows if day[:4] == "2025" and (units == ("42",) or code in units)
    }
    if not told & set(FILED):
        with pytest.raises(NoDataError):
            write_memo(project, "online_services", "2025-07", units)
        return
    letter = write_memo(project, "online_services", "2025-07", units)
    source = read_blocks(pandoc.parse("\n\n".join(letter.pieces), root))
    assert [
        str(one) for one in Checker(laws, register).check(source, dict(letter.memo.claims.record()))
    ] == []
    said = [
        letter[cell] for cell in BODY if letter[cell] and "|" not in letter[cell]
    ]  # a dash in a table is right
    text = " ".join(said)
    assert not re.search(
        r"–|[,;:] *[.;,]|\( *\)| {2}|[\ue000-\uf8ff]|tỷ lệ (?:đạt|hồ sơ) (?:đạt|\()", text
    ), text
    late = {unit for unit, *_, name, value in rows if name == "pending_overdue" and value}
    praised = letter.names["letter"].praised
    reported = {
        unit for unit, start, _, name, _ in rows if name == "pending_overdue" and start.startswith("2025")
    }
    assert {one.unit.code for one in praised} <= reported - late


# --- bad input -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("period", "units", "sentence"),
    [
        ("2023-13", ["42"], "Kỳ báo cáo «2023-13» không hợp lệ"),
        ("2023-06", ["xã Đức Thụ"], "«xã Đức Thụ»"),
        ("2025-07", ["huyện Đức Thọ"], "không có hiệu lực"),
    ],
)
def test_a_wrong_parameter_is_told_in_one_sentence(facts, period, units, sentence):
    with pytest.raises(UserError) as caught:
        open_memo(period, units, purpose=LETTER, start=facts)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("period", "units", "who"),
    [
        ("2030-01", ["42"], "tỉnh Hà Tĩnh trong kỳ tháng 01 năm 2030"),
        ("2023-09", ["thị trấn Đức Thọ"], "thị trấn Đức Thọ trong kỳ tháng 9 năm 2023"),
        ("2023-06", ["01"], "thành phố Hà Nội"),
    ],
)
def test_a_period_or_unit_without_facts(facts, period, units, who):
    with pytest.raises(NoDataError) as caught:
        open_memo(period, units, purpose=LETTER, start=facts)
    assert f"Không có số liệu nộp hồ sơ trực tuyến của {who}" in str(caught.value)
