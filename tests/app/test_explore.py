"""Exploring: what there is, the memos' own names in free frames and charts, cells that go to a memo and back, the notebook."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
import pandas as pd
import pytest

from baocao.app import explore
from baocao.app.explore.desk import name_window
from baocao.app.explore.display import MOST_ROWS, frame_as_html
from baocao.app.explore.frames import _typed
from baocao.app.sample.province import write_sample
from baocao.definitions.errors import NoDataError, UserError
from baocao.definitions.periods import Period
from baocao.publishing import notebooks
from baocao.publishing.check_cells import faults_of
from baocao.publishing.execute import execute
from baocao.reports.memo import Memo
from baocao.store import facts
from baocao.store.load import commit
from baocao.store.load.candidates import make_options
from baocao.writing.claims import SAMPLE_MARK
from conftest import WrittenMemo, write_memo
from shipped import shipped_root

PUBLISHED = "2025-07-01..2025-07-24"


def make_project(root: Path, target: Path) -> Path:
    """A project with the facts that git holds: published and received ones, no sample."""
    for folder in ("raw", "reference"):
        shutil.copytree(root / "data" / folder, target / "data" / folder)
    for name in ("_quarto.yml", "notebooks/explore.ipynb"):
        (target / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(root / name, target / name)
    return target


@pytest.fixture(scope="module")
def bare(root, tmp_path_factory) -> Path:
    return make_project(root, tmp_path_factory.mktemp("khong-mau"))


@pytest.fixture(scope="module")
def sampled(root, tmp_path_factory) -> Path:
    project = make_project(root, tmp_path_factory.mktemp("co-mau"))
    write_sample(project)
    return project


@pytest.fixture(scope="module")
def desk(sampled):
    return explore.open_desk("2025-07", ["departments"], start=sampled)


@pytest.fixture(scope="module")
def published(bare):
    return explore.open_desk(PUBLISHED, ["42"], start=bare)


@dataclass
class Opened:
    """A memo opened for exploring, its words as attributes."""

    memo: Memo

    def __post_init__(self) -> None:
        self.words = self.memo.vocabulary()

    def __getattr__(self, name: str) -> Any:
        return self.words[name]


@pytest.fixture(scope="module")
def of(desk) -> Opened:
    """The departments in July 2025."""
    return Opened(explore.open_memo(desk))


@pytest.fixture(scope="module")
def province(published) -> Opened:
    """The province in the published window."""
    return Opened(explore.open_memo(published))


# --- What there is -----------------------------------------------------------------------------------------------


def test_the_store_is_told_by_group_and_source(published, desk):
    told = explore.list_facts(published)
    assert set(told["Nguồn"]) == {"số liệu đã công bố", "số liệu nhận được"}
    row = told[(told["Số liệu"] == "Hồ sơ") & (told["Nhóm đơn vị"] == "Tỉnh, thành phố")].iloc[0]
    assert [str(row["Từ ngày"]), str(row["Đến ngày"]), row["Số kỳ"], row["Số đơn vị"]] == [
        "2019-01-01",
        "2025-07-24",
        2,
        1,
    ]
    assert "SỐ LIỆU MẪU" in set(explore.list_facts(desk)["Nguồn"])


def test_periods_are_told_by_the_code_that_the_parameter_takes(published, desk):
    assert explore.list_periods(published)["Mã kỳ"].tolist() == [PUBLISHED, "2019-Q1"]
    months = explore.list_periods(desk)
    assert months["Mã kỳ"].tolist()[1:4] == [PUBLISHED, "2025-06", "2025-05"]
    assert months["Kỳ"][2] == "tháng 6 năm 2025"


@pytest.mark.parametrize(
    "code", ["2025-07", "2025-Q2", "2025-H1", "2024-H2", "2024", "2025-M7", "2025-07-02..2025-07-03"]
)
def test_a_window_has_its_shortest_code(code):
    period = Period.parse(code)
    assert name_window(period.start, period.end) == period


def test_units_and_measures_say_how_much_is_known(desk, published):
    units = explore.list_units(desk).set_index("Mã")
    assert len(units) == 14 + 13 + 69
    assert units.loc["HT-SNV", "Đơn vị"] == "Sở Nội vụ"
    assert units.loc["HT-SNV", "Số đại lượng có số liệu"] == 25
    measures = explore.list_measures(desk).set_index("Tên gọi")
    assert measures.loc["received", "Số đơn vị có số liệu"] == 96
    assert measures.loc["pending_overdue", "Cách cộng theo thời gian"] == "tồn cuối kỳ: lấy kỳ cuối"
    assert "level_3_filed" not in measures.index, "not defined in 2025"
    assert set(explore.list_units(published)["Số đại lượng có số liệu"]) == {0}


def test_a_quarter_reported_as_one_figure_is_known_although_others_merged_inside_it(root, tmp_path):
    project = make_project(root, tmp_path / "nha")
    path = tmp_path / "quy-1.csv"
    path.write_text(
        "unit,period_start,period_end,measure,value\nHT-SNGV,2025-01-01,2025-03-31,post_returned,3\n",
        encoding="utf-8",
    )
    commit.load_files(project, [path], make_options(received="2025-04-02"))
    quarter = explore.open_desk("2025-Q1", ["departments"], start=project)
    assert explore.list_units(quarter).set_index("Mã").loc["HT-SNGV", "Số đại lượng có số liệu"] == 1


def test_indicators_are_those_of_the_period_with_their_targets(desk, sampled):
    now = explore.list_indicators(desk).set_index("Tên gọi")
    assert "level_34_share" not in now.index and now["Chỉ tiêu (%)"].isna().all()
    then = explore.open_desk("2019-Q1", ["42"], start=sampled)
    old = explore.list_indicators(then).set_index("Tên gọi")
    assert old.loc["level_34_share", "Chỉ tiêu (%)"] == 20
    assert "full_online_share" not in old.index


# --- Figures -----------------------------------------------------------------------------------------------------


def test_published_rates_stand_beside_their_parts_as_the_memo_prints_them(province):
    rates = (province.on_time_rate, province.online_share, province.result_digitisation_rate)
    columns = {f"{rate.name} {part!r}": part for rate in rates for part in (rate, rate.fraction)}
    shown = explore.frame([province.subject], columns)
    assert shown.iloc[0, 2:-2].tolist() == [98.01, 28525, 29105, 59.48, 21132, 35526, 99.63, 23395, 23481]
    assert shown["Nguồn"].tolist() == ["số liệu đã công bố"]


def test_almost_all_is_never_all(province):
    rate = province.dossier_digitisation_rate
    shown = explore.frame([province.subject], {"tỷ lệ": rate, "hồ sơ": rate.fraction})
    assert shown.iloc[0, 2:-2].tolist() == [99.99, 35500, 35501]


def test_counts_are_whole_numbers_and_an_unknown_one_is_missing(province):
    shown = explore.frame([province.subject], {"a": province.received, "b": province.pending_overdue})
    assert str(shown["a"].dtype) == "Int64" and shown["a"][0] == 35510
    assert shown["b"].isna().all()


def test_rates_and_counts_in_one_series_keep_their_notation(province):
    shown = explore.series([province.on_time_rate, province.received], [province.subject], 1)
    assert shown["Mã kỳ"].tolist() == ["2025-06", "2025-06"], "a range of days is followed by whole months"
    mixed = _typed([{"Giá trị": 98.01}, {"Giá trị": 35510}, {"Giá trị": None}])
    html = frame_as_html(mixed)
    assert ">98,01<" in html and ">35.510<" in html and ">–<" in html


def test_a_frame_has_a_row_for_every_unit_and_the_figures_of_the_memo(of, desk):
    shown = explore.frame(of.members, {"x": of.online_share, "n": of.online_share.fraction}).set_index("Mã")
    results = desk.results(["online_share"], desk.units, desk.period).set_index("unit")
    assert shown["n: tử số"].to_dict() == results["numerator"].to_dict()
    assert shown["x"].to_dict() == {unit.unit.code: of.online_share.at(unit).printed for unit in of.members}


def test_any_unit_may_be_named_in_exploring(of):
    shown = explore.frame([of.province, of.unit("xã Đức Thọ"), *of.groups], {"x": of.received})
    assert shown["Đơn vị"].tolist()[:2] == ["tỉnh Hà Tĩnh", "xã Đức Thọ"]


def test_a_change_says_of_each_unit_what_it_is_held_against(sampled):
    of = Opened(explore.open_memo(explore.open_desk("2025-07", ["communes"], start=sampled)))
    share, year = of.online_share, of.last_year
    shown = explore.frame(of.members, {"nay": share, "xưa": share.then(year), "đổi": share.change(year)})
    shown = shown.set_index("Đơn vị")
    bridged = shown.loc["xã Can Lộc"]
    assert "tổng của thị trấn Nghèn, xã Thiên Lộc" in bridged["đổi: giải thích"]
    assert bridged["đổi"] == pytest.approx(bridged["nay"] - bridged["xưa"], abs=0.011)
    refused = shown[shown["đổi"].isna()]
    assert len(refused) and refused["đổi: giải thích"].ne("").all() and refused["xưa"].isna().all()
    received = explore.frame([of.province], {"đổi": of.received.change(of.previous)}).iloc[0]
    now, then = of.received.at(of.province), of.received.at(of.province).then(of.previous)
    assert received["đổi"] == pytest.approx(100 * (now.value - then.value) / then.value, abs=0.006)


def test_a_change_since_a_period_that_there_is_not_is_missing(sampled):
    of = Opened(explore.open_memo(explore.open_desk("2025-M7", ["departments"], start=sampled)))
    shown = explore.frame(of.members, {"đổi": of.received.change(of.previous)})
    assert shown["đổi"].isna().all()


def test_ranks_are_among_the_rows_and_targets_are_those_in_force(of, sampled):
    shown = explore.frame(
        of.members, {"x": of.online_share, "n": of.online_share.fraction, "hạng": of.online_share.rank}
    )
    few = shown["n: mẫu số"] < 30
    assert few.any() and shown["hạng"][few].isna().all() and shown["hạng"][~few].min() == 1
    ranked = shown[~few].sort_values("hạng")
    assert ranked["x"].is_monotonic_decreasing
    then = Opened(explore.open_memo(explore.open_desk("2019-Q1", ["42"], start=sampled)))
    rate = then.level_34_share
    row = explore.frame([then.subject], {"n": rate.fraction, "chỉ tiêu": rate.target}).iloc[0]
    assert [row["n: tử số"], row["n: mẫu số"], row["chỉ tiêu"]] == [2668, 34996, 20]


def test_a_series_goes_back_from_the_period_and_marks_breaks(sampled):
    of = Opened(explore.open_memo(explore.open_desk("2025-07", ["42"], start=sampled)))
    commune_level = next(level for level in of.levels if level.unit.code == "42X")
    shown = explore.series([of.received], [commune_level, of.province], 6)
    assert shown["Mã kỳ"].tolist() == 2 * [f"2025-{month:02}" for month in range(2, 8)]
    level = shown[shown["Mã"] == "42X"].set_index("Mã kỳ")
    assert level.loc["2025-07", "Ngắt chuỗi"] == "số cấp chính quyền của hai kỳ khác nhau"
    assert set(shown[shown["Mã"] == "42"]["Ngắt chuỗi"]) == {""}
    assert str(shown["Giá trị"].dtype) == "Int64"


def test_scores_are_shown_as_published(published):
    shown = explore.scores(published)
    row = shown[(shown["Đơn vị"] == "tỉnh Hà Tĩnh") & (shown["Mã kỳ"] == "2025-M7")].iloc[0]
    assert [row["Điểm"], row["Điểm tối đa"], row["Thứ hạng"], row["Trong số"]] == [82.13, 100, 1, 34]
    assert len(shown[shown["Mã kỳ"] == "2026"]["Đơn vị"].unique()) == 34
    assert "Công khai, minh bạch" in set(shown["Thành phần"])


# --- What there is not -------------------------------------------------------------------------------------------


def test_a_period_without_figures_is_one_sentence_with_those_there_are(bare):
    empty = explore.open_desk("2025-07", ["departments"], start=bare)
    with pytest.raises(NoDataError) as error:
        explore.open_memo(empty)
    assert "trong kỳ tháng 7 năm 2025" in str(error.value)
    assert f"kho có số liệu hồ sơ của các kỳ {PUBLISHED}, 2019-Q1" in str(error.value)
    assert "«baocao sample»" in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda of: explore.frame(of.members, {"x": "online_share"}), "Cột «x» của bảng cần một số liệu"),
        (lambda of: of.unit("Sở Nội Vu1"), "Sở Nội vụ"),
        (lambda of: of.online_share.change("2025-06"), "cần một kỳ để so sánh"),
        (lambda of: explore.series([of.received], of.members, 0), "ít nhất một số liệu, một đơn vị, một kỳ"),
        (lambda of: explore.scores(of.memo.setting, "service"), "gần nhất: service_index"),
        (lambda of: of.trend({unit: of.received.at(unit) for unit in of.members}, caption="x"), "nhiều nhất năm đường"),
        (lambda of: of.trend({"a": of.received, "b": of.online_share}, caption="x"), "có cả hai loại"),
        (lambda of: explore.heat_map(of.memo, of.level_34_share, of.members, 2), "Không có số liệu «"),
        (lambda of: explore.write_excel(of.memo, "../x.xlsx", {"a": pd.DataFrame()}), "không kèm thư mục"),
        (lambda of: explore.write_excel(of.memo, "x.csv", {"a": pd.DataFrame()}), "«bang.xlsx»"),
        (lambda of: explore.write_excel(of.memo, "x.xlsx", {}), "ít nhất một bảng"),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_one_sentence(of, ask, sentence):
    with pytest.raises(UserError) as error:
        ask(of)
    assert sentence in str(error.value)


def test_jupyter_shows_the_sentence_alone():
    assert UserError("Không có kỳ.")._render_traceback_() == ["Lỗi: Không có kỳ."]


# --- Charts ------------------------------------------------------------------------------------------------------


def test_a_trend_of_dossiers_prints_them_and_counts_them_on_its_scale(of):
    made = of.trend({of.subject: of.received}, caption="Tiếp nhận")
    drawn = re.findall(r"<text[^>]*>([^<]*)</text>", made.figure._repr_svg_())
    assert {"1.544", "hồ sơ"} <= set(drawn) and not any("%" in text for text in drawn)


def test_a_trend_may_be_of_another_unit(of):
    whose = of.unit("Sở Tư pháp")
    made = of.trend({whose: of.online_share.at(whose)}, caption="Nộp trực tuyến")
    assert "98,84%" in made.figure._repr_svg_()


def test_a_heat_map_has_a_cell_for_each_unit_and_period(of):
    rows = [of.unit("Sở Nội vụ"), of.unit("Sở Khoa học và Công nghệ")]
    drawn = explore.heat_map(of.memo, of.online_share, rows, 6)
    shown = explore.series([of.online_share], rows, 6)["Giá trị"]
    texts = [text.get_text() for text in drawn.axes[0].texts]
    assert shown.isna().any(), "one of them was reorganised"
    assert texts == [f"{value:.1f}".replace(".", ",") for value in shown.dropna()]
    assert "Sở Nội vụ" in drawn._repr_svg_()


def test_small_lines_are_not_drawn_over_a_break(of):
    drawn = explore.multiples(of.memo, of.online_share, [of.unit("Sở Xây dựng"), of.unit("Sở Tư pháp")])
    broken, whole = ([len(line.get_xdata()) for line in axes.lines] for axes in drawn.axes)
    assert whole == [13] and len(broken) == 2 and sum(broken) == 13


def test_seaborn_draws_into_no_figure_of_pyplot(of):
    from matplotlib import pyplot

    explore.heat_map(of.memo, of.online_share, of.members)._repr_svg_()
    explore.multiples(of.memo, of.online_share, of.members)._repr_svg_()
    assert pyplot.get_fignums() == [], "JupyterLab would show it a second time"


def test_a_report_is_built_where_seaborn_cannot_be_imported(sampled, tmp_path):
    program = f"""
