"""The typeface of a document: which one this machine offers, and how to get a free one without root.

Nghị định 30/2020/NĐ-CP, Phụ lục I asks for Times New Roman. Tinos and Liberation Serif 2 are free and have the
same widths, so lines and pages break at the same places. Libertinus Serif, which the Typst wheel carries
inside, has every Vietnamese letter but other widths: the last resort.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from baocao.store import process_cache

PRIVATE_FOLDER = ".fonts"
LAST_RESORT = "Libertinus Serif"

# Families with the widths of Times, best first, and how the names of their files begin.
TIMES_METRICS = {"Times New Roman": "times", "Tinos": "tinos", "Liberation Serif": "liberationserif"}
FACES = ("Regular", "Bold", "Italic", "Bold Italic")


@dataclass(frozen=True)
class FontChoice:
    """The family that documents and charts are set in.

    paths     its four files (upright, bold, italic, bold italic), all in one folder; none for the last resort
    origin    where it comes from, in Vietnamese
    complete  whether it has the widths of Times and every Vietnamese letter in all four faces
    refused   one Vietnamese sentence for each family that was found and not taken
    """

    family: str
    paths: list[Path]
    origin: str
    complete: bool
    refused: tuple[str, ...] = ()


def vietnamese_letters() -> frozenset[str]:
    """The 134 letters that Vietnamese adds to the Latin alphabet: seven letters and the tones, both cases.

    >>> len(vietnamese_letters())
    134
    """
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    lower = {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones} | {"đ"}
    added = {letter for letter in lower if not letter.isascii()}
    return frozenset(added | {letter.upper() for letter in added})


def system_folders() -> list[Path]:
    """Where Linux, macOS, Windows and a conda environment keep fonts; a folder may be absent."""
    home = Path.home()
    by_platform = {
        "darwin": ("/System/Library/Fonts", "/Library/Fonts", home / "Library/Fonts"),
        "win32": ("C:/Windows/Fonts", home / "AppData/Local/Microsoft/Windows/Fonts"),
    }
    others = ("/usr/share/fonts", "/usr/local/share/fonts", home / ".local/share/fonts", home / ".fonts")
    environment = (Path(sys.prefix) / "fonts", Path(sys.prefix) / "share/fonts")
    return [Path(folder) for folder in (*by_platform.get(sys.platform, others), *environment)]


def find_fonts(root: Path, folders: Sequence[Path] | None = None) -> FontChoice:
    """The best family at hand: Times New Roman, else Tinos, else Liberation Serif 2, else Libertinus Serif.

    A family counts only where one folder holds its four faces and each has all Vietnamese letters: Debian 12's
    Liberation Serif 1.07 lacks 92 of them and is refused. The project's private folder `.fonts/` comes
    first, then `folders` (default: those of the system). Nothing is kept on disk.
    """
    private = root / PRIVATE_FOLDER
    found: dict[tuple[str, Path], dict[str, Path]] = {}
    faults: dict[tuple[str, Path], str] = {}
    for family, path in _candidates([private, *(system_folders() if folders is None else folders)]):
        face, fault = _read_face(path, family)
        if face in FACES:
            found.setdefault((family, path.parent), {}).setdefault(face, path)
        if fault:
            faults[family, path.parent] = fault
    for (family, folder), faces in found.items():
        absent = [face for face in FACES if face not in faces]
        if absent:
            faults.setdefault((family, folder), f"thiếu kiểu chữ {', '.join(absent)}")
    refused = tuple(
        f"Không dùng {family} trong {_place(folder, root)}: {fault}."
        for (family, folder), fault in faults.items()
    )
    for family in TIMES_METRICS:
        for (name, folder), faces in found.items():
            if name == family and (name, folder) not in faults:
                paths = [faces[face] for face in FACES]
                return FontChoice(family, paths, _place(folder, root), True, refused)
    return FontChoice(LAST_RESORT, [], "có sẵn trong gói typst", False, refused)


def typeface_of_charts(root: Path) -> str:
    """The family that charts of a project are drawn in, made known to matplotlib; looked for once in a worker."""
    return process_cache.once(("font", root), lambda: register_with_matplotlib(find_fonts(root)))


def register_with_matplotlib(choice: FontChoice) -> str:
    """Make charts find exactly the chosen files under the family's name, and return that name.

    Another version of the family that matplotlib knows (Liberation 1.07 beside 2) is set aside in this process. The
    last resort has no file: its name is measured with DejaVu Serif, which matplotlib carries and which is
    wider, so that labels keep clear of one another when Typst draws them.
    """
    import matplotlib
    from matplotlib.font_manager import fontManager

    substitutes = sorted(Path(matplotlib.get_data_path(), "fonts", "ttf").glob("DejaVuSerif*.ttf"))
    fontManager.ttflist = [entry for entry in fontManager.ttflist if entry.name != choice.family]
    for path in choice.paths or substitutes:
        known = len(fontManager.ttflist)
        fontManager.addfont(path)
        first = fontManager.ttflist[known]
        fontManager.ttflist[known:] = [replace(first, name=choice.family)]
    return choice.family


def _candidates(folders: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """Font files whose names begin like a family of `TIMES_METRICS`, with that family, in a fixed order."""
    for folder in folders:
        for place, below, names in os.walk(folder):
            below[:] = sorted(name for name in below if not name.startswith("."))
            for name in sorted(names):
                plain = "".join(letter for letter in name.lower() if letter.isalnum())
                for family, beginning in TIMES_METRICS.items():
                    if plain.startswith(beginning) and name.lower().endswith((".ttf", ".otf")):
                        yield family, Path(place) / name


def _read_face(path: Path, family: str) -> tuple[str, str]:
    """Which face of `family` the file is ("" when of another family), and why it cannot serve ("" when it can)."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, lazy=True) as font:
            if font["name"].getDebugName(1) != family:
                return "", ""
            face, covered = font["name"].getDebugName(2), font.getBestCmap() or {}
    except (TTLibError, OSError, KeyError, ValueError, AssertionError) as error:
        return "", f"không đọc được tệp {path.name} ({type(error).__name__})"
    lacking = sum(ord(letter) not in covered for letter in vietnamese_letters())
    return face, f"thiếu {lacking} trong 134 chữ cái tiếng Việt" if lacking else ""


