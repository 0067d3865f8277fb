"""The report on dossiers as its cells print it: from published figures, from every unit's, of one unit, across a reform."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import groupby

import pytest

from baocao.analysis.lineage import build_bridge
from baocao.analysis.subject import CHOSEN
from baocao.definitions import LEAF_KINDS, NoDataError, Period, Unit, UserError
from baocao.definitions import vietnamese as vn
from baocao.reports import open_memo
from conftest import WrittenMemo, make_project, plain


# --- facts of our own --------------------------------------------------------------------------------------------
def counts_of(at: int, grown: int = 0) -> dict[str, int]:
    """One unit's counts, balanced: the more `grown`, the more were received and filed online."""
    late, overdue = (3 if at % 7 == 0 else 0), (2 if at % 10 == 0 else 0)
    online, direct, carried, resolved = 40 + at % 40 + grown, 50, 10, 90
    pending = online + direct + carried - resolved
    return {
        "filed_online": online, "filed_direct": direct, "received": online + direct, "carried_over": carried,
        "resolved_early": 60, "resolved_on_time": 30 - late, "resolved_late": late, "resolved": resolved,
        "pending_in_time": pending - overdue, "pending_overdue": overdue, "pending": pending,
        "online_base": online + direct, "digitisation_base": 100, "dossier_digitised": 100 - at % 3,
        "result_base": 80, "result_digitised": 80, "fee_bearing": 20, "paid_online": 15 + at % 5,
    }  # fmt: skip


def some(received: int, online: int, late: int = 0, fees: int | None = None) -> dict[str, int]:
    """A few counts of one unit, out of a hundred dossiers resolved."""
    return {
        "received": received, "filed_online": online, "online_base": received, "resolved_early": 50,
        "resolved_on_time": 50 - late, "resolved_late": late, "resolved": 100,
    } | ({} if fees is None else {"fee_bearing": fees, "paid_online": fees})  # fmt: skip


def leaf_units(register, day: date = date(2025, 8, 31)) -> list[Unit]:
    return [unit for unit in register.on(day) if unit.kind in LEAF_KINDS]


def every_unit(register, month: str, grown: int = 0, without: Iterable[str] = ()) -> dict:
    units = enumerate(leaf_units(register, Period.parse(month).end))
    return {(unit.code, month): counts_of(at, grown) for at, unit in units if unit.code not in without}


def complete(register) -> dict:
    """Every unit in June, July and August 2025; all but two communes in September; an unbalanced one in October."""
    return (
        every_unit(register, "2025-06")
        | every_unit(register, "2025-07")
        | every_unit(register, "2025-08", grown=5)
        | every_unit(register, "2025-09", without=("18229", "18244"))
        | {("18229", "2025-10"): counts_of(0) | {"pending_in_time": 0, "pending": 2}}
    )


def compared(register) -> dict:
    """A few units in months before and after the reform of 01/07/2025, one of them made of four old ones, one split."""
    july, june = Period.parse("2025-07"), Period.parse("2025-06")
    merged = build_bridge(register, register.get("18229", july.end), july, june).units
    return {
        **{(unit.code, "2024-07"): some(100, 40, late=2) for unit in merged},
        **{(unit.code, "2025-06"): some(100, 50) for unit in merged},
        ("18229", "2025-07"): some(500, 300, late=4),
        **{("18073", month): some(900, 600) for month in ("2025-06", "2025-07")},
        **{("HT-STP", month): some(60, 30) for month in ("2024-07", "2025-05", "2025-06")},
        ("HT-STP", "2025-07"): some(60, 33),
        ("HT-SCT", "2024-07"): some(80, 40),
        ("HT-SCT", "2025-06"): some(10, 5),
        ("HT-SCT", "2025-07"): some(80, 36, late=3),
        ("HT-TTT", "2024-07"): some(10, 0),
        ("HT-TTT", "2025-07"): some(10, 10),
    }


def partly(register) -> dict:
    """Units that told only some of their counts; one that received nothing; two with no fee-bearing dossier in a month."""
    return {
        ("42", "2019-Q1"): {"received": 500},
        ("HT-STP", "2025-07"): {"resolved": 9, "resolved_early": 7},
        ("HT-STC", "2025-07"): {"handled_total": 12, "carried_over": 1, "pending": 6, "pending_in_time": 5},
        ("HT-SNV", "2025-07"): {"received": 11},
        ("HT-TTT", "2025-07"): {"post_received": 5},
        ("HT-SXD", "2025-07"): dict.fromkeys(counts_of(0), 0),
        ("HT-SCT", "2025-07"): some(100, 50, fees=0),
        ("HT-SCT", "2025-08"): some(100, 50, fees=20),
        ("HT-CN-CANLOC", "2025-07"): some(100, 50, fees=20),
        ("HT-CN-CANLOC", "2025-08"): some(100, 50, fees=0),
    }


def rows_of(facts: Mapping[tuple[str, str], Mapping[str, int]]) -> list[tuple]:
    windows = {month: Period.parse(month) for _, month in facts}
    return [
        (unit, windows[month].start, windows[month].end, name, value)
        for (unit, month), counts in facts.items()
        for name, value in counts.items()
    ]


@pytest.fixture(scope="module")
def projects(root, register, tmp_path_factory) -> Callable:
    """A project with the facts of one of the functions above, or only what S-001 and S-003 printed."""

    @cache
    def make(name: str):
        if name == "published":
            path = root / "data" / "raw" / "bao_cao_da_cong_bo_so_lieu.csv"
            rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))[1:]
        else:
            rows = rows_of({"complete": complete, "compared": compared, "partly": partly}[name](register))
        source = "published" if name == "published" else "received"
        return make_project(root, tmp_path_factory.mktemp(name), {"so_lieu.csv": (source, rows)})

    return make


