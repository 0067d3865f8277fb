"""Scratch projects to build in: the real province with its sample, and a made-up one with as many communes as asked."""

from __future__ import annotations

import csv
import os
import shutil
from calendar import monthrange
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

ROOT = Path(__file__).resolve().parent.parent
PERIOD, EARLIER = "2025-07", "2025-06"
MONTHS = 25
LEAVES = ("commune", "department", "land_office", "district")
TYPES = {
    "unit": "VARCHAR",
    "period_start": "DATE",
    "period_end": "DATE",
    "measure": "VARCHAR",
    "value": "BIGINT",
}

SYLLABLES = [
    "An",
    "Ba",
    "Binh",
    "Bồng",
    "Cẩm",
    "Can",
    "Châu",
    "Chi",
    "Đan",
    "Điền",
    "Đông",
    "Gia",
    "Giang",
    "Hải",
    "Hiền",
    "Hòa",
    "Hồng",
    "Hưng",
    "Khánh",
    "Kiên",
    "Lam",
    "Lâm",
    "Liên",
    "Linh",
    "Long",
    "Lộc",
    "Mai",
    "Mỹ",
    "Nam",
    "Ngọc",
    "Nhân",
    "Ninh",
    "Phong",
    "Phú",
    "Phúc",
    "Quang",
    "Quế",
    "Sơn",
    "Tam",
    "Tân",
    "Thạch",
    "Thanh",
    "Thái",
    "Thiện",
    "Thịnh",
    "Thọ",
    "Thuận",
    "Tiến",
    "Toàn",
    "Trà",
    "Trung",
    "Tùng",
    "Vạn",
    "Văn",
    "Vân",
    "Viên",
    "Việt",
    "Vĩnh",
    "Xuân",
    "Yên",
]
"""Names of two of them: no two alike without their marks, none with a digit."""


def copy_rooms(target: Path) -> Path:
    """What a build reads, without facts."""
    target.mkdir(parents=True)
    for name in ("_quarto.yml", "_language.yml", "requirements.lock"):
        shutil.copyfile(ROOT / name, target / name)
    for folder in ("_extensions", "notebooks", ".fonts", "data/reference"):
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, target / folder)
    shutil.copytree(ROOT / "reports", target / "reports", ignore=shutil.ignore_patterns("build"))
    return target


def make_real(target: Path) -> Path:
    """The project as it is, with its received figures and its sample."""
    from baocao.app.sample.province import write_sample

    copy_rooms(target)
    shutil.copytree(ROOT / "data" / "raw", target / "data" / "raw")
    write_sample(target)
    return target


def real_jobs(project: Path, number: int) -> list[tuple[str, str]]:
    """(unit, period) of so many briefings: every unit of July 2025, then the old ones of June."""
    from baocao.definitions.periods import Period
    from baocao.definitions.units import load_register

    register = load_register(project)
    found = [
        (unit.code, period)
        for period in (PERIOD, EARLIER)
        for unit in register.on(Period.parse(period).end)
        if unit.kind in LEAVES
    ]
    if number > len(found):
        raise SystemExit(f"there are {len(found)} briefings in the two months, {number} were asked for")
    return found[:number]


def write_specs(project: Path, jobs: list[tuple[str, str]], prefix: str = "briefing") -> list[str]:
    """A report for each period that builds the jobs of it; the names of the reports."""
    about = yaml.safe_load((project / "reports" / "unit_briefing.yml").read_text(encoding="utf-8"))
    names = []
    for period in dict.fromkeys(period for _, period in jobs):
        units = [unit for unit, one in jobs if one == period]
        names.append(f"{prefix}_{period[:4]}_{period[5:]}")
        spec = {**about, "period": period, "units": units}
        text = yaml.safe_dump(spec, allow_unicode=True, sort_keys=False)
        (project / "reports" / f"{names[-1]}.yml").write_text(text, encoding="utf-8")
    return names


