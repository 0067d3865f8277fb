"""The briefing of one unit: two pages for every unit, computed gaps, bridges and refusals in words, nobody else named."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from baocao.analysis import rates
from baocao.analysis.lineage import bridge_units
from baocao.app.sample.province import write_sample
from baocao.definitions import units
from baocao.definitions.errors import NoDataError, UserError
from baocao.definitions.periods import Period
from baocao.definitions.unit import Unit
from baocao.definitions.unit_names import addressee
from baocao.publishing import deliver as delivery
from baocao.publishing import pandoc, quarto
from baocao.publishing.check_claims import Checker
from baocao.publishing.check_finished import check_finished
from baocao.publishing.context import BuildContext
from baocao.publishing.document_blocks import read_blocks
from baocao.publishing.finished_text import READERS
from baocao.publishing.render import Rendering
from baocao.publishing.spec import fill, load_spec
from baocao.reports import setting
from baocao.reports import unit_briefing as memo
from baocao.reports.unit_briefing import reading, words
from baocao.reports.unit_briefing import reading as gaps
from conftest import as_notebook, copy_project, deliver, make_project, plain, render_alone

PIECES = (
    "describe_opening", "describe_summary", "table_figures", "describe_changes", "plot_trend", "note_method", "list_tasks",
)  # fmt: skip
HEADINGS = {
    "describe_summary": "## I. Kết quả",
    "describe_changes": "## II. So sánh với kỳ trước và xu hướng",
    "list_tasks": "## III. Việc đề nghị đơn vị tập trung làm trước",
}
JULY = "2025-07"


# --- projects ----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def sampled(root, tmp_path_factory) -> Path:
    """The project with the synthetic province."""
    project = copy_project(root, tmp_path_factory.mktemp("mau") / "du-an")
    write_sample(project)
    return project


@pytest.fixture(scope="module", autouse=True)
def read_once():
    """What every briefing of a project reads is read once: many units are written from the same facts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(setting, "load_register", cache(setting.load_register))
        patch.setattr(setting.fact_store, "open_facts", cache(setting.fact_store.open_facts))
        patch.setattr(setting, "typeface_of_charts", cache(setting.typeface_of_charts))
        yield


def leaf_units(register, day: date) -> list[Unit]:
    return [unit for unit in register.on(day) if unit.kind in rates.LEAF_KINDS]


# --- writing and reading -----------------------------------------------------------------------------------------
@dataclass
class Written:
    """A briefing written out: its pieces as Markdown and as plain text."""

    briefing: memo.Briefing
    markdown: dict[str, str]

    @classmethod
    def open(cls, period: str, unit: str, start: Path) -> Written:
        briefing = memo.open_briefing(period, [unit], start=start)
        markdown = {name: str(getattr(memo, name)(briefing)) for name in PIECES}
        return cls(briefing, {**markdown, "sample_mark": str(memo.sample_mark(briefing.claims))})

    @property
    def text(self) -> dict[str, str]:
        return {name: plain(piece) for name, piece in self.markdown.items()}

    @property
    def pieces(self) -> list[str]:
        parts = []
        for name, piece in self.markdown.items():
            if name == "sample_mark":
                parts.append('<div class="khoi-ky"></div>')
            parts += [HEADINGS[name]] if name in HEADINGS else []
            parts.append(piece.strip("\n"))
        return [part for part in parts if part]

    def faults(self, root, checker) -> list[str]:
        source = read_blocks(pandoc.parse("\n\n".join(self.pieces), root))
        return [str(fault) for fault in checker.check(source, dict(self.briefing.claims.record()))]

    def cells(self, row: str) -> list[str]:
        """The cells of the table's row that begins with this label."""
        rows = [
            [plain(cell).replace("**", "") for cell in line.strip("|").split("|")]
            for line in self.markdown["table_figures"].splitlines()
            if line.startswith("| ")
        ]
        (found,) = [cells for cells in rows if cells[0] == row]
        return found

    def units_named(self) -> set[str]:
        return set(re.findall(r'data-don-vi="([^"]+)"', "".join(self.markdown.values())))

    def finished(self, root, kind: str, target: Path, renderer: str = "embedded"):
        """The finished file and the faults that the last gate finds in it."""
        spec = load_spec(root, root / "reports" / "unit_briefing.yml")
        names = {
            "period": self.briefing.period.name, "unit": self.briefing.subject.official_name,
            "addressee": addressee(self.briefing.subject),
        }  # fmt: skip
        letter = {
            key: [fill(one, names) for one in value] if isinstance(value, list) else fill(value, names)
            for key, value in spec.letter.items()
        }
        notebook = as_notebook(self.pieces, self.briefing.claims, letter)
        parsed = pandoc.parse(delivery.document_markdown(notebook), root)
        render_alone(Rendering(notebook, parsed, {kind: target}, self.briefing.period.end), renderer, root)
        finished = READERS[kind](target)
        record = dict(self.briefing.claims.record())
        return finished, [str(fault) for fault in check_finished(read_blocks(parsed), finished, record)]