# --- writing and reading -----------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def write(write_sound, projects) -> Callable[..., WrittenMemo]:
    """Writes the report on units of one of the projects."""
    return lambda project, *asked: write_sound("processing", projects(project), *asked)


@pytest.fixture(scope="module")
def july(write) -> WrittenMemo:
    return write("published", "2025-07-01..2025-07-24", "42")


@pytest.fixture(scope="module")
def august(write) -> WrittenMemo:
    return write("complete", "2025-08", "42")


@pytest.fixture(scope="module")
def september(write) -> WrittenMemo:
    """Without two of 69 communes."""
    return write("complete", "2025-09", "42")


@pytest.fixture(scope="module")
def summer(write) -> WrittenMemo:
    """A window across the reform of 01/07/2025."""
    return write("complete", "2025-06-01..2025-07-31", "42")


def codes_named(*pieces: str) -> set[str]:
    return set(re.findall(r'data-don-vi="([^"]+)"', "".join(pieces)))


def table_rows(markdown: str, *first: str) -> list[str]:
    """The rows of tables whose first cell, a running number apart, begins so, as plain text."""
    lines = [plain(line).replace("**", "") for line in markdown.splitlines() if line.startswith("|")]
    lines = [re.sub(r"^\| (\d+|[IVX]+|) \| ", "| ", line) for line in lines]
    return [line for line in lines if line.startswith(tuple(f"| {name}" for name in first))]


# --- published figures alone -------------------------------------------------------------------------------------
def test_published_figures_are_told_as_they_are(july):
    assert july["dossiers"] == (
        "Tổng số hồ sơ TTHC nhận giải quyết ở hai cấp chính quyền là 47.411 hồ sơ, trong đó: tiếp nhận trong kỳ 35.510 "
        "hồ sơ (cấp tỉnh 2.131 hồ sơ, cấp xã 33.379 hồ sơ); kỳ trước chuyển qua 11.901 hồ sơ. Đã giải quyết 29.105 hồ "
        "sơ, trong đó: trước hạn 21.307 hồ sơ, đúng hạn 7.218 hồ sơ, quá hạn 580 hồ sơ. Tỷ lệ hồ sơ giải quyết trước và "
        "đúng hạn đạt 98,01% (28.525/29.105 hồ sơ). Đang giải quyết 18.306 hồ sơ. Chưa có số liệu: hồ sơ đang giải "
        "quyết trong hạn; hồ sơ đang giải quyết quá hạn."
    )
    assert july["opening"].startswith(
        "Trên cơ sở số liệu từ ngày 01/07/2025 đến ngày 24/07/2025 theo Biểu II.06/VPCP/KSTT, Bảng theo dõi dịch vụ "
        "công trực tuyến, Bảng theo dõi số hóa và Bảng theo dõi thanh toán trực tuyến, UBND tỉnh báo cáo"
    )


def test_denominators_that_differ_are_said_to_differ(july):
    assert (
        "là 21.132/35.526 hồ sơ, đạt tỷ lệ 59,48%; trong đó: cấp tỉnh 2.024/2.132 hồ sơ, đạt 94,93%; cấp xã "
        "19.108/33.394 hồ sơ, đạt 57,22%." in july["online"]
    )
    noted = july["definitions"]
    assert (
        "bảng theo dõi nộp trực tuyến (35.526 hồ sơ) nhiều hơn 16 hồ sơ so với Biểu tổng hợp (35.510 hồ sơ)"
        in noted
    )
    assert "là 35.500/35.501 hồ sơ, đạt tỷ lệ 99,99%" in july["digitisation"], "not 100%"
    assert "(23.481 hồ sơ) ít hơn 5.624 hồ sơ so với số hồ sơ đã giải quyết" in noted
    assert (
        "phí, lệ phí của cấp tỉnh (3.763 hồ sơ) nhiều hơn 1.632 hồ sơ so với số hồ sơ tiếp nhận trong kỳ (2.131 hồ sơ)"
        in noted
    )
    assert "thống nhất phạm vi thống kê" in july["tasks"]


def test_the_body_speaks_of_no_method_and_of_nothing_that_is_not_there(july, august):
    """How units are chosen and tables differ stands in the annex; the first page has the message."""
    for written in (july, august):
        body = "".join(
            written[cell]
            for cell in ("message", "dossiers", "online", "digitisation", "payment", "judgement", "tasks")
        )
        assert not re.search("[Mm]ẫu số|Quy tắc|Không xét|số liệu khớp|chương trình", body)
    assert july["message"].startswith(
        "- Tỷ lệ giải quyết trước và đúng hạn đạt 98,01% (28.525/29.105 hồ sơ)."
    )
    for line in (line for line in august["message"].split("- ") if "%" in line):
        assert re.search(r"% \([\d.]+/[\d.]+ hồ sơ\)", line), "no rate without its two parts"
    assert "tăng" in august["message"] and "so với tháng trước." in august["message"]
    assert "Nhiệm vụ trọng tâm: giải quyết dứt điểm hồ sơ quá hạn" in august["message"]
    assert "Chọn đơn vị để nêu: chỉ xét đơn vị có mẫu số" in august["definitions"]


def test_published_figures_are_no_sample_and_list_no_units(july):
    assert july["sample-mark"] == july["ranking"] == july["trend"] == july["unit-changes"] == ""
    assert july["judgement"] == ""
    assert "Dấu “–”: chưa có số liệu" in july["groups"]
    assert "Ghi chú về số liệu" in july["definitions"] and "ghi 35.501" in july["definitions"]
    assert july["changes"] == (
        "Không so sánh với kỳ từ ngày 07/06/2025 đến ngày 30/06/2025 và kỳ từ ngày 01/07/2024 đến ngày 24/07/2024 vì "
        "không có số liệu của kỳ đó."
    )


