"""Answers of the portal: what it published becomes scores, what it left out stays missing, hostile files a sentence."""

from __future__ import annotations

import csv
import json
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from baocao.definitions import reference_rows
from baocao.definitions.periods import Period
from baocao.readers.portal import scoring
from baocao.readers.portal.answer import ENDPOINTS, open_answer, recognise_answer
from baocao.readers.portal.read_json import RATE_COLUMNS, read_portal, rules_on
from baocao.readers.problems import PROBLEM_COLUMNS
from baocao.readers.reading_result import COUNT_COLUMNS, SCORE_COLUMNS
from baocao.store.checks import check_scores

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures" / "received"))
import make_portal

DAY = date(2026, 10, 6)


@pytest.fixture(scope="session")
def components(root):
    with (root / "data/reference/index_components.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("portal")
    make_portal.write_all(folder)
    return folder


@pytest.fixture
def read(tmp_path, register, root):
    """The reading of an answer (a file, or what is written into one), as a view of the year 2026."""

    def read_one(answer, **given):
        given = {"period": Period.parse("2026"), "as_of": DAY} | given
        path = answer
        if isinstance(answer, (dict, list)):
            path = make_portal.write_answer(tmp_path / "tra-loi.json", answer)
        elif isinstance(answer, (str, bytes)):
            path = tmp_path / "tra-loi.json"
            path.write_bytes(answer.encode() if isinstance(answer, str) else answer)
        reading = read_portal(path, register, {}, "received", root=root, **given)
        assert reading.form == "portal"
        assert list(reading.scores.columns) == SCORE_COLUMNS
        assert list(reading.counts.columns) == COUNT_COLUMNS and reading.counts.empty
        assert list(reading.problems.columns) == PROBLEM_COLUMNS
        assert set(reading.problems["file"]) <= {path.name}
        return reading

    return read_one


def codes(reading) -> list[tuple[str, str]]:
    return list(zip(reading.problems["severity"], reading.problems["code"], strict=True))


def score(reading, unit: str, component: str) -> float:
    rows = reading.scores[(reading.scores["unit"] == unit) & (reading.scores["component"] == component)]
    assert len(rows) == 1
    return rows["score"].iat[0]


def test_every_page_is_recognised_and_read_without_error(saved, read, components):
    for name in ENDPOINTS:
        path = saved / f"{name}.json"
        assert recognise_answer(path)
        answer, found = open_answer(path)
        assert (answer.endpoint, found) == (name, [])
        reading = read(path)
        assert not len(reading.problems[reading.problems["severity"] == "error"])
        assert set(reading.scores["sheet"]) == {name}
        assert set(reading.scores["period"]) == {"2026"} and set(reading.scores["as_of"]) == {DAY}
        assert check_scores(reading.scores, components).empty


def test_all_provinces_have_competition_ranks_and_no_maximum_that_was_not_said(saved, read):
    scores = read(saved / "service-results.json").scores
    totals = scores[scores["component"] == "total"]
    assert len(totals) == 34 and set(totals["out_of"]) == {34}
    assert totals["rank"].duplicated().any(), "the fixture has provinces that share a place"
    for row in totals.to_dict("records"):
        assert row["rank"] == 1 + (totals["score"] > row["score"]).sum()
    assert scores[scores["component"] != "total"]["rank"].isna().all()
    assert scores["maximum"].isna().all()
    # The portal goes on writing "tỉnh" for a province that is a city since 30/04/2026.
    assert "75" in set(totals["unit"])


def test_null_stays_missing_and_is_told_once(saved, read):
    reading = read(saved / "transparency.json")
    assert ("warning", "chua-cong-bo") in codes(reading)
    row = reading.problems[reading.problems["code"] == "chua-cong-bo"].iloc[0]
    assert "3 điểm (null)" in row["message"] and row["column"] == "1.1" and row["row"] == 4
    missing = reading.scores[(reading.scores["unit"] == "18229") & (reading.scores["component"] == "1.1")]
    assert missing.empty
    assert score(reading, "42", "1.1") == 4.04


def test_the_portals_note_stays_beside_the_number(saved, read):
    reading = read(saved / "transparency.json")
    notes = reading.problems[reading.problems["code"] == "ghi-chu-cong"]
    assert notes["message"].tolist() == [
        "Cổng ghi chú ở «1.4» của 6 đơn vị: Mẫu số BCQG/GRIS đang dùng số tạm, cần thay bằng dữ liệu crawl hệ thống cũ."
    ]


def test_rates_keep_numerator_and_denominator(saved, read):
    rates = read(saved / "handling-satisfaction.json").rows
    assert list(rates.columns) == RATE_COLUMNS
    own = rates[(rates["unit"] == "42") & (rates["metric"] == "DOSSIER_RECEIVING_SATISFACTION")].iloc[0]
    assert (own["component"], own["numerator"], own["denominator"], own["rate"]) == ("5.4", 800, 1000, 80)
    parts = read(saved / "provide-online-tree.json").rows
    assert parts["component"].tolist() == ["3.1", "3.2", "3.3"]
    assert parts[["numerator", "denominator"]].iloc[0].tolist() == [52, 89]


def test_a_question_saved_with_the_answer_gives_period_and_day(saved, read):
    path = saved / "handling-satisfaction-with-question.json"
    scores = read(path, period=None, as_of=None).scores
    # 18:14 in Greenwich is the next day in Việt Nam.
    assert set(scores["period"]) == {"2026-08"} and set(scores["as_of"]) == {date(2026, 9, 27)}
    contradicted = read(path)
    assert codes(contradicted) == [("error", "thieu-ky")] and contradicted.scores.empty
    assert "Tệp ghi kỳ 2026-08, lệnh ghi 2026" in contradicted.problems["message"].iat[0]


def test_without_period_nothing_is_read_and_without_day_there_is_a_warning(saved, read):
    path = saved / "dvc-progress-tree.json"
    reading = read(path, period=None)
    assert codes(reading) == [("error", "thieu-ky")] and reading.scores.empty
    assert "--period" in reading.problems["message"].iat[0]
    reading = read(path, as_of=None)
    assert codes(reading) == [("warning", "thieu-ky")] and len(reading.scores) == 6
    assert codes(read(path, as_of=date(2025, 12, 31))) == [("error", "ngay")]


@pytest.mark.parametrize(
    ("rule", "parts", "points"),
    [
        ("3.1", (52, 89), "1.4607"),
        ("3.2", (516, 1884), "1.0955"),
        ("3.3", (589496, 597894), "6.0000"),
        ("3.6", (309542, 358625), "5.1788"),
        ("3.5", (119, 313), "0.9505"),
        ("3.5b", (68, 313), "0.5431"),
        ("5.2", (0, 0), "6.0000"),
        ("5.4", (0, 0), "0.0000"),
    ],
)
def test_points_are_those_of_published_examples(components, rule, parts, points):
    """Worked checks of Phú Thọ 2026 to 26/09 (domain notes, section 1.7) and the zero denominators seen."""
    rules = rules_on(components, DAY)
    expected = scoring.expected_score(rules[rule], *map(Fraction, parts))
    assert f"{float(expected):.4f}" == points


def test_a_score_that_its_rate_does_not_make_is_a_warning_and_stays(saved, read):
    answer = make_portal.dvc_progress_tree()
    answer["data"]["children"][0]["score"] += 0.02
    reading = read(answer)
    assert codes(reading) == [("warning", "tinh-lai-diem")]
    assert score(reading, "HT-VPUB", "timeliness") == 17.58
    assert "17,58 điểm, tính lại từ tỷ lệ là 17,564 điểm" in reading.problems["message"].iat[0]
    answer["data"]["children"][0]["score"] -= 0.02 - 0.01
    assert codes(read(answer)) == [], "0,006 là sai số làm tròn"


def test_a_group_with_missing_indicators_is_still_added_up(read):
    answer = make_portal.handling_satisfaction()
    answer["data"]["overview"]["totalScore"] = 11.0
    reading = read(answer)
    assert codes(reading) == [("warning", "tinh-lai-diem")]
    assert reading.problems["column"].iat[0] == "satisfaction"


def test_units_of_another_province_are_never_ours(read):
    answer = make_portal.dvc_progress_tree()
    answer["data"]["parent"]["departmentName"] = "UBND tỉnh Phú Thọ"
    answer["data"]["children"][0]["departmentName"] = (
        "UBND xã Sơn Tây"  # a commune of Hà Tĩnh is called so too
    )
    reading = read(answer)
    assert reading.scores["unit"].tolist() == ["25"]
    assert codes(reading) == [("warning", "ngoai-pham-vi")]
    assert "5 đơn vị của UBND tỉnh Phú Thọ" in reading.problems["message"].iat[0]


def test_a_unit_of_2024_and_one_named_twice_are_errors(read):
    answer = make_portal.dvc_progress_tree()
    answer["data"]["children"][0]["departmentName"] = "UBND huyện Đức Thọ"
    answer["data"]["children"][4]["departmentName"] = "UBND Phường Thành Sen"
    reading = read(answer)
    assert codes(reading) == [("error", "don-vi"), ("error", "trung-lap")]
    assert reading.problems["row"].tolist() == [2, 6]
    assert "chỉ có huyện Đức Thọ (440) đến hết ngày 30/06/2025" in reading.problems["message"].iat[0]
    assert len(reading.scores) == 4


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("UBND thành phố Quảng Ninh", ""),
        ("Thành phố Quảng Ninh", ""),
        ("UBND tỉnh Quãng Ninnh", "H49"),
        ("Q. Ninh", "H49"),
    ],
)
def test_a_province_is_found_by_its_code_whatever_the_name(read, name, code):
    answer = make_portal.service_results()
    province = next(one for one in answer["data"]["evaluation"] if "Quảng Ninh" in one["departmentName"])
    province |= {"departmentName": name, "departmentCode": code}
    reading = read(answer)
    assert reading.problems.empty
    assert reading.scores.loc[reading.scores["unit"] == "22", "rank"].notna().any()