@pytest.fixture(scope="session")
def checker(laws, register) -> Checker:
    return Checker(laws, register)


# --- every unit of the sample ------------------------------------------------------------------------------------
@pytest.mark.parametrize("part", range(6))
def test_every_unit_is_told_without_a_fault(part, sampled, root, register, checker):
    units = leaf_units(register, date(2025, 7, 31))
    assert len(units) == 96
    for unit in units[part::48]:  # an eighth of them; `make briefing` builds and verifies every one
        written = Written.open(JULY, unit.code, sampled)
        assert written.faults(root, checker) == [], unit.label
        old = bridge_units(
            register,
            [unit],
            written.briefing.period,
            *(Period.parse(code) for code in ("2025-06", "2024-07")),
        )
        allowed = {unit.code, "42", f"42-{unit.kind}", *(one.code for one in old)}
        assert written.units_named() <= allowed, unit.label


RENDERED = {
    "a commune": (JULY, "xã Đức Thọ"),
    "a department": (JULY, "Sở Văn hóa, Thể thao và Du lịch"),
    "a land office, the longest name": (JULY, "HT-CN-TPHATINH"),
    "a ward that took in a part of one that was split": (JULY, "phường Thành Sen"),
    "a ward that took in a part of the other": (JULY, "phường Sông Trí"),
    "the longest bridge": (JULY, "xã Hương Sơn"),
    "no dossier that bears a fee": (JULY, "Thanh tra tỉnh"),
    "a district": ("2025-05", "huyện Đức Thọ"),
    "a commune of before": ("2025-05", "phường Nam Hà"),
    "a department across its reform, bridged": ("2025-03", "Sở Tài chính"),
    "a department across its reform, refused": ("2025-03", "Sở Nội vụ"),
    "levels and targets in force": ("2022-05", "huyện Đức Thọ"),
    "a quarter without earlier figures": ("2019-Q1", "huyện Đức Thọ"),
    "days of the first month": ("2025-07-01..2025-07-24", "xã Đức Thọ"),
    "a window across the reform": ("2025-M7", "xã Đức Thọ"),
    "a year": ("2024", "thị xã Hồng Lĩnh"),
}


@pytest.mark.parametrize("case", RENDERED)
def test_a_briefing_has_two_pages(case, sampled, root, checker, tmp_path):
    written = Written.open(*RENDERED[case], sampled)
    assert written.faults(root, checker) == []
    finished, faults = written.finished(root, "pdf", tmp_path / "x.pdf")
    assert (len(finished.pages), faults) == (2, [])


def test_the_page_for_the_screen_says_the_same(sampled, root, tmp_path):
    assert Written.open(JULY, "xã Đức Thọ", sampled).finished(root, "html", tmp_path / "x.html")[1] == []


@pytest.mark.skipif(
    (quarto.version() or (0,)) < quarto.MINIMUM, reason="QUARTO KHÔNG CÓ: cần Quarto 1.9 trở lên trên PATH"
)
def test_quarto_makes_the_same_two_pages(sampled, root, tmp_path):
    written = Written.open(JULY, "HT-CN-TPHATINH", sampled)
    one, faults = written.finished(root, "pdf", tmp_path / "quarto.pdf", "quarto")
    other, _ = written.finished(root, "pdf", tmp_path / "embedded.pdf")
    assert faults == [] and [page.body for page in one.pages] == [page.body for page in other.pages]