def test_the_first_quarter_of_2019_is_told_with_its_target(write):
    quarter = write("published", "2019-Q1", "42")
    assert (
        "Số hồ sơ nộp qua dịch vụ công trực tuyến mức độ 3, mức độ 4 trên tổng số hồ sơ phát sinh là 2.668/34.996 hồ "
        "sơ, đạt tỷ lệ 7,62%, chưa đạt chỉ tiêu từ 20% trở lên (Chỉ thị 08/CT-UBND ngày 17/5/2018 của UBND tỉnh Hà "
        "Tĩnh), còn thiếu 12,38 điểm phần trăm, tương ứng 4.332 hồ sơ." in quarter["online"]
    )
    assert quarter["dossiers"].startswith("Chưa có số liệu: tổng số hồ sơ nhận giải quyết; hồ sơ tiếp nhận")
    assert not re.search("một phần|Không xét đạt", quarter["online"])
    assert quarter["groups"] == ""


# --- every unit reported -----------------------------------------------------------------------------------------
SUBJECTS = {
    "ở hai cấp chính quyền": ("42",),
    "của cấp xã": ("42X",),
    "của các đơn vị nêu trong báo cáo": ("HT-SCT", "HT-SNV"),
    "của xã Đức Thọ": ("xã Đức Thọ",),
}


@pytest.mark.parametrize("whose", SUBJECTS)
def test_figures_are_the_sums_of_the_facts(whose, write, register):
    written = write("complete", "2025-08", *SUBJECTS[whose])
    counted = {one.unit.code for one in written.memo.members or [written.memo.subject]}
    inside = [at for at, unit in enumerate(leaf_units(register)) if unit.code in counted]
    assert len(inside) == {"42": 96, "42X": 69, "HT-SCT": 2}.get(SUBJECTS[whose][0], 1)
    sums = {name: sum(counts_of(at, 5)[name] for at in inside) for name in counts_of(0)}
    before = {name: sum(counts_of(at)[name] for at in inside) for name in sums}
    said = {name: vn.format_count_in_text(value) for name, value in sums.items()}
    handled = vn.format_count_in_text(sums["received"] + sums["carried_over"])
    parts = (sums["resolved_early"] + sums["resolved_on_time"], sums["resolved"])
    text = written["dossiers"]
    assert (
        f"nhận giải quyết {whose} là {handled} hồ sơ, trong đó: tiếp nhận trong kỳ {said['received']} hồ sơ"
        in text
    )
    assert (
        f"; kỳ trước chuyển qua {said['carried_over']} hồ sơ. Đã giải quyết {said['resolved']} hồ sơ, trong đó: trước "
        f"hạn {said['resolved_early']} hồ sơ, đúng hạn {said['resolved_on_time']} hồ sơ, quá hạn "
        f"{said['resolved_late']} hồ sơ. Tỷ lệ hồ sơ giải quyết trước và đúng hạn đạt {vn.format_percent(*parts)} "
        f"({vn.format_number(parts[0])}/{vn.format_number(parts[1])} hồ sơ)" in text
    )
    assert (
        f"Đang giải quyết {said['pending']} hồ sơ, trong đó: trong hạn {said['pending_in_time']} hồ sơ, quá hạn "
        f"{said['pending_overdue']} hồ sơ." in text
    )
    assert "chênh nhau" not in text
    shares = {
        "online": ("filed_online", "received"), "payment": ("paid_online", "fee_bearing"),
        "digitisation": ("dossier_digitised", "digitisation_base"),
    }  # fmt: skip
    for cell, names in shares.items():
        pair = [sums[name] for name in names]
        fraction = "/".join(map(vn.format_number, pair))
        assert f"là {fraction} hồ sơ, đạt tỷ lệ {vn.format_percent(*pair)}" in written[cell]
    assert "nhiều hơn" not in written["online"]
    growth = Fraction(100 * (sums["received"] - before["received"]), before["received"])
    printed = [
        vn.round_half_up(Fraction(100 * one["filed_online"], one["received"]), 2) for one in (before, sums)
    ]
    assert written["changes"].startswith(
        f"So với tháng 7 năm 2025: số hồ sơ tiếp nhận tăng {vn.format_number(growth, 2)}% (kỳ đó "
        f"{vn.format_number(before['received'])} hồ sơ); tỷ lệ giải quyết trước và đúng hạn không thay đổi (kỳ đó "
    )
    points = vn.format_number(printed[1] - printed[0], 2)
    assert f"tỷ lệ nộp trực tuyến trên tổng số hồ sơ tăng {points} điểm phần trăm" in written["changes"]


@pytest.mark.parametrize(
    "units",
    [("xã Đức Thọ",), ("xã Sơn Kim 1",), ("HT-SCT", "HT-SNV", "xã Đức Thọ"), ("42X",), ("land-offices",)],
)
def test_only_the_units_asked_for_are_named(units, write, register):
    written = write("complete", "2025-08", *units)
    members = [one.unit for one in written.memo.members]
    inside = {unit.code for unit in (*written.memo.setting.units, *members)} | {CHOSEN.code}
    made_of = {
        edge.old_code
        for edge in register.edges
        if edge.new_code in inside and edge.effective_date.year == 2025
    }
    named = {code for code in codes_named(*written.pieces) if not code.startswith("42-")}
    assert named <= inside | made_of, "units, and those they were made of where last year is spoken of"
    claims = written.memo.claims.record()["claims"]
    assert {claim["unit"] for claim in claims if not claim["unit"].startswith("42-")} <= inside


def named_in(sentence: str, units) -> set[str]:
    names = {unit.official_name: unit.code for unit in units}
    items = re.findall(r"(?:^|; )([^();]+) \(", sentence.split(": ", 1)[1])
    return {names[item] for item in items if item in names}


