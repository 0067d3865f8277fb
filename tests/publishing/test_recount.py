"""What a document states is counted again from the facts; what they do not say is not delivered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import nbformat
import pytest

from baocao.analysis import CHOSEN, coverage, kind_unit
from baocao.definitions import HOME, Period
from baocao.publishing import notebooks
from baocao.publishing.context import BuildContext
from baocao.publishing.deliver import verify_folder
from baocao.publishing.recount import Recount
from baocao.publishing.spec import load_spec
from baocao.store import open_facts
from baocao.writing import COMMON, GROWN_SINCE, LACKING, RANKED_BY, SINCE, Claims
from conftest import deliver, make_project, write_memo

AUGUST, SEPTEMBER, THIRD_QUARTER = (Period.parse(code) for code in ("2025-08", "2025-09", "2025-Q3"))
RECEIVED, CARRIED, PENDING = (
    "Hồ sơ tiếp nhận trong kỳ", "Hồ sơ từ kỳ trước chuyển qua", "Hồ sơ đang giải quyết trong hạn",
)  # fmt: skip
RATE, SHARE = "Tỷ lệ hồ sơ giải quyết trước và đúng hạn", "Tỷ lệ hồ sơ nộp trực tuyến trên tổng số hồ sơ"
GROWTH = f"{RECEIVED}{SINCE}tháng 7 năm 2025"
IN_PERCENT = {"measured_in": "%", "formula": "(kỳ này - kỳ đó) / kỳ đó"}
GROWN = f"{SHARE}{GROWN_SINCE}tháng 7 năm 2025"
LACKS = f"{LACKING}{COMMON}xã, phường: {RATE}"
DUC_THO, THACH_HA, CAM_BINH = "18229", "18562", "18676"


def month(unit: str, number: int, **counts: int) -> list[tuple]:
    window = Period.parse(f"2025-{number:02d}")
    return [(unit, window.start, window.end, name, value) for name, value in counts.items()]


ROWS = [
    *month(DUC_THO, 7, filed_online=60, filed_direct=40, carried_over=7, pending_in_time=5),
    *month(DUC_THO, 8, filed_online=70, filed_direct=40, carried_over=5, pending_in_time=9),
    *month(DUC_THO, 8, resolved_early=90, resolved_on_time=8, resolved_late=2),
    *month(DUC_THO, 9, filed_online=80, filed_direct=40, carried_over=9, pending_in_time=11),
    *month(THACH_HA, 8, filed_online=10, filed_direct=10, resolved_early=10, resolved_on_time=0, resolved_late=10),
    *month(HOME, 8, filed_online=900, filed_direct=100),
]  # fmt: skip
SAMPLE_ROWS = [
    *month(DUC_THO, 8, filed_online=1, filed_direct=1),  # what was received goes before it
    *month(CAM_BINH, 8, filed_online=5, filed_direct=5),
]


@pytest.fixture(scope="module")
def facts(root, tmp_path_factory):
    files = {"nhan.csv": ("received", ROWS), "mau.csv": ("published", SAMPLE_ROWS)}
    return open_facts(make_project(root, tmp_path_factory.mktemp("facts") / "du-an", files))


@pytest.fixture
def state(facts, register, laws):
    """A figure's claim, recounted: the messages of its faults, and how many figures were recounted."""
    units = {unit.code: unit for unit in register.on(date(2025, 9, 30))}
    units |= {unit.code: unit for unit in (kind_unit("commune"), CHOSEN)}

    def run(
        form: str, *values, unit: str = DUC_THO, period: Period = AUGUST, asked=(HOME,), **about
    ) -> tuple[list[str], int]:
        claims = Claims(units.values(), laws)
        getattr(claims, form)(
            *values, **{"source": "received", "unit": units[unit], "period": period} | about
        )
        recount = Recount(facts, register, AUGUST, [units[code] for code in asked])
        faults, counted = recount.check(claims.record())
        return [fault.message for fault in faults.values()], len(counted)

    return run


