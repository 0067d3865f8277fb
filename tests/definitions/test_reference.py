"""Reference data: dated rows do not overlap, lineage joins rows that exist, sums and sources hold."""

import csv
import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from baocao.definitions import vietnamese as vn
from baocao.definitions.indicators import INDICATORS
from baocao.definitions.indices import load_index, load_index_values
from baocao.definitions.laws import load_laws
from baocao.definitions.measures import load_measures
from baocao.definitions.targets import load_targets
from baocao.definitions.unit import HOME
from baocao.definitions.units import load_register
from baocao.readers.dossiers.headings import load_headings
from baocao.reports.published.figures import load_figures
from shipped import shipped_root

ROOT = shipped_root()
REFERENCE, RAW = ROOT / "data" / "reference", ROOT / "data" / "raw"
REGISTER = load_register(ROOT)
REFORMS = sorted({edge.effective_date for edge in REGISTER.edges})
DAY = timedelta(days=1)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


COMPONENTS = rows_of(REFERENCE / "index_components.csv")
SERVICE = {row["component"]: row for row in COMPONENTS if row["index"] == "service_index"}


def kinds_on(day: date) -> Counter:
    return Counter(unit.kind for unit in REGISTER.on(day))


def exact_names(day: date, kind: str) -> list[str]:
    return [unit.full_name for unit in REGISTER.on(day) if unit.kind == kind]


def test_reference_files_are_nfc_with_plain_line_ends():
    for path in [*REFERENCE.glob("*.csv"), *RAW.glob("*.csv")]:
        data = path.read_bytes()
        text = data.decode("utf-8")
        assert text == unicodedata.normalize("NFC", text), path.name
        assert b"\r" not in data and data.endswith(b"\n") and not data.startswith(b"\xef\xbb\xbf"), path.name
        widths = {len(row) for row in csv.reader(text.splitlines())}
        assert len(widths) == 1, (path.name, widths)


def test_characters_of_private_use_are_dropped_from_every_table(tmp_path):
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    for path in REFERENCE.glob("*.csv"):
        words = re.sub(r"\w*[^\W\d_a-zA-Z]\w*", "\\g<0>\ue000", path.read_text(encoding="utf-8"))
        (folder / path.name).write_text(words, encoding="utf-8")
    day = date(2025, 7, 31)
    for load in (
        lambda root: (load_register(root).units, load_register(root).edges),
        lambda root: list(load_laws(root)),
        lambda root: [load_index(root, row["index"], day) for row in rows_of(REFERENCE / "indices.csv")],
        load_index_values, load_measures, load_targets, load_figures,
        lambda root: vars(load_headings(root)),
    ):  # fmt: skip
        assert load(tmp_path) == load(ROOT)


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2019, 1, 1), {"province": 63, "department": 19, "district": 13, "commune": 262, "level": 3}),
        (date(2020, 1, 1), {"province": 63, "department": 19, "district": 13, "commune": 216, "level": 3}),
        (date(2024, 12, 31), {"province": 63, "department": 19, "district": 13, "commune": 216, "level": 3}),
        (date(2025, 1, 1), {"province": 63, "department": 19, "district": 12, "commune": 209, "level": 3}),
        (date(2025, 3, 1), {"province": 63, "department": 14, "district": 12, "commune": 209, "level": 3}),
        (date(2025, 6, 30), {"province": 63, "department": 14, "district": 12, "commune": 209, "level": 3}),
        (date(2025, 7, 1), {"province": 34, "department": 14, "commune": 69, "level": 2}),
        (date(2026, 10, 6), {"province": 34, "department": 14, "commune": 69, "level": 2}),
    ],
)
def test_how_many_units_each_day_had(day, counts):
    assert kinds_on(day) == counts | {"land_office": 13}


def test_communes_and_departments_after_the_reforms():
    words = Counter(name.split()[0] for name in exact_names(date(2025, 7, 1), "commune"))
    assert words == {"Xã": 60, "Phường": 9}
    words = Counter(name.split()[0] for name in exact_names(date(2025, 7, 1), "province"))
    assert words == {"Tỉnh": 28, "Thành": 6}
    named = set(exact_names(date(2025, 3, 1), "department"))
    assert named - {"Ban Quản lý Khu kinh tế tỉnh"} == {
        "Văn phòng UBND tỉnh",
        "Thanh tra tỉnh",
        "Sở Nội vụ",
        "Sở Tài chính",
        "Sở Xây dựng",
        "Sở Khoa học và Công nghệ",
        "Sở Nông nghiệp và Môi trường",
        "Sở Tư pháp",
        "Sở Ngoại vụ",
        "Sở Giáo dục và Đào tạo",
        "Sở Công Thương",
        "Sở Văn hóa, Thể thao và Du lịch",
        "Sở Y tế",
    }