def test_units_are_chosen_by_the_printed_rule_with_all_ties(august, register):
    """The rule applied anew, from the counts, without the code under test."""
    units = leaf_units(register)
    communes = [(at, unit) for at, unit in enumerate(units) if unit.kind == "commune"]
    share = {
        unit.code: Fraction(counts_of(at, 5)["filed_online"], counts_of(at, 5)["received"])
        for at, unit in communes
    }
    total = [sum(counts_of(at, 5)[name] for at, _ in communes) for name in ("filed_online", "received")]
    common = Fraction(*total)
    printed = {code: vn.round_half_up(100 * value, 2) for code, value in share.items()}
    clean = {unit.code for at, unit in communes if not counts_of(at, 5)["pending_overdue"]}
    above = sorted((printed[code] for code in clean if share[code] >= common), reverse=True)
    below = sorted(value for code, value in printed.items() if share[code] < common)
    best = {code for code in clean if printed[code] >= above[4]}
    weakest = {code for code, value in printed.items() if value <= below[4]}
    sentences = re.split(r"(?<=\.) (?=Các đơn vị|Có )", august["judgement"])
    (praise,) = [one for one in sentences if one.startswith("Các đơn vị cấp xã") and "cao nhất" in one]
    (blame,) = [one for one in sentences if one.startswith("Các đơn vị cấp xã") and "thấp nhất" in one]
    assert 0 < len(clean) < 69
    assert "cao nhất và không có hồ sơ đang giải quyết quá hạn" in praise
    assert named_in(praise, units) == best
    assert named_in(blame, units) == weakest
    assert f"dưới mức chung {vn.format_percent(*total)}" in blame
    tasks = august["tasks"]
    assert all(unit.official_name in tasks for _, unit in communes if unit.code in weakest)
    assert "Chủ tịch UBND các xã, phường tập trung thực hiện" in tasks and "huyện" not in tasks
    assert tasks.endswith("UBND tỉnh báo cáo./.")


def test_a_long_tie_is_counted_and_never_cut(august):
    """Units that resolved everything in time; of those with nothing pending overdue they are the best."""
    on_time = [at for at in range(96) if counts_of(at)["resolved_late"] == 0]
    clean = [at for at in range(96) if counts_of(at)["pending_overdue"] == 0]
    praised = len({*on_time} & {*clean})
    assert praised < len(on_time)
    assert (
        "có tỷ lệ giải quyết trước và đúng hạn cao nhất và không có hồ sơ đang giải quyết quá hạn: "
        f"{praised} đơn vị cùng đạt 100% (nêu tại Phụ lục I)." in august["judgement"]
    )
    assert f"{96 - len(on_time)} đơn vị cùng đạt 96,67% (nêu tại Phụ lục I)." in august["judgement"]


def test_nobody_is_praised_who_has_not_said_what_is_overdue(write):
    told = write("compared", "2025-07", "HT-STP", "18073")["judgement"]
    assert "cao nhất" not in told
    assert "Các đơn vị được xét đều có tỷ lệ giải quyết trước và đúng hạn từ mức chung trở lên." in told
    assert "thấp nhất, dưới mức chung 65,94%: Sở Tư pháp (55,00%, 33/60 hồ sơ)." in told
    assert "ồ sơ quá hạn (" not in told and "Không có hồ sơ quá hạn" not in told


def test_overdue_dossiers_are_those_of_the_units(august, register):
    overdue = [counts_of(at, 5)["resolved_late"] + counts_of(at, 5)["pending_overdue"] for at in range(96)]
    names = [unit.official_name for unit in leaf_units(register)]
    most = [name for name, value in zip(names, overdue, strict=True) if value == 5]
    told = f"Có {sum(value > 0 for value in overdue)} đơn vị có hồ sơ quá hạn (đã giải quyết quá hạn và đang giải quyết quá hạn)"
    assert f"{told}; nhiều nhất là: {''.join(map('{} 05 hồ sơ; '.format, most))}" in august["judgement"]
    assert f"{overdue.count(3)} đơn vị cùng có 03 hồ sơ quá hạn (nêu tại Phụ lục I)." in august["judgement"]
    late = [name for name, value in zip(names, overdue, strict=True) if value in (3, 5)]
    assert august["tasks"].count("1. Các đơn vị có hồ sơ quá hạn, nhất là") == 1
    short = "Chi nhánh Văn phòng Đăng ký đất đai"  # told whole once in a list
    assert all(
        name.replace(short, "Chi nhánh") in august["tasks"].replace(short, "Chi nhánh") for name in late
    )


def test_the_annex_lists_every_unit_and_every_subtotal(august):
    first, second = august.markdown("units").split('"chu-thich-bang"')[1:]
    for table in (first, second):
        rows = [line for line in table.splitlines() if line.startswith("| ") and "data-don-vi" in line]
        assert len(rows) == 96 + 3 + 1
    assert 'class="phu-luc ngang"' in august.markdown("units")
    assert "| **II** | **Chi nhánh Văn phòng Đăng ký đất đai** |" in plain(first)
    assert "| **III** | **Xã, phường** |" in plain(first) and "thị trấn" not in plain(first)


def test_units_of_a_kind_stand_by_the_main_rate_of_their_table_those_of_few_dossiers_last(august):
    tables = august.markdown("units").split('"chu-thich-bang"')[1:3]
    rates = [august.names["on_time_rate"], august.names["online_share"]]
    for table, rate in zip(tables, rates, strict=True):
        assert f"xếp theo tỷ lệ {plain(august.memo.text(rate.inside))} từ cao xuống thấp" in plain(table)
        rows = re.findall(r"^\| (.*?) \| .*?data-don-vi=\"([^\"]+)\"", table, re.MULTILINE)
        listed = {one.unit.code: one for one in august.memo.members}
        kinds = [list(group) for _, group in groupby(rows, key=lambda row: row[1] in listed)]
        for units in (group for group in kinds if group[0][1] in listed):
            assert [plain(number) for number, _ in units] == [str(at) for at in range(1, len(units) + 1)]
            figures = [rate.at(listed[code]) for _, code in units]
            places = [
                (not one.known, one.known and one.small, -one.value if one.known else 0) for one in figures
            ]
            assert places == sorted(places)