def test_the_notebook_and_the_spec_deliver_it(sampled, tmp_path):
    project = copy_project(sampled, tmp_path / "du-an")
    spec = load_spec(project, project / "reports" / "unit_briefing.yml")
    spec = replace(spec, units=("Sở Y tế",), formats=("pdf",))
    outcome = deliver(spec, project / "reports" / "build", BuildContext.open(project))
    assert (outcome.outcome, outcome.problems) == ("built", [])
    folder = project / "reports" / "build" / outcome.folder
    pages = READERS["pdf"](folder / "unit_briefing.pdf").pages
    assert len(pages) == 2
    assert "Kếtquảtiếpnhận,giảiquyếtthủtụchànhchínhcủaSởYtếtháng7năm2025Kínhgửi:SởYtế" in pages[0].body


# --- what one briefing says --------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def commune(sampled) -> Written:
    return Written.open(JULY, "xã Đức Thọ", sampled)


def test_the_summary_has_rates_beside_the_groups_with_ranks_and_the_largest_gap(commune):
    summary = commune.text["describe_summary"]
    online = commune.cells("Trực tuyến / tiếp nhận")
    assert f"đạt {online[2]} (mức chung của các xã, phường là {online[4]}), xếp thứ {online[6]}." in summary
    overdue = commune.cells("Đang giải quyết quá hạn")[1]
    assert f"; còn {overdue} hồ sơ đang giải quyết đã quá hạn." in summary
    first = gaps.find_gaps(commune.briefing)[0]
    assert f"Cần làm trước: {words.INSIDE[first.one.name]}, còn thiếu {first.dossiers} hồ sơ" in summary


def test_a_unit_of_a_part_of_the_window_has_no_rank_and_no_level(sampled):
    """July inside "07 tháng": told since when, beside nobody; a department of the whole window is judged as ever."""
    written = Written.open("2025-M7", "xã Đức Thọ", sampled)
    assert "của xã Đức Thọ (đơn vị hoạt động từ ngày 01/07/2025) như sau:" in written.text["describe_opening"]
    assert not written.briefing.places
    assert (
        "xếp thứ" not in written.text["describe_summary"]
        and "mức chung" not in written.text["describe_summary"]
    )
    assert [gap.one for gap in gaps.find_gaps(written.briefing)] == [None]  # dossiers overdue are overdue
    assert words.SHORT_LIFE in written.text["note_method"]
    whole = Written.open("2025-M7", "HT-STP", sampled)
    assert "xếp thứ" in whole.text["describe_summary"] and words.SHORT_LIFE not in whole.text["note_method"]
    places = reading.places_of(whole.briefing.setting.history, "department", whole.briefing.period)
    assert "HT-SNNMT" not in places and places["HT-STP"]["on_time_rate"].out_of == len(places)


def test_the_table_holds_every_figure_of_unit_group_and_province(commune):
    briefing = commune.briefing
    for name in reading.COUNTS:
        cells = commune.cells(words.SHORT[name])
        numbers = [int(briefing.row(name, unit)["numerator"]) for unit in briefing.units]
        assert [cells[at].replace(".", "") for at in (1, 4, 5)] == [str(number) for number in numbers]
    for one in briefing.rates:
        cells = commune.cells(words.SHORT[one.name])
        assert cells[1] == "{}/{}".format(
            *(_dotted(briefing.row(one.name)[part]) for part in ("numerator", "denominator"))
        )


def _dotted(number: int) -> str:
    return f"{int(number):,}".replace(",", ".")


def test_the_gap_of_each_rate_is_the_dossiers_missing_to_the_groups_rate(commune):
    briefing = commune.briefing
    for one in briefing.rates:
        own, group = briefing.row(one.name), briefing.row(one.name, briefing.group)
        level = Fraction(100 * int(group["numerator"]), int(group["denominator"]))
        told = commune.cells(words.SHORT[one.name])[3]
        missing = 0 if told == words.REACHED else int(told.replace(".", ""))
        lifted = Fraction(100 * (int(own["numerator"]) + missing), int(own["denominator"]))
        assert lifted >= level
        assert not missing or lifted - Fraction(100, int(own["denominator"])) < level, (
            "one dossier less is too few"
        )