def test_one_code_is_one_unit_on_any_day():
    spans = defaultdict(list)
    for unit in REGISTER.units:
        spans[unit.code].append((unit.valid_from or date.min, unit.valid_to or date.max))
    for code, listed in spans.items():
        listed.sort()
        assert all(start <= end for start, end in listed), code
        assert all(a[1] < b[0] for a, b in pairwise(listed)), code


def test_full_names_are_unique_on_any_day():
    for day in [date(2019, 1, 1), *REFORMS]:
        assert max(Counter(unit.full_name for unit in REGISTER.on(day)).values()) == 1, day


def test_all_new_commune_codes_existed_under_another_unit_the_day_before():
    new = [unit for unit in REGISTER.on(date(2025, 7, 1)) if unit.kind == "commune"]
    old = {unit.code: unit.name for unit in REGISTER.on(date(2025, 6, 30)) if unit.kind == "commune"}
    assert all(unit.code in old for unit in new)
    assert sum(unit.name != old[unit.code] for unit in new) == 48


def test_levels_and_parents_exist_on_the_same_days():
    for day in [date(2019, 1, 1), *(reform - DAY for reform in REFORMS), *REFORMS]:
        on_day = {unit.code: unit for unit in REGISTER.on(day)}
        for unit in on_day.values():
            if unit.kind == "province":
                assert (unit.level, unit.parent) == ("", "")
                continue
            parent = on_day[unit.parent]
            assert (unit.kind == "level") == (parent.code == HOME)
            assert unit.kind == "level" or parent.kind in ("level", "district")
            if parent.kind == "level":
                assert unit.level == parent.level


def test_lineage_joins_units_that_were_valid():
    for edge in REGISTER.edges:
        old = REGISTER.get(edge.old_code, edge.effective_date - DAY)
        new = REGISTER.get(edge.new_code, edge.effective_date)
        assert old.kind == new.kind, edge
        assert edge.relation in ("whole", "part") and edge.confidence in ("high", "medium", "low"), edge
        assert edge.source, edge


def test_a_unit_goes_whole_into_one_or_in_parts_into_several():
    relations = defaultdict(list)
    for edge in REGISTER.edges:
        relations[edge.effective_date, edge.old_code].append(edge.relation)
    for key, listed in relations.items():
        assert listed == ["whole"] or (len(listed) > 1 and set(listed) == {"part"}), key


def test_every_unit_that_ended_has_a_successor_and_every_new_one_a_predecessor():
    outward = {(edge.effective_date, edge.old_code) for edge in REGISTER.edges}
    inward = {(edge.effective_date, edge.new_code) for edge in REGISTER.edges}
    for unit in REGISTER.units:
        ended_with_its_level = unit.kind in ("district", "level") and unit.valid_to == date(2025, 6, 30)
        if unit.valid_to and not ended_with_its_level:
            assert (unit.valid_to + DAY, unit.code) in outward, unit
        if unit.valid_from:
            assert (unit.valid_from, unit.code) in inward, unit


def test_the_reform_of_2025_takes_every_commune_and_province():
    edges = [edge for edge in REGISTER.edges if edge.effective_date == date(2025, 7, 1)]
    for kind in ("commune", "province"):
        before = {u.code for u in REGISTER.on(date(2025, 6, 30)) if u.kind == kind}
        after = {u.code for u in REGISTER.on(date(2025, 7, 1)) if u.kind == kind}
        assert before <= {edge.old_code for edge in edges}
        assert after <= {edge.new_code for edge in edges}
    assert sum(edge.relation == "part" for edge in edges) == 5


def test_unverified_rows_say_so():
    unsure = [u for u in REGISTER.units if u.kind == "land_office" or u.code == "HT-KKT"]
    assert len(unsure) == 14 and all("[K]" in unit.note for unit in unsure)
    seen = {unit.code for unit in unsure if "[S-000]" in unit.note}
    assert seen == {"HT-CN-DUCTHO", "HT-CN-VUQUANG", "HT-CN-THACHHA"}