def test_every_rate_used_is_defined_in_the_annex(august):
    text = august["definitions"]
    for claim in august.memo.claims.record()["claims"]:
        if claim["form"] == "percent":
            assert claim["label"].split(",")[0] in text
    assert "không phải trung bình cộng các tỷ lệ" in text and "tính vào cấp tỉnh" in text
    assert august.memo.setting.facts.fingerprint[:16] not in text, "it stands in the record"


def test_a_chart_tells_its_figures_in_its_alternative_text(august):
    assert 'data-mo-ta="Biểu đồ' in august.markdown("ranking")
    assert "Mức chung" in august.markdown("ranking")


# --- two of 69 communes did not report ---------------------------------------------------------------------------
def test_a_sum_without_two_units_says_so_wherever_it_stands(september):
    text = september["dossiers"]
    lacking = " (Chưa gồm 02 đơn vị chưa có đủ số liệu.)"
    first, rest = text.split(lacking, 1)
    assert first.startswith(
        "Tổng số hồ sơ TTHC nhận giải quyết của các đơn vị đã có số liệu (chưa gồm 02 đơn vị chưa có đủ số liệu) là "
    )
    assert "hồ sơ (cấp tỉnh 2.781 hồ sơ);" in first and "cấp xã" not in text.split("Số cộng")[0]
    assert rest.count(lacking) == 1, "once for what is pending"
    assert "Số cộng chưa đủ vì thiếu báo cáo của 02 đơn vị (xã Đức Minh; xã Đức Thọ) về: hồ sơ tiếp" in text
    assert "chênh nhau" not in text, "the sides of such a sum need not be equal"
    assert f"; trong đó: cấp tỉnh 1.431/2.781 hồ sơ, đạt 51,46%.{lacking}" in september["online"]


def test_units_that_did_not_report_are_dashes_and_sums_without_them_marked(september):
    for name in ("Xã Đức Thọ", "Xã Đức Minh"):
        row, *_ = table_rows(september.markdown("units"), name)
        assert set(row.strip("| ").split(" | ")[1:]) == {"–"}
    (level,) = table_rows(september.markdown("groups"), "Cấp xã")
    assert level.count("†") == 9
    assert "Dấu “†”: chưa gồm các đơn vị chưa có đủ số liệu." in september["groups"]


def test_a_line_of_a_level_stands_below_the_whole_s_and_says_what_is_not_compared(september):
    rows = table_rows(september.markdown("changes-table"), "Hồ sơ tiếp nhận", "– ")[:2]
    assert rows == [
        "| Hồ sơ tiếp nhận trong kỳ (hồ sơ) | 10.135† | 10.800 | – |",
        "| – cấp tỉnh | 2.781 | 2.916 | giảm 4,63% |",
    ]
    assert "Dấu “†”: chưa gồm các đơn vị" in september["changes-table"]
    assert "Không so sánh hồ sơ tiếp nhận trong kỳ của cấp xã; " in september["changes-table"]
    assert "theo cấp" not in september["changes-table"]


def test_a_course_ends_with_the_last_sum_that_is_whole(september):
    assert september["course"].count("(tháng 8 năm 2025).") == 3
    assert "tháng 9" not in september["course"]


def test_a_sum_without_two_units_is_held_against_nothing(september):
    assert september["changes"] == (
        "Không so sánh với tháng 8 năm 2025 vì số liệu của kỳ này chưa gồm đủ các đơn vị. Không so sánh với tháng 9 năm "
        "2024 vì không có số liệu của kỳ đó."
    )
    told = september["judgement"]
    assert "tỷ lệ giải quyết trước" not in told and "các đơn vị cấp xã" not in told.casefold()
    assert "Các đơn vị cấp tỉnh có tỷ lệ nộp trực tuyến" in told
    assert "Có 22 đơn vị có hồ sơ quá hạn" in told and "chưa kể đơn vị chưa có số liệu; nhiều nhất là" in told


# --- one unit ----------------------------------------------------------------------------------------------------
def test_one_unit_is_told_alone(write):
    written = write("complete", "2025-08", "xã Đức Thọ")
    assert written["ranking"] == written["unit-changes"] == ""
    assert "Bảng" not in written["groups"]
    assert "UBND tỉnh chỉ đạo UBND xã Đức Thọ tập trung" in written["tasks"]
    assert "Số liệu chi tiết của xã Đức Thọ tháng 8 năm 2025" in written["units"]
    assert "| Hồ sơ tiếp nhận trong kỳ | Biểu II.06/VPCP/KSTT | 99 |" in written["units"]
    assert "| Hồ sơ thanh toán trực tuyến | Bảng theo dõi thanh toán trực tuyến | 19 |" in written["units"]


def test_one_unit_overdue_or_not(write, register):
    first, second, *_ = (unit.code for unit in leaf_units(register))
    late, clean = write("complete", "2025-08", first), write("complete", "2025-08", second)
    assert late["judgement"] == (
        "Đơn vị có 05 hồ sơ quá hạn, gồm 03 đã giải quyết quá hạn và 02 đang giải quyết quá hạn."
    )
    assert clean["judgement"] == "Không có hồ sơ quá hạn, kể cả hồ sơ đang giải quyết."
    assert "dứt điểm hồ sơ quá hạn" in late["tasks"] and "quá hạn" not in clean["tasks"]


def test_an_identity_that_does_not_hold_is_said_not_to(write):
    text = write("complete", "2025-10", "xã Đức Thọ")["dossiers"]
    assert text.endswith(
        "Số hồ sơ nhận giải quyết (100 hồ sơ) và số hồ sơ đã, đang giải quyết (92 hồ sơ) chênh nhau 08 hồ sơ, phải rà soát "
        "trước khi sử dụng số liệu."
    )