# --- against the facts ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("form", "values", "about"),
    [
        ("count", [110], {"label": RECEIVED}),
        ("percent", [98, 100], {"label": RATE}),
        ("fraction", [98, 100], {"label": RATE}),
        (
            "percent",
            [70, 110],
            {"label": SHARE},
        ),  # over what Biểu II.06 received: nobody reported the other form
        ("count", [330], {"label": RECEIVED, "period": THIRD_QUARTER}),
        ("count", [7], {"label": CARRIED, "period": THIRD_QUARTER}),
        ("count", [11], {"label": PENDING, "period": THIRD_QUARTER}),
        ("count", [140], {"label": RECEIVED, "unit": f"{HOME}-commune"}),
        ("count", [130], {"label": RECEIVED, "unit": CHOSEN.code, "asked": (DUC_THO, THACH_HA)}),
        ("percent", [108, 120], {"label": RATE, "unit": CHOSEN.code, "asked": (DUC_THO, THACH_HA)}),
        ("count", [1000], {"label": RECEIVED, "unit": HOME}),  # not all units reported, the province did
        ("count", [10], {"label": RECEIVED, "unit": CAM_BINH, "source": "published"}),
        ("change", [10], {"label": GROWTH} | IN_PERCENT),
        ("rank", [1, 3], {"label": f"{RANKED_BY}{RECEIVED.lower()}"}),
        ("rank", [1, 1], {"label": f"{RANKED_BY}{RATE.lower()}"}),  # the others have too few dossiers
        ("count", [8], {"label": LACKS, "unit": THACH_HA}),
        ("count", [8], {"label": LACKS.replace("xã, phường", "cấp xã"), "unit": THACH_HA}),
        ("change", [Fraction(200, 33)], {"label": GROWN} | IN_PERCENT),
    ],
)
def test_a_figure_that_the_facts_say_is_recounted(state, form, values, about):
    assert state(form, *values, **about) == ([], 1)


@pytest.mark.parametrize(
    ("form", "values", "about", "found"),
    [
        ("count", [99999], {"label": RECEIVED}, "được 110 (số liệu nhận được)"),  # invented
        ("count", [120], {"label": RECEIVED}, "được 110"),  # another month's
        ("count", [20], {"label": RECEIVED}, "được 110"),  # another unit's
        ("percent", [108, 120], {"label": RATE}, "được 98/100"),  # the group's
        ("percent", [49, 50], {"label": RATE}, "được 98/100"),  # the same rate of other dossiers
        ("score", [99], {"label": RATE}, "được 98/100"),  # in another form
        ("count", [110], {"label": RECEIVED, "source": "published"}, "được 110 (số liệu nhận được)"),
        ("count", [9], {"label": CARRIED, "period": THIRD_QUARTER}, "được 7"),
        ("count", [130], {"label": RECEIVED, "unit": HOME}, "được 1.000"),
        ("count", [5], {"label": RECEIVED, "unit": CAM_BINH, "period": SEPTEMBER}, "không có số liệu nào"),
        ("change", [-10], {"label": GROWTH} | IN_PERCENT, "được 10,00"),  # the other way round
        (
            "change",
            [10],
            {"label": GROWTH.replace("7", "8"), "period": SEPTEMBER} | IN_PERCENT,
            "được 9,09",
        ),  # another month's
        ("rank", [1, 69], {"label": f"{RANKED_BY}{RECEIVED.lower()}"}, "được 1/3"),
        ("rank", [2, 3], {"label": f"{RANKED_BY}{RECEIVED.lower()}"}, "được 1/3"),
        ("count", [7], {"label": LACKS, "unit": THACH_HA}, "được 8"),
        ("count", [7], {"label": LACKS.replace("xã, phường", "cấp xã"), "unit": THACH_HA}, "được 8"),
        ("change", [Fraction(40, 11)], {"label": GROWN} | IN_PERCENT, "được 6,06"),  # the points
    ],
)
def test_a_figure_that_the_facts_do_not_say_is_refused(state, form, values, about, found):
    (message,), counted = state(form, *values, **about)
    assert counted == 1
    assert about["label"] in message and f"đếm lại từ kho số liệu {found}" in message


@pytest.mark.parametrize(
    ("form", "values", "about"),
    [
        ("count", [12], {"label": "Hồ sơ trả lại"}),  # an author's own
        ("change", [5], {"label": f"{RATE}: thay đổi", "measured_in": "điểm phần trăm", "formula": "a - b"}),
        ("rank", [3, 69], {"label": "Thứ hạng theo điểm"}),
        (
            "change",
            [5],
            {"label": f"{RECEIVED}{SINCE}tháng 8 năm 2023"} | IN_PERCENT,
        ),  # no base of the report
        ("change", [5], {"label": f"{RECEIVED}{SINCE}tháng 8 năm 2024"} | IN_PERCENT),  # the old units' sum
        (
            "count",
            [12],
            {"label": RECEIVED, "period": Period.parse("2024-08")},
        ),  # of old units under the new name
    ],
)
def test_what_the_facts_do_not_say_by_its_label_is_not_recounted(state, form, values, about):
    assert state(form, *values, **about) == ([], 0)


# --- a whole briefing ----------------------------------------------------------------------------------------------
def test_a_fault_of_the_engine_shows(sampled, register, monkeypatch):
    whole = coverage.compute_covered
    monkeypatch.setattr(
        coverage,
        "compute_covered",
        lambda *asked: (found := whole(*asked)).assign(numerator=found["numerator"] + 1),
    )
    memo = write_memo(sampled, "unit_briefing", "2025-07", [DUC_THO]).memo
    recount = Recount(open_facts(sampled), register, memo.period, memo.setting.units)
    faults, counted = recount.check(memo.claims.record())
    unmoved = len(counted) - len(faults)  # some differences of two wrong figures
    assert len(counted) > 60 and unmoved < 10


