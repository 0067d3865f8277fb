"""How far a run is: a few lines in a log, the time left from what took work, nothing where JSON is printed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baocao.app.printing import MOST_IN_FULL, print_outcomes
from baocao.app.progress import MOST_LINES, Pace, track
from baocao.publishing.ledger import write_ledger
from baocao.publishing.outcomes import BUILT, FAILED_LOAD, KEPT, NOTICE, UNCHANGED, Outcome


def test_the_time_left_counts_only_what_took_work():
    now = iter([0.0, 1.0, 1.1, 3.1, 3.1, 5.1, 5.1, 6.1, 99.0])
    pace = Pace(6, lambda: next(now))
    for _ in range(2):
        pace.add(failed=False, stood=True)
    assert pace.left() is None and pace.words() == ""
    pace.add(failed=False, stood=False)
    assert pace.left() == pytest.approx(6.0)
    pace.add(failed=True, stood=False)
    assert pace.words() == "1 không lập được, còn khoảng 4 giây"
    assert pace.left() == pytest.approx(3.0), "it runs down between two items"
    assert pace.left() == 0.0


def test_a_log_gets_a_few_lines(capsys):
    assert list(track(iter(range(3500)), "Lập báo cáo", 3500, failed=lambda one: one == 7)) == list(
        range(3500)
    )
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == MOST_LINES
    assert lines[0].startswith("Lập báo cáo: xong 175/3500, 1 không lập được, còn khoảng ")
    assert lines[-1] == "Lập báo cáo: xong 3500/3500, 1 không lập được"


def test_a_terminal_gets_a_bar(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    assert list(track(iter("abc"), "Lập báo cáo", 3)) == list("abc")
    assert "3/3" in capsys.readouterr().err


def test_quiet_prints_nothing_and_the_end_reaches_the_items(capsys):
    ended = []

    def items():
        try:
            yield from "abc"
        finally:
            ended.append(True)

    tracked = track(items(), "x", 3, quiet=True)
    next(tracked)
    tracked.close()
    assert (capsys.readouterr().err, ended) == ("", [True])


def outcome(at: int, what: str = BUILT) -> Outcome:
    failed = what == FAILED_LOAD
    return Outcome(
        report="unit_briefing", period="2025-07", units=[str(at)], outcome=what, folder=f"2025-07/{at}",
        files={} if failed else {"a.pdf": "0" * 64}, problems=["Tệp hỏng."] if failed else [], seconds=0.5,
        names=[f"xã Số {at}"], left=[NOTICE] if failed else [], figures=None if failed else 62,
        recounted=None if failed else 57,
    )  # fmt: skip


def test_a_small_run_is_told_in_full(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    kept = replace(outcome(3, KEPT), problems=["Ô 5 dừng."], left=["refused/a.ipynb"])
    made = [outcome(1), outcome(2, FAILED_LOAD), kept]
    write_ledger(tmp_path, made)
    print_outcomes(made, tmp_path)
    assert capsys.readouterr().out.splitlines() == [
        "unit_briefing · 2025-07 · xã Số 1: đã lập, đã kiểm chứng (0,5 giây)",
        "  2025-07/1/a.pdf",
        "unit_briefing · 2025-07 · xã Số 2: lỗi số liệu (0,5 giây)",
        "  - Tệp hỏng.",
        f"  2025-07/2/{NOTICE}",
        "unit_briefing · 2025-07 · xã Số 3: bản cũ, lần lập mới bị từ chối (0,5 giây)",
        "  - Ô 5 dừng.",
        "  2025-07/3/a.pdf",
        "  2025-07/3/refused/a.ipynb",
        "3 văn bản – đã lập, đã kiểm chứng: 1; bản cũ, lần lập mới bị từ chối: 1; lỗi số liệu: 1.",
        "Đếm lại từ kho số liệu: 57/62 con số.",
        "Sổ theo dõi: index.html",
    ]


def test_a_large_run_is_told_by_its_sums_and_some_failures(tmp_path, capsys):
    made = [outcome(at, UNCHANGED) for at in range(1500)] + [
        outcome(at, FAILED_LOAD) for at in range(1500, 3500)
    ]
    print_outcomes(made, tmp_path)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 * MOST_IN_FULL + 3
    assert lines[-3:] == [
        "… và 1.988 văn bản không lập được nữa.",
        "3.500 văn bản – không đổi từ lần lập trước: 1.500; lỗi số liệu: 2.000.",
        "Đếm lại từ kho số liệu: 85.500/93.000 con số.",
    ]