import sys
from pathlib import Path
sys.modules["seaborn"] = sys.modules["matplotlib.pyplot"] = None  # importing them now raises
from baocao.publishing import notebooks
from baocao.publishing.check_cells import faults_of
from baocao.publishing.execute import execute
from baocao.reports.memo import Memo
root = Path({str(sampled)!r})
execute(Path({str(shipped_root() / "notebooks" / "processing.ipynb")!r}), {{"period": "2025-07", "units": ["42"]}},
        Path({str(tmp_path / "x.ipynb")!r}), root)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=sampled
    )
    assert ran.returncode == 0, ran.stderr
    assert "data:image/svg+xml" in (tmp_path / "x.ipynb").read_text(encoding="utf-8")


# --- Excel and display -------------------------------------------------------------------------------------------


def test_a_workbook_holds_the_tables_their_source_and_how_rates_are_made(of, sampled):
    rates = explore.frame(of.members, {"Nộp trực tuyến": of.online_share, "Hồ sơ": of.online_share.fraction})
    path = explore.write_excel(of.memo, "thu.xlsx", {"Tỷ lệ": rates})
    assert path == "reports/build/thu.xlsx"
    book = openpyxl.load_workbook(sampled / path)
    assert book.sheetnames == ["Tỷ lệ", "Nguồn"]
    assert all(sheet["A1"].value == SAMPLE_MARK for sheet in book)
    header = [cell.value for cell in book["Tỷ lệ"][2]]
    assert header[2:5] == ["Nộp trực tuyến", "Hồ sơ: tử số", "Hồ sơ: mẫu số"]
    notes = {row[0].value: row[1].value for row in book["Nguồn"].iter_rows(min_row=3)}
    assert notes["Kỳ số liệu"] == "tháng 7 năm 2025 (từ ngày 01/07/2025 đến ngày 31/07/2025)"
    assert notes["Mã nhận dạng số liệu"] == facts.open_facts(sampled).fingerprint
    assert "Sở Nội vụ" in notes["Phạm vi"]
    assert notes["Tỷ lệ hồ sơ nộp trực tuyến trên tổng số hồ sơ"].startswith("hồ sơ nộp trực tuyến / tổng số")