# --- across a reform ---------------------------------------------------------------------------------------------
def test_a_window_across_the_reform_counts_old_and_new_units_once(summer, register):
    before, after = (leaf_units(register, day) for day in (date(2025, 6, 30), date(2025, 7, 1)))
    received = sum(counts_of(at)["received"] for units in (before, after) for at in range(len(units)))
    text, annex = summer["dossiers"], summer["units"]
    assert f"ở ba cấp chính quyền là {vn.format_number(received + 10 * len(before))} hồ sơ" in text
    assert f"tiếp nhận trong kỳ {vn.format_number(received)} hồ sơ" in text
    assert (
        "Số liệu của cấp huyện tính đến hết ngày 30/06/2025 là ngày kết thúc hoạt động của cấp này." in text
    )
    assert (
        annex.count("Đơn vị kết thúc hoạt động trong kỳ") == 2 * 2
    )  # districts and communes, in both tables
    assert "hồ sơ bàn giao giữa các đơn vị khi sắp xếp không tính hai lần" in annex


def test_a_level_that_took_over_dossiers_says_why_its_sides_differ(write):
    text = write("complete", "2025-06-01..2025-07-31", "42X")["dossiers"]
    assert text.endswith("gồm hồ sơ bàn giao giữa các cấp khi sắp xếp đơn vị trong kỳ.")


def test_a_unit_that_began_inside_the_window_says_so(write):
    text = write("complete", "2025-06-01..2025-07-31", "xã Đức Thọ")["dossiers"]
    assert "sắp xếp lại từ ngày 01/07/2025; số liệu của kỳ báo cáo tính từ ngày này." in text
    assert "kỳ trước chuyển qua 10 hồ sơ" in text


def test_units_of_a_part_of_the_window_are_not_judged_beside_the_others(summer):
    """The communes of July 2025 in a window from June: their own figures stand in the annex, their names in no list."""
    began = [one.unit for one in summer.memo.members if not one.unit.valid_on(date(2025, 6, 1))]
    assert {unit.kind for unit in began} >= {"commune"}
    assert f"Không xét {len(began)} đơn vị chỉ hoạt động trong một phần của kỳ." in summer["definitions"]
    lines = summer.markdown("judgement").split("\n\n")
    named = codes_named(*(line for line in lines if not line.startswith("Có ")))  # a number is no rate
    assert named and not {unit.code for unit in began} & named
    assert all(unit.full_name in summer["units"] for unit in began)


# --- against earlier periods -------------------------------------------------------------------------------------
BRIDGE = (
    "so với tổng của thị trấn Đức Thọ, xã Hòa Lạc, xã Tân Dân, xã Tùng Ảnh trước khi sắp xếp ngày 01/07/2025 (từ đó xã, "
    "phường nhận thêm nhiệm vụ của huyện)"
)
HANDED = "vì từ ngày 01/07/2025 xã, phường nhận thêm nhiệm vụ của huyện."
SPLIT = "từ ngày 01/07/2025 đơn vị chỉ nhận một phần của phường Đại Nài, số liệu cũ không tách được"


def test_a_new_commune_is_held_against_the_sum_of_the_old_ones(write):
    written = write("compared", "2025-07", "xã Đức Thọ")
    assert f"điểm phần trăm ({BRIDGE})" in written["message"] and written["message"].count(BRIDGE) == 1
    assert written["changes"] == (
        "So với tháng 6 năm 2025 (cách so sánh nêu trên): tỷ lệ giải quyết trước và đúng hạn giảm 4,00 điểm phần trăm (kỳ đó 100%, "
        "400/400 hồ sơ); tỷ lệ nộp trực tuyến trên tổng số hồ sơ tăng 10,00 điểm phần trăm (kỳ đó 50,00%, 200/400 hồ sơ). "
        f"Không so sánh hồ sơ tiếp nhận trong kỳ với tháng 6 năm 2025 {HANDED} So với tháng 7 năm 2024 (cách so sánh nêu trên): tỷ lệ "
        "giải quyết trước và đúng hạn giảm 2,00 điểm phần trăm (kỳ đó 98,00%, 392/400 hồ sơ); tỷ lệ nộp trực tuyến trên "
        "tổng số hồ sơ tăng 20,00 điểm phần trăm (kỳ đó 40,00%, 160/400 hồ sơ). Không so sánh hồ sơ tiếp nhận trong kỳ với "
        f"tháng 7 năm 2024 {HANDED}"
    )


def test_a_split_unit_is_refused_with_the_reason(write):
    written = write("compared", "2025-07", "phường Thành Sen")
    assert written["changes"] == f"Không so sánh với tháng 6 năm 2025 và tháng 7 năm 2024 vì {SPLIT}."
    assert written["changes-table"] == ""
    chosen = write("compared", "2025-07", "HT-STP", "18073")["changes"]
    assert chosen == f"Không so sánh với tháng 6 năm 2025 và tháng 7 năm 2024 vì {SPLIT} (phường Thành Sen)."


def test_growth_from_few_dossiers_is_told_in_dossiers(write):
    written = write("compared", "2025-07", "HT-SCT")
    assert "số hồ sơ tiếp nhận tăng 70 hồ sơ (kỳ đó 10 hồ sơ)" in written["changes"]
    assert "Mẫu số ít hồ sơ nên mức tăng, giảm của tỷ lệ chỉ để tham khảo." in written["changes"]
    assert "tăng 70 hồ sơ" in written["changes-table"]
    assert "700" not in written["changes"] + written["changes-table"]