def test_the_codes_of_the_portal_are_of_provinces(root, register):
    codes = {row["code"]: row["name"] for row in reference_rows(root, "portal_codes.csv")}
    assert list(codes) == [f"H{number:02}" for number in range(1, 64)]
    for name in codes.values():
        assert register.find(name, date(2025, 5, 1), "province"), name


def test_an_answer_about_one_procedure_is_refused(read):
    answer = make_portal.dossier_digitized()
    for row in [answer["data"]["overview"], *answer["data"]["evaluation"]]:
        row["metrics"] = [one for one in row["metrics"] if one["code"] != scoring.ONLY_UNFILTERED]
    assert codes(read(answer)) == [("error", "ngoai-pham-vi")]
    asked = {"timeType": "year", "year": 2026, "formalityId": "019d2bfd"}
    reading = read({"request": asked, "response": make_portal.dvc_progress_tree()})
    assert codes(reading) == [("error", "ngoai-pham-vi")] and reading.scores.empty


def test_missing_provinces_and_pages_are_told_and_give_no_rank(read):
    answer = make_portal.service_results()
    del answer["data"]["evaluation"][3]
    reading = read(answer)
    assert ("warning", "thieu-don-vi") in codes(reading)
    assert reading.scores["rank"].isna().all()
    answer = make_portal.transparency()
    answer["data"]["pagination"]["total"] = 80
    assert ("warning", "thieu-don-vi") in codes(read(answer))