def test_targets_are_of_indicators_that_exist_and_were_in_force():
    names = {one.name: one for one in INDICATORS}
    targets = rows_of(REFERENCE / "targets.csv")
    for row in targets:
        indicator = names[row["indicator"]]
        start = date.fromisoformat(row["valid_from"])
        assert indicator.in_force(start, start)
        assert row["comparison"] == ">=" and 0 < Decimal(row["target"]) <= 100
        assert row["legal_source"] and row["evidence"]
    assert [(row["indicator"], row["target"]) for row in targets] == [
        ("level_34_share", "20"),
        ("post_reception_share", "10"),
        ("post_return_share", "10"),
    ]


def test_the_service_index_adds_up():
    def maximum(component):
        return Decimal(SERVICE[component]["maximum"])

    for parent in (
        "total",
        "online_service",
        "transparency",
        "timeliness",
        "provide_online",
        "online_payment",
    ):
        children = [row for row in SERVICE.values() if row["parent"] == parent and row["maximum"]]
        assert sum(Decimal(row["maximum"]) for row in children) == maximum(parent), parent
    for parent in ("satisfaction", "digitisation"):
        children = [row for row in SERVICE.values() if row["parent"] == parent]
        assert sum(Decimal(row["maximum"]) for row in children) == maximum(parent)
    shown = sorted((row["shown_order"], code) for code, row in SERVICE.items() if row["shown_order"])
    assert [code for _, code in shown] == [
        "transparency",
        "timeliness",
        "online_service",
        "satisfaction",
        "digitisation",
    ]
    assert sum(maximum(code) for _, code in shown) == 100
    portal = {row["portal_code"]: code for code, row in SERVICE.items() if row["level"] == "group"}
    assert portal == {
        "CKMB": "transparency",
        "TDGQ": "timeliness",
        "CLGQ": "provide_online",
        "TTTT": "online_payment",
        "MDHL": "satisfaction",
        "MDSH": "digitisation",
    }
    assert sum(maximum(code) for code in portal.values()) == 100


def test_components_are_well_formed():
    indices = {row["index"] for row in rows_of(REFERENCE / "indices.csv")}
    assert indices >= {"service_index", "par_index", "dti"}
    known = {(row["index"], row["component"]) for row in COMPONENTS}
    assert len(known) == len(COMPONENTS)
    for row in COMPONENTS:
        assert row["index"] in indices and row["status"] in ("declared", "inferred")
        assert row["level"] in ("total", "group", "shown_group", "indicator")
        assert (row["level"] == "total") == (row["parent"] == "")
        assert row["level"] == "total" or (row["index"], row["parent"]) in known
        assert (row["scoring"] == "capped") == bool(row["full_score_at"])
        if row["level"] == "indicator":
            assert row["numerator"] and row["denominator"] and row["scoring"] in ("linear", "capped", "none")
    inferred = {row["component"] for row in COMPONENTS if row["status"] == "inferred"}
    assert inferred == {"3.1", "3.2", "3.3", "3.5", "3.5b", "3.6"}


def test_bands_tile_the_scale():
    bands = sorted(rows_of(REFERENCE / "index_bands.csv"), key=lambda row: Decimal(row["lower"]))
    assert bands[0]["lower"] == "0" and bands[-1]["upper"] == ""
    assert [row["upper"] for row in bands[:-1]] == [row["lower"] for row in bands[1:]]
    assert [row["label"] for row in bands] == ["Yếu", "Trung bình", "Khá", "Tốt", "Xuất sắc"]


def test_index_values_are_of_known_components_with_a_base():
    known = {(row["index"], row["component"]) for row in COMPONENTS}
    values = rows_of(REFERENCE / "index_values.csv")
    keys = Counter((row["index"], row["component"], row["year"]) for row in values)
    assert max(keys.values()) == 1
    for row in values:
        assert (row["index"], row["component"]) in known
        is_known = bool(row["value"] or row["rank"])
        assert is_known or row["note"], "a row without a figure says why there is none"
        assert bool(row["value"]) == bool(row["measured_in"])
        assert bool(row["rank"]) == bool(row["out_of"])
        if row["rank"]:
            assert 1 <= int(row["rank"]) <= int(row["out_of"])
            assert row["out_of"] == ("63" if int(row["year"]) < 2024 else "34")
        assert (row["source"] and row["evidence"]) or not is_known
        if row["published"]:
            assert int(row["year"]) < date.fromisoformat(row["published"]).year


