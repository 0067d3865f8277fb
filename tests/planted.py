"""A project whose figures say whose they are, and the search for them in finished documents.

Every count and rate of every unit is a figure that no other unit has in any month, so that one found in another
unit's document has come from elsewhere. The search reads the files by itself, without the product's own readers:
all strings of a notebook, all text and attributes of a page, the text of a PDF, the pictures inside them.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from measuring import descendants

from baocao.definitions.unit import HOME, OFFICE, Unit
from baocao.definitions.units import Register
from conftest import make_project

PERIOD = "2025-09"
MONTHS = ((date(2025, 7, 1), date(2025, 7, 31)), (date(2025, 8, 1), date(2025, 8, 31)),
          (date(2025, 9, 1), date(2025, 9, 30)))  # fmt: skip
DAY = MONTHS[-1][1]
KINDS = ("commune", "department", "land_office")

RATES = {
    "resolved in time": (("resolved_early", "resolved_on_time"), ("resolved",), 55, 72),
    "online": (("filed_online",), ("online_base",), 62, 88),
    "eligible": (("eligible_online",), ("eligible_received",), 82, 94),
    "full online": (("full_online_filed",), ("full_online_received",), 61, 79),
    "dossiers digitised": (("dossier_digitised",), ("digitisation_base",), 62, 96),
    "results digitised": (("result_digitised",), ("result_base",), 62, 96),
    "paid online": (("paid_online",), ("fee_bearing",), 62, 96),
}
"""The rates that a briefing prints: numerator, denominator, and the band in % inside which they are planted."""
COUNTS = ("received", "carried_over", "resolved", "resolved_late", "pending", "pending_overdue")
PRINTED = (*COUNTS, *(name for above, below, *_ in RATES.values() for name in (*above, *below)))
"""What a briefing prints: numbers of dossiers, and the parts of the rates."""


def counts_of(
    chance: random.Random, base: dict[str, float], stock: int, free: Callable[[float], int]
) -> dict[str, int]:
    """A month of one unit near its own level: five digits each, the identities of Biểu II.06 kept.

    `free` gives a rate near another, in hundredths of a percent, that nobody has yet.
    """

    def near(name: str) -> float:
        return base[name] * (1 + chance.uniform(-0.012, 0.012))

    def share(name: str, whole: int) -> int:
        return round(Fraction(whole * free(base[name]), 10_000))

    received, resolved = round(near("received")), round(near("received"))
    pending = received + stock - resolved
    overdue = round(pending * base["overdue"] * (1 + chance.uniform(-0.02, 0.02)))
    in_time = share("resolved in time", resolved)
    early = round(in_time * base["early"])
    online = share("online", received)
    eligible = round(near("eligible_received"))
    full = round(near("full_online_received"))
    dossiers, results, fees = (round(near(name)) for name in ("digitisation_base", "result_base", "fees"))
    return {
        "filed_online": online, "filed_direct": received - online, "received": received, "carried_over": stock,
        "handled_total": received + stock, "resolved_early": early, "resolved_on_time": in_time - early,
        "resolved_late": resolved - in_time, "resolved": resolved, "pending_in_time": pending - overdue,
        "pending_overdue": overdue, "pending": pending, "online_base": received, "eligible_received": eligible,
        "eligible_online": share("eligible", eligible), "full_online_received": full,
        "full_online_filed": share("full online", full), "digitisation_base": dossiers,
        "dossier_digitised": share("dossiers digitised", dossiers), "result_base": results,
        "result_digitised": share("results digitised", results), "fee_bearing": fees,
        "paid_online": share("paid online", fees),
    }  # fmt: skip


def level_of(chance: random.Random) -> dict[str, float]:
    """What one unit is like: its size and its rates."""
    received = chance.uniform(60e3, 95e3)
    eligible = received * chance.uniform(0.52, 0.6)
    sizes = {
        "received": received, "eligible_received": eligible, "overdue": chance.uniform(0.35, 0.6),
        "full_online_received": eligible * chance.uniform(0.62, 0.85), "early": chance.uniform(0.35, 0.65),
        "digitisation_base": received * chance.uniform(0.8, 0.98), "stock": chance.uniform(36e3, 48e3),
        "result_base": received * chance.uniform(0.7, 0.9), "fees": received * chance.uniform(0.4, 0.9),
    }  # fmt: skip
    return sizes | {name: chance.uniform(low + 1.5, high - 1.5) for name, (*_, low, high) in RATES.items()}


def rates_of(counts: dict[str, int]) -> dict[str, str]:
    """The rates of a month as they are printed, without the percent sign: 59,48."""
    rates = {}
    for name, (above, below, *_) in RATES.items():
        share = Fraction(100 * sum(counts[one] for one in above), sum(counts[one] for one in below))
        rates[name] = hundredths(share)
    return rates


def hundredths(value: Fraction) -> str:
    """Rounded half up to two decimals, as printed in Vietnamese."""
    number = (value.numerator * 200 + value.denominator) // (2 * value.denominator)
    return f"{number // 100},{number % 100:02d}"


def dotted(number: int) -> str:
    """1.234.567."""
    return f"{number:,}".replace(",", ".")


SUMS = ("received", "handled_total", "resolved", "pending")
"""Counts that are not reported but derived."""


@dataclass
class Planted:
    """Who reported what: `months` by unit code; `owners` from a figure as it is printed to the unit and what it is."""

    units: list[Unit]
    months: dict[str, list[dict[str, int]]]
    owners: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def rows(self) -> list[tuple]:
        """The facts in the counts form."""
        return [
            (code, start, end, name, value)
            for code, months in self.months.items()
            for (start, end), counts in zip(MONTHS, months, strict=True)
            for name, value in counts.items()
            if name not in SUMS
        ]

    def printed(self, code: str) -> dict[str, str]:
        """What the unit's briefing must print: its numbers of dossiers and rates in the newest month, by name."""
        newest = self.months[code][-1]
        return {name: dotted(newest[name]) for name in COUNTS} | rates_of(newest)