def test_the_tasks_are_the_largest_gaps_each_matter_once(commune):
    found = gaps.find_gaps(commune.briefing)
    dossiers = [gap.dossiers for gap in found]
    assert dossiers == sorted(dossiers, reverse=True)
    matters = [gaps.MATTERS[gap.one.name] for gap in found if gap.one]
    assert len(matters) == len(set(matters))
    text = commune.text["list_tasks"]
    assert text.count(" thì đạt ") + text.count("dứt điểm") == min(gaps.PLACES, len(found))
    assert text.endswith("./.")


def test_a_new_unit_is_held_against_the_sum_of_the_old_ones(commune):
    old = "thị trấn Đức Thọ, xã Hòa Lạc, xã Tân Dân, xã Tùng Ảnh"
    assert f"so với tổng của {old} trước khi sắp xếp ngày 01/07/2025" in commune.text["table_figures"]
    assert re.match(
        r"So với tháng trước: tiếp nhận không so sánh được vì từ ngày 01/07/2025 xã, phường nhận thêm nhiệm vụ của huyện; "
        r"giải quyết trước và đúng hạn \w+ [\d,]+ điểm phần trăm; nộp trực "
        r"tuyến \(trên tổng tiếp nhận\) \w+ [\d,]+ điểm phần trăm\. So với cùng kỳ năm trước: tiếp nhận "
        r"không so sánh được vì lý do nêu trên; giải quyết",
        commune.text["describe_changes"],
    )
    chart = "".join(label["text"] for label in commune.briefing.claims.record()["charts"][0])
    assert "trước tháng 7 năm 2025: tổng của các đơn vị cũ" in " ".join(
        label["text"] for label in commune.briefing.claims.record()["charts"][0]
    )
    assert "Tỉnh Hà Tĩnh" in chart


@pytest.mark.parametrize(
    ("unit", "old"), [("phường Thành Sen", "phường Đại Nài"), ("phường Sông Trí", "xã Kỳ Lợi")]
)
def test_a_unit_that_took_in_a_part_is_not_compared_and_says_why(sampled, unit, old):
    written = Written.open(JULY, unit, sampled)
    assert written.text["describe_changes"] == (
        "Không so sánh với tháng trước và cùng kỳ năm trước vì từ ngày 01/07/2025 đơn vị chỉ nhận một phần của "
        f"{old}, số liệu cũ không tách được."
    )
    assert written.text["plot_trend"] == "Chưa vẽ được biểu đồ xu hướng vì lý do nêu trên."
    assert written.cells("Hồ sơ tiếp nhận trong kỳ")[-2:] == ["–", "–"]
    assert words.DASH in written.text["table_figures"]


def test_a_department_across_its_reform_is_bridged_or_refused(sampled):
    bridged = Written.open("2025-03", "Sở Tài chính", sampled)
    assert "so với tổng của Sở Kế hoạch và Đầu tư" in bridged.text["table_figures"]
    assert "So với tháng trước: tiếp nhận" in bridged.text["describe_changes"]
    refused = Written.open("2025-03", "Sở Nội vụ", sampled)
    assert refused.text["describe_changes"].startswith(
        "Không so sánh với tháng trước và cùng kỳ năm trước vì từ ngày 01/03/2025 đơn vị chỉ nhận một phần của"
    )


def test_a_line_is_cut_where_the_unit_was_another(sampled):
    written = Written.open(JULY, "Sở Văn hóa, Thể thao và Du lịch", sampled)
    labels = [label["text"] for label in written.briefing.claims.record()["charts"][0]]
    assert "trước tháng 3 năm 2025: đơn vị khi chưa sắp xếp" in " ".join(labels)


def test_a_line_that_begins_late_says_why(sampled):
    written = Written.open(JULY, "Sở Nội vụ", sampled)
    assert written.text["plot_trend"].startswith("Biểu đồ bắt đầu từ tháng 3 năm 2025 vì lý do nêu trên.")


