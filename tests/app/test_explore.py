"""Exploring: the memos' own figures as labelled frames, charts, a workbook; and the notebook from top to bottom."""

from __future__ import annotations

import base64
import re
import shutil
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pytest

from baocao.app import explore
from baocao.app.explore.desk import name_window
from baocao.app.explore.display import MOST_ROWS, frame_as_html
from baocao.app.sample.province import write_sample
from baocao.definitions.errors import NoDataError, UserError
from baocao.definitions.periods import Period
from baocao.publishing.execute import execute
from baocao.store import facts
from baocao.store.load import commit
from baocao.store.load.candidates import make_options
from baocao.writing.claims import SAMPLE_MARK

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


def texts(markdown: str) -> list[list[str]]:
    """The texts of each SVG picture in a chart's Markdown."""
    pictures = [base64.b64decode(one).decode() for one in re.findall(r"base64,([^)]+)\)", markdown)]
    return [re.findall(r"<text[^>]*>([^<]*)</text>", picture) for picture in pictures]


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
    measures = explore.list_measures(desk).set_index("Tên gọi trong lệnh")
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
    now = explore.list_indicators(desk).set_index("Tên gọi trong lệnh")
    assert "level_34_share" not in now.index and now["Chỉ tiêu (%)"].isna().all()
    then = explore.open_desk("2019-Q1", ["42"], start=sampled)
    old = explore.list_indicators(then).set_index("Tên gọi trong lệnh")
    assert old.loc["level_34_share", "Chỉ tiêu (%)"] == 20
    assert "full_online_share" not in old.index


# --- Figures -----------------------------------------------------------------------------------------------------


def test_published_rates_stand_beside_their_parts_as_the_memo_prints_them(published):
    shown = explore.show_results(published, "on_time_rate", "online_share", "result_digitisation_rate")
    assert shown[["Tử số", "Mẫu số", "Giá trị"]].to_numpy().tolist() == [
        [28525, 29105, 98.01],
        [21132, 35526, 59.48],
        [23395, 23481, 99.63],
    ]
    assert set(shown["Đơn vị tính"]) == {"%"} and set(shown["Nguồn"]) == {"số liệu đã công bố"}


def test_almost_all_is_never_all(published):
    shown = explore.show_results(published, "dossier_digitisation_rate")
    assert shown[["Tử số", "Mẫu số", "Giá trị"]].to_numpy().tolist() == [[35500, 35501, 99.99]]


def test_counts_alone_are_whole_numbers_and_an_unknown_one_is_missing(published):
    shown = explore.show_results(published, "received", "pending_overdue")
    assert str(shown["Giá trị"].dtype) == "Int64"
    assert shown["Giá trị"][0] == 35510 and shown["Giá trị"].isna().tolist() == [False, True]
    assert shown["Mẫu số"].isna().all() and set(shown["Đơn vị tính"]) == {"hồ sơ"}


def test_rates_and_counts_in_one_table_keep_their_notation(published):
    shown = explore.show_results(published, "on_time_rate", "received", "pending_overdue")
    assert shown["Giá trị"].tolist() == [98.01, 35510, None]
    html = frame_as_html(shown)
    assert ">98,01<" in html and ">35.510<" in html


def test_figures_are_those_of_the_memos(desk):
    shown = explore.show_results(desk, "online_share").set_index("Mã")
    results = desk.results(["online_share"], desk.units, desk.period).set_index("unit")
    assert shown["Tử số"].to_dict() == results["numerator"].to_dict()
    assert shown["Giá trị"].round(1).to_dict() == pytest.approx(results["value"].round(1).to_dict(), abs=0.11)


def test_units_are_those_asked_for(desk):
    shown = explore.show_results(desk, "received", units=["province", "Sở Nội vụ"])
    assert shown["Đơn vị"].tolist() == ["tỉnh Hà Tĩnh", "Sở Nội vụ"]
    assert explore.show_results(desk, "received", units="Sở Nội vụ")["Mã"].tolist() == ["HT-SNV"]