def test_index_values_agree_with_the_changes_printed():
    ranks = {
        (r["index"], r["component"], r["year"]): int(r["rank"])
        for r in rows_of(REFERENCE / "index_values.csv")
        if r["rank"]
    }
    dti = [ranks["dti", "total", year] for year in ("2021", "2022", "2023")]
    assert dti == [59, 37, 25]
    assert ranks["dti", "digital_awareness", "2022"] - ranks["dti", "digital_awareness", "2023"] == 31
    assert (
        ranks["dti", "digital_infrastructure", "2022"] - ranks["dti", "digital_infrastructure", "2023"] == -13
    )
    assert ranks["pci", "total", "2021"] - ranks["pci", "total", "2022"] == 9


def test_sources_are_as_received():
    sources = rows_of(RAW / "SOURCES.csv")
    assert {row["file"] for row in sources} == {path.name for path in RAW.glob("*.csv")} - {"SOURCES.csv"}
    for row in sources:
        data = (RAW / row["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["sha256"], row["file"]
        assert row["form"] in ("counts", "scores") and row["source"] in ("published", "received")


def test_scores_of_the_34_provinces_add_up_and_mean_what_the_portal_prints():
    scores = rows_of(RAW / "766_tinh_2026-10-06.csv")
    day = date(2026, 10, 6)
    provinces = {unit.code for unit in REGISTER.on(day) if unit.kind == "province"}
    by_unit = defaultdict(dict)
    for row in scores:
        by_unit[row["unit"]][row["component"]] = vn.parse_number(row["score"])
        assert row["maximum"] == SERVICE[row["component"]]["maximum"]
        assert (row["rank"], row["out_of"]) == ("", "") or (row["component"], row["out_of"]) == (
            "total",
            "34",
        )
    assert set(by_unit) == provinces
    for unit, parts in by_unit.items():
        assert sum(parts.values()) == 2 * parts["total"], unit
    means = {
        component: vn.format_number(sum(parts[component] for parts in by_unit.values()) / 34, 2)
        for component in by_unit[HOME]
    }
    assert means == {
        "total": "61,88",
        "transparency": "10,07",
        "timeliness": "17,53",
        "provide_online": "8,32",
        "digitisation": "9,47",
        "satisfaction": "10,10",
        "online_payment": "6,39",
    }
    totals = [(row["rank"], row["score"]) for row in scores if row["component"] == "total"]
    ordered = sorted(totals, key=lambda row: vn.parse_number(row[1]), reverse=True)
    assert [int(rank) for rank, _ in ordered] == list(range(1, 35))
    assert ("31", "56,67") in totals and by_unit[HOME]["total"] == Decimal("56.67")


def test_published_scores_are_as_printed():
    scores = rows_of(RAW / "bao_cao_da_cong_bo_diem.csv")
    july = {r["component"]: vn.parse_number(r["score"]) for r in scores if r["period"] == "2025-07"}
    assert july.pop("total") == sum(july.values()) == Decimal("78.18")
    months = [row for row in scores if row["period"] == "2025-M7"]
    assert len(months) == 9 and {row["as_of"] for row in months} == {""}
    for row in months:
        REGISTER.get(row["unit"], date(2025, 7, 31))
    assert [row["rank"] for row in months if row["unit"] == HOME] == ["1"]


def test_published_counts_are_kept_as_printed_even_where_they_disagree():
    rows = rows_of(RAW / "bao_cao_da_cong_bo_so_lieu.csv")
    measures = {row["measure"] for row in rows_of(REFERENCE / "measures.csv")}
    assert {row["measure"] for row in rows} <= measures
    counts = {(row["unit"], row["measure"]): int(row["value"]) for row in rows}
    assert counts["42T", "received"] + counts["42X", "received"] + counts["42", "carried_over"] == 47411
    assert counts["42", "handled_total"] == counts["42", "resolved"] + counts["42", "pending"] == 47411
    for measure in (
        "filed_online",
        "online_base",
        "result_digitised",
        "result_base",
        "paid_online",
        "fee_bearing",
    ):
        assert counts["42T", measure] + counts["42X", measure] == counts["42", measure], measure
    assert counts["42T", "dossier_digitised"] + counts["42X", "dossier_digitised"] == 35500
    assert counts["42", "dossier_digitised"] == 35501
    assert (counts["42", "level_34_filed"], counts["42", "level_base"]) == (2668, 34996)