def test_old_units_that_only_the_chart_shows_are_named(sampled):
    written = Written.open("2025-07-01..2025-07-24", "xã Đức Thọ", sampled)
    assert written.text["plot_trend"].startswith(
        "Trên biểu đồ, các đơn vị cũ là: thị trấn Đức Thọ; xã Hòa Lạc; xã Tân Dân; xã Tùng Ảnh."
    )


def test_few_dossiers_are_marked_and_not_ranked(sampled):
    written = Written.open(JULY, "Thanh tra tỉnh", sampled)
    assert written.cells("Trước và đúng hạn")[1:4] == ["4/4", "100%*", words.REACHED]
    assert written.cells("Trước và đúng hạn")[6] == "–"
    assert "Dấu “*”: mẫu số dưới ba mươi hồ sơ" in written.text["table_figures"]
    assert "đạt 100% (4/4 hồ sơ, chỉ để tham khảo; mức chung" in written.text["describe_summary"]
    assert words.FEW in written.text["describe_changes"]


def test_a_rate_without_dossiers_is_a_dash(sampled):
    written = Written.open(JULY, "Sở Ngoại vụ", sampled)
    cells = written.cells("Thanh toán trực tuyến")
    assert [cells[at] for at in (1, 2, 3, 6, 7, 8)] == ["–"] * 6
    assert "%" in cells[4] and "%" in cells[5]


def test_ties_share_a_rank_and_are_printed_as_ties(sampled, register):
    written = Written.open(JULY, "Sở Nội vụ", sampled)
    place = written.briefing.places["on_time_rate"]
    assert place.is_tied
    assert written.cells("Trước và đúng hạn")[6] == f"={place.rank}/{place.out_of}"
    assert f"đồng hạng {place.rank}/{place.out_of}" in written.text["describe_summary"]
    assert "Dấu “=”: đồng hạng." in written.text["table_figures"]


def test_a_target_in_force_comes_before_the_groups_level(sampled):
    written = Written.open("2019-Q1", "huyện Đức Thọ", sampled)
    own = written.briefing.row("level_34_share")
    missing = gaps.missing_dossiers(int(own["numerator"]), int(own["denominator"]), Fraction(20))
    assert f"mức độ 4: thêm {missing} hồ sơ thì đạt chỉ tiêu từ 20% trở lên" in written.text["list_tasks"]
    assert (
        "Chỉ tiêu đang có hiệu lực: nộp trực tuyến mức độ 3, mức độ 4 từ 20% trở lên (Chỉ thị 08/CT-UBND ngày "
        "17/5/2018 của UBND tỉnh Hà Tĩnh)" in written.text["note_method"]
    )
    assert words.NO_TARGET not in written.text["note_method"]
    later = Written.open(JULY, "Sở Y tế", sampled)
    assert words.NO_TARGET in later.text["note_method"]


def test_a_target_is_drawn(sampled):
    written = Written.open("2022-05", "huyện Đức Thọ", sampled)
    labels = [label["text"] for label in written.briefing.claims.record()["charts"][0]]
    assert "20%" in labels and "Chỉ tiêu" in labels


def test_nothing_missing_is_said(sampled, register):
    written = Written.open(JULY, "Thanh tra tỉnh", sampled)
    assert gaps.find_gaps(written.briefing) == []
    # Four dossiers resolved in time are no reason to praise anybody.
    assert "Chưa đủ số liệu để nêu việc cần làm trước" in written.text["describe_summary"]
    assert "Chưa đủ số liệu để nêu việc cần làm trước" in written.text["list_tasks"]


def test_praise_is_for_enough_dossiers_nothing_overdue_and_a_level_to_hold_them_against(root, tmp_path):
    good = GOOD | {"resolved_late": 0, "filed_online": 100, "pending_in_time": 3, "pending_overdue": 0}
    counts = {unit.code: good for unit in _departments(root)}
    house = make_project(
        root, tmp_path / "nha", {"a.csv": ("received", rows_of("2025-08", "2025-08-31", counts))}
    )
    written = Written.open("2025-08", "HT-STP", house)
    assert (
        "đều từ mức chung của các sở, ban, ngành (hoặc chỉ tiêu) trở lên" in written.text["describe_summary"]
    )
    assert "tiếp tục duy trì kết quả" in written.text["list_tasks"]
    silent = {
        code: {name: value for name, value in one.items() if name != "pending_overdue"}
        for code, one in counts.items()
    }
    house = make_project(
        root, tmp_path / "khac", {"a.csv": ("received", rows_of("2025-08", "2025-08-31", silent))}
    )
    written = Written.open("2025-08", "HT-STP", house)
    assert "Chưa đủ số liệu để nêu việc cần làm trước" in written.text["list_tasks"]


