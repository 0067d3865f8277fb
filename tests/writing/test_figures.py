"""Figures that print themselves: placeholders, what is absent, what is made of others, and the cell that printed them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from baocao.analysis.lineage import Bridge
from baocao.definitions import Period, Target, Unit, UserError
from baocao.writing import figures as figures_module
from baocao.writing.figures import SILENT, SLOT, Kind, Listing
from stated_figures import BEFORE, PERIOD, Desk, count, read, share

GOAL, CEILING = (f"chỉ tiêu từ {bound} (Chỉ thị 08/CT-UBND)" for bound in ("90% trở lên", "10% trở xuống"))
REFUSED = Bridge("no", ("đơn vị được sắp xếp lại giữa hai kỳ",))


@pytest.fixture(scope="module")
def desk(root, tmp_path_factory) -> Desk:
    return Desk.open(root, tmp_path_factory.mktemp("hinh") / "du-an", "18229")


@pytest.fixture
def figures(desk):
    """The figures of a document, the cell begun anew."""
    desk.state({})
    return desk.memo.figures


@pytest.fixture
def subject(desk) -> Unit:
    return desk.memo.subject.unit


def said(thing, **about) -> str:
    """What a thing prints."""
    return read(thing.write(thing.figures.claims, **about))


def target(at_least: int | None = None, at_most: int | None = None) -> Target:
    bound, sign = (at_least, ">=") if at_most is None else (at_most, "<=")
    return Target("on_time_rate", "all", bound, sign, date(2024, 1, 1), None, "Chỉ thị 08/CT-UBND")


# --- placeholders ----------------------------------------------------------------------------------------------------
def test_a_figure_is_a_placeholder_until_it_is_printed(desk):
    received = desk.state({"received": count(1229)})["received"]
    text = f"Nhận {received} hồ sơ"
    assert re.fullmatch(f"Nhận {SLOT.pattern} hồ sơ", text)
    assert desk.claims == []
    assert read(received.figures.fill(text)) == "Nhận 1.229 hồ sơ"
    assert [(claim["text"], claim["value"]) for claim in desk.claims] == [("1.229", "1229")]


def test_a_placeholder_of_an_earlier_cell_prints_the_same_figure(desk):
    values = desk.state({"received": count(1229), "resolved": count(5)})
    text = str(values["received"])
    desk.memo.figures.begin_cell("ô đang viết")
    assert str(values["resolved"]) != text
    assert read(desk.memo.figures.fill(text)) == "1.229"


def test_placeholders_are_used_again_in_later_cells_but_never_within_one(desk, monkeypatch):
    monkeypatch.setattr(figures_module, "_PLACEHOLDERS", 3)
    values = desk.state({"received": count(1229), "resolved": count(5)})
    for _ in range(2):
        desk.memo.figures.begin_cell("ô đang viết")
        text = f"{values['received']} {values['resolved']} {values['received']}"
        assert read(desk.memo.figures.fill(text)) == "1.229 05 1.229"
    with pytest.raises(UserError, match="hãy chia ô làm hai"):
        str(values["received"])


@pytest.mark.parametrize("spec", [",.2f", "d", ">10", "%"])
def test_a_figure_takes_no_format(desk, spec):
    received = desk.state({"received": count(1229)})["received"]
    with pytest.raises(
        UserError, match=f"không nhận cách viết «:{re.escape(spec)}»; hãy bỏ phần sau dấu hai chấm"
    ):
        format(received, spec)


def test_an_unknown_name_is_told_with_the_nearest(figures, subject):
    with pytest.raises(UserError, match=r"Không có số liệu tên «recieved»; các tên gần nhất: received"):
        figures.get("recieved", subject)


# --- what is absent --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (share(None, None), Kind.NOT_REPORTED), (share(5, None), Kind.NOT_REPORTED), (share(None, 5), Kind.NOT_REPORTED),
        (share(None, 0), Kind.NOT_REPORTED), (share(0, 0), Kind.NOTHING_TO_DIVIDE), (share(0, 5), None),
    ],
)  # fmt: skip
def test_a_rate_is_known_only_by_both_its_parts(desk, row, kind):
    rate = desk.state({"on_time_rate": row})["on_time_rate"]
    assert (rate.absence and rate.absence.kind) == kind
    assert rate.known == (kind is None)
    assert rate.reported == (kind in (None, Kind.NOTHING_TO_DIVIDE))
    assert rate.cell() == "–" if kind else said(rate) == "0%"


def test_zero_is_known_and_prints_as_zero(desk):
    received = desk.state({"received": count(0)})["received"]
    assert (received.known, bool(received), said(received)) == (True, False, "0")


def test_an_indicator_of_other_years_does_not_apply(desk):
    rate = desk.state({"level_34_share": share(5, 10)})["level_34_share"]
    assert (rate.absence, rate.defined, rate.target.absence) == (SILENT, False, SILENT)


@pytest.mark.parametrize("test", ["> 5", "< 5", ">= 5", "<= 5", "== 5", "!= 5"])
def test_python_must_not_decide_on_what_is_absent(desk, test):
    values = desk.state({"received": count(12)})
    for comparison in (f"resolved {test}", f"received {test.split()[0]} resolved", f"resolved.rank {test}"):
        with pytest.raises(UserError, match="Phép so sánh dùng một số liệu chưa có"):
            bool(eval(comparison, values))
    assert bool(eval(f"received {test}", values)) == eval(f"12 {test}")
    with pytest.raises(UserError, match="hãy hỏi `.known` trước"):
        bool(values["resolved"])


def test_rates_are_compared_exactly(desk):
    values = desk.state({"on_time_rate": share(99_997, 100_000), "online_share": share(199_994, 200_000)})
    assert values["on_time_rate"] == values["online_share"]
    assert values["on_time_rate"] < 100
    assert values["on_time_rate"].printed == 99.99


def test_a_table_shows_a_dash_for_what_is_absent_and_a_mark_for_what_is_not_whole(desk, subject):
    values = desk.state({"received": count(1229), "pending": count(7, [subject])})
    received, pending, resolved = (values[name] for name in ("received", "pending", "resolved"))
    assert [read(one.cell()) for one in (received, pending, resolved)] == ["1.229", "7†", "–"]
    assert [read(one.cell(whole_only=True)) for one in (received, pending)] == ["1.229", "–"]


def test_a_figure_of_an_earlier_period_is_absent_as_not_comparable(desk):
    values = desk.state({"received": count(12), ("on_time_rate", BEFORE): share(0, 0)})
    for name in ("received", "on_time_rate"):
        absence = values[name].then(values["previous"]).absence
        assert (absence.kind, absence.base) == (Kind.NOT_COMPARABLE, Period.parse(BEFORE))


# --- made of others --------------------------------------------------------------------------------------------------
def test_a_sum_is_known_by_all_its_parts_and_lacks_what_they_lack(desk, subject):
    province = desk.memo.province.unit
    rows = {
        "received": count(30), "carried_over": count(12, [subject]), ("received", province): count(500),
        ("carried_over", province): count(100),
    }  # fmt: skip
    values = desk.state(rows)
    total = values["received"] + values["carried_over"]
    assert (said(total), total.is_whole, total.label) == (
        "42", False, "Hồ sơ tiếp nhận trong kỳ + hồ sơ từ kỳ trước chuyển qua",
    )  # fmt: skip
    assert said(total.at(province)) == "600"
    assert total.made_of == ("received", "carried_over")
    unknown = values["received"] + values["resolved"]
    assert (unknown.known, unknown.absence.kind) == (False, Kind.NOT_REPORTED)
    assert said((values["received"] - values["carried_over"]).named("Chênh lệch")) == "18"


@pytest.mark.parametrize("made", ["received + on_time_rate", "on_time_rate - received", "received + 5"])
def test_only_numbers_of_dossiers_are_added(desk, made):
    values = desk.state({"received": count(30), "on_time_rate": share(9, 10)})
    with pytest.raises(UserError, match="Chỉ cộng, trừ được hai số hồ sơ"):
        eval(made, values)


def test_a_sum_is_not_held_against_an_earlier_period(desk):
    values = desk.state({"received": count(30), "resolved": count(9)})
    with pytest.raises(UserError, match="được cộng từ các số khác nên không so sánh được"):
        (values["received"] + values["resolved"]).change(values["previous"])


def test_what_stood_for_a_figure_then_is_claimed_of_then_and_made_again_for_another_unit(desk):
    province = desk.memo.province.unit
    rows = {
        "received": count(30),
        ("received", BEFORE): count(20),
        ("received", province, BEFORE): count(700),
    }
    values = desk.state(rows)
    then = values["received"].then(values["previous"])
    assert (said(then), said(then.at(province))) == ("20", "700")
    assert [(claim["unit"], claim["period"]) for claim in desk.claims] == [("18229", BEFORE), ("42", BEFORE)]


def test_what_old_units_had_together_names_them(desk, subject):
    old = Bridge("bridged", ("tổng của ", subject, " trước khi sắp xếp"), (subject,))
    values = desk.state({"received": count(30), ("received", BEFORE): count(20)}, {BEFORE: old})
    then = values["received"].then(values["previous"])
    assert then.label == "Hồ sơ tiếp nhận trong kỳ, tổng của thị trấn Đức Thọ"
    assert read(
        then.figures.reason(values["received"].change(values["previous"]).bridge).write(desk.memo.claims)
    ) == ("so với tổng của thị trấn Đức Thọ trước khi sắp xếp")


@pytest.mark.parametrize(
    ("now", "before", "words", "signed"),
    [
        (count(150), count(120), "tăng 25,00%", "+25,00%"),
        (count(90), count(120), "giảm 25,00%", "-25,00%"),
        (count(27), count(7), "tăng 20 hồ sơ", "+20 hồ sơ"),
        (count(3), count(7), "giảm 04 hồ sơ", "-04 hồ sơ"),
        (count(120), count(120), "không thay đổi", "không đổi"),
        (count(1_000_001), count(1_000_000), "gần như không thay đổi", "gần như không đổi"),
        (share(75, 100), share(50, 100), "tăng 25,00 điểm phần trăm", "+25,00"),
        (share(50, 100), share(75, 100), "giảm 25,00 điểm phần trăm", "-25,00"),
        # The difference of what is printed: 96,93 and 96,92, not of 96,925 and 96,915.
        (share(96_925, 100_000), share(96_915, 100_000), "tăng 0,01 điểm phần trăm", "+0,01"),
    ],
)
def test_a_change_says_which_way_and_how_much(desk, now, before, words, signed):
    name = "on_time_rate" if "denominator" in now else "received"
    values = desk.state({name: now, (name, BEFORE): before})
    assert said(values[name].change(values["previous"])) == words
    assert said(values[name].change(values["previous"], "signed")) == signed


@pytest.mark.parametrize(
    ("now", "before", "words", "signed"),
    [
        (share(75, 100), share(50, 100), "tăng tương đối 50,00%", "+50,00%"),
        (share(50, 100), share(75, 100), "giảm tương đối 33,33%", "-33,33%"),
        (share(27, 100), share(7, 100), None, None),  # few stood above the line then
        (share(50, 100), share(50, 100), None, None),
        (share(50, 100), share(None, 100), None, None),
        (count(150), count(120), None, None),  # a number's change is told in % anyway
    ],
)
def test_the_growth_of_a_rate_is_never_taken_for_points(desk, now, before, words, signed):
    name = "on_time_rate" if "denominator" in now else "received"
    values = desk.state({name: now, (name, BEFORE): before})
    change = values[name].change(values["previous"])
    assert (said(change.growth) if change.growth.known else None) == words
    if words:
        assert said(values[name].change(values["previous"], "signed").growth) == signed


def test_what_a_change_is_measured_from_is_absent_where_nothing_may_be_compared(desk, subject):
    rows = {"on_time_rate": share(75, 100), ("on_time_rate", BEFORE): share(50, 100)}
    other = desk.memo.province.unit
    values = desk.state(rows | {("on_time_rate", other, BEFORE): share(5, 10)})
    change = values["on_time_rate"].change(values["previous"])
    assert said(change.before) == "50,00%"
    assert values["on_time_rate"].at(other).then(values["previous"]).known
    assert (
        not change.before.at(other).known and not change.at(other).known and not change.growth.at(other).known
    )
    refused = desk.state(rows, {BEFORE: REFUSED})
    assert not refused["on_time_rate"].change(refused["previous"]).before.known


@pytest.mark.parametrize(
    ("now", "before", "bridges", "told"),
    [
        (None, None, {}, "chưa có số liệu của kỳ này"),
        (12, None, {}, "không có số liệu của kỳ đó"),
        (None, 12, {}, "chưa có số liệu của kỳ này"),
        (12, 0, {}, "kỳ đó không phát sinh hồ sơ để tính"),
        (12, 12, {BEFORE: REFUSED}, "đơn vị được sắp xếp lại giữa hai kỳ"),
    ],
)
def test_what_is_not_comparable_says_why_and_whether_that_is_news(desk, now, before, bridges, told):
    values = desk.state({"received": count(now), ("received", BEFORE): count(before)}, bridges)
    change = values["received"].change(values["previous"])
    assert change.value is None
    assert change.absence.kind == Kind.NOT_COMPARABLE
    assert change.absence.reason == (told,)
    assert change.absence.is_news == (now is not None or before is not None)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [((12, 7), "nhiều hơn 05"), ((7, 12), "ít hơn 05"), ((7, 7), None), ((7, None), None)],
)
def test_two_numbers_of_one_thing_are_held_against_each_other(desk, numbers, words):
    values = desk.state({"online_base": count(numbers[0]), "received": count(numbers[1])})
    against = values["online_base"].against(values["received"])
    assert (said(against) if against.known else None) == words
    assert words or against.absence == SILENT


def test_ranks_are_shared_by_rates_printed_alike_and_leave_out_few_dossiers(desk, subject):
    others = [unit for unit in desk.memo.figures.peers if unit != subject][:4]
    rates = (share(99_997, 100_000), share(999, 1000), share(5, 5), share(900, 1000, [subject]))
    rows = {("on_time_rate", unit): rate for unit, rate in zip(others, rates, strict=True)}
    values = desk.state(rows | {"on_time_rate": share(99_995, 100_000)})
    rank = values["on_time_rate"].rank
    assert (said(rank), rank.tied, said(rank, in_text=False)) == ("đồng hạng 1/3", True, "1/3")
    assert [values["on_time_rate"].at(unit).rank.known for unit in others] == [True, True, False, False]
    assert values["on_time_rate"].at(desk.memo.province).rank.absence == SILENT


@pytest.mark.parametrize(
    ("rate", "goal", "words"),
    [
        (share(80, 100), target(90), f"chưa đạt {GOAL}, còn thiếu 10,00 điểm phần trăm, tương ứng 10 hồ sơ"),
        (share(90, 100), target(90), f"đạt {GOAL}"),
        (share(95, 100), target(90), f"đạt và vượt {GOAL}, cao hơn 5,00 điểm phần trăm"),
        (share(5, 100), target(at_most=10), f"đạt và vượt {CEILING}, thấp hơn 5,00 điểm phần trăm"),
        (share(12, 100), target(at_most=10), f"chưa đạt {CEILING}, còn vượt 2,00 điểm phần trăm, tương ứng 02 hồ sơ"),
        (share(80, 100), None, None), (share(None, None), target(90), None), (share(0, 0), target(90), None),
    ],
)  # fmt: skip
def test_a_verdict_comes_from_the_figure_and_its_target(desk, rate, goal, words):
    values = desk.state({"on_time_rate": rate}, targets=[goal] if goal else [])
    verdict = values["on_time_rate"].target.verdict
    assert (said(verdict) if verdict.known else None) == words
    assert words or verdict.absence == SILENT


def test_a_sum_that_lacks_units_has_no_verdict_and_no_gap(desk, subject):
    values = desk.state({"on_time_rate": share(80, 100, [subject])}, targets=[target(90)])
    rate = values["on_time_rate"]
    assert (rate.known, rate.target.verdict.known, rate.gap.known) == (True, False, False)


@pytest.mark.parametrize(
    ("group", "goal", "number", "level"),
    [
        (share(900, 1000), [], 10, "mức chung 90,00%"),
        (share(900, 1000), [target(95)], 15, "chỉ tiêu từ 95% trở lên"),
        (share(700, 1000), [], 0, "mức chung 70,00%"),
        (share(None, None), [], None, ""),
        (share(900, 1000, ["x"]), [], None, ""),
    ],
)
def test_a_gap_is_to_the_target_else_to_the_rate_of_the_whole_group(desk, group, goal, number, level):
    rows = {"on_time_rate": share(80, 100), ("on_time_rate", desk.memo.peers.unit): group}
    gap = desk.state(rows, targets=goal)["on_time_rate"].gap
    assert gap.value == number
    assert gap.known == (number is not None)
    if level:
        assert (said(gap, in_text=False), said(gap.level)) == (str(number), level)


def test_a_rate_whose_denominator_is_of_another_form_says_so(desk):
    rate = desk.state({"online_share": share(50, 100) | {"instead": True}})["online_share"]
    (note,) = rate.notes()
    assert said(note) == (
        "Chưa có bảng theo dõi nộp trực tuyến nên tỷ lệ tính trên số hồ sơ tiếp nhận theo Biểu II.06/VPCP/KSTT."
    )


# --- words -----------------------------------------------------------------------------------------------------------
def test_names_with_digits_are_declared_and_begin_sentences_with_a_capital(desk, figures):
    name = figures.name("chỉ số 2.1")
    assert said(name, first=True) == "Chỉ số 2.1"
    assert desk.memo.record()["constants"] == [{"kind": "ten", "text": "Chỉ số 2.1"}]
    assert said(figures.unit(desk.memo.subject.unit), first=True) == "Thị trấn Đức Thọ"
    assert said(figures.period_name(figures.period), first=True) == "Tháng 7 năm 2024"
    assert (
        said(figures.reason((figures.period, " và ", date(2024, 7, 1))), first=True)
        == "Tháng 7 năm 2024 và 01/07/2024"
    )
    assert read(figures.fill(f"**{name}** và {name}", first=True)) == "**Chỉ số 2.1** và chỉ số 2.1"


def test_a_list_parts_its_items_so_that_they_stay_apart(figures):
    assert said(Listing(figures, ("A", "B", "C"))) == "A, B và C"
    assert said(Listing(figures, ("A, a", "B"))) == "A, a; B"
    assert said(Listing(figures, ("A", "B"), "; ")) == "A; B"
    nothing = Listing(figures, ())
    assert (bool(nothing), len(nothing), nothing.absence) == (False, 0, SILENT)


def test_the_source_line_names_forms_and_the_least_trusted_kind(desk):
    values = desk.state(
        {"received": count(9), "online_share": share(5, 9) | {"source": "sample"}, "resolved": count(None)}
    )
    names = ("received", "online_share", "resolved")
    assert read(desk.memo.figures.source_text(values[name] for name in names)) == (
        "Biểu II.06/VPCP/KSTT; Bảng theo dõi dịch vụ công trực tuyến (SỐ LIỆU MẪU)."
    )


# --- cells -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def notebook(root, tmp_path) -> Desk:
    """A memo of which no cell was run."""
    desk = Desk.open(root, tmp_path / "so-tinh", "18229")
    province = desk.memo.province.unit
    desk.values = desk.state({"received": count(12), "resolved": count(7), ("received", province): count(40)})
    return desk


def run(desk: Desk, key: str, *names: str) -> str:
    """A cell with a table of these figures."""
    desk.memo.figures.begin_cell(key)
    rows = [desk.memo.subject, desk.memo.province]
    columns = {name: desk.values[name] for name in names}
    return read(desk.values["table"](rows, columns, caption="Kết quả")).splitlines()[0]


def test_a_cell_run_again_replaces_what_it_said(notebook):
    assert run(notebook, "a", "received") == "Bảng 1. Kết quả"
    assert run(notebook, "b", "resolved", "received") == "Bảng 2. Kết quả"
    before = notebook.memo.record()
    assert list(notebook.memo.figures.used) == ["received", "resolved"]
    assert run(notebook, "b", "received", "resolved") == "Bảng 2. Kết quả"
    again = notebook.memo.record()
    assert len(again["claims"]) == len(before["claims"])
    assert again["constants"] == before["constants"]
    assert [claim["id"] for claim in again["claims"]] == [claim["id"] for claim in before["claims"]]
    run(notebook, "b", "received")
    assert list(notebook.memo.figures.used) == ["received"]


def test_a_notebook_run_out_of_order_records_nothing(notebook):
    run(notebook, "a", "received")
    run(notebook, "b", "resolved", "received")
    assert run(notebook, "a", "received") == "Bảng 1. Kết quả"
    with pytest.raises(UserError, match="Có 1 ô đứng sau ô vừa chạy lại mà chưa chạy lại"):
        notebook.memo.record()
    assert run(notebook, "b", "received") == "Bảng 2. Kết quả"
    assert len(notebook.memo.record()["claims"]) == 4
    assert list(notebook.memo.figures.used) == ["received"]


def test_jupyterlab_tells_cells_apart_by_their_ids(root, tmp_path, monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell

    Desk.open(root, tmp_path / "so-tinh", "18229")
    shell = InteractiveShell.instance()
    try:
        monkeypatch.chdir(tmp_path / "so-tinh")
        opened = f"from baocao.reports import open_memo\nmemo = open_memo('{PERIOD}', ['18229'])"
        cells = {
            "a": opened,
            "b": "%%vanban\nNhận {{ received }} hồ sơ.",
            "c": "%%vanban\nNhận {{ recieved }} hồ sơ.",
        }
        for key in ("a", "b", "b"):
            assert shell.run_cell(cells[key], cell_id=key).success
        assert len(shell.run_cell("memo.record()", cell_id="d").result["claims"]) == 1
        assert "«recieved»; các tên gần nhất: received" in str(
            shell.run_cell(cells["c"], cell_id="c").error_in_exec
        )
    finally:
        InteractiveShell.clear_instance()