def test_a_mean_that_is_not_the_provinces_mean_is_a_warning(read):
    answer = make_portal.service_results()
    answer["data"]["overview"]["totalScore"] += 0.5
    assert codes(read(answer)) == [("warning", "tinh-lai-diem")]


def test_what_the_index_does_not_have_is_told_once(read):
    answer = make_portal.service_results()
    for row in answer["data"]["evaluation"]:
        row["groupScores"]["<script>alert(1)</script>"] = 5
    reading = read(answer)
    assert codes(reading) == [("warning", "cot-la")]
    assert len(reading.scores) == 34 * 7


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (21, "phải là một số từ 0 đến 20"),
        (-1, "phải là một số từ 0 đến 20"),
        ("17,58", "phải là một số từ 0 đến 20"),
        (True, "phải là một số từ 0 đến 20"),
        ([17], "phải là một số từ 0 đến 20"),
        ({"=cmd": 1}, "phải là một số từ 0 đến 20"),
    ],
)
def test_a_score_of_a_wrong_kind_is_an_error_at_its_unit(read, wrong, sentence):
    answer = make_portal.dvc_progress_tree()
    answer["data"]["children"][1]["score"] = wrong
    reading = read(answer)
    assert codes(reading) == [("error", "diem")]
    assert sentence in reading.problems["message"].iat[0] and reading.problems["row"].iat[0] == 3
    assert "HT-SNNMT" not in set(reading.scores["unit"])