def test_a_unit_without_a_dossier_is_neither_praised_nor_told_the_same_thing_over_and_over(root, tmp_path):
    none = dict.fromkeys([*GOOD, "received", "pending_in_time", "pending_overdue"], 0)
    counts = {unit.code: GOOD for unit in _departments(root)} | {"HT-STP": none}
    house = make_project(
        root, tmp_path / "nha", {"a.csv": ("received", rows_of("2025-08", "2025-08-31", counts))}
    )
    written = Written.open("2025-08", "HT-STP", house)
    assert written.text["describe_summary"] == words.NO_DOSSIERS
    for phrase in ("mức chung", "duy trì", "không phát sinh hồ sơ để tính"):
        assert phrase not in written.text["describe_summary"] + written.text["list_tasks"]


def _departments(root) -> list[Unit]:
    day = Period.parse("2025-08").end
    return [unit for unit in units.load_register(root).on(day) if unit.kind == "department"]


def test_another_units_name_is_a_fault(commune, root, checker):
    pieces = {
        **commune.markdown,
        "list_tasks": commune.markdown["list_tasks"] + "\nXem cách làm của xã Đức Đồng.\n",
    }
    (fault,) = Written(commune.briefing, pieces).faults(root, checker)
    assert "Tên đơn vị «xã Đức Đồng» nằm ngoài phạm vi báo cáo." in fault


# --- facts of our own: what is missing ---------------------------------------------------------------------------
def rows_of(month: str, last: str, counts: dict[str, dict[str, int]]) -> list[tuple]:
    return [
        (unit, f"{month}-01", last, name, value)
        for unit, values in counts.items()
        for name, value in values.items()
    ]


GOOD = {
    "resolved_early": 60,
    "resolved_on_time": 30,
    "resolved_late": 10,
    "filed_online": 50,
    "online_base": 100,
}


@pytest.fixture(scope="module")
def sparse(root, tmp_path_factory) -> Path:
    """Three communes in August 2025, the last with few figures and the only one with any in July."""
    before = {"18277": {"resolved_early": 50, "resolved_on_time": 40, "resolved_late": 10}}
    rows = rows_of("2025-07", "2025-07-31", before) + rows_of(
        "2025-08", "2025-08-31",
        {
            "18229": GOOD | {"pending_in_time": 5, "pending_overdue": 0, "received": 100},
            "18073": GOOD | {"resolved_late": 0, "filed_online": 100},
            "18277": {"resolved_early": 60, "resolved_on_time": 40, "resolved_late": 0},
        },
    )  # fmt: skip
    return make_project(root, tmp_path_factory.mktemp("thua"), {"don_vi.csv": ("received", rows)})


def test_units_that_did_not_report_are_counted_not_averaged_over(sparse):
    written = Written.open("2025-08", "xã Đức Thọ", sparse)
    # 150 of 200 in the two that reported the share are no level to hold anybody against: 67 did not report it.
    assert written.cells("Trực tuyến / tiếp nhận")[1:6] == ["50/100", "50,00%", "–", "–", "–"]
    assert re.search(
        r"Số của các xã, phường và tỉnh Hà Tĩnh chưa gồm \d+ đơn vị chưa có đủ số liệu; số chưa gồm đủ thì không ghi\.",
        written.text["note_method"],
    )
    assert "mức chung" not in written.text["describe_summary"].replace("chưa có mức chung", "")


def test_wrong_figures_of_other_units_are_told(root, checker, tmp_path):
    """They are in no sum and no rank, which nobody would see otherwise."""
    counts = {"18229": GOOD, "18073": GOOD | {"resolved_late": -10}, "18277": GOOD}
    rows = rows_of("2025-08", "2025-08-31", counts)
    house = make_project(root, tmp_path / "nha", {"don_vi.csv": ("received", rows)})
    written = Written.open("2025-08", "xã Đức Thọ", house)
    assert "có lỗi; phần có lỗi không được tính, không được xếp hạng" in written.text["note_method"]
    assert written.faults(root, checker) == []


