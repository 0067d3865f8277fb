"""One job per document: a list of units becomes one document, or one for each, whatever the number of workers."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from baocao.app.sample.province import write_sample
from baocao.definitions import UserError, load_organisations
from baocao.publishing.batch import deliver_all, list_jobs
from baocao.publishing.context import BuildContext
from baocao.publishing.outcomes import NOTICE
from baocao.publishing.pool import Pool
from baocao.publishing.spec import Spec, load_spec
from baocao.publishing.worker import Opening

ONE = Spec("thu", "processing", "2025-07", ("xã Đức Thọ", "Sở Nội vụ"))


def test_one_document_for_all_units_or_one_for_each(register):
    assert list_jobs(ONE, register) == [ONE]
    each = list_jobs(replace(ONE, per_unit=True), register)
    assert [job.units for job in each] == [("18229",), ("HT-SNV",)]


def test_every_commune_department_and_land_office_gets_its_own(register):
    spec = replace(ONE, units=("communes,departments,land-offices",), per_unit=True)
    codes = [job.units[0] for job in list_jobs(spec, register)]
    assert (len(codes), len(set(codes))) == (96, 96)


@pytest.mark.parametrize("change", [{"units": ("xã Không Có",)}, {"period": "2025-13"}])
def test_what_does_not_exist_is_refused_before_anything_is_begun(register, change):
    with pytest.raises(UserError):
        list_jobs(replace(ONE, per_unit=True, **change), register)


LETTER = {"trich-yeu": "kết quả {period}", "kinh-gui": ["@so-nganh", "@cap-duoi-tinh"], "noi-nhan": ["Như trên", "@cap-xa"]}  # fmt: skip


@pytest.mark.parametrize(
    ("period", "letter", "signed", "below"),
    [
        ("2025-07", {}, ("8", "2025"), ["UBND các xã, phường", "Như trên"]),  # "Như trên" says the rest
        ("2025-07-01..2025-07-24", {}, ("7", "2025"), ["UBND các xã, phường", "Như trên"]),
        ("2024-12", {}, ("01", "2025"), ["UBND các huyện, thành phố, thị xã", "Như trên", "UBND các xã, phường, thị trấn"]),
        ("2025-06", {}, ("7", "2025"), ["UBND các xã, phường", "Như trên"]),  # who there is when it is signed
        ("2024", {"thang": "02", "nam": "2025"}, ("02", "2025"), ["UBND các huyện, thành phố, thị xã", "Như trên", "UBND các xã, phường, thị trấn"]),
    ],
)  # fmt: skip
def test_a_letter_is_dated_and_addressed_by_its_period(root, register, period, letter, signed, below):
    spec = replace(ONE, period=period, units=("42",), letter={**LETTER, **letter})
    ((job),) = list_jobs(spec, register, load_organisations(root))
    assert (job.letter["thang"], job.letter["nam"], job.letter.get("ngay")) == (*signed, None)
    assert [*job.letter["kinh-gui"][1:], *job.letter["noi-nhan"]] == below
    assert job.letter["trich-yeu"] == LETTER["trich-yeu"]


def test_what_is_about_one_unit_names_it_and_goes_to_it(root, register):
    organisations = load_organisations(root)
    (job,) = list_jobs(replace(ONE, units=("xã Đức Thọ",), letter=LETTER), register, organisations)
    assert (job.letter["trich-yeu"], job.letter["kinh-gui"]) == (
        "kết quả {period} của {unit}",
        ["{addressee}"],
    )
    assert "UBND các xã, phường" in job.letter["noi-nhan"]
    (job,) = list_jobs(replace(ONE, letter=LETTER), register, organisations)
    assert job.letter["trich-yeu"] == "kết quả {period}" and len(job.letter["kinh-gui"]) == 2


def test_a_recipient_that_does_not_exist_then_is_refused_with_the_report_and_the_place(root, register):
    letter = {**LETTER, "noi-nhan": ["Bộ Thông tin và Truyền thông"]}
    with pytest.raises(
        UserError, match="Báo cáo «thu», mục «noi-nhan»: «Bộ Thông tin và Truyền thông» đã kết thúc"
    ):
        list_jobs(replace(ONE, letter=letter), register, load_organisations(root))


def test_two_workers_make_what_one_makes(root, project):
    """Each unit's document in its own folder, naming that unit and not the other."""
    write_sample(project)
    spec = load_spec(root, root / "reports" / "unit_briefing.yml")
    asked = replace(spec, units=("xã Đức Thọ", "Sở Nội vụ"), formats=("html",))
    context = BuildContext.open(project)
    jobs = list_jobs(asked, context.register)
    made = {}
    for workers in (1, 2):
        out = project / f"out-{workers}"
        outcomes = list(deliver_all(jobs, out, context, {}, workers))
        assert [one.outcome for one in outcomes] == ["built", "built"]
        assert sorted(one.units for one in outcomes) == [["18229"], ["HT-SNV"]], "in any order"
        made[workers] = {
            path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()
        }
    assert made[1] == made[2]
    pages = {name: content.decode() for name, content in made[1].items() if name.endswith(".html")}
    assert len(pages) == 2
    for name, page in pages.items():
        assert ("Sở Nội vụ" in page) != ("xã Đức Thọ" in page), name
    again = list(deliver_all(jobs, out, context, {one.folder: vars(one) for one in outcomes}, 2))
    assert [one.outcome for one in again] == ["unchanged", "unchanged"]
    assert not list(out.rglob(NOTICE))


def test_a_system_without_room_for_a_process_is_one_sentence(monkeypatch):
    def refused(self: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.process.BaseProcess.start", refused)
    sentence = "^Không khởi động được tiến trình lập văn bản: hệ thống hết tài nguyên; hãy giảm --jobs"
    with pytest.raises(UserError, match=sentence):
        list(
            Pool().run(
                Opening(Path(), "embedded", Path(), (), ()), [Spec("thu", "thu", "2025-07", ("42",))], 2
            )
        )