def _place(folder: Path, root: Path) -> str:
    """The folder as people would say it: relative inside the project, complete elsewhere."""
    return folder.relative_to(root).as_posix() if folder.is_relative_to(root) else str(folder)


# --- Getting Tinos ---------------------------------------------------------------------------------------------

# The files that the three packages below carry, by face: Tinos 1.340 twice, Tinos 1.33.
TINOS_SHA256 = {
    "Regular": {
        "60a0e8ef0c04dd5dd69ffe91025fa2ae5836cbd35600a82ba031977557e2cb61",
        "924ef269e73da94c1803ff68877f5d998dd16605c5ffad82ee181034f8a1fffe",
        "cf264a22292950ca1679b2ade07e9e6ecb26c649ab70975d0e113f979efa827a",
    },
    "Bold": {
        "393269dbab8899f938db19783eca5eac92eb431f7ae0ab45b8349ca895f1a06b",
        "576a19b5dc026cafe6ae8fde4c849588dae6475cf5d912cebdf2827388c43ad9",
        "971d6af5fcb3a0c05535a92a635fb63a86ea5eb935639c9b864be33f3bfaba80",
    },
    "Italic": {
        "5942266ed398b155d7dc23e36833e7ec6be988f2439bdbeb8ef1bede808eaa91",
        "4a52de5bcf70e37bd71949f8a85302b75795a1943aedffbbee4f2db7744e1c81",
        "0f949a3fa0e23cd0ca94a0c4784bd8f9efb99c20070b9f73b5fd592b49c092ad",
    },
    "Bold Italic": {
        "a5de79f0fe863ea0954757acb3d47b3ccd0a930ce3dd5b97230cd3866790a06e",
        "10c90ef7896d758923c06a1485d7824cdb457466da0bf7d42f81c5228931281b",
        "0cd67b90617a03a69a815e758d0649d00f2be48a0cb570615e94e8e5a13aae2e",
    },
}
LICENCE = "LICENCE.txt"

# What a client, its network or its package can do wrong: the next one is asked.
UNUSABLE = (
    OSError,
    subprocess.SubprocessError,
    zipfile.BadZipFile,
    tarfile.TarError,
    StopIteration,
    KeyError,
    ValueError,
)