WHOLE = json.dumps(make_portal.dvc_progress_tree(), ensure_ascii=False)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "Tệp trống"),
        ("   \n", "Tệp trống"),
        (WHOLE[: len(WHOLE) // 2], "không phải là JSON trọn vẹn"),
        (WHOLE.replace("17.6,", "NaN,", 1), "«NaN», không phải là một số"),
        (WHOLE.replace("17.6,", "-Infinity,", 1), "«-Infinity», không phải là một số"),
        (WHOLE.replace("17.6,", "9" * 5000 + ",", 1), "quá dài"),
        (WHOLE.replace("17.6,", "1." + "9" * 5000 + ",", 1), "quá dài"),
        ("[" * 100_000, "lồng nhau quá sâu"),
        ('{"data":' * 100_000, "lồng nhau quá sâu"),
        ('{"code": "OK", "code": "OK"}', "ghi hai lần"),
        ('{"code":"403","message":"Request Rejected <b>=1+1</b>"}', "Cổng báo «Request Rejected"),
        ("{}", "Không có phần «data»"),
        ('{"data": []}', "Không có phần «data»"),
        ('{"data": {"overview": [], "evaluation": {}}}', "Không có đơn vị gốc"),
        ('{"data": {"overview": {}, "evaluation": [1]}}', "Không có đơn vị gốc"),
        ('{"data": {"overview": {}, "evaluation": []}}', "Không nhận ra câu trả lời"),
        ('{"data": {"overview": {"metrics": [[1], {"code": []}, 5]}, "evaluation": []}}', "Không nhận ra"),
        ("<html>Request Rejected</html>", "không phải là JSON trọn vẹn"),
        (b"\xff\xfe{\x00}\x00", "không phải là văn bản UTF-8"),
    ],
)
def test_a_hostile_file_ends_in_one_sentence(read, content, sentence):
    reading = read(content)
    assert codes(reading) == [("error", "tep-hong")]
    assert sentence in reading.problems["message"].iat[0]
    assert reading.scores.empty


def test_wrong_kinds_inside_an_answer_are_problems_not_crashes(read):
    hostile = [
        None,
        True,
        [],
        {},
        "../../etc/passwd",
        "=HYPERLINK(1)",
        "\ud800\u202e",
        10**17,
        1e300,
        1e-300,
        [[[]]],
    ]
    places = [("evaluation", 0), ("children", 0), ("evaluation", 0, "metrics", 0), ()]
    for make in make_portal.ANSWERS.values():
        text = json.dumps(make())
        for at, place in enumerate(places):
            changed = json.loads(text)
            for rows in {"evaluation", "children"} & changed["data"].keys():
                del changed["data"][rows][2:]
            held = changed["data"]
            try:
                for step in place:
                    held = held[step]
            except KeyError:
                continue
            for name in list(held):
                # Every field meets some of the values, every value some of the fields.
                for value in hostile[at % 3 :: 3] if name != "departmentName" else hostile[::4]:
                    kept, held[name] = held[name], value
                    problems = read(json.dumps(changed).encode()).problems
                    assert problems["message"].map(str.isprintable).all()
                    held[name] = kept


@pytest.mark.parametrize(
    "asked",
    [
        {"timeType": "week", "year": 2026},
        {"timeType": "month", "year": 2026, "month": 13},
        {"timeType": "month", "year": "2026", "month": 8},
        {"timeType": ["month"], "year": 2026},
        {"fromDate": "2026-08-31", "toDate": "2026-08-01"},
        {"fromDate": "2026-02-31", "toDate": "2026-03-01"},
        {"fromDate": 5},
    ],
)
def test_a_question_that_makes_no_sense_is_an_error(read, asked):
    reading = read({"request": asked, "response": make_portal.dvc_progress_tree()})
    assert codes(reading) == [("error", "ngay")] and reading.scores.empty


def test_a_very_large_file_is_refused_unread(tmp_path, read):
    path = tmp_path / "lon.json"
    with path.open("wb") as stream:
        stream.write(b"{")
        stream.truncate(200 * 2**20)
    reading = read(path)
    assert codes(reading) == [("error", "tep-hong")] and "lớn hơn 32 MB" in reading.problems["message"].iat[0]


def test_what_is_no_json_object_is_not_recognised(tmp_path):
    for content in (b"", b"[1]", b"PK\x03\x04", b"unit,score\n"):
        (tmp_path / "x").write_bytes(content)
        assert not recognise_answer(tmp_path / "x")
    assert not recognise_answer(tmp_path / "nothing")
    assert not recognise_answer(tmp_path)
    (tmp_path / "x").write_bytes(b"\xef\xbb\xbf {}")
    assert recognise_answer(tmp_path / "x")


def test_the_fixtures_are_the_same_every_time(tmp_path):
    first, second = (make_portal.write_all(tmp_path / name) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
