"""How the facts are kept on disk: what they were made from, and one folder of frames replaced in one step."""

from __future__ import annotations

import json
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

import pandas as pd

from baocao.definitions import UNFINISHED, file_hash
from baocao.store.frames import frame_path, is_whole, write_store
from baocao.store.listing import RAW
from baocao.store.synthetic.read import SAMPLE_FILE

STORE = Path("data") / "derived" / "store"
_PACKAGE = Path(__file__).resolve().parents[1]
_ROOMS = ("definitions", "readers", "store")
"""The rooms whose code decides what the facts are."""

_EARLIER = "truoc"
_EARLIER_KEPT = 8


def fingerprint(counts: pd.DataFrame, scores: pd.DataFrame) -> str:
    """SHA-256 of the facts as CSV text, in the order given; where they were read does not matter."""
    digest = sha256()
    for frame in (counts, scores):
        said = frame.drop(columns=["file", "sheet", "row"])
        digest.update(said.to_csv(index=False, lineterminator="\n").encode())
    return digest.hexdigest()


def inputs_of(root: Path) -> dict[str, str]:
    """Everything the store is made from, by name: the hash of each file, and of the code that reads them."""
    folders = (root / RAW, root / "data" / "reference")
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    paths = [path for path in paths if not path.name.startswith(UNFINISHED)]
    paths += [root / SAMPLE_FILE] if (root / SAMPLE_FILE).is_file() else []
    hashes = {path.relative_to(root).as_posix(): file_hash(path) for path in paths}
    code = sha256()
    for path in sorted(path for room in _ROOMS for path in (_PACKAGE / room).rglob("*.py")):
        code.update(path.read_bytes())
    return hashes | {"code": code.hexdigest()}


def hash_of(inputs: dict[str, str]) -> str:
    """One hash of all inputs."""
    return sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def code_of(inputs: dict[str, str]) -> str:
    """The hash of the code and reference data among the inputs: what a file is read with."""
    return hash_of({name: text for name, text in inputs.items() if not name.startswith(f"{RAW}/")})


def _note_path(store: Path, vintage: str) -> Path:
    return store / (f"vintage-{vintage}.json" if vintage else "store.json")


def read_note(store: Path, vintage: str = "") -> dict:
    """What the store says about itself; empty when there is no whole store."""
    try:
        note = json.loads(_note_path(store, vintage).read_text(encoding="utf-8"))
        return note if is_whole(store / note["folder"]) and {"inputs", "files"} <= note.keys() else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def replace_store(store: Path, frames: dict[str, pd.DataFrame], note: dict, vintage: str) -> None:
    """Writes the frames to a folder of their own, and then, in one step, the note that points to it."""
    before = read_note(store, vintage)
    folder = store / note["folder"]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fresh-", dir=store) as name:
        fresh = Path(name)
        names = write_store(fresh, frames)
        (fresh / "note").write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
        for frame in names:
            frame_path(fresh, frame).replace(frame_path(folder, frame))
        (fresh / "note").replace(_note_path(store, vintage))
    if before and before["folder"] != note["folder"]:
        _put_aside(store, before)
    _drop_other_stores(store, note["inputs"])


def _drop_other_stores(store: Path, inputs: dict[str, str]) -> None:
    """Removes stores, and notes of them, that were made from other inputs than these."""
    wanted = set()
    for path in sorted(store.glob("*.json")):
        note = read_note(store, path.stem.removeprefix("vintage-") if path.stem != "store" else "")
        if note and note["inputs"] == inputs:
            wanted.add(note["folder"])
        else:
            path.unlink(missing_ok=True)
    for other in store.iterdir():
        if other.is_dir() and other.name not in wanted and not other.name.startswith("."):
            shutil.rmtree(other, ignore_errors=True)


def _put_aside(store: Path, note: dict) -> None:
    """Keeps the counts of a store that is dropped: what has changed since a document was made can then be told."""
    folder = store.with_name(_EARLIER)
    folder.mkdir(exist_ok=True)
    kept = sorted(folder.glob("*.parquet"))
    mark = mark_of(note["fingerprint"])
    if not any(path.stem.endswith(mark) for path in kept):
        number = int(kept[-1].stem.partition("-")[0]) + 1 if kept else 1
        part, whole = folder / ".part", folder / f"{number:06}-{mark}.parquet"
        shutil.copyfile(frame_path(store / note["folder"], "counts"), part)
        kept.append(part.replace(whole))
    for path in kept[:-_EARLIER_KEPT]:
        path.unlink(missing_ok=True)


def find_earlier(root: Path, mark: str) -> Path | None:
    """The counts of a store that was replaced, by the first characters of its fingerprint; None when not kept."""
    return next(iter((root / STORE).with_name(_EARLIER).glob(f"*-{mark}.parquet")), None)


def mark_of(fingerprint: str) -> str:
    """The part of a fingerprint that names a store."""
    return fingerprint[:16]