def plant(register: Register, seed: int = 20250924) -> Planted:
    """Figures for every commune, department and land office, no two alike."""
    planted = Planted([unit for unit in register.on(DAY) if unit.kind in KINDS], {})
    codes = {unit.code for unit in register.units}
    rates = list(range(10_000))
    for unit in planted.units:
        chance = random.Random(f"{seed} {unit.code}")
        for _ in range(100):
            left = rates.copy()
            months = _draw(chance, left)
            said = _said(months)
            plain = {figure.replace(".", "") for figure in said or ()}
            if said is not None and not said.keys() & planted.owners.keys() and not plain & codes:
                break
        else:
            raise AssertionError(f"no figures for {unit.code} that are its alone: widen the bands")
        rates = left
        planted.months[unit.code] = months
        planted.owners |= {figure: (unit.code, what) for figure, what in said.items()}
    for figure in _shared(planted):  # what every document may print says nothing about where it came from
        planted.owners.pop(figure, None)
    return planted


def _draw(chance: random.Random, rates: list[int]) -> list[dict[str, int]]:
    """The months of one unit; takes its rates out of `rates`, which are those that are free."""
    base = level_of(chance)

    def free(rate: float) -> int:
        return rates.pop(min(bisect(rates, 100 * rate) + chance.randrange(-40, 40), len(rates) - 1))

    months: list[dict[str, int]] = []
    for _ in MONTHS:
        stock = months[-1]["pending"] if months else round(base["stock"])
        months.append(counts_of(chance, base, stock, free))
    return months


def _said(months: list[dict[str, int]]) -> dict[str, str] | None:
    """The figures that are to be a unit's alone, with what they are: rates of all months, counts of the newest.

    None where a count would not have five digits: shorter numbers may come about by chance.
    """
    said: dict[str, str] = {}
    for (start, _), counts in zip(MONTHS, months, strict=True):
        said |= {rate: f"{name} {start:%Y-%m}" for name, rate in rates_of(counts).items()}
    newest = {name: value for name, value in months[-1].items() if name in PRINTED}
    newest["resolved in time"] = months[-1]["resolved"] - months[-1]["resolved_late"]
    if any(not 10_000 <= value <= 99_999 for value in newest.values()):
        return None
    return said | {dotted(value): name for name, value in newest.items()}


def _shared(planted: Planted) -> set[str]:
    """What all documents may print: the figures of each kind of units and of the province."""
    shared: set[str] = set()
    kinds = [[unit for unit in planted.units if unit.kind == kind] for kind in KINDS]
    for members in [*kinds, planted.units]:
        for at in range(len(MONTHS)):
            counts = [planted.months[unit.code][at] for unit in members]
            sums = {name: sum(one[name] for one in counts) for name in counts[0]}
            shared |= {*map(dotted, sums.values()), *rates_of(sums).values()}
    return shared


def make_planted_project(root: Path, target: Path, planted: Planted) -> Path:
    """A project of its own with the reference data, the form and the notebooks, and no facts but the planted ones."""
    rows = [(code, start.isoformat(), end.isoformat(), *rest) for code, start, end, *rest in planted.rows]
    make_project(root, target, {"don_vi.csv": ("received", rows)})
    for name in ("_language.yml", "requirements.lock"):
        shutil.copyfile(root / name, target / name)
    for folder in ("_extensions", "notebooks", ".fonts"):
        if (root / folder).is_dir():
            shutil.copytree(root / folder, target / folder)
    shutil.copytree(root / "reports", target / "reports", ignore=shutil.ignore_patterns("build"))
    return target


