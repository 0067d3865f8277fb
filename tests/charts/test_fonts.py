"""The typeface: the order of families, the refusal of fonts without Vietnamese letters, the getting of Tinos.

No test needs a font of the machine or a network: fonts are built here with the letters each case is about.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from baocao.charts import fonts
from baocao.definitions import vietnamese as vn

ALL_LETTERS = fonts.vietnamese_letters() | set("abcABC")
LIBERATION_1_LACKS = 92  # as counted on Debian 12's fonts-liberation 1.07.4


def build_font(path: Path, family: str, face: str, letters=ALL_LETTERS) -> Path:
    """A TrueType file with the named family and face whose glyphs are all empty."""
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    mapping = {ord(letter): f"u{ord(letter):04X}" for letter in sorted(letters)}
    glyphs.update((name, TTGlyphPen(None).glyph()) for name in mapping.values())
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(mapping)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (500, 0) for name in glyphs})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": face})
    bold = face.startswith("Bold")
    builder.setupOS2(
        usWeightClass=700 if bold else 400, fsSelection=0x20 * bold | 0x01 * face.endswith("Italic")
    )
    builder.setupPost()
    builder.font["head"].macStyle = 1 * bold | 2 * face.endswith("Italic")
    path.parent.mkdir(parents=True, exist_ok=True)
    builder.save(path)
    return path


def build_family(folder: Path, family: str, letters=ALL_LETTERS, faces=fonts.FACES) -> list[Path]:
    stem = family.replace(" ", "")
    return [
        build_font(folder / f"{stem}-{face.replace(' ', '')}.ttf", family, face, letters) for face in faces
    ]


@pytest.fixture(autouse=True)
def matplotlib_as_before() -> Iterator[None]:
    """Faces of a few letters, made for these tests, are known to no chart after them."""
    from matplotlib.font_manager import fontManager

    known = list(fontManager.ttflist)
    yield
    fontManager.ttflist = known
    fontManager._findfont_cached.cache_clear()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> Path:
    """One folder with a folder of each complete family."""
    shelf = tmp_path_factory.mktemp("shelf")
    for family in fonts.TIMES_METRICS:
        build_family(shelf / family.replace(" ", ""), family)
    return shelf


def test_vietnamese_letters_are_134_in_both_cases():
    letters = fonts.vietnamese_letters()
    assert len(letters) == 134
    assert {"ă", "Đ", "ơ", "Ự", "ỹ", "Ặ"} <= letters
    assert {letter.upper() for letter in letters} <= letters


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        (["LiberationSerif", "Tinos", "TimesNewRoman"], "Times New Roman"),
        (["LiberationSerif", "Tinos"], "Tinos"),
        (["LiberationSerif"], "Liberation Serif"),
    ],
)
def test_times_new_roman_comes_first_then_tinos_then_liberation(shelf, tmp_path, present, expected):
    choice = fonts.find_fonts(tmp_path, [shelf / name for name in present])
    assert choice.family == expected
    assert choice.complete
    assert choice.refused == ()
    assert [path.name.split("-")[1] for path in choice.paths] == [
        "Regular.ttf",
        "Bold.ttf",
        "Italic.ttf",
        "BoldItalic.ttf",
    ]


def test_without_any_family_the_one_inside_typst_is_left(tmp_path):
    choice = fonts.find_fonts(tmp_path, [tmp_path / "absent"])
    assert (choice.family, choice.paths, choice.complete) == ("Libertinus Serif", [], False)


def test_a_font_without_vietnamese_letters_is_refused_and_named(shelf, tmp_path):
    most = frozenset(sorted(fonts.vietnamese_letters())[LIBERATION_1_LACKS:]) | set("abc")
    old = tmp_path / "system" / "liberation"
    build_family(old, "Liberation Serif", most)
    choice = fonts.find_fonts(tmp_path, [old])
    assert choice.family == "Libertinus Serif"
    assert choice.refused == (
        "Không dùng Liberation Serif trong system/liberation: thiếu 92 trong 134 chữ cái tiếng Việt.",
    )
    beside_new = fonts.find_fonts(tmp_path, [old, shelf / "LiberationSerif"])
    assert beside_new.family == "Liberation Serif"
    assert {path.parent.name for path in beside_new.paths} == {"LiberationSerif"}


def test_one_face_without_letters_spoils_the_family(tmp_path):
    build_family(tmp_path / ".fonts", "Tinos")
    build_font(tmp_path / ".fonts/Tinos-BoldItalic.ttf", "Tinos", "Bold Italic", ALL_LETTERS - {"ặ"})
    choice = fonts.find_fonts(tmp_path, [])
    assert choice.family == "Libertinus Serif"
    assert choice.refused == ("Không dùng Tinos trong .fonts: thiếu 1 trong 134 chữ cái tiếng Việt.",)


def test_a_missing_face_and_a_broken_file_are_told(tmp_path):
    build_family(tmp_path / ".fonts/a", "Tinos", faces=("Regular", "Bold"))
    build_family(tmp_path / ".fonts/b", "Times New Roman", faces=("Regular", "Bold", "Italic"))
    (tmp_path / ".fonts/b/timesbi.ttf").write_bytes(b"not a font")
    choice = fonts.find_fonts(tmp_path, [])
    assert choice.family == "Libertinus Serif"
    assert sorted(choice.refused) == [
        "Không dùng Times New Roman trong .fonts/b: không đọc được tệp timesbi.ttf (TTLibError).",
        "Không dùng Tinos trong .fonts/a: thiếu kiểu chữ Italic, Bold Italic.",
    ]


def test_the_private_folder_comes_before_the_system(shelf, tmp_path):
    build_family(tmp_path / ".fonts/ours", "Tinos")
    choice = fonts.find_fonts(tmp_path, [shelf / "Tinos"])
    assert choice.origin == ".fonts/ours"


def test_the_family_is_read_from_the_font_not_from_its_file_name(tmp_path):
    for face in fonts.FACES:
        build_font(tmp_path / ".fonts" / f"times{face.replace(' ', '')}.ttf", "Times Ten", face)
        build_font(tmp_path / ".fonts" / f"Tinos_{face.replace(' ', '_')}.ttf", "Tinos", face)
    assert fonts.find_fonts(tmp_path, []).family == "Tinos"


def test_charts_use_exactly_the_chosen_files(shelf, tmp_path):
    from matplotlib.font_manager import FontProperties, findfont

    other_version = tmp_path / "other"
    build_family(other_version, "Tinos")
    for folder in (other_version, shelf / "Tinos", shelf / "Tinos"):
        choice = fonts.find_fonts(tmp_path, [folder])
        assert fonts.register_with_matplotlib(choice) == "Tinos"
    styles = [("normal", "normal"), ("bold", "normal"), ("normal", "italic"), ("bold", "italic")]
    found = [findfont(FontProperties(family="Tinos", weight=weight, style=style)) for weight, style in styles]
    assert [Path(str(path)) for path in found] == choice.paths


def test_the_last_resort_has_its_name_in_charts_without_a_warning(tmp_path, caplog):
    from matplotlib.font_manager import FontProperties, findfont

    choice = fonts.find_fonts(tmp_path, [])
    assert fonts.register_with_matplotlib(choice) == "Libertinus Serif"
    found = Path(
        str(findfont(FontProperties(family="Libertinus Serif", weight="bold"), fallback_to_default=False))
    )
    assert found.name == "DejaVuSerif-Bold.ttf"
    assert caplog.records == []


@pytest.fixture
def empty_machine(monkeypatch):
    """A machine with no fonts and no package client."""

    def absent(scratch):
        raise FileNotFoundError("no such program")

    monkeypatch.setattr(fonts, "system_folders", list)
    for fetch in ("_fetch_with_pip", "_fetch_with_npm", "_fetch_with_apt"):
        monkeypatch.setattr(fonts, fetch, absent)
    return monkeypatch


def tinos_contents(folder: Path, monkeypatch) -> dict[str, bytes]:
    """Stand-ins for the four files, made known by their hashes, and a licence."""
    paths = build_family(folder, "Tinos")
    contents = {face: path.read_bytes() for face, path in zip(fonts.FACES, paths, strict=True)}
    known = {face: {hashlib.sha256(content).hexdigest()} for face, content in contents.items()}
    monkeypatch.setattr(fonts, "TINOS_SHA256", known)
    return {**contents, fonts.LICENCE: b"the licence"}


def test_tinos_is_put_into_the_private_folder_by_the_first_client_that_has_it(empty_machine, tmp_path):
    contents = tinos_contents(tmp_path / "package", empty_machine)
    empty_machine.setattr(fonts, "_fetch_with_npm", lambda scratch: contents)
    root, said = tmp_path / "project", []
    (root / ".fonts/.tinos-interrupted").mkdir(parents=True)
    (root / ".fonts/tinos").mkdir()
    (root / ".fonts/tinos/Tinos-Bold.ttf").write_bytes(b"half a file")
    paths = fonts.get_tinos(root, said.append)
    assert paths == fonts.find_fonts(root).paths
    assert said == ["Phông chữ: đã tải Tinos bằng npm vào .fonts/tinos."]
    assert [path.name for path in sorted((root / ".fonts").iterdir())] == ["tinos"]
    assert (root / ".fonts/tinos" / fonts.LICENCE).read_bytes() == b"the licence"


def test_nothing_is_fetched_where_a_complete_family_is_there(empty_machine, tmp_path):
    build_family(tmp_path / ".fonts/mine", "Liberation Serif")
    said = []
    assert fonts.get_tinos(tmp_path, said.append) == []
    assert said == ["Phông chữ: dùng Liberation Serif (.fonts/mine), không cần tải thêm."]


def test_a_file_with_another_hash_is_not_written(empty_machine, tmp_path):
    contents = tinos_contents(tmp_path / "package", empty_machine)
    empty_machine.setattr(
        fonts, "_fetch_with_pip", lambda scratch: {**contents, "Bold": b"changed on the way"}
    )
    said = []
    assert fonts.get_tinos(tmp_path / "project", said.append) == []
    assert not (tmp_path / "project/.fonts").exists()
    assert "pip không được (ValueError)" in said[0]


def test_without_any_client_one_sentence_says_what_to_do(empty_machine, tmp_path):
    def offline(scratch):
        raise subprocess.CalledProcessError(1, "pip")

    empty_machine.setattr(fonts, "_fetch_with_pip", offline)
    said = []
    assert fonts.get_tinos(tmp_path, said.append) == []
    (sentence,) = said
    assert sentence == (
        "Phông chữ: không tải được Tinos (pip không được (CalledProcessError); npm không có trên máy; apt-get "
        "không có trên máy), văn bản sẽ dùng Libertinus Serif; hãy chép bốn tệp .ttf của Times New Roman hoặc Tinos "
        "vào thư mục .fonts của dự án."
    )


def test_what_counts_as_printable_is_in_the_typeface_of_documents(root):
    printed = [chr(code) for code in range(0x20, 0x2FFFF) if not vn.unprintable(chr(code))]
    assert len(printed) > 600 and fonts.vietnamese_letters() < set(printed)
    for path in fonts.find_fonts(root).paths:
        covered = TTFont(path, lazy=True).getBestCmap()
        assert [letter for letter in printed if ord(letter) not in covered] == []