UNTRUE = {
    "claims.count(1228, label='Hồ sơ tiếp nhận trong kỳ', **about)": "đếm lại từ kho số liệu được 1.229",
    "claims.count(43115, label='Hồ sơ đã giải quyết', **about)": "đếm lại từ kho số liệu được 925",  # another's
    "claims.count(598, label='Hồ sơ đang giải quyết', **about | {'source': 'received'})": "598 (SỐ LIỆU MẪU)",
    "claims.percent(200, 100, label='Tỷ lệ hồ sơ giải quyết trước và đúng hạn', **about)": "nằm ngoài khoảng",
    "claims.rank(70, 69, label='Thứ hạng', **about)": "không nằm trong số 69",
    "'tăng ' + claims.change(-2, measured_in='%', formula='x', label='Thay đổi', **about)": "theo giá trị của nó là giảm",
    "claims.name('95%')": "«95%» được in như tên",
    "claims.quote('1.230 hồ sơ của')": "«1.230 hồ sơ của» được in như tên, trích dẫn",
    "claims.code('1.231')": "«1.231» được in như tên, trích dẫn hoặc nguồn",
    "'tăng gấp đôi'": "«gấp đôi» viết bằng chữ",
}
"""Kinds of untrue figures that a cell of Python could print, and why each is refused."""


def test_each_kind_of_untrue_figure_is_refused_for_its_own_reason(sampled):
    notebook = notebooks.read_notebook(sampled / "notebooks" / "unit_briefing.ipynb")
    place = next(at for at, one in enumerate(notebook.cells) if one.id == "summary")
    for number, printed in enumerate(UNTRUE):
        code = (
            "claims = memo.claims\n"
            "about = {'unit': subject.unit, 'period': memo.period, 'source': 'sample'}\n"
            f"display({{'text/markdown': 'Xã có ' + {printed} + ' hồ sơ.'}}, raw=True)"
        )
        notebook.cells.insert(place, nbformat.v4.new_code_cell(code, id=f"untrue-{number}"))
    nbformat.write(notebook, sampled / "notebooks" / "own.ipynb")
    spec = replace(load_spec(sampled, sampled / "reports" / "unit_briefing.yml"), notebook="own")
    outcome = deliver(spec, sampled / "reports" / "build", BuildContext.open(sampled))
    assert outcome.outcome == "failed in verification"
    for printed, reason in UNTRUE.items():
        assert any(reason in problem for problem in outcome.problems), printed


def test_a_number_of_the_authors_own_is_printed_as_typed_and_named_in_the_ledger(sampled):
    notebook = notebooks.read_notebook(sampled / "notebooks" / "unit_briefing.ipynb")
    source = '%%vanban --ky 2025-07\nGửi giải trình trước ngày {{ own("30/09/2025", "hạn báo cáo") }}.'
    notebook.cells.insert(-2, nbformat.v4.new_code_cell(source, id="own"))
    nbformat.write(notebook, sampled / "notebooks" / "deadline.ipynb")
    spec = replace(load_spec(sampled, sampled / "reports" / "unit_briefing.yml"), notebook="deadline")
    outcome = deliver(spec, sampled / "reports" / "build", BuildContext.open(sampled))
    assert (outcome.outcome, outcome.own) == ("built", ["30/09/2025 (hạn báo cáo)"])


def test_a_delivered_figure_is_recounted_as_long_as_its_facts_stand(sampled):
    spec = load_spec(sampled, sampled / "reports" / "unit_briefing.yml")
    context = BuildContext.open(sampled)
    outcome = deliver(spec, sampled / "reports" / "build", context)
    folder = sampled / "reports" / "build" / outcome.folder
    faults, counts = verify_folder(folder, context)
    assert not any(faults.values()) and counts == [(outcome.recounted, outcome.figures)]
    (path,) = folder.glob("*.ipynb")
    text = path.read_text(encoding="utf-8")
    changed = text.replace('"value": "1229"', '"value": "1228"').replace("1.229", "1.228")
    assert changed != text
    assert any("được 1.229" in fault for fault in recounted(folder, context, changed))
    record = notebooks.claims_record(notebooks.read_notebook(path))
    other_facts = changed.replace(json.dumps(record["provenance"]["fingerprint"]), '"khác"')
    assert not any("đếm lại" in fault for fault in recounted(folder, context, other_facts))
    assert verify_folder(folder, context)[1] == [(None, outcome.figures)]


def recounted(folder: Path, context: BuildContext, notebook: str) -> list[str]:
    """The faults of the delivered notebook once it reads so."""
    (path,) = folder.glob("*.ipynb")
    path.write_text(notebook, encoding="utf-8")
    return [str(fault) for fault in verify_folder(folder, context)[0][path.name]]