# --- reading a file ----------------------------------------------------------------------------------------------
_DATA_URI = re.compile(r"data:([\w/+.-]+)((?:;[\w=-]+)*?)(;base64)?,([^\"')\s]*)")
_INVISIBLE = dict.fromkeys(map(ord, "\u2060\u200b\u00ad\ufeff\x00"), None)


@dataclass
class Read:
    """A file as the search sees it: its text in pieces, and the SHA-256 of each picture in it."""

    texts: list[str]
    pictures: list[str]

    @cached_property
    def text(self) -> str:
        """All text in composed letters, white space folded."""
        return " ".join(unicodedata.normalize("NFC", "\n".join(self.texts).translate(_INVISIBLE)).split())


def read(path: Path) -> Read:
    """The notebook, page or PDF at `path`."""
    if path.suffix == ".pdf":
        return Read(list(_pdf_texts(path)), [])
    content = path.read_text(encoding="utf-8")
    found = Read([], [])
    for text in _strings(_without_defaults(json.loads(content))) if path.suffix == ".ipynb" else [content]:
        _take(text, found)
    return found


def _without_defaults(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook but for the cell of its defaults, which names the same unit in every document."""
    cells = [cell for cell in notebook["cells"] if "parameters" not in cell["metadata"].get("tags", [])]
    assert len(cells) == len(notebook["cells"]) - 1, "one cell is tagged parameters"
    return {**notebook, "cells": cells}


def _take(text: str, found: Read) -> None:
    """A piece of text as it stands and without its tags; the pictures in it apart."""
    for kind, _, encoded, data in _DATA_URI.findall(text):
        content = base64.b64decode(data) if encoded else unquote_to_bytes(data)
        found.pictures.append(hashlib.sha256(content).hexdigest())
        if "svg" in kind:
            found.texts.append(html.unescape(re.sub(r"<[^>]*>", " ", content.decode("utf-8"))))
    text = _DATA_URI.sub(" ", text)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)  # Markdown's escapes
    found.texts += [html.unescape(text), html.unescape(re.sub(r"<[^>]*>", "", text))]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        if value and all(isinstance(line, str) and line.endswith("\n") for line in value[:-1]):
            yield "".join(map(str, value))  # a source or output in lines
        else:
            for inner in value:
                yield from _strings(inner)
    elif value is not None:
        yield str(value)


def _pdf_texts(path: Path) -> Iterator[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        yield from document.get_metadata_dict().values()
        for page in document:
            yield page.get_textpage().get_text_range().replace("\ufffe", "-").replace("\x02", "-")


# --- what does not belong ----------------------------------------------------------------------------------------
# Plain digits beside a stroke are a claim's value as a reduced fraction; its two parts stand there by themselves.
_COUNT = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:\.\d{3})+(?!\d)|(?<!/)\d{5,}(?![\d/]))")
_RATE = re.compile(r"(?<![\d.,])\d{2},\d{2}(?![\d,])")


class Search:
    """Looks in a document for what is another unit's."""

    def __init__(self, planted: Planted, register: Register) -> None:
        self.planted = planted
        self.register = register
        self._owners_of: dict[tuple[str, ...], set[str]] = {}
        for unit in register.units:
            for name in {unit.official_name, unit.full_name, *self._bare(unit)}:
                self._owners_of.setdefault(self._words(name), set()).add(unit.code)
        self._starting: dict[str, list[tuple[str, ...]]] = {}
        for words in sorted(self._owners_of, key=len, reverse=True):
            self._starting.setdefault(words[0], []).append(words)
        codes = {unit.code for unit in planted.units}
        self._codes = re.compile(rf"(?<![\w.,#/-])(?:{'|'.join(sorted(codes))})(?![\w,/-]|\.\d)")

    @staticmethod
    def _words(text: str) -> tuple[str, ...]:
        return tuple(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold()))

    def _names_in(self, text: str) -> set[tuple[str, ...]]:
        """The names in a text; of several that begin at one word the longest."""
        spans = [match.span() for match in re.finditer(r"\w+", text)]
        words = [text[start:end].casefold() for start, end in spans]
        at, found = 0, set()
        while at < len(words):
            names = [
                name
                for name in self._starting.get(words[at], ())
                if tuple(words[at : at + len(name)]) == name
            ]
            name = next(
                (one for one in names if self._is_name(text[spans[at][0] : spans[at + len(one) - 1][1]])),
                None,
            )
            found |= {name} if name else set()
            at += len(name) if name else 1
        return found

    @staticmethod
    def _is_name(said: str) -> bool:
        """Whether words are a name as they stand: no sentence ends inside, and the last one has a capital letter."""
        return not re.search(r"[.;:!?()\"'/]", said) and any(word[0].isupper() for word in said.split()[1:])

    @staticmethod
    def _bare(unit: Unit) -> list[str]:
        """The name alone ("Đức Thọ"), where it is one of more words that says whom it means."""
        return [unit.name] if unit.kind in ("commune", "district") and len(unit.name.split()) > 1 else []

    def scope(self, unit: Unit) -> set[str]:
        """The codes that the unit's document may name: itself, the province, the office that sends it, what it was made of."""
        allowed, waiting = {unit.code, HOME, OFFICE}, [unit.code]
        while waiting:
            edges = self.register.predecessors(waiting.pop(), DAY)
            fresh = {edge.old_code for edge in edges} - allowed
            allowed |= fresh
            waiting += fresh
        return allowed

    def foreign(self, path: Path, unit: Unit) -> list[str]:
        """What the file of `unit`'s document holds of other units."""
        text = read(path).text
        return [*self._foreign_names(text, unit), *self._foreign_figures(text, unit)]

    def _foreign_names(self, text: str, unit: Unit) -> Iterator[str]:
        allowed = self.scope(unit)
        own = [" ".join(self._words(row.official_name)) for row in self.register.units if row.code in allowed]
        for name in sorted(self._names_in(text)):
            if not self._owners_of[name] & allowed and not any(" ".join(name) in one for one in own):
                yield f"tên «{' '.join(name)}»"
        for code in dict.fromkeys(self._codes.findall(text)):
            if code not in allowed:
                yield f"mã «{code}»"

    def _foreign_figures(self, text: str, unit: Unit) -> Iterator[str]:
        own = {dotted(value) for month in self.planted.months[unit.code] for value in month.values()}
        for figure in dict.fromkeys([*_COUNT.findall(text), *_RATE.findall(text)]):
            plain = dotted(int(figure)) if figure.isdigit() else figure
            owner, what = self.planted.owners.get(plain, (unit.code, ""))
            if owner != unit.code and plain not in own:
                yield f"số «{figure}» của {owner} ({what})"

    def lacking(self, path: Path, unit: Unit) -> list[str]:
        """What the file should say of its own unit and does not: else nothing would be proved by finding nothing."""
        text = read(path).text
        wanted = {"tên": unit.official_name, **self.planted.printed(unit.code)}
        return [
            f"{what} {figure}" for what, figure in wanted.items() if figure.casefold() not in text.casefold()
        ]