def test_a_workbook_of_published_figures_bears_no_mark_unless_its_source_was_cut_off(
    province, of, bare, sampled
):
    rates = explore.frame([province.subject], {"x": province.online_share})
    path = explore.write_excel(province.memo, "thu.xlsx", {"a": rates})
    assert openpyxl.load_workbook(bare / path)["a"]["A1"].value == "Mã"
    scores = explore.scores(of.memo.setting)
    path = explore.write_excel(of.memo, "diem.xlsx", {"a": scores})
    assert openpyxl.load_workbook(sampled / path)["a"]["A1"].value == "Mã kỳ", (
        "the store's sample is not in it"
    )
    path = explore.write_excel(of.memo, "cat.xlsx", {"a": scores[["Đơn vị", "Điểm"]]})
    assert openpyxl.load_workbook(sampled / path)["a"]["A1"].value == SAMPLE_MARK


def test_frames_are_shown_in_vietnamese_notation():
    frame = pd.DataFrame(
        {
            "Đơn vị": ["<b>x</b>", "b"],
            "Số": pd.array([21132, None], dtype="Int64"),
            "Tỷ lệ": [59.4832, None],
            "Ngày": [pd.Timestamp("2025-07-24").date(), None],
        }
    )
    html = frame_as_html(frame)
    for text in ("21.132", "59,48", "–", "24/07/2025", "&lt;b&gt;", "<p>2 dòng × 4 cột</p>"):
        assert text in html
    assert "<b>" not in html and "NaN" not in html and "&lt;NA&gt;" not in html


