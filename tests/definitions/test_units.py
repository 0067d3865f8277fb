"""Units: found by code, name and date, never guessed; the order is Vietnamese; lists are taken apart rightly."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocao.definitions.errors import UserError
from baocao.definitions.unit import GROUPS, HOME, KINDS
from baocao.definitions.units import load_register, units_frame
from shipped import shipped_root

ROOT = shipped_root()
REGISTER = load_register(ROOT)
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 24)
UNITS_HEADER = "code,name,kind,full_name,level,parent,valid_from,valid_to,legal_basis,note\n"
LINEAGE_HEADER = "effective_date,old_code,new_code,relation,source,detail,confidence\n"


def codes(units):
    return [unit.code for unit in units]


def register_of(folder: Path, units: str, header: str = UNITS_HEADER):
    reference = folder / "data" / "reference"
    reference.mkdir(parents=True)
    (reference / "units.csv").write_text(header + units, encoding="utf-8")
    (reference / "lineage.csv").write_text(LINEAGE_HEADER, encoding="utf-8")
    return load_register(folder)


def test_a_code_means_another_unit_on_another_day():
    assert REGISTER.get("18073", BEFORE).official_name == "phường Nam Hà"
    assert REGISTER.get("18073", AFTER).official_name == "phường Thành Sen"
    assert REGISTER.get("24", BEFORE).name == "Bắc Giang"
    assert REGISTER.get("24", AFTER).name == "Bắc Ninh"
    assert REGISTER.get("75", date(2026, 10, 6)).official_name == "thành phố Đồng Nai"


def test_get_says_when_a_code_was_valid():
    with pytest.raises(UserError, match=r"huyện Đức Thọ \(440\) đến hết ngày 30/06/2025"):
        REGISTER.get("440", AFTER)
    with pytest.raises(UserError, match="«99999» không có trong danh sách đơn vị ngày 24/07/2025"):
        REGISTER.get("99999", AFTER)


def test_xa_huyen_and_chi_nhanh_duc_tho_are_three_units():
    assert REGISTER.find("UBND xã Đức Thọ", AFTER).code == "18229"
    assert REGISTER.find("huyện Đức Thọ", BEFORE).code == "440"
    assert REGISTER.find("thị trấn Đức Thọ", BEFORE).code == "18229"
    assert REGISTER.find("Chi nhánh Văn phòng Đăng ký đất đai Đức Thọ", AFTER).code == "HT-CN-DUCTHO"
    slugs = {REGISTER.get(code, BEFORE).slug for code in ("440", "18229", "HT-CN-DUCTHO")}
    assert len(slugs) == 3 and "440-huyen-duc-tho" in slugs
    with pytest.raises(UserError, match="là tên của 2 đơn vị") as caught:
        REGISTER.find("Đức Thọ", AFTER)
    assert "18229" in str(caught.value) and "HT-CN-DUCTHO" in str(caught.value)
    assert REGISTER.find("Đức Thọ", AFTER, "commune").code == "18229"
    assert REGISTER.find("Đức Thọ", AFTER, "land_office").code == "HT-CN-DUCTHO"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("42", "42"),
        ("UBND tỉnh Hà Tĩnh", "42"),
        ("Hà Tĩnh", "42"),
        ("cấp xã", "42X"),
        ("ht-snv", "HT-SNV"),
        ("Sở Nội vụ tỉnh Hà Tĩnh", "HT-SNV"),
        ("Sở Văn hóa, Thể thao và Du lịch", "HT-SVHTTDL"),
        ("Sở Văn hoá Thể thao & Du lịch", "HT-SVHTTDL"),
        ("Văn phòng Ủy ban nhân dân tỉnh", "HT-VPUB"),
        ("Chi nhánh Đăng ký đất đai Vũ Quang", "HT-CN-VUQUANG"),
        ("CN VPĐKĐĐ huyện Thạch Hà", "HT-CN-THACHHA"),
        ("UBND phường Bắc Hồng Lĩnh", "18115"),
        ("P. Thành Sen", "18073"),
        ("ủy ban nhân dân xã đức thọ, tỉnh hà tĩnh", "18229"),
        ("xa Yen Hoa", "18682"),
        ("Xã Yên Hoà", "18682"),
        ("TP. Hồ Chí Minh", "79"),
        ("xã Sơn Kim 2", "18199"),
    ],
)
def test_usual_ways_of_writing_are_found(text, code):
    assert REGISTER.find(text, AFTER).code == code
    assert REGISTER.find(unicodedata.normalize("NFD", text), AFTER).code == code


def test_a_name_that_only_folds_alike_is_not_meant():
    assert REGISTER.find("xã Thạch Hạ", date(2024, 5, 1)).code == "18100"
    with pytest.raises(UserError, match=r"xã Thạch Hạ \(18100\) đến hết ngày 31/12/2024"):
        REGISTER.find("xã Thạch Hạ", AFTER)
    assert REGISTER.find("xã Thạch Hà", AFTER).code == "18562"


def test_an_old_spelling_of_the_same_unit_is_still_read():
    assert REGISTER.find("xã Cẩm Vĩnh", date(2025, 3, 1)).full_name == "Xã Cẩm Vịnh"


def test_a_city_is_not_the_land_office_that_works_there():
    assert REGISTER.find("thành phố Hà Tĩnh", BEFORE).code == "436"
    with pytest.raises(UserError, match="không có hiệu lực vào ngày 24/07/2025"):
        REGISTER.find("thành phố Hà Tĩnh", AFTER)


def test_unknown_names_get_the_nearest_and_the_command():
    with pytest.raises(UserError, match=r"gần nhất: .*xã Đức Thịnh \(18277\).*baocao units --on 2025-07-24"):
        REGISTER.find("xã Đức Thinhj", AFTER)
    with pytest.raises(UserError, match=r"chỉ có Sở Tài nguyên và Môi trường .* đến hết ngày 28/02/2025"):
        REGISTER.find("Sở Tài nguyên và Môi trường", AFTER)
    with pytest.raises(UserError, match="không có trong danh sách"):
        REGISTER.find("", AFTER)
    with pytest.raises(ValueError, match="kind is one of"):
        REGISTER.find("Đức Thọ", AFTER, "xã")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([date(2019, 3, 1), date(2023, 6, 1), BEFORE, AFTER, date(2026, 10, 6)]), st.data())
def test_every_official_name_finds_its_unit(day, data):
    unit = data.draw(st.sampled_from(REGISTER.on(day)))
    for text in (unit.code, unit.official_name, unit.full_name.upper()):
        assert REGISTER.find(text, day) == unit
    assert REGISTER.find(unicodedata.normalize("NFD", unit.full_name), day, unit.kind) == unit


def test_units_are_in_vietnamese_order_inside_their_kind():
    units = REGISTER.on(AFTER)
    kinds = [unit.kind for unit in units]
    assert kinds == sorted(kinds, key=list(KINDS).index)
    communes = [unit.name for unit in units if unit.kind == "commune"]
    assert communes[:3] == ["Bắc Hồng Lĩnh", "Can Lộc", "Cẩm Bình"] and communes[-1] == "Yên Hòa"
    assert communes.index("Cổ Đạm") + 1 == communes.index("Đan Hải")
    assert codes(unit for unit in REGISTER.on(BEFORE) if unit.kind == "level") == ["42T", "42H", "42X"]


def test_slugs_are_unique_on_any_day():
    for day in (date(2019, 3, 1), date(2024, 12, 31), BEFORE, AFTER):
        slugs = [unit.slug for unit in REGISTER.on(day)]
        assert len(slugs) == len(set(slugs))
        assert all(slug.isascii() and slug.replace("-", "").isalnum() for slug in slugs)


def test_expand_reads_names_with_commas():
    listed = "Sở Văn hóa, Thể thao và Du lịch,18229, Sở Nội vụ"
    assert codes(REGISTER.expand(listed, AFTER)) == ["HT-SVHTTDL", "18229", "HT-SNV"]
    assert codes(REGISTER.expand(["province", "xã Đức Thọ, tỉnh Hà Tĩnh"], AFTER)) == ["42", "18229"]


def test_expand_reads_the_groups():
    sizes = {word: len(REGISTER.expand(word, AFTER)) for word in GROUPS if word != "districts"}
    assert sizes == {"all": 97, "province": 1, "departments": 14, "land-offices": 13, "communes": 69}
    assert len(REGISTER.expand("districts", BEFORE)) == 12
    assert codes(REGISTER.expand("province", AFTER)) == [HOME]
    every = REGISTER.expand("all", AFTER)
    assert not [unit for unit in every if unit.kind == "level"]


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ("communes,18229", r"xã Đức Thọ \(18229\) được nêu hai lần"),
        ("Sở Nội vụ,ht-snv", "được nêu hai lần"),
        ("districts", "không có đơn vị nào thuộc «districts»"),
        ("comunes", "gần nhất: communes"),
        ("Sở Văn hóa, Thể thao", "gần nhất: Sở Văn hóa, Thể thao và Du lịch"),
        (" , ", "Danh sách đơn vị trống"),
        ("Đức Thọ", "là tên của 2 đơn vị"),
    ],
)
def test_expand_refuses(listed, message):
    with pytest.raises(UserError, match=message):
        REGISTER.expand(listed, AFTER)


def test_predecessors():
    assert {e.old_code for e in REGISTER.predecessors("18229", AFTER)} >= {"18229"}
    assert {(e.old_code, e.relation) for e in REGISTER.predecessors("HT-STC", AFTER)} == {
        ("HT-SKHDT", "whole"),
        ("HT-STC", "whole"),
    }
    assert list(REGISTER.lineage.columns)[:4] == ["effective_date", "old_code", "new_code", "relation"]


def test_names_are_dated():
    rows = [row for row in REGISTER.names() if row[2] == "18073"]
    assert rows == [
        (None, BEFORE, "18073", ("phường Nam Hà", "Phường Nam Hà")),
        (date(2025, 7, 1), None, "18073", ("phường Thành Sen", "Phường Thành Sen")),
    ]


def test_units_frame_is_the_register_on_the_day():
    frame = units_frame(REGISTER, AFTER)
    assert list(frame["code"]) == codes(REGISTER.on(AFTER))
    assert frame.set_index("code").loc["18229", "official_name"] == "xã Đức Thọ"


@pytest.mark.parametrize(
    ("units", "message"),
    [
        (
            "1,A,commune,Xã A,commune,42X,,,,\n1,B,commune,Xã B,commune,42X,2025-07-01,,,\n",
            "mã 1 có hai dòng",
        ),
        ("1,A,commune,Xã A,commune,42X,,,,\n1,B,commune,Xã B,commune,42X,,,,\n", "mã 1 có hai dòng"),
        ("1,A,commune,Xã A,commune,42X,2025-13-01,,,\n", "dòng 2: .*không có trong lịch"),
        ("1,A,village,Làng A,commune,42X,,,,\n", "dòng 2: kind là một trong"),
        ("1,A,commune,Xã A\n", "dòng 2: thừa hoặc thiếu ô"),
        ("1,A,commune,Xã A,commune,42X,,,,,\n", "dòng 2: thừa hoặc thiếu ô"),
    ],
)
def test_a_faulty_register_is_refused(tmp_path, units, message):
    with pytest.raises(UserError, match=message):
        register_of(tmp_path, units)


def test_a_register_with_other_columns_or_none_is_refused(tmp_path):
    with pytest.raises(UserError, match="units.csv: các cột phải là code,name"):
        register_of(tmp_path, "", header="code,name\n")
    with pytest.raises(UserError, match="Thiếu tệp units.csv"):
        load_register(tmp_path / "elsewhere")


def test_a_hostile_name_is_only_text(tmp_path):
    register = register_of(
        tmp_path, '1,"`#panic(""x"")`{=typst}",commune,"Xã `#panic(""x"")`{=typst}",commune,42X,,,,\n'
    )
    unit = register.find('xã `#panic("x")`{=typst}', AFTER)
    assert unit.slug == "1-xa-panic-x-typst"