def test_a_comparison_says_of_each_unit_what_it_is_held_against(desk):
    shown = explore.show_comparison(desk, "online_share", units=["communes"]).set_index("Đơn vị")
    bridged = shown.loc["xã Can Lộc"]
    assert bridged["So sánh"] == "có bắc cầu"
    assert "tổng của thị trấn Nghèn, xã Thiên Lộc" in bridged["Giải thích"]
    assert bridged["Kỳ so sánh"] == "2024-07" and bridged["Tử số kỳ so sánh"] > 0
    now, then = bridged["Giá trị"], bridged["Giá trị kỳ so sánh"]
    assert bridged["Thay đổi (điểm phần trăm)"] == pytest.approx(now - then, abs=0.011)
    assert bridged["Thay đổi (%)"] == pytest.approx(100 * (now - then) / then, abs=0.05)
    refused = shown[shown["So sánh"] == "không so sánh"]
    assert len(refused) and refused["Giải thích"].ne("").all()
    assert refused["Thay đổi (điểm phần trăm)"].isna().all() and refused["Thay đổi (%)"].isna().all()


def test_a_comparison_with_another_period_ranks_ties_and_targets(desk, sampled):
    shown = explore.show_comparison(desk, "online_share", base="2025-06")
    assert set(shown["Kỳ so sánh"]) == {"2025-06"} and set(shown["So sánh"]) == {"so sánh được"}
    tied = shown[shown["Đồng hạng"] == "có"]
    assert (shown[shown["Đồng hạng"] == ""]["Thứ hạng"].dropna().is_unique) and len(tied) != 1
    small = shown[shown["Mẫu số nhỏ"] == "có"]
    assert (small["Mẫu số"] < 30).all() and small["Thứ hạng"].isna().all()
    then = explore.open_desk("2019-Q1", ["42"], start=sampled)
    row = explore.show_comparison(then, "level_34_share").iloc[0]
    assert [row["Tử số"], row["Mẫu số"], row["Chỉ tiêu (%)"], row["Đạt chỉ tiêu"]] == [
        2668,
        34996,
        20,
        "không",
    ]
    assert row["Còn thiếu (hồ sơ)"] == 4332
    assert row["So sánh"] == "không so sánh" and pd.isna(row["Giá trị kỳ so sánh"])


def test_a_change_of_a_count_is_relative_only(desk):
    shown = explore.show_comparison(desk, "received", base=desk.period.previous(), units=["province"])
    assert shown["Thay đổi (điểm phần trăm)"].isna().all()
    now, then = shown.loc[0, ["Giá trị", "Giá trị kỳ so sánh"]]
    assert shown["Thay đổi (%)"][0] == pytest.approx(100 * (now - then) / then, abs=0.006)


def test_a_series_goes_back_from_the_period_and_marks_breaks(desk):
    shown = explore.show_series(desk, "received", count=6, units=["42X", "province"])
    assert shown["Mã kỳ"].tolist() == 2 * [f"2025-{month:02}" for month in range(2, 8)]
    level = shown[shown["Mã"] == "42X"].set_index("Mã kỳ")
    assert level.loc["2025-07", "Ngắt chuỗi"] == "số cấp chính quyền của hai kỳ khác nhau"
    assert set(shown[shown["Mã"] == "42"]["Ngắt chuỗi"]) == {""}


def test_scores_are_shown_as_published(published):
    shown = explore.show_scores(published)
    row = shown[(shown["Đơn vị"] == "tỉnh Hà Tĩnh") & (shown["Mã kỳ"] == "2025-M7")].iloc[0]
    assert [row["Điểm"], row["Điểm tối đa"], row["Thứ hạng"], row["Trong số"]] == [82.13, 100, 1, 34]
    assert len(shown[shown["Mã kỳ"] == "2026"]["Đơn vị"].unique()) == 34
    assert "Công khai, minh bạch" in set(shown["Thành phần"])


# --- What there is not -------------------------------------------------------------------------------------------