def test_a_long_frame_is_shown_in_part_and_its_length_is_told():
    html = frame_as_html(pd.DataFrame({"Số": range(1234)}))
    assert html.count("<tr") < MOST_ROWS + 4 and "1.234 dòng × 1 cột" in html


def test_outside_of_jupyter_nothing_is_set():
    frame = pd.DataFrame({"Số": [1234.5]})
    before = frame._repr_html_()
    explore.show_numbers_in_vietnamese()
    assert frame._repr_html_() == before


# --- From here to a memo, and back -------------------------------------------------------------------------------


def cells_of(name: str) -> list[tuple[str, str]]:
    """The code cells of a shipped notebook after its parameters, with their ids."""
    cells = notebooks.read_notebook(shipped_root() / "notebooks" / f"{name}.ipynb").cells
    return [
        (cell.id, cell.source)
        for cell in cells
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", [])
    ]


def open_desk(project: Path, monkeypatch, period: str, units: list[str]) -> WrittenMemo:
    """The explore notebook up to the cell that opens the memo."""
    monkeypatch.chdir(project)
    written = WrittenMemo({"period": period, "units": units, "seed": "", "vintage": "", "workbook": "x.xlsx"})
    for name, source in cells_of("explore"):
        if name in ("open", "memo"):
            written.run(name, source)
    return written