def test_a_unit_that_stayed_the_same_is_compared_with_itself(write):
    written = write("compared", "2025-07", "HT-STP")
    same = (
        "số hồ sơ tiếp nhận không thay đổi (kỳ đó 60 hồ sơ); tỷ lệ giải quyết trước và đúng hạn không thay đổi (kỳ đó "
        "100%, 100/100 hồ sơ); tỷ lệ nộp trực tuyến trên tổng số hồ sơ tăng 5,00 điểm phần trăm (kỳ đó 50,00%, 30/60 hồ "
        "sơ)."
    )
    assert written["changes"] == f"So với tháng 6 năm 2025: {same} So với tháng 7 năm 2024: {same}"
    table = written["changes-table"]
    assert "| Chỉ tiêu | Kỳ này | Tháng 6 năm 2025 | Thay đổi | Tháng 7 năm 2024 | Thay đổi |" in table
    assert "| Hồ sơ tiếp nhận trong kỳ (hồ sơ) | 60 | 60 | không thay đổi | 60 | không thay đổi |" in table
    assert "| 55,00% | 50,00% | tăng 5,00 điểm phần trăm | 50,00% | tăng 5,00 điểm phần trăm |" in table


def test_chosen_units_are_compared_as_one(write):
    text = write("compared", "2025-07", "HT-STP", "HT-SCT")["changes"]
    assert "So với tháng 7 năm 2024: số hồ sơ tiếp nhận không thay đổi (kỳ đó 140 hồ sơ)" in text
    assert "trên tổng số hồ sơ giảm 0,71 điểm phần trăm (kỳ đó 50,00%, 70/140 hồ sơ)" in text


def test_three_periods_make_a_trend(write):
    written = write("compared", "2025-07", "HT-STP")
    assert written["course"] == (
        "Tỷ lệ giải quyết trước và đúng hạn không thay đổi, từ 100% (tháng 7 năm 2024) đến 100% (tháng 7 năm 2025). Tỷ lệ "
        "nộp trực tuyến trên tổng số hồ sơ tăng giảm không đều, từ 50,00% (tháng 7 năm 2024) đến 55,00% (tháng 7 năm 2025)."
    )
    assert "Các tỷ lệ chính của Sở Tư pháp, từ tháng 7 năm 2024 đến tháng 7 năm 2025" in written["trend"]
    two = write("compared", "2025-07", "HT-TTT")
    assert two["course"] == two["trend"] == ""


def test_a_series_is_not_read_through_a_reform(write):
    written = write("compared", "2025-07", "xã Đức Thọ")
    assert written["course"] == "", "one month since the reform makes no course"
    (chart,) = [one for one in written.memo.claims.record()["charts"] if "tháng 7" in str(one)]
    assert "trước tháng 7 năm 2025: tổng của các đơn vị cũ" in " ".join(label["text"] for label in chart)
    later = write("complete", "2025-10", "xã Đức Thọ")["course"]
    assert "từ 100% (tháng 7 năm 2025) đến 96,67% (tháng 10 năm 2025). Không nối số liệu từ tháng 7" in later
    assert later.count("Không nối") == 1


# --- unit by unit ------------------------------------------------------------------------------------------------
def test_units_are_counted_by_how_they_were_compared(write):
    written = write("compared", "2025-07", "HT-STP", "HT-SCT", "HT-TTT", "xã Đức Thọ", "phường Thành Sen")
    assert written["unit-changes"] == (
        "Tỷ lệ giải quyết trước và đúng hạn giảm nhiều nhất ở Sở Công Thương (giảm 3,00 điểm phần trăm); xã Đức Thọ (giảm "
        "2,00 điểm phần trăm). So với tháng 7 năm 2024, tỷ lệ nộp trực tuyến trên tổng số hồ sơ tăng nhiều nhất ở xã Đức Thọ "
        "(tăng 20,00 điểm phần trăm); Sở Tư pháp (tăng 5,00 điểm phần trăm). Tỷ lệ nộp trực tuyến trên tổng số hồ sơ giảm "
        "nhiều nhất ở Sở Công Thương (giảm 5,00 điểm phần trăm)."
    ), "Thanh tra tỉnh rose by 100 points, on ten dossiers"
    told = written["definitions"]
    assert "03 đơn vị so sánh trực tiếp; 01 đơn vị so sánh với tổng của các đơn vị cũ hợp thành" in told
    assert f"Không so sánh được phường Thành Sen: {SPLIT}." in told
    assert (
        "Chọn đơn vị thay đổi nhiều nhất: chỉ xét đơn vị có mẫu số từ ba mươi hồ sơ trở lên ở cả hai kỳ;"
        in told
    )
    annex = written["units"]
    assert (
        "| Xã Đức Thọ | 400 | – | 98,00% | giảm 2,00 | 40,00% | tăng 20,00 | thị trấn Đức Thọ, xã Hòa Lạc, xã "
        "Tân Dân và xã Tùng Ảnh |" in annex
    )
    assert (
        "| Thanh tra tỉnh | 10 | không thay đổi | 100% | không thay đổi | 0% | tăng 100,00 | chính đơn vị |"
        in annex
    )


def test_many_units_that_are_not_compared_are_counted_in_the_text_and_named_in_the_annex(write):
    written = write("compared", "2025-07", "communes")
    reason = "chưa có số liệu của kỳ này"
    number = re.search(
        rf"Không so sánh được (\d+) đơn vị \(nêu tại Phụ lục I\): {reason}\.", written["definitions"]
    )[1]
    listed = written["units"].split(f"Không so sánh được vì {reason}: ")[1].split(".")[0]
    assert int(number) == len(listed.split("; ")) > 60
    assert f"Không so sánh được phường Hà Huy Tập; phường Thành Sen: {SPLIT}." in written["definitions"]


def test_nothing_is_said_of_units_without_figures_last_year(write):
    written = write("complete", "2025-08", "HT-SCT", "HT-SNV")
    assert written["unit-changes"] == ""
    assert "Thay đổi theo đơn vị" not in written["units"]