def get_tinos(root: Path, say: Callable[[str], None] = print) -> list[Path]:
    """Put Tinos into `.fonts/tinos/` where no complete family with the widths of Times is at hand.

    Asks in turn the package clients of Python, Node.js and Debian, each by the name of a package; none needs root.
    Every file must have a SHA-256 known here. The folder appears complete or not at all. `say` gets one sentence: what
    was done, or what to do. Returns the four files, or none where nothing was needed or nothing could be had:
    documents are then set in the family that `find_fonts` names.
    """
    choice = find_fonts(root)
    if choice.complete:
        say(f"Phông chữ: dùng {choice.family} ({choice.origin}), không cần tải thêm.")
        return []
    failures = []
    for client, fetch in (("pip", _fetch_with_pip), ("npm", _fetch_with_npm), ("apt-get", _fetch_with_apt)):
        with tempfile.TemporaryDirectory() as scratch:
            try:
                contents = fetch(Path(scratch))
                _check_tinos(contents)
            except FileNotFoundError:
                failures.append(f"{client} không có trên máy")
                continue
            except UNUSABLE as error:
                failures.append(f"{client} không được ({type(error).__name__})")
                continue
        paths = _put_in_place(root / PRIVATE_FOLDER, contents)
        say(f"Phông chữ: đã tải Tinos bằng {client} vào {PRIVATE_FOLDER}/tinos.")
        return paths
    say(
        f"Phông chữ: không tải được Tinos ({'; '.join(failures)}), văn bản sẽ dùng {choice.family}; hãy chép bốn tệp "
        f".ttf của Times New Roman hoặc Tinos vào thư mục {PRIVATE_FOLDER} của dự án."
    )
    return []


def _fetch_with_pip(scratch: Path) -> dict[str, bytes]:
    """Tinos and its licence from the wheel `pdfboss-fonts`, which is only unpacked, never installed."""
    options = "--no-deps --only-binary=:all: --python-version 3.12 --ignore-requires-python --retries 1"
    command = f"-m pip download {options} --timeout 20 --dest . pdfboss-fonts==0.16.0"
    _run([sys.executable, *command.split()], scratch)
    with zipfile.ZipFile(next(scratch.glob("*.whl"))) as wheel:
        folder = "pdfboss_fonts/fonts/"
        fonts = {face: wheel.read(folder + _file_name(face)) for face in FACES}
        return {**fonts, LICENCE: wheel.read(folder + "OFL.txt")}


def _fetch_with_npm(scratch: Path) -> dict[str, bytes]:
    """Tinos and its licence from the package `@expo-google-fonts/tinos`, which is only unpacked."""
    command = "pack --fetch-retries=1 --fetch-timeout=20000 --ignore-scripts @expo-google-fonts/tinos@0.4.2"
    _run([shutil.which("npm") or "npm", *command.split()], scratch)
    names = dict(zip(FACES, ("400Regular", "700Bold", "400Regular_Italic", "700Bold_Italic"), strict=True))
    with tarfile.open(next(scratch.glob("*.tgz"))) as package:
        members = {face: f"package/{name}/Tinos_{name}.ttf" for face, name in names.items()}
        members[LICENCE] = "package/LICENSE_FONT"
        return {face: package.extractfile(member).read() for face, member in members.items()}


def _fetch_with_apt(scratch: Path) -> dict[str, bytes]:
    """Tinos and its licence from Debian's package `fonts-croscore`, unpacked beside the system."""
    _run(["apt-get", "download", "fonts-croscore"], scratch)
    _run(["dpkg-deb", "-x", next(scratch.glob("*.deb")).name, "unpacked"], scratch)
    fonts = scratch / "unpacked/usr/share/fonts/truetype/croscore"
    contents = {face: (fonts / _file_name(face)).read_bytes() for face in FACES}
    return {**contents, LICENCE: (scratch / "unpacked/usr/share/doc/fonts-croscore/copyright").read_bytes()}


def _file_name(face: str) -> str:
    return f"Tinos-{face.replace(' ', '')}.ttf"


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(
        command, cwd=folder, check=True, timeout=120, stdin=subprocess.DEVNULL, capture_output=True
    )


def _check_tinos(contents: dict[str, bytes]) -> None:
    for face in FACES:
        if hashlib.sha256(contents[face]).hexdigest() not in TINOS_SHA256[face]:
            raise ValueError(f"Tinos {face} is not a file known here")


def _put_in_place(private: Path, contents: dict[str, bytes]) -> list[Path]:
    """Write the folder `tinos` complete under another name, then rename it: an interruption leaves no half."""
    private.mkdir(exist_ok=True)
    for leftover in private.glob(".tinos-*"):
        shutil.rmtree(leftover)
    fresh, final = Path(tempfile.mkdtemp(prefix=".tinos-", dir=private)), private / "tinos"
    for face in FACES:
        (fresh / _file_name(face)).write_bytes(contents[face])
    (fresh / LICENCE).write_bytes(contents[LICENCE])
    fresh.chmod(0o755)
    if final.exists():
        shutil.rmtree(final)
    fresh.rename(final)
    return [final / _file_name(face) for face in FACES]