def pasted() -> list[tuple[str, str]]:
    """The cells of the explore notebook that name nothing of `explore`, nor a figure to be changed by hand."""
    after = [cell for cell in cells_of("explore") if "explore" not in cell[1] and ".figure" not in cell[1]]
    assert len(after) >= 7
    return after


@pytest.mark.parametrize("units", [["departments"], ["communes"], ["42"]], ids=" ".join)
def test_a_cell_that_was_tried_here_works_in_a_memo_and_prints_the_same(sampled, monkeypatch, units):
    here = open_desk(sampled, monkeypatch, "2025-07", units)
    there = WrittenMemo({"period": "2025-07", "units": units, "seed": "", "vintage": ""})
    there.run(*next(cell for cell in cells_of("processing") if cell[0] == "open"))
    here.printed.clear()
    for name, source in pasted():
        here.run(name, source)
        there.run(name, source)
    assert [name for name, _ in there.printed][:2] == ["prose", "table"]
    assert here.printed == there.printed


def test_cells_that_were_tried_here_pass_the_look_before_the_run_of_a_memo(root):
    notebook = notebooks.read_notebook(root / "notebooks" / "processing.ipynb")
    at = [cell.id for cell in notebook.cells].index("open") + 1
    notebook.cells[at:] = [nbformat.v4.new_code_cell(source) for _, source in pasted()]
    assert faults_of(notebook, root) == []