# --- what was not reported ---------------------------------------------------------------------------------------
def test_counts_that_were_not_reported_are_named_and_those_that_were_are_told(write):
    some_resolved, some_handled = (write("partly", "2025-07", code) for code in ("HT-STP", "HT-STC"))
    assert (
        "Đã giải quyết 09 hồ sơ. Chưa có số liệu: hồ sơ giải quyết đúng hạn; hồ sơ giải quyết quá hạn; tỷ lệ giải quyết "
        "trước và đúng hạn. Số đã có: hồ sơ giải quyết trước hạn 07 hồ sơ." in some_resolved["dossiers"]
    )
    assert some_handled["dossiers"].startswith(
        "Chưa có số liệu: hồ sơ tiếp nhận trong kỳ; hồ sơ giải quyết trước"
    )
    assert (
        "Số đã có: tổng số hồ sơ nhận giải quyết 12 hồ sơ; hồ sơ từ kỳ trước chuyển qua 01 hồ sơ. Đang giải quyết 06 hồ "
        "sơ. Chưa có số liệu: hồ sơ đang giải quyết quá hạn. Số đã có: hồ sơ đang giải quyết trong hạn 05 hồ sơ."
        in some_handled["dossiers"]
    )
    assert some_handled["digitisation"] == (
        "Chưa có số liệu: tỷ lệ số hóa hồ sơ khi tiếp nhận; tỷ lệ số hóa kết quả giải quyết."
    )
    assert "Trong kỳ không phát sinh" not in "".join(some_handled.pieces)


def test_zero_is_a_figure_and_no_denominator(write):
    written = write("partly", "2025-07", "HT-SXD")
    assert written["dossiers"].startswith("Tổng số hồ sơ TTHC nhận giải quyết của Sở Xây dựng là 0 hồ sơ")
    assert (
        "quá hạn 0 hồ sơ. Trong kỳ không phát sinh hồ sơ để tính tỷ lệ giải quyết trước"
        in written["dossiers"]
    )
    assert written["payment"] == "Trong kỳ không phát sinh hồ sơ để tính tỷ lệ thanh toán trực tuyến."
    assert "Chưa có số liệu" not in "".join(written.pieces)


def test_units_without_enough_figures_are_not_compared(write):
    written = write("partly", "2025-07", "HT-SNV", "HT-TTT")
    assert written["judgement"] == ""
    assert written["units"].endswith("Chưa có số liệu để lập các bảng theo đơn vị.")


def test_what_is_told_apart_says_which_units_it_lacks(write):
    text = write("partly", "2025-07", "HT-SNV", "HT-TTT")["dossiers"]
    assert "Số đã có: hồ sơ tiếp nhận trong kỳ 11 hồ sơ. (Chưa gồm 01 đơn vị chưa có" in text


def test_no_section_is_empty_and_no_source_is_named_where_nothing_was_told(write):
    written = write("partly", "2025-07", "HT-TTT")
    assert "(từ ngày 01/07/2025 đến ngày 31/07/2025), UBND tỉnh báo cáo" in written["opening"]
    assert written["judgement"].startswith("Chưa có số liệu: hồ sơ quá hạn;")
    assert written["changes"] == (
        "Không so sánh với tháng 6 năm 2025 và tháng 7 năm 2024 vì chưa có số liệu của kỳ này."
    )


def test_a_target_in_force_is_not_denied_where_its_rate_was_not_reported(write):
    text = write("partly", "2019-Q1", "42")["online"]
    assert text == "Chưa có số liệu: tỷ lệ nộp trực tuyến trên tổng số hồ sơ."


def test_a_period_is_refused_once_and_nothing_to_divide_by_is_said_of_the_right_period(write):
    then, now = (write("partly", "2025-08", code)["changes"] for code in ("HT-SCT", "HT-CN-CANLOC"))
    last_year = " Không so sánh với tháng 8 năm 2024 vì không có số liệu của kỳ đó."
    payment = "Không so sánh tỷ lệ thanh toán trực tuyến với tháng 7 năm 2025 vì "
    assert then.endswith(f"{payment}kỳ đó không phát sinh hồ sơ để tính.{last_year}")
    assert "Trong kỳ không phát sinh" not in then
    assert now.endswith(f"{payment}kỳ này không phát sinh hồ sơ để tính.{last_year}")
    assert now.count("tháng 8 năm 2024") == 1


# --- bad input ---------------------------------------------------------------------------------------------------
def test_a_wrong_parameter_is_told_in_one_sentence(projects):
    for period, units, sentence in (
        (20257, ["42"], "Kỳ báo cáo «20257» không hợp lệ"),
        ("2025-07", 99999, "«99999»"),
        ("2025-07", True, "«True»"),
        ("2025-07", ["huyện Đức Thọ"], "không có hiệu lực"),
    ):
        with pytest.raises(UserError, match=sentence):
            open_memo(period, units, start=projects("complete"))


def test_numbers_are_the_codes_that_papermill_and_yaml_made_them_of(projects):
    for units in (42, "42", (42,), [42]):
        opened = open_memo("2025-07", units, start=projects("complete"))
        assert [unit.code for unit in opened.setting.units] == ["42"]


def test_a_period_or_unit_without_facts(projects):
    for period, units, who in (
        ("2030-01", ["42"], "tỉnh Hà Tĩnh trong kỳ tháng 01 năm 2030"),
        ("2025-09", ["xã Đức Thọ"], "xã Đức Thọ trong kỳ tháng 9 năm 2025"),
        ("2025-07@15", ["42"], "tỉnh Hà Tĩnh trong kỳ tháng 7 năm 2025"),
        ("2025-07", ["01"], "thành phố Hà Nội"),
        (
            "2030-01",
            ["departments"],
            "Ban Quản lý Khu kinh tế tỉnh, Sở Công Thương, Sở Giáo dục và Đào tạo và 11 đơn vị",
        ),
    ):
        with pytest.raises(NoDataError, match=f"Không có số liệu tiếp nhận, giải quyết hồ sơ của {who}"):
            open_memo(period, units, start=projects("complete"))