def test_a_period_without_figures_is_one_sentence_with_those_there_are(bare, published):
    empty = explore.open_desk("2025-07", ["departments"], start=bare)
    for ask in (
        lambda: explore.show_results(empty, "online_share"),
        lambda: explore.show_comparison(empty, "online_share"),
        lambda: explore.show_series(empty, "online_share"),
        lambda: explore.plot_ranking(empty, "online_share"),
        lambda: explore.plot_outcomes(empty),
        lambda: explore.plot_changes(empty, "online_share"),
        lambda: explore.plot_heat_map(empty, "online_share"),
    ):
        with pytest.raises(NoDataError) as error:
            ask()
        assert "của kỳ tháng 7 năm 2025" in str(error.value)
        assert f"kho có số liệu hồ sơ của các kỳ {PUBLISHED}, 2019-Q1" in str(error.value)
        assert "«baocao sample»" in str(error.value) and "\n" not in str(error.value)


def test_a_chart_of_nothing_is_one_sentence(sampled, published):
    then = explore.open_desk("2019-Q1", ["departments"], start=sampled)
    with pytest.raises(
        NoDataError, match="so với quý I năm 2018: không có số liệu của kỳ đó; hãy chọn base khác"
    ):
        explore.plot_changes(then, "level_34_share")
    level = explore.open_desk("2019-Q1", ["42"], start=published.root)
    with pytest.raises(NoDataError, match="«Hồ sơ giải quyết trước hạn»; «Hồ sơ giải quyết đúng hạn»"):
        explore.plot_outcomes(level)


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda desk: explore.show_results(desk, "online_shar"), "«online_shar»; gần nhất: online_share"),
        (lambda desk: explore.show_results(desk), "Hãy nêu ít nhất một chỉ số"),
        (lambda desk: explore.show_results(desk, "received", units=["Sở Nội Vu1"]), "Sở Nội vụ"),
        (lambda desk: explore.show_comparison(desk, "received", base="2025-13"), "2025-13"),
        (lambda desk: explore.show_series(desk, "received", count=0), "phải từ 1 trở lên"),
        (lambda desk: explore.show_scores(desk, "service"), "gần nhất: service_index"),
        (lambda desk: explore.plot_trend(desk, "received"), "nhiều nhất 5 đơn vị, nhận được 14"),
        (lambda desk: explore.write_excel(desk, "../x.xlsx", {"a": pd.DataFrame()}), "không kèm thư mục"),
        (lambda desk: explore.write_excel(desk, "x.csv", {"a": pd.DataFrame()}), "«bang.xlsx»"),
        (lambda desk: explore.write_excel(desk, "x.xlsx", {}), "ít nhất một bảng"),
    ],
)
def test_what_does_not_exist_is_one_sentence(desk, ask, sentence):
    with pytest.raises(UserError) as error:
        ask(desk)
    assert sentence in str(error.value)


def test_jupyter_shows_the_sentence_alone():
    assert UserError("Không có kỳ.")._render_traceback_() == ["Lỗi: Không có kỳ."]


# --- Charts ------------------------------------------------------------------------------------------------------


def test_a_ranking_prints_each_unit_with_its_figure_highest_first(desk):
    (drawn,) = texts(explore.plot_ranking(desk, "online_share"))
    shown = explore.show_results(desk, "online_share")
    assert {"98,46%", "Sở Nội vụ", "Toàn tỉnh"} <= set(drawn)
    assert sum(text.endswith("%") for text in drawn) == len(shown) + 1


def test_a_ranking_of_counts_has_no_line_across(desk):
    (drawn,) = texts(explore.plot_ranking(desk, "received", units=["Sở Nội vụ", "Sở Tư pháp"]))
    assert "Toàn tỉnh" not in drawn and not any("%" in text for text in drawn)


def test_a_target_in_force_is_the_line(sampled):
    then = explore.open_desk("2019-Q1", ["departments"], start=sampled)
    (drawn,) = texts(explore.plot_ranking(then, "level_34_share"))
    assert {"Chỉ tiêu", "20%"} <= set(drawn)


def test_a_trend_prints_its_last_value(desk):
    (drawn,) = texts(explore.plot_trend(desk, "online_share", units=["province"]))
    assert "60,11%" in drawn


def test_outcomes_stand_under_their_legend(desk):
    (drawn,) = texts(explore.plot_outcomes(desk, units=["Sở Nội vụ", "Sở Tư pháp"]))
    assert {"Trước hạn", "Đúng hạn", "Quá hạn"} <= set(drawn)


