"""Scores that print themselves: what is not published, what may be held against what, and how it is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocao.definitions import Period, UserError
from baocao.definitions.indices import Band, Component, Index
from baocao.writing import Capture, Claims, Figures, Published, Score, prose
from baocao.writing.figures import Kind
from stated_figures import faults_of, read

GROUP = Component("group", "group", "total", "Số hóa hồ sơ", Fraction(22), 1, "declared", "", "")
TOTAL = Component("total", "total", "", "Tổng điểm", Fraction(100), None, "declared", "", "")
BANDS = (Band("good", "Tốt", Fraction(50), None), Band("weak", "Yếu", Fraction(0), Fraction(50)))
INDEX = Index("chi_so", "Chỉ số thử", "Chỉ số thử", "Cơ quan thử", (2022,), (TOTAL, GROUP), BANDS)
NOW, BEFORE = Period.parse("2021"), Period.parse("2020")


@pytest.fixture
def state(province, laws) -> Callable[..., Score]:
    """The total of the province as published, with what was published of other periods."""

    def make(
        own: Published, earlier: Mapping[str, Published] | None = None, period: Period = NOW, **more: Any
    ) -> Score:
        figures = Figures(
            SimpleNamespace(facts=SimpleNamespace(measures={})), period, Claims([province], laws)
        )

        def then(other: Period) -> Capture:
            row = (earlier or {}).get(other.code)
            return Capture(figures, INDEX, other, {(province.code, "total"): row} if row else {}, then)

        return Capture(figures, INDEX, period, {(province.code, "total"): own}, then, **more).score(
            "total", province
        )

    return make


def say(score: Score, source: str, **values: Any) -> str:
    """A cell as a reader sees it."""
    text = prose.render(source, "", {"total": score, **values})
    return read(prose.settle(text, score.figures, score.unit))


def points(value: str | None, rank: int | None = None, out_of: int | None = None, **more: Any) -> Published:
    return Published(None if value is None else Fraction(value), rank, out_of, **more)


# --- in print --------------------------------------------------------------------------------------------------
def test_a_score_prints_with_what_follows_from_it(state):
    total = state(points("56.67", 31, 34), country={"total": (Fraction("61.88"), Fraction("68.26"))})
    said = say(
        total,
        "{{ total }}/{{ total.maximum }} điểm ({{ total.share }}), xếp thứ {{ total.rank }}, loại {{ total.grade }}; "
        "{{ total.from_mean }} so với bình quân {{ total.mean }}; còn thiếu {{ total.lost }} điểm.",
    )
    assert said == (
        "56,67/100 điểm (56,67%), xếp thứ 31/34, loại Tốt; thấp hơn 5,21 điểm so với bình quân 61,88; còn thiếu 43,33 điểm."
    )
    assert [claim["value"] for claim in total.figures.claims.record()["claims"]] == [
        "5667/100", "100", "5667/100", "31", "-521/100", "1547/25", "4333/100",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"), [("92", "92 điểm"), ("80.1", "80,1 điểm"), ("6.626", "6,626 điểm"), ("0", "0 điểm")]
)
def test_as_many_decimals_as_were_published_and_zero_is_a_score(state, value, text):
    total = state(points(value))
    assert say(total, "Đạt {{ total }} điểm.") == f"Đạt {text}."
    assert total.known


def test_the_word_of_direction_comes_from_the_score(state):
    total = state(points("60"), {"2020": points("58")})
    with pytest.raises(UserError, match="chữ «tăng» gõ trước"):
        say(total, "Điểm tăng {{ total.change(base) }}.", base=BEFORE)
    with pytest.raises(UserError, match="chữ «cao hơn» gõ trước"):
        say(total, "Điểm cao hơn {{ total.against(total.then(base)) }}.", base=BEFORE)


def test_equal_scores_are_apart_by_nothing(state):
    total = state(points("60"), {"2020": points("60")})
    assert say(total, "Điểm {{ total.against(then) }}.", then=total.then(BEFORE)) == "Điểm bằng điểm."
    assert say(total, "Điểm {{ total.change(base) }}.", base=BEFORE) == "Điểm không thay đổi."


# --- what is absent -----------------------------------------------------------------------------------------------
def test_what_was_not_published_is_no_zero(state):
    total = state(points(None, 8, 63))
    assert total.absence.kind == Kind.NOT_REPORTED
    assert not any(one.known for one in (total.share, total.lost, total.mean, total.from_mean))
    assert (
        say(total, "Xếp thứ {{ total.rank }}[[, đạt {{ total }} điểm]].")
        == "Xếp thứ 8/63. Chưa có số liệu: tổng điểm."
    )
    assert say(total, "{% if total > 50 %}Cao.{% else %}Thấp.{% endif %} Hạng {{ total.rank }}.").startswith(
        "Hạng 8/63"
    )


def test_a_rank_that_was_not_published_needs_no_words(state):
    total = state(points("60"))
    assert say(total, "Đạt {{ total }} điểm[[, xếp thứ {{ total.rank }}]].") == "Đạt 60 điểm."


def test_a_rank_without_a_base_prints_without_and_is_ahead_of_nobody(state):
    assert say(state(points("60", 8)), "Xếp thứ {{ total.rank }}.") == "Xếp thứ 8."
    ahead = {(8, None): None, (17, 34): True, (18, 34): False, (None, 34): None}
    assert {key: state(points("60", *key)).rank.is_ahead for key in ahead} == ahead


def test_a_maximum_of_nothing_is_none(state):
    total = state(points("3"))
    unscored = Score(
        total.capture, Component("x", "indicator", "", "X", Fraction(0), None, "", "", ""), total.unit
    )
    assert unscored.maximum.value is None


# --- held against earlier ones ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("period", "own", "base", "then", "change", "climb"),
    [
        ("2021", points("60", 5, 63), "2020", points("58", 8, 63), "tăng 2,00 điểm", "tăng 3 bậc"),
        ("2021", points("57", 9, 63), "2020", points("58", 8, 63), "giảm 1,00 điểm", "giảm 1 bậc"),
        ("2021", points("58", 8, 63), "2020", points("58", 8, 63), "không thay đổi", "giữ nguyên thứ hạng"),
        ("2021", points("60", 5, 34), "2020", points("58", 8, 63), "tăng 2,00 điểm", "số tỉnh, thành phố được xếp hạng"),
        ("2021", points("60", 5, None), "2020", points("58", 8, None), "tăng 2,00 điểm", "số tỉnh, thành phố được xếp hạng"),
        ("2022", points("60", 5, 63), "2021", points("58", 8, 63), "điều kiện tính điểm", "điều kiện tính điểm"),
        ("2021", points("60", 5, 63), "2020-Q4", points("58", 8, 63), "hai kỳ đánh giá khác nhau", "hai kỳ đánh giá"),
        ("2021", points("60", maximum=100), "2020", points("58", maximum=90), "điểm tối đa đã thay đổi", ""),
        ("2021", points("60", 5, 63), "2020", None, "không có điểm của kỳ đó", ""),
    ],
)  # fmt: skip
def test_scores_are_compared_under_the_same_conditions_and_ranks_on_the_same_base(
    state, period, own, base, then, change, climb
):
    total, earlier = state(own, {base: then} if then else {}, Period.parse(period)), Period.parse(base)
    move, rank = total.change(earlier), total.rank.change(earlier)
    for one, words in ((move, change), (rank, climb)):
        said = say(total, "Kết quả {{ move }}.", move=one)
        assert words in said and said.startswith("Kết quả") == one.known
        if not one.known:
            assert one.absence.kind == (Kind.NOT_COMPARABLE if words else Kind.NOT_APPLICABLE)


def test_the_last_day_of_a_capture_decides_under_which_conditions_it_was(state):
    total = state(points("60"), {"2021": points("58")}, Period.parse("2021"), as_of=date(2022, 3, 1))
    assert total.capture.refuses(total.then(NOW).capture), "captured after the conditions had changed"


# --- whatever is missing -------------------------------------------------------------------------------------------
NUMBERS = st.sampled_from([None, 0, 5, 63])
CASES = st.builds(
    lambda value, rank, out_of, maximum: points(value, rank, out_of, maximum=maximum),
    st.sampled_from([None, "0", "56.67", "80.1"]), NUMBERS, NUMBERS, st.sampled_from([None, Fraction(100), Fraction(90)]),
)  # fmt: skip
SOURCES = (
    "{{ total.addressee }} đạt {{ total }} điểm[[, xếp thứ {{ total.rank }}]][[, loại {{ total.grade }}]].",
    "So với {{ base }} ({{ total.then(base) }} điểm): điểm {{ total.change(base) }}[[; {{ total.rank.change(base) }}]].",
    "Kết quả:\n\n- đạt {{ total.share }};\n- còn thiếu {{ total.lost }} điểm./.",
    "{% if total.change(base) > 0 %}Điểm cao hơn.{% elif total.change(base) <= 0 %}Điểm không cao hơn.{% endif %} Hết.",
    "[[Bình quân {{ total.mean }} điểm, {{ total.from_mean }}.||Chưa có bình quân.]]",
)


@settings(max_examples=60)
@given(own=CASES, then=st.none() | CASES, year=st.sampled_from(["2021", "2022"]), has_mean=st.booleans())
def test_whatever_is_missing_every_sentence_is_whole(province, laws, own, then, year, has_mean):
    period = Period.parse(year)
    for source in SOURCES:
        figures = Figures(
            SimpleNamespace(facts=SimpleNamespace(measures={})), period, Claims([province], laws)
        )

        def earlier(other: Period, figures: Figures = figures) -> Capture:
            return Capture(figures, INDEX, other, {(province.code, "total"): then} if then else {}, earlier)

        country = {"total": (Fraction(50), Fraction(70))} if has_mean else {}
        capture = Capture(figures, INDEX, period, {(province.code, "total"): own}, earlier, country=country)
        total, base = capture.score("total", province), prose.Base(figures, period.previous())
        written = prose.settle(prose.render(source, "", {"total": total, "base": base}), figures, province)
        assert faults_of(str(written), list(figures.claims.record()["claims"])) == []
        if not total.known:
            assert "đạt 0" not in read(written)