def make_synthetic(target: Path, communes: int) -> tuple[Path, list[str]]:
    """A province of so many communes, each with the measures of a briefing in 25 months; the communes' codes.

    The communes have existed all the time, so that nothing is bridged; there are no departments.
    """
    copy_rooms(target)
    raw = target / "data" / "raw"
    raw.mkdir()
    (raw / "SOURCES.csv").write_text("file,form,source,issuer,received,sha256,note\n", encoding="utf-8")
    reference = target / "data" / "reference"
    codes = [f"{50_001 + number}" for number in range(communes)]
    with (reference / "units.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] in ("province", "level")]
    empty = dict.fromkeys(rows[0], "")
    for number, code in enumerate(codes):
        name = " ".join(SYLLABLES[at] for at in divmod(number, len(SYLLABLES)))
        rows.append({**empty, "code": code, "name": name, "kind": "commune", "full_name": f"Xã {name}",
                     "level": "commune", "parent": "42X"})  # fmt: skip
    with (reference / "units.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(empty))
        writer.writeheader()
        writer.writerows(rows)
    header = (reference / "lineage.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    (reference / "lineage.csv").write_text(header + "\n", encoding="utf-8")
    write_counts(target, synthetic_counts(codes))
    return target, codes


def synthetic_counts(codes: list[str]) -> pd.DataFrame:
    """Some hundred dossiers a month in every commune; the identities of Biểu II.06 kept."""
    chance = np.random.Generator(np.random.PCG64(20250701))
    size = chance.integers(150, 350, len(codes))
    stock = chance.integers(20, 60, len(codes))
    frames = []
    for start, end in months():
        received = size + chance.integers(-20, 21, len(codes))
        pending = chance.integers(15, 60, len(codes))
        resolved = received + stock - pending
        late, overdue = chance.integers(0, 12, len(codes)), chance.integers(0, 6, len(codes))
        early = (resolved - late) * chance.integers(30, 70, len(codes)) // 100
        online = received * chance.integers(40, 96, len(codes)) // 100
        eligible = online + (received - online) * chance.integers(20, 90, len(codes)) // 100
        whole = online * chance.integers(50, 80, len(codes)) // 100
        fees = received * chance.integers(20, 60, len(codes)) // 100
        counts = {
            "filed_online": online, "filed_direct": received - online, "carried_over": stock,
            "resolved_early": early, "resolved_on_time": resolved - late - early, "resolved_late": late,
            "pending_in_time": pending - overdue, "pending_overdue": overdue, "online_base": received,
            "eligible_received": eligible, "eligible_online": online, "full_online_filed": whole,
            "full_online_received": whole + (eligible - online) // 2, "digitisation_base": received,
            "dossier_digitised": received * chance.integers(60, 100, len(codes)) // 100, "result_base": resolved,
            "result_digitised": resolved * chance.integers(60, 100, len(codes)) // 100, "fee_bearing": fees,
            "paid_online": fees * chance.integers(40, 100, len(codes)) // 100,
        }  # fmt: skip
        for name, values in counts.items():
            frames.append(pd.DataFrame({"unit": codes, "period_start": start, "period_end": end, "measure": name,
                                        "value": values}))  # fmt: skip
        stock = pending
    return pd.concat(frames, ignore_index=True)


def months() -> list[tuple[date, date]]:
    """The days of the months, the last of them July 2025."""
    last = 2025 * 12 + 6
    found = [divmod(month, 12) for month in range(last - MONTHS + 1, last + 1)]
    return [(date(year, at + 1, 1), date(year, at + 1, monthrange(year, at + 1)[1])) for year, at in found]


def write_counts(project: Path, counts: pd.DataFrame) -> None:
    """Put the counts in the place of the project's sample."""
    from baocao.store.frames import write_parquet
    from baocao.store.synthetic.read import SAMPLE_FILE

    path = project / SAMPLE_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    write_parquet(counts, fresh, TYPES)
    fresh.replace(path)


def correct_one(project: Path, unit: str, period: str, measure: str = "paid_online") -> None:
    """Change one figure of the sample: one dossier less in the last window of the unit that lies in the period."""
    from baocao.definitions.periods import Period
    from baocao.store.frames import read_parquet
    from baocao.store.synthetic.read import SAMPLE_FILE

    asked = Period.parse(period)
    counts = read_parquet(project / SAMPLE_FILE)
    inside = (counts["period_start"] >= pd.Timestamp(asked.start)) & (
        counts["period_end"] <= pd.Timestamp(asked.end)
    )
    found = counts[inside & (counts["unit"] == unit) & (counts["measure"] == measure) & (counts["value"] > 0)]
    if found.empty:
        raise SystemExit(f"{unit} has no {measure} in {period} that could be one less")
    counts.loc[found.index[-1], "value"] -= 1
    for name in ("period_start", "period_end"):
        counts[name] = pd.to_datetime(counts[name]).dt.date
    write_counts(project, counts)