def test_what_was_not_reported_is_told(sparse):
    written = Written.open("2025-08", "xã Đức Thịnh", sparse)
    assert "Nộp trực tuyến (trên tổng tiếp nhận): chưa có số liệu." in written.text["describe_summary"]
    assert written.cells("Trực tuyến / tiếp nhận")[1:4] == ["–", "–", "–"]
    assert written.text["plot_trend"] == f"Chưa vẽ được biểu đồ xu hướng vì {words.NO_RATE}."
    assert "Chưa có số liệu: nộp trực tuyến (trên TTHC có DVCTT)" in written.text["note_method"]
    assert "không có hồ sơ đang giải quyết quá hạn" not in written.text["describe_summary"], "nobody knows"


def test_missing_base_periods_are_told(sparse, root, checker):
    written = Written.open("2025-08", "xã Đức Thọ", sparse)
    assert written.text["describe_changes"] == (
        "Không so sánh với tháng trước và cùng kỳ năm trước vì không có số liệu của kỳ đó."
    )
    assert written.text["plot_trend"] == f"Chưa vẽ được biểu đồ xu hướng vì {words.ONE_PERIOD}."
    assert written.faults(root, checker) == []
    assert written.text["sample_mark"] == "", "received figures carry no mark"


def test_one_figure_among_others_that_is_not_compared_says_why(sparse):
    written = Written.open("2025-08", "xã Đức Thịnh", sparse)
    assert written.text["describe_changes"].startswith(
        "So với tháng trước: tiếp nhận không so sánh được vì chưa có số liệu của kỳ này; giải quyết trước và đúng hạn tăng "
        "10,00 điểm phần trăm; nộp trực tuyến (trên tổng tiếp nhận) không so sánh được vì lý do nêu trên."
    )


# --- gaps --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("numerator", "denominator", "level", "missing"),
    [
        (0, 3, Fraction(100), 3),
        (50, 100, Fraction(150, 2), 25),
        (1, 3, Fraction(100, 3), 0),
        (99, 100, Fraction(50), 0),
    ],
)
def test_missing_dossiers(numerator, denominator, level, missing):
    assert gaps.missing_dossiers(numerator, denominator, level) == missing


def test_every_rate_has_a_matter_an_action_and_names():
    assert set(gaps.MATTERS) == set(reading.RATES) <= set(words.SHORT) & set(words.INSIDE)
    assert set(gaps.MATTERS.values()) == set(words.ACTIONS)
    assert set(reading.COUNTS) <= set(words.SHORT)


# --- bad input ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("period", "units", "sentence"),
    [
        (
            JULY,
            ["xã Đức Thọ", "Sở Nội vụ", "Sở Y tế"],
            "Thông báo lập riêng cho từng đơn vị, nhận được 3 đơn vị (xã Đức Thọ, Sở Nội vụ, …); hãy nêu một đơn vị",
        ),
        (JULY, ["42"], "«tỉnh Hà Tĩnh» không phải đơn vị như vậy"),
        (JULY, ["42X"], "«cấp xã» không phải đơn vị như vậy"),
        (JULY, ["huyện Đức Thọ"], "không có hiệu lực"),
        (JULY, ["xã Đức Thụ"], "«xã Đức Thụ»"),
        ("2025-13", ["xã Đức Thọ"], "Kỳ báo cáo «2025-13» không hợp lệ"),
    ],
)
def test_a_wrong_parameter_is_one_sentence(sampled, period, units, sentence):
    with pytest.raises(UserError) as refused:
        memo.open_briefing(period, units, start=sampled)
    assert sentence in str(refused.value) and "\n" not in str(refused.value)


def test_a_period_without_figures_is_no_data(sampled):
    with pytest.raises(
        NoDataError,
        match="Không có số liệu tiếp nhận, giải quyết hồ sơ của xã Đức Thọ trong kỳ tháng 01 năm 2030",
    ):
        memo.open_briefing("2030-01", ["xã Đức Thọ"], start=sampled)
