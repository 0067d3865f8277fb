"""Prose of a memo: data prints as it is, what is absent is left out by rule and said once, bad input is told in a sentence."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocao.analysis.lineage import ITSELF, Bridge
from baocao.definitions import Target, Unit, UserError
from baocao.definitions import vietnamese as vn
from baocao.reports.paper import Whose
from stated_figures import BEFORE, YEAR_BEFORE, Desk, count, faults_of, read, share

TARGET = Target("on_time_rate", "all", 90, ">=", date(2024, 1, 1), None, "Chỉ thị 08/CT-UBND ngày 17/5/2018")
REFUSED = Bridge("no", ("đơn vị được sắp xếp lại giữa hai kỳ",))
TASKS = Bridge("yes", tasks=("đơn vị nhận thêm nhiệm vụ của huyện",))


@pytest.fixture(scope="module")
def commune(root, tmp_path_factory) -> Desk:
    """A memo on a single unit, which has a rank and a common level."""
    return Desk.open(root, tmp_path_factory.mktemp("xa") / "du-an", "18229")


@pytest.fixture(scope="module")
def whole(root, tmp_path_factory) -> Desk:
    """A memo on the province, which has levels."""
    return Desk.open(root, tmp_path_factory.mktemp("tinh") / "du-an", "42")


@pytest.fixture
def written(commune):
    """What a cell comes to, from stated figures."""

    def write(source: str, rows=None, options: str = "", **names) -> str:
        return commune.write(source, commune.state(rows or {}) | names, options)

    return write


@pytest.fixture
def refused(written):
    """The sentence with which a cell is refused."""

    def refuse(source: str, options: str = "", rows=None, **names) -> str:
        with pytest.raises(UserError) as caught:
            written(
                source, rows or {"received": count(12), ("received", BEFORE): count(10)}, options, **names
            )
        return str(caught.value)

    return refuse


# --- data is never template text -------------------------------------------------------------------------------------
HOSTILE = [
    "{{ 7*7 }}", "[[x]]", "x]]", "a||b", "{% raw %}", "<script>alert(1)</script>", '#panic("x")',
    "{{< include /etc/passwd >}}", "=1+1", "a | b", r"C:\temp\n", "**x**", "$x^2$", "@ref", "- mục", "1. mục", "::: x",
    "\ue000x\ue002", "\U000f0000", "&nbsp;", "`x`",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_prints_as_it_is_everywhere(commune, text):
    values = commune.state({"received": count(12), ("received", Unit("42", "", "province", "")): count(40)})
    subject = commune.memo.subject.unit
    named = Whose(commune.memo.figures, Unit(subject.code, text, "department", f"Sở {text}"))
    values |= {"named": named, "figure": values["received"].named(text)}
    name = vn.clean(f"Sở {text}")

    sentence = "Của {{ named }}[[ và {{ named }}]]: {{ each([named], '{name} có {received} hồ sơ') }}."
    assert commune.write(sentence, values) == f"Của {name} và {name}: {name} có 12 hồ sơ."
    items = "- {{ named }};\n- {{ figure.full }}."
    assert commune.write(items, values) == f"- {name};\n- {vn.clean(text)}."

    rows = [named, commune.memo.province]
    table = values["table"](rows, {values["figure"].full: values["received"]}, caption=f"Kết quả của {named}")
    lines = read(table).splitlines()
    assert f"Bảng 1. Kết quả của {name}" in lines
    assert f"| Đơn vị | {vn.clean(text)} |" in lines
    assert f"| {name} | 12 |" in lines


@pytest.mark.parametrize("text", [one for one in HOSTILE if not re.search("[0-9\U000f0000]", one)])
def test_a_text_of_data_prints_as_it_is(written, text):
    assert written("Ghi chú: {{ text }}.", text=text) == f"Ghi chú: {vn.clean(text)}."
    assert written("{% macro m(x) %}[[{{ x }}]]{% endmacro %}Ghi chú: {{ m(text) }}.", text=text) == (
        f"Ghi chú: {vn.clean(text)}."
    )
    glued = "{% macro m() %}*Ghi chú*{% endmacro %}{{ m() ~ ': ' ~ text }}, {{ m() + text }}, {{ [m(), text]|join }}."
    assert written(glued, text=text) == "*Ghi chú*: {0}, *Ghi chú*{0}, *Ghi chú*{0}.".format(vn.clean(text))


@pytest.mark.parametrize("name", ["safe", "e", "escape", "forceescape", "tojson", "urlize", "xmlattr"])
def test_no_filter_lets_a_text_through_as_it_is(refused, name):
    assert f"không có «| {name}»" in refused("{{ text|" + name + " }}", text="[[x]]")


def test_a_placeholder_is_nothing_that_can_be_typed(refused):
    assert "ký tự không in được" in refused("Nhận \U0010fff0 hồ sơ.")


# --- clauses and sentences -------------------------------------------------------------------------------------------
ROWS = {
    "received": count(1229), "pending_overdue": count(7), "on_time_rate": share(912, 925),
    ("received", BEFORE): count(1000),
}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "text"),
    [
        # A clause is left out, gives way, or stays; the innermost is settled first.
        ("Nhận {{ received }} hồ sơ[[, trả {{ resolved }} hồ sơ]].",
         "Nhận 1.229 hồ sơ. Chưa có số liệu: hồ sơ đã giải quyết."),
        ("Nhận {{ received }} hồ sơ[[, trả {{ resolved }} hồ sơ||, chưa rõ số đã trả]].",
         "Nhận 1.229 hồ sơ, chưa rõ số đã trả."),
        ("[[Trả {{ resolved }}||Treo {{ pending }}||Nhận {{ received }}]] hồ sơ.", "Nhận 1.229 hồ sơ."),
        ("Nhận {{ received }} hồ sơ[[, còn {{ pending_overdue }} quá hạn[[ ({{ pending }} đang giải quyết)]]]].",
         "Nhận 1.229 hồ sơ, còn 07 quá hạn. Chưa có số liệu: hồ sơ đang giải quyết."),
        ("Kết quả: [[trả {{ resolved }}]][[; nhận {{ received }}]][[; treo {{ pending }}]].",
         "Kết quả: nhận 1.229. Chưa có số liệu: hồ sơ đã giải quyết; hồ sơ đang giải quyết."),
        ("[[Trả {{ resolved }} hồ sơ]], nhận {{ received }} hồ sơ.",
         "Nhận 1.229 hồ sơ. Chưa có số liệu: hồ sơ đã giải quyết."),
        ("Nhận {{ received }} hồ sơ ([[trả {{ resolved }}]][[; treo {{ pending }}]]).",
         "Nhận 1.229 hồ sơ. Chưa có số liệu: hồ sơ đã giải quyết; hồ sơ đang giải quyết."),
        ("Nhận {{ received }} hồ sơ (trong đó: [[trả {{ resolved }}]]).",
         "Nhận 1.229 hồ sơ. Chưa có số liệu: hồ sơ đã giải quyết."),
        ("A[[, {{ resolved }}]], [[{{ pending }}]], [[{{ received }}]].",
         "A, 1.229. Chưa có số liệu: hồ sơ đã giải quyết; hồ sơ đang giải quyết."),
        # A sentence is left out; figures of the subject in it are told, unless the cell prints them.
        ("Nhận {{ received }} hồ sơ, trả {{ resolved }} hồ sơ. Quá hạn {{ pending_overdue }} hồ sơ.",
         "Quá hạn 07 hồ sơ. Chưa có số liệu: hồ sơ đã giải quyết. Số đã có: hồ sơ tiếp nhận trong kỳ 1.229 hồ sơ."),
        ("Nhận {{ received }} hồ sơ. Nhận {{ received }}, trả {{ resolved }} hồ sơ.",
         "Nhận 1.229 hồ sơ. Chưa có số liệu: hồ sơ đã giải quyết."),
        ("Đạt {{ on_time_rate.fraction }}, trả {{ resolved }} hồ sơ.",
         "Chưa có số liệu: hồ sơ đã giải quyết. Số đã có: tỷ lệ giải quyết trước và đúng hạn 98,59%."),
        ("Nhận {{ received }} hồ sơ, {{ on_time_rate.target }}.", "Số đã có: hồ sơ tiếp nhận trong kỳ 1.229 hồ sơ."),
        ("Nhận {{ received }} hồ sơ, {{ pending_overdue.change(previous) }}.",
         "Không so sánh với tháng 6 năm 2024 vì không có số liệu của kỳ đó. Số đã có: hồ sơ tiếp nhận trong kỳ 1.229 hồ sơ."),
        ("Nhận và trả {{ received + resolved }} hồ sơ.",
         "Chưa có số liệu: hồ sơ tiếp nhận trong kỳ + hồ sơ đã giải quyết. Số đã có: hồ sơ tiếp nhận trong kỳ 1.229 hồ sơ."),
        # Figures of others, and of other periods, are not the subject's.
        ("Nhận {{ received.then(previous) }}, trả {{ resolved }} hồ sơ.", "Chưa có số liệu: hồ sơ đã giải quyết."),
        ("Nhận {{ received }} hồ sơ, tỉnh {{ received.at(province) }} hồ sơ.",
         "Chưa có số liệu: hồ sơ tiếp nhận trong kỳ của tỉnh Hà Tĩnh. Số đã có: hồ sơ tiếp nhận trong kỳ 1.229 hồ sơ."),
        ("Kỳ trước {{ resolved.then(previous) }} hồ sơ.",
         "Không so sánh với tháng 6 năm 2024 vì chưa có số liệu của kỳ này."),
        # What does not apply needs no words.
        ("Nhận {{ received }} hồ sơ[[, {{ pending.rank }}]][[, {{ on_time_rate.target.verdict }}]].",
         "Nhận 1.229 hồ sơ."),
        # Full stops that end no sentence; brackets and emphasis over more than one.
        ("UBND TP. Hà Tĩnh trả {{ resolved }} hồ sơ.", "Chưa có số liệu: hồ sơ đã giải quyết."),
        ("**Kết quả.** Trả {{ resolved }} hồ sơ.", "**Kết quả.** Chưa có số liệu: hồ sơ đã giải quyết."),
        ("Nhận {{ received }} hồ sơ. (Trả {{ resolved }} hồ sơ. Ghi chú.)",
         "Nhận 1.229 hồ sơ. Chưa có số liệu: hồ sơ đã giải quyết."),
        # The mark that ends a document stays last.
        ("Nhận {{ received }} hồ sơ[[, trả {{ resolved }}]]./.",
         "Nhận 1.229 hồ sơ. Chưa có số liệu: hồ sơ đã giải quyết./."),
        ("Trả {{ resolved }} hồ sơ./.", "Chưa có số liệu: hồ sơ đã giải quyết./."),
        # A sentence that begins with what was printed begins with a capital.
        ("{{ previous }}: {{ received.change(previous) }}.", "Tháng 6 năm 2024: tăng 22,90%."),
        ("{{ received.change(previous) }} so với {{ previous }}.", "Tăng 22,90% so với tháng 6 năm 2024."),
        ("{{ each([subject], '{name} nhận {received} hồ sơ') }}.", "Thị trấn Đức Thọ nhận 1.229 hồ sơ."),
        ("**{{ subject }}** nhận {{ received }} hồ sơ.", "**Thị trấn Đức Thọ** nhận 1.229 hồ sơ."),
        # A list of which nobody reported anything says so.
        ("Theo đơn vị: {{ each([subject], '{name} trả {resolved} hồ sơ') }}.", "Chưa có số liệu: hồ sơ đã giải quyết."),
        # A difference keeps its sign, unless only its size is asked for.
        ("Nhận {{ received - received.named('Hồ sơ') }} hồ sơ.", "Nhận 0 hồ sơ."),
        ("Chênh {{ received - (received + received).named('Hai lần') }} hồ sơ.", "Chênh âm 1.229 hồ sơ."),
        ("Chênh {{ (received - (received + received).named('Hai lần')).size }} hồ sơ.", "Chênh 1.229 hồ sơ."),
    ],
)  # fmt: skip
def test_what_is_absent_is_left_out_and_said_once(written, source, text):
    assert written(source, ROWS) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Các đơn vị[[ có {{ resolved }} hồ sơ:]] tập trung giải quyết.",
         "Các đơn vị tập trung giải quyết. Chưa có số liệu: hồ sơ đã giải quyết."),
        ("Trong đó: [[trả {{ resolved }}]][[; treo {{ pending }}]]. Nhận {{ received }} hồ sơ.",
         "Nhận 1.229 hồ sơ. Chưa có số liệu: hồ sơ đã giải quyết; hồ sơ đang giải quyết."),
        ("Trong đó: {% for one in [] %}{{ one }}; {% endfor %}./.", ""),
        ("Trong đó: {% if resolved > 5 %}nhiều{% else %}ít{% endif %}.", ""),
        ("**Việc cần làm:**\n\n{% for one in [] %}\n1. {{ one }}.\n{% endfor %}\nHết.", "Hết."),
        ("Nhận {{ received }} hồ sơ. Việc cần làm:\n\n{% for one in [] %}\n1. {{ one }}.\n{% endfor %}",
         "Nhận 1.229 hồ sơ."),
        ("Việc cần làm:\n\n{% if resolved > 5 %}\n- Trả nhanh.\n{% else %}\n- Trả chậm.\n{% endif %}", ""),
        ("Việc cần làm:\n\n{% if received > 5000 %}\n- Trả nhanh.\n{% endif %}", ""),
        ("Xếp hạng của {{ received }} hồ sơ:\n\n- {{ on_time_rate.target }};\n- {{ pending.rank }}.",
         "Số đã có: hồ sơ tiếp nhận trong kỳ 1.229 hồ sơ."),
        ("Báo cáo kết quả như sau:", "Báo cáo kết quả như sau:"),
        ("Việc cần làm:\n\n- trả {{ resolved }} hồ sơ;\n- {{ on_time_rate.target }}./.",
         "Việc cần làm:\n\n- Chưa có số liệu: hồ sơ đã giải quyết./."),
    ],
)  # fmt: skip
def test_a_lead_in_goes_with_all_that_it_leads_in(written, source, text):
    assert written(source, ROWS) == text


def test_a_list_stays_a_list(written):
    assert written(
        "1) Nhận {{ received }} hồ sơ;\n2) Trả {{ resolved }} hồ sơ;\n3) {{ on_time_rate.target }}./.", ROWS
    ) == ("1. Nhận 1.229 hồ sơ;\n2. Chưa có số liệu: hồ sơ đã giải quyết./.")
    assert written("* nhận {{ received }} hồ sơ;\n+ quá hạn {{ pending_overdue }} hồ sơ.", ROWS) == (
        "- nhận 1.229 hồ sơ;\n- quá hạn 07 hồ sơ."
    )
    led = "Kết quả[[, trả {{ resolved }} hồ sơ]], gồm:\n\n- nhận {{ received }} hồ sơ."
    assert written(led, ROWS) == (
        "Kết quả, gồm:\n\n- nhận 1.229 hồ sơ.\n\nChưa có số liệu: hồ sơ đã giải quyết."
    )


def test_what_is_indented_below_an_item_stays_in_it(commune):
    source = "1. Một.\n\n   Nhận {{ received }} hồ sơ.\n\n   Trả {{ resolved }} hồ sơ.\n\n1. Hai./."
    known = commune.memo.write(source, commune.state({"received": count(12), "resolved": count(5)}))
    assert [line for line in read(known).splitlines() if line] == [
        "1. Một.", "   Nhận 12 hồ sơ.", "   Trả 05 hồ sơ.", "2. Hai./."
    ]  # fmt: skip
    lacking = read(commune.memo.write(source, commune.state({"received": count(12)})))
    assert lacking.startswith("1. Một.\n\n   Nhận 12 hồ sơ.\n\n   Chưa có số liệu: hồ sơ đã giải quyết.")


def test_headings_and_tables_of_the_authors_keep_their_lines(written):
    source = "## Nhận {{ received }}[[, trả {{ resolved }}]] hồ sơ\n| A | B |\n|---|---|\n| {{ subject }} | {{ resolved }} |\n\nHết."
    assert written(source, ROWS) == (
        "## Nhận 1.229 hồ sơ\n| A | B |\n|---|---|\n| thị trấn Đức Thọ | – |\n\nHết."
    )


def test_paragraphs_that_fall_away_are_told_together(written):
    source = "Trả {{ resolved }} hồ sơ.\n\nTreo {{ pending }} hồ sơ.\n\nNhận {{ received }} hồ sơ."
    assert written(source, ROWS) == (
        "Chưa có số liệu: hồ sơ đã giải quyết; hồ sơ đang giải quyết.\n\nNhận 1.229 hồ sơ."
    )


def test_every_kind_of_absence_has_its_words(written):
    source = "[[{{ resolved }}]][[{{ on_time_rate }}]][[{{ received.change(previous) }}]][[{{ on_time_rate.rank }}]]Hết."
    rows = {"received": count(5), "on_time_rate": share(0, 0)}
    assert written(source, rows) == (
        "Hết. Chưa có số liệu: hồ sơ đã giải quyết. Trong kỳ không phát sinh hồ sơ để tính tỷ lệ giải quyết trước và đúng hạn. "
        "Không so sánh với tháng 6 năm 2024 vì không có số liệu của kỳ đó."
    )


@pytest.mark.parametrize("row", [share(0, None), share(None, 0), share(None, None), share(12, None)])
def test_an_unknown_denominator_is_no_lack_of_dossiers(written, row):
    said = written("Đạt {{ on_time_rate }}.", {"on_time_rate": row})
    assert said == "Chưa có số liệu: tỷ lệ giải quyết trước và đúng hạn."


def test_figures_that_are_not_compared_are_named_where_others_are(written):
    source = "So với {{ previous }}: [[nhận {{ received.change(previous) }}]][[; trả {{ resolved.change(previous) }}]]."
    rows = ROWS | {"resolved": count(9)}
    assert written(source, rows) == (
        "So với tháng 6 năm 2024: nhận tăng 22,90%. Không so sánh hồ sơ đã giải quyết với tháng 6 năm 2024 vì không có số liệu "
        "của kỳ đó."
    )
    assert written(source, {"received": count(9), "resolved": count(9)}) == (
        "Không so sánh với tháng 6 năm 2024 vì không có số liệu của kỳ đó."
    )
    # A period is refused once, and what neither period has is no news beside what is compared.
    once = {"received": count(9), ("resolved", BEFORE): count(9)}
    assert written(source, once) == "Không so sánh với tháng 6 năm 2024 vì không có số liệu của kỳ đó."
    assert written(source, ROWS) == "So với tháng 6 năm 2024: nhận tăng 22,90%."


# --- what a figure must be read with ---------------------------------------------------------------------------------
def test_a_bridge_stands_behind_the_base_once_and_is_pointed_at_later(root, tmp_path):
    commune = Desk.open(root, tmp_path / "du-an", "18229")
    old = [unit for unit in commune.memo.setting.register.units if unit.code == "18229"][:1]
    bridge = Bridge("bridged", ("tổng của ", old[0], " trước khi sắp xếp"), tuple(old))
    rows = ROWS | {"resolved": count(30), ("resolved", BEFORE): count(40)}
    values = commune.state(rows, {BEFORE: bridge})
    both = "Nhận {{ received.change(previous) }}, trả {{ resolved.change(previous) }} so với {{ previous }}."
    told = "(so với tổng của thị trấn Đức Thọ trước khi sắp xếp)"
    assert commune.write(both, values) == f"Nhận tăng 22,90%, trả giảm 25,00% so với tháng 6 năm 2024 {told}."
    pointed = "Nhận tăng 22,90% (cách so sánh nêu trên)."
    assert commune.write("Nhận {{ received.change(previous) }}.", values) == pointed
    commune.memo.figures.begin_cell("ô sau")
    assert commune.write("Nhận {{ received.change(previous) }}.", values) == pointed
    # Written anew, the first cell tells it again: what it said before was replaced.
    commune.memo.figures.begin_cell("ô đang viết")
    assert commune.write("Nhận {{ received.change(previous) }}.", values) == f"Nhận tăng 22,90% {told}."


def test_a_rate_of_few_dossiers_shows_them_where_it_stands(written):
    few = {"on_time_rate": share(9, 10), "received": count(10)}
    assert written("Đạt {{ on_time_rate }}.", few) == "Đạt 90,00% (9/10 hồ sơ)."
    assert written("Đạt {{ on_time_rate }}, {{ on_time_rate.fraction }}.", few) == "Đạt 90,00%, 9/10."
    assert written("{{ each([subject], '{name} đạt {on_time_rate}') }}.", few) == (
        "Thị trấn Đức Thọ đạt 90,00% (9/10 hồ sơ)."
    )
    assert written("Đạt {{ on_time_rate }}, trả {{ resolved }} hồ sơ.", few) == (
        "Chưa có số liệu: hồ sơ đã giải quyết. Số đã có: tỷ lệ giải quyết trước và đúng hạn 90,00% (9/10 hồ sơ)."
    )
    changed = few | {("on_time_rate", BEFORE): share(700, 1000)}
    assert written("Đạt {{ on_time_rate.fraction }}, {{ on_time_rate.change(previous) }}. Hết.", changed) == (
        "Đạt 9/10, tăng 20,00 điểm phần trăm. Mẫu số ít hồ sơ nên mức tăng, giảm của tỷ lệ chỉ để tham khảo. Hết."
    )


@pytest.mark.parametrize(
    "source", ["{{ received }}", "{{ joined([received]) }}", "{{ received }}, {{ resolved }}"]
)
def test_a_sum_that_lacks_units_says_so_wherever_it_stands(whole, source):
    lacks = [unit for unit in whole.memo.setting.register.on(date(2024, 7, 31)) if unit.kind == "commune"][:2]
    values = whole.state({"received": count(500, lacks)})
    said = whole.write(f"Nhận {source} hồ sơ.", values)
    assert "(Chưa gồm 02 đơn vị chưa có đủ số liệu.)" in said
    assert said.count("Chưa gồm") == 1


def test_notes_stand_inside_the_marks_of_lists_and_below_what_is_led_in(whole):
    lacks = [unit for unit in whole.memo.setting.register.on(date(2024, 7, 31)) if unit.kind == "commune"][:2]
    values = whole.state({"received": count(500, lacks), ("received", BEFORE): count(400, lacks[:1])})
    assert whole.write("- nhận {{ received }} hồ sơ;\n- hết./.", values) == (
        "- nhận 500 hồ sơ. (Chưa gồm 02 đơn vị chưa có đủ số liệu);\n- hết./."
    )
    assert whole.write("Nhận {{ received }} hồ sơ, gồm:\n\n- hết.", values) == (
        "Nhận 500 hồ sơ, gồm:\n\n- hết.\n\n(Chưa gồm 02 đơn vị chưa có đủ số liệu.)"
    )
    assert whole.write("Kỳ đó {{ received.then(previous) }} hồ sơ.", values) == (
        "Kỳ đó 400 hồ sơ. (Số của tháng 6 năm 2024 chưa gồm 01 đơn vị chưa có đủ số liệu.)"
    )


# --- tests -----------------------------------------------------------------------------------------------------------
ABSENT = [
    "resolved", "not resolved", "resolved > 5", "5 < resolved", "resolved == 0", "resolved != 0", "0 < resolved < 5",
    "resolved in [0]", "resolved not in [0]", "resolved and received", "received and resolved", "resolved or pending",
    "not (resolved > 5)", "resolved > received", "on_time_rate >= 90", "on_time_rate.fraction", "on_time_rate is small",
    "on_time_rate is whole", "on_time_rate is not small", "received.change(previous)", "received.change(previous) > 0",
    "on_time_rate.gap == 0", "on_time_rate.rank", "on_time_rate.rank == 1", "on_time_rate.target",
]  # fmt: skip


@pytest.mark.parametrize("test", ABSENT)
def test_a_test_of_something_absent_takes_neither_branch(written, test):
    rows = {"received": count(12)}
    plain = f"{{% if {test} %}}CÓ{{% else %}}KHÔNG{{% endif %}} hết."
    assert written(plain, rows) == "Hết."
    also = f"{{% if received == 0 %}}MỘT{{% elif {test} %}}HAI{{% elif received %}}BA{{% else %}}BỐN{{% endif %}} hết."
    assert written(also, rows) == "Hết."
    assert written(f"Số {{{{ 'CÓ' if {test} else 'KHÔNG' }}}}. Hết.", rows).startswith("Hết.")
    assert (
        written(f"{{% for one in [received] if {test} %}}CÓ{{% else %}}Trống.{{% endfor %}}", rows)
        == "Trống."
    )
    inside = f"{{% macro m() %}}{{% if {test} %}}CÓ{{% else %}}KHÔNG{{% endif %}}{{% endmacro %}}{{{{ m() }}}} hết."
    assert written(inside, rows) == "Hết."


@pytest.mark.parametrize(
    ("test", "branch"),
    [
        ("received", "CÓ"), ("not received", "KHÔNG"), ("received > 5", "CÓ"), ("received == 12", "CÓ"),
        ("received != 12", "KHÔNG"), ("5 < received <= 11", "KHÔNG"), ("received in [12]", "CÓ"),
        ("received not in [12]", "KHÔNG"), ("resolved and not received", "KHÔNG"), ("not received and resolved", "KHÔNG"),
        ("received or resolved", "CÓ"), ("resolved or received", "CÓ"), ("resolved is known", "KHÔNG"),
        ("resolved is not known", "CÓ"), ("resolved.known or received > 5", "CÓ"), ("subject.life", "KHÔNG"),
        ("[]", "KHÔNG"), ("each([], '{name}')", "KHÔNG"), ("on_time_rate is reported", "KHÔNG"), ("resolved_late", "KHÔNG"),
    ],
)  # fmt: skip
def test_a_test_of_what_is_known_takes_its_branch(written, test, branch):
    rows = {"received": count(12), "resolved_late": count(0)}
    assert written(f"{{% if {test} %}}CÓ{{% else %}}KHÔNG{{% endif %}}.", rows) == f"{branch}."
    assert written(f"{{{{ 'CÓ' if {test} else 'KHÔNG' }}}}.", rows) == f"{branch}."


def test_what_an_inline_test_hides_is_said(written):
    said = written("Kết quả {{ 'tốt' if resolved > 5 else 'kém' }}.", {"received": count(12)})
    assert said == "Chưa có số liệu: hồ sơ đã giải quyết."
    assert written("Kết quả{{ ' tốt' if received > 50 }}.", {"received": count(12)}) == "Kết quả."


def test_a_loop_over_nothing_prints_nothing(written):
    assert written("{% for one in [] %}\n1. {{ one }};\n{% endfor %}") == ""
    assert written("Nhận{% for one in [] %}, {{ one }}{% endfor %} hết.") == "Nhận hết."
    block = "{% set text %}{% for one in [] %}{{ one }}{% endfor %}{% endset %}{% if text %}CÓ{% else %}Trống{% endif %}."
    assert written(block) == "Trống."


# --- bad input -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("Nhận {{ recieved }} hồ sơ.", "không có tên «recieved»; các tên gần nhất: received"),
        ("{% if recieved > 5 %}x{% endif %}", "không có tên «recieved»"),
        ("Nhận {{ received.fractoin }}.", "không có «.fractoin»; gần nhất: fraction"),
        ("{% if subject.lief %}x{% endif %}", "không có «.lief»; gần nhất: life"),
        ("{{ bases[7] }}", "không có phần tử thứ 7"),
        ("Nhận[[ {{ received }} hồ sơ.", "dấu «[[» không có «]]» đóng lại: «Nhận[[ "),
        ("Nhận {{ received }}]] hồ sơ.", "dấu «]]» không có «[[» đứng trước"),
        ("{% if received %}[[{% else %}{{ received }}]]{% endif %} hồ sơ.", "dấu «[[» không có «]]» đóng lại: «[["),
        ("Nhận[[ {{ received }}\n\nhồ sơ]].", "dấu «[[» không có «]]» đóng lại"),
        ("Nhận || trả.", "dấu «||» đứng ngoài «[[ … ]]»"),
        ("{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}", "mẫu câu «m» chỉ nhận 1 đối số"),
        ("{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=2) }}", "mẫu câu «m» không có đối số «b»"),
        ("{% macro m(a) %}{{ a.inside }}{% endmacro %}{{ m() }}", "mẫu câu thiếu đối số «a»"),
        ("{{ received.at() }}", "có chỗ không tính được (TypeError"),
        ("{{ received|int }}", "không có «| int» (gần nhất: list"),
        ("{{ received is knwon }}", "không có «is knwon» (gần nhất: known"),
        ("{% if received %}x", "dòng 1 thiếu {% endif %}: «{% if received %}x»"),
        ("{% neu received %}", "dòng 1 có lệnh {% neu %} thừa hoặc viết sai"),
        ("Dòng đầu.\n{{ received resolved }}", "dòng 2 có «resolved» không đúng chỗ"),
        ("{% include 'x' %}", "dòng 1 lấy chữ từ tệp khác"),
        ("{{< include /etc/passwd >}}", "dòng 1 có «<» không đúng chỗ"),
        ("Nhận 1.229 hồ sơ.", "con số «1.229» gõ bằng tay không có số liệu làm căn cứ"),
        ("Nhận {{ received }} hồ sơ[[, trong 30 ngày {{ resolved }}]].", "con số «30» gõ bằng tay"),
        ("Nhận {{ resolved }} hồ sơ trong 30 ngày.", "con số «30» gõ bằng tay"),
        ("## Kết quả tháng 7", "con số «7» gõ bằng tay"),
        ("Có ba mươi hồ sơ.", "con số «ba mươi hồ sơ» viết bằng chữ không có số liệu làm căn cứ"),
        ("{{ 'Có 12 hồ sơ.' }}", "con số «12» gõ bằng tay"),
        ("{{ each([subject], '{name} 12 hồ sơ') }}.", "con số «12» gõ bằng tay"),
        ("{{ 1229 }}", "«1229» là con số không có số liệu làm căn cứ"),
        ("{{ 7*7 }}", "«49» là con số không có số liệu làm căn cứ"),
        ("{{ received.value }}", "«12» là con số không có số liệu làm căn cứ"),
        ("{{ none }}", "«None» là giá trị không có số liệu làm căn cứ"),
        ("{{ table_of_figures({'Nhận': received}, {'Số': cell.dossiers}, caption='Kết quả') }}",
         "bảng, hình, phụ lục đặt ở một ô riêng"),
        ("Nhận tăng {{ received.change(previous) }}.", "chữ «tăng» gõ trước một mức thay đổi: «Nhận tăng …"),
        ("Nhận **giảm** {{ received.change(previous) }}.", "chữ «giảm» gõ trước một mức thay đổi"),
        ("Nhận tăng thêm[[ {{ received.change(previous) }}]].", "chữ «tăng thêm» gõ trước một mức thay đổi"),
        ("Nhận tăng[[ {{ received.change(last_year) }}]].", "chữ «tăng» gõ trước một mức thay đổi"),
        ("{{ '{:,.2f}'.format(received) }}", "không nhận cách viết «:,.2f»"),
        ("Đạt {{ on_time_rate }}%.", "dấu «%» gõ sau một số liệu: «Đạt …%.»"),
        ("Đạt[[ {{ on_time_rate }}]] %.", "dấu «%» gõ sau một số liệu"),
        ("{{ received - 5 }}", "Chỉ cộng, trừ được hai số hồ sơ"),
        ("{{ own(30, 'hạn') }}", "own() cần hai đoạn chữ"),
    ],
)  # fmt: skip
def test_bad_input_is_told_in_one_sentence_with_the_cell_and_the_words(refused, source, told):
    said = refused(source)
    assert told in said
    assert said.startswith(f"Ô %%vanban «{' '.join(source.split())[:20]}")
    assert said.endswith(".")
    assert "\n" not in said
    assert not re.search("[\ue000-\uf8ff\U000f0000-\U0010fffd]", said)


def test_an_unknown_name_of_a_pattern_is_told_where_the_pattern_is_used(commune):
    values = commune.state({"received": count(12)})
    commune.write("{% macro dem(x) %}{{ x }} {{ khong_co }}{% endmacro %}", values, "mau")
    try:
        with pytest.raises(UserError, match=r"«khong_co» \(dùng trong ô mẫu câu\)"):
            commune.write("{{ dem(received) }}.", values)
    finally:
        commune.write("{% macro dem(x) %}{{ x }}{% endmacro %}", values, "mau")


def test_a_cell_of_patterns_prints_nothing_and_its_clauses_must_pair(commune):
    values = commune.state({"received": count(12)})
    assert commune.write("Chữ thừa.\n{% macro dem(x) %}\n{{ x }} hồ sơ\n{% endmacro %}", values, "mau") == ""
    assert commune.write("Nhận {{ dem(received) }}.", values) == "Nhận 12 hồ sơ."
    with pytest.raises(UserError, match="không có «]]» đóng lại"):
        commune.write("{% macro dem(x) %}[[{{ x }}{% endmacro %}", values, "mau")


def test_a_cell_of_patterns_run_again_replaces_what_it_defined(root, tmp_path):
    desk = Desk.open(root, tmp_path / "du-an", "18229")
    values = desk.state({"received": count(12)})

    def run(key: str, source: str, options: str = "") -> str:
        desk.memo.figures.begin_cell(key)
        return desk.write(source, values, options)

    run("mẫu", "{% macro dem(x) %}{{ x }} hồ sơ{% endmacro %}{% macro cu() %}cũ{% endmacro %}", "mau")
    run("mẫu khác", "{% macro cau(x) %}nhận {{ dem(x) }}{% endmacro %}", "mau")
    assert run("câu", "Đã {{ cau(received) }}, {{ cu() }}.") == "Đã nhận 12 hồ sơ, cũ."
    run("mẫu", "{% macro dem(x) %}{{ x }} bộ hồ sơ{% endmacro %}", "mau")
    assert run("câu", "Đã {{ cau(received) }}.") == "Đã nhận 12 bộ hồ sơ."
    with pytest.raises(UserError, match="không có tên «cu»"):
        run("câu", "Đã {{ cu() }}.")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--nam 2024", "không hiểu «--nam»; viết được: mau, nho, --ky 2025-07, --don-vi 18229."),
        ("--ky", "thiếu giá trị sau --ky; ví dụ --ky 2025-07."),
        ("--ky 2024-13", "Kỳ báo cáo «2024-13» không hợp lệ"),
        ("--don-vi 99999", "99999"),
    ],
)
def test_a_bad_option_is_told(refused, options, told):
    assert told in refused("Nhận {{ received }} hồ sơ.", options)


def test_words_for_one_month_or_unit_stand_in_no_other(written):
    rows = {"received": count(12)}
    for options in ("--ky 2024-07", "--ky=2024-07", "--don-vi 18229", "--ky 2024-07 --don-vi 18229"):
        assert written("Nhận {{ received }} hồ sơ.", rows, options) == "Nhận 12 hồ sơ."
    for options in ("--ky 2024-08", "--don-vi 42", "--ky 2024-07 --don-vi 42"):
        assert written("Nhận {{ received }} hồ sơ.", rows, options) == ""


def test_a_caption_prints_what_is_absent_as_a_dash_and_no_typed_figure(commune):
    values = commune.state({"received": count(12), ("received", commune.memo.province.unit): count(40)})
    rows = [commune.memo.subject, commune.memo.province]
    caption = f"Trả {values['resolved']} hồ sơ"
    assert "Bảng 1. Trả – hồ sơ" in read(values["table"](rows, {"Nhận": values["received"]}, caption=caption))
    with pytest.raises(UserError, match="con số «12» gõ bằng tay"):
        values["table"](rows, {"Nhận 12": values["received"]}, caption="Kết quả")


def test_prose_of_python_is_settled_as_a_cell_is(commune):
    values = commune.state(ROWS)
    said = commune.memo.say(f"Nhận {values['received']} hồ sơ[[, trả {values['resolved']} hồ sơ]].")
    assert read(said) == "Nhận 1.229 hồ sơ. Chưa có số liệu: hồ sơ đã giải quyết."
    with pytest.raises(UserError, match=r"dấu «\[\[» không có"):
        commune.memo.say("Nhận[[ x.")


# --- whatever is missing ---------------------------------------------------------------------------------------------
_CELLS = """
Tổng số hồ sơ tiếp nhận {{ whose }} là {{ received }} hồ sơ[[, gồm trực tuyến {{ filed_online }} hồ sơ, trực tiếp
{{ filed_direct }} hồ sơ]]. Đã giải quyết {{ resolved }} hồ sơ; quá hạn {{ pending_overdue }} hồ sơ.
====
Tỷ lệ {{ on_time_rate.inside }} đạt {{ on_time_rate }} ({{ on_time_rate.fraction }} hồ sơ)
[[, {{ on_time_rate.target.verdict }}]][[, {{ on_time_rate.rank }}]]
[[; trong đó: {{ each(levels, '{name} {on_time_rate}', '; ') }}]].
====
{{ on_time_rate.inside }} đạt {{ on_time_rate }}[[, {{ on_time_rate.change(previous) }} so với {{ previous }}]];
còn thiếu {{ on_time_rate.gap }} hồ sơ để đạt {{ on_time_rate.gap.level }}.
====
So với {{ previous }}:
[[{{ received.inside }} {{ received.change(previous) }} (kỳ đó {{ received.then(previous) }} hồ sơ)]]
[[; {{ on_time_rate.inside }} {{ on_time_rate.change(previous) }} ({{ on_time_rate.then(previous).fraction }} hồ sơ)]].
====
Kết quả như sau:

- tiếp nhận {{ received }} hồ sơ;
- giải quyết {{ resolved }} hồ sơ, {{ resolved.change(last_year) }};
- đúng hạn {{ on_time_rate }}./.
====
[[Đạt {{ on_time_rate }}, {{ on_time_rate.change(previous) }}.||Chưa đủ số liệu để so sánh.]] Tiếp nhận {{ received }} hồ sơ.
====
1. Các đơn vị[[ còn {{ pending_overdue }} hồ sơ quá hạn:]] tập trung giải quyết hồ sơ quá hạn.
1. Duy trì tỷ lệ {{ on_time_rate.fraction }}; hoàn thành {{ resolved }} hồ sơ./.
====
{% if on_time_rate >= 90 %}Kết quả cao: {{ on_time_rate }}.{% elif on_time_rate < 90 %}Kết quả thấp: {{ on_time_rate }}.
{% else %}Kết quả khác.{% endif %} Quá hạn {{ filed_online + pending_overdue }} hồ sơ; mức
{{ 'cao' if resolved > 5 else 'thấp' }}.
"""
PARAGRAPHS = _CELLS.split("====")
REPLACED = {PARAGRAPHS[5]: {"on_time_rate"}}
"""What an author has other words for."""

NUMBERS = st.sampled_from([None, 0, 7, 1229])
RATES = st.sampled_from(
    [(None, None), (5, None), (None, 0), (0, 0), (7, 9), (0, 40), (900, 1000), (1000, 1000)]
)
CASES = st.fixed_dictionaries(
    {
        **{name: NUMBERS for name in ("received", "filed_online", "filed_direct", "resolved", "pending_overdue")},
        **{f"{name} {when}": NUMBERS for name in ("received", "resolved") for when in (BEFORE, YEAR_BEFORE)},
        "on_time_rate": RATES, f"on_time_rate {BEFORE}": RATES, "level": RATES, "others": RATES,
        "incomplete": st.sets(st.sampled_from(["received", "resolved", "on_time_rate", f"received {BEFORE}"]), max_size=2),
        "bridge": st.sampled_from([ITSELF, REFUSED, TASKS, "old"]),
        "target": st.booleans(),
    }
)  # fmt: skip


def state_case(desk: Desk, case: dict) -> dict:
    memo = desk.memo
    lacks = [unit for unit in memo.setting.register.on(date(2024, 7, 31)) if unit.kind == "commune"][:1]
    rows = {}
    for key, value in case.items():
        name, _, when = key.partition(" ")
        missing = lacks if key in case["incomplete"] else ()
        where = (name, when) if when else name
        if isinstance(value, tuple) and name == "on_time_rate":
            rows[where] = share(*value, missing)
        elif value is None or isinstance(value, int) and name in memo.figures.measures:
            rows[where] = count(value, missing)
    for unit in memo.levels[:1]:
        rows["on_time_rate", unit.unit] = share(*case["level"])
    if memo.peers:
        rows["on_time_rate", memo.peers.unit] = share(*case["others"])
    old = Bridge("bridged", ("tổng của ", memo.subject.unit, " trước khi sắp xếp"), (memo.subject.unit,))
    bridge = old if case["bridge"] == "old" else case["bridge"]
    return desk.state(rows, {BEFORE: bridge, YEAR_BEFORE: bridge}, [TARGET] if case["target"] else [])


def check_case(desk: Desk, case: dict) -> None:
    for source in PARAGRAPHS:
        values = state_case(desk, case)
        markdown = str(desk.memo.write(source, values))
        text, claims = read(markdown), desk.claims
        assert faults_of(markdown, claims) == []
        about = {(claim["label"], claim["unit"], claim["period"]) for claim in claims}
        zero = [
            row
            for row in case.values()
            if (type(row) is int and row == 0) or (isinstance(row, tuple) and row[1] == 0)
        ]
        assert zero or "không phát sinh hồ sơ" not in text
        for name in set(re.findall(r"\{\{ (\w+)(?:\.fraction)? \}\}", source)) - REPLACED.get(source, set()):
            figure = values.get(name)
            if name in ("whose", "previous"):
                continue
            is_told = (figure.label, figure.unit.code, figure.period.code) in about
            assert is_told == figure.known, f"{name} in: {text}"
        if "Kết quả cao" in source:
            rate = values["on_time_rate"]
            branches = {name for name in ("cao:", "thấp:", "khác.") if f"Kết quả {name}" in text}
            assert branches == ({"cao:" if rate.value >= 90 else "thấp:"} if rate.known else set())


@settings(max_examples=60)
@given(CASES)
def test_whatever_a_single_unit_lacks_every_figure_stands_and_every_sentence_is_whole(commune, case):
    check_case(commune, case)


@settings(max_examples=60)
@given(CASES)
def test_whatever_a_group_lacks_every_figure_stands_and_every_sentence_is_whole(whole, case):
    check_case(whole, case)