def test_a_heat_map_has_a_cell_for_each_unit_and_period(desk):
    drawn = explore.plot_heat_map(desk, "online_share", count=3, units=["Sở Nội vụ", "Sở Tư pháp"])
    shown = explore.show_series(desk, "online_share", count=3, units=["Sở Nội vụ", "Sở Tư pháp"])
    texts = [text.get_text() for text in drawn.axes[0].texts]
    assert [text for text in texts if text] == [
        f"{value:.1f}".replace(".", ",") for value in shown["Giá trị"].dropna()
    ]
    assert "Sở Nội vụ" in drawn._repr_svg_()


def test_changes_print_both_ends(desk):
    (drawn,) = texts(explore.plot_changes(desk, "online_share", base="2025-06", units=["Sở Tư pháp"]))
    row = explore.show_comparison(desk, "online_share", base="2025-06", units=["Sở Tư pháp"]).iloc[0]
    for value in row[["Giá trị", "Giá trị kỳ so sánh"]]:
        assert f"{value:.2f}".replace(".", ",").rstrip("0").rstrip(",") in " ".join(drawn).replace(",00", "")


# --- Excel and display -------------------------------------------------------------------------------------------


def test_a_workbook_holds_the_tables_their_source_and_how_rates_are_made(desk, sampled):
    rates = explore.show_results(desk, "online_share")
    path = explore.write_excel(desk, "thu.xlsx", {"Tỷ lệ": rates})
    assert path == "reports/build/thu.xlsx"
    book = openpyxl.load_workbook(sampled / path)
    assert book.sheetnames == ["Tỷ lệ", "Nguồn"]
    assert all(sheet["A1"].value == SAMPLE_MARK for sheet in book)
    header = [cell.value for cell in book["Tỷ lệ"][2]]
    assert header[4:7] == ["Tử số", "Mẫu số", "Giá trị"]
    told = {row[0].value: row[1].value for row in book["Nguồn"].iter_rows(min_row=3)}
    assert told["Kỳ số liệu"] == "tháng 7 năm 2025 (từ ngày 01/07/2025 đến ngày 31/07/2025)"
    assert told["Mã nhận dạng số liệu"] == facts.open_facts(sampled).fingerprint
    assert "Sở Nội vụ" in told["Phạm vi"]
    assert told["Tỷ lệ hồ sơ nộp trực tuyến trên tổng số hồ sơ"].startswith("hồ sơ nộp trực tuyến / tổng số")


def test_a_workbook_of_published_figures_bears_no_mark_unless_its_source_was_cut_off(
    published, desk, bare, sampled
):
    rates = explore.show_results(published, "online_share")
    path = explore.write_excel(published, "thu.xlsx", {"a": rates})
    assert openpyxl.load_workbook(bare / path)["a"]["A1"].value == "Chỉ số"
    scores = explore.show_scores(desk)
    path = explore.write_excel(desk, "diem.xlsx", {"a": scores})
    assert openpyxl.load_workbook(sampled / path)["a"]["A1"].value == "Mã kỳ", (
        "the store's sample is not in it"
    )
    path = explore.write_excel(desk, "cat.xlsx", {"a": scores[["Đơn vị", "Điểm"]]})
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


# --- The notebook ------------------------------------------------------------------------------------------------


def test_the_notebook_runs_from_top_to_bottom(sampled, tmp_path):
    executed = execute(sampled / "notebooks" / "explore.ipynb", {}, tmp_path / "x.ipynb", sampled)
    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type in ("error", "stream")]
    shown = [output.data for output in outputs]
    assert sum("text/html" in data for data in shown) >= 12, "tables"
    assert sum("data:image/svg+xml;base64," in data.get("text/markdown", "") for data in shown) == 4
    assert (sampled / "reports" / "build" / "kham-pha.xlsx").is_file()
    assert all(str(tmp_path) not in str(data) and str(sampled) not in str(data) for data in shown)


def test_the_notebook_without_the_sample_says_what_is_missing(bare, tmp_path):
    with pytest.raises(NoDataError, match=r"của kỳ tháng 7 năm 2025 .* kho có số liệu hồ sơ của các kỳ"):
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