@pytest.mark.parametrize(
    ("name", "units"), [("processing", ["42"]), ("processing", ["departments"]), ("unit_briefing", ["18229"])],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)  # fmt: skip
def test_the_cells_of_a_memo_work_here_and_print_the_same(sampled, monkeypatch, name, units):
    there = write_memo(sampled, name, "2025-07", units)
    here = open_desk(sampled, monkeypatch, "2025-07", units)
    here.printed.clear()
    for cell, source in cells_of(name):
        if cell != "open":
            here.run(cell, source)
    written = {cell for cell, _ in here.printed}
    assert len(written) > 5
    assert here.printed == [piece for piece in there.printed if piece[0] in written]


# --- The notebook ------------------------------------------------------------------------------------------------


def test_the_notebook_runs_from_top_to_bottom(sampled, tmp_path):
    executed = execute(sampled / "notebooks" / "explore.ipynb", {}, tmp_path / "x.ipynb", sampled)
    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type in ("error", "stream")]
    shown = [output.data for output in outputs]
    assert sum("text/html" in data for data in shown) >= 9, "tables"
    assert sum("data:image/svg+xml;base64," in data.get("text/markdown", "") for data in shown) == 3
    assert sum("image/svg+xml" in data for data in shown) == 3, "figures"
    assert (sampled / "reports" / "build" / "kham-pha.xlsx").is_file()
    assert all(str(tmp_path) not in str(data) and str(sampled) not in str(data) for data in shown)


@pytest.mark.parametrize(("period", "units"), [("2025-07", ["18229"]), ("2019-Q1", ["42"])])
def test_the_notebook_works_for_a_single_unit_and_where_nothing_can_be_drawn(
    sampled, monkeypatch, period, units
):
    written = open_desk(sampled, monkeypatch, period, units)
    for name, source in cells_of("explore"):
        if name not in ("open", "memo"):
            written.run(name, source)
    assert "tiếp nhận" in written["prose"]
    assert len(written.names["rates"]) == len(written.memo.members or [written.memo.subject])


def test_the_notebook_without_the_sample_says_what_is_missing(bare, tmp_path):
    with pytest.raises(NoDataError, match=r"trong kỳ tháng 7 năm 2025.* kho có số liệu hồ sơ của các kỳ"):
        execute(bare / "notebooks" / "explore.ipynb", {}, tmp_path / "x.ipynb", bare)
    executed = nbformat.read(tmp_path / "x.ipynb", as_version=4)
    failed = [output for cell in executed.cells for output in cell.get("outputs", []) if "ename" in output]
    assert [len(output.traceback) for output in failed] == [1], "the sentence alone, no traceback"
    listed = [cell for cell in executed.cells if cell.id in ("open", "periods", "units", "measures")]
    assert all(cell.outputs[0].data["text/html"] for cell in listed), "the lists are shown all the same"


def test_the_notebook_is_short_code_and_vietnamese_prose(root):
    notebook = nbformat.read(root / "notebooks" / "explore.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.id for cell in code if "parameters" in cell.metadata.get("tags", [])] == ["parameters"]
    assert all(len(cell.source.splitlines()) <= 5 and "def " not in cell.source for cell in code)
    used = set(re.findall(r"explore\.(\w+)\(", "".join(cell.source for cell in code)))
    assert used == set(explore.__all__), "the notebook shows everything there is"