def check_all(out: Path, period: str, units: Iterable[Unit], search: Search) -> list[str]:
    """Every document below `out`, which must be those of `units`: each fault as a line, empty when all is well."""
    faults: list[str] = []
    pictures: dict[str, set[str]] = {}
    for unit in units:
        folder = out / period / f"unit_briefing--{unit.slug}"
        for kind in ("ipynb", "pdf", "html"):
            path = next(folder.glob(f"*.{kind}"), folder / f"unit_briefing.{kind}")
            if not path.is_file():
                faults.append(f"{unit.code}: không có {path.name}")
                continue
            faults += [f"{unit.code} {kind}: {found}" for found in search.foreign(path, unit)]
            faults += [f"{unit.code} {kind}: thiếu {lost}" for lost in search.lacking(path, unit)]
            charts = read(path).pictures
            if kind != "pdf" and not charts:
                faults.append(f"{unit.code} {kind}: không có hình")
            for picture in charts:
                pictures.setdefault(picture, set()).add(unit.code)
    faults += [
        f"một hình trong văn bản của {', '.join(sorted(codes))}"
        for codes in pictures.values()
        if len(codes) > 1
    ]
    return faults


# --- builds ------------------------------------------------------------------------------------------------------
def start_build(project: Path, out: Path, units: Iterable[Unit], jobs: int) -> subprocess.Popen:
    """The command that builds the units' briefings, begun."""
    command = [
        sys.executable,
        "-m",
        "baocao",
        "build",
        "unit_briefing",
        "--period",
        PERIOD,
        "--renderer",
        "embedded",
    ]
    command += ["--units", ",".join(unit.code for unit in units), "--jobs", str(jobs), "--out", str(out)]
    return subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def kill_now_and_then(
    run: subprocess.Popen, chance: random.Random, *, first: Path, pause: tuple[float, float], most: int
) -> int:
    """Kill one of the processes of `run` as soon as `first` is there, then again and again; how many were killed."""
    killed = 0
    while not first.exists() and run.poll() is None:
        time.sleep(0.02)
    while killed < most and run.poll() is None:
        victims = sorted(descendants(run.pid))
        if victims:
            with suppress(OSError):
                os.kill(chance.choice(victims), signal.SIGKILL)
                killed += 1
        time.sleep(chance.uniform(*pause))
    return killed
