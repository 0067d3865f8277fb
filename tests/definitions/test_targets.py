"""Decreed targets: dated rows with a legal source."""

from __future__ import annotations

import shutil
from decimal import Decimal

import pytest

from baocao.definitions.errors import UserError
from baocao.definitions.indicators import indicator
from baocao.definitions.laws import load_laws
from baocao.definitions.periods import Period
from baocao.definitions.targets import load_targets


def test_every_target_is_of_a_known_indicator_and_names_its_source(root):
    targets = load_targets(root)
    assert targets
    for target in targets:
        assert indicator(target.indicator).name == target.indicator
        assert target.legal_source


def test_the_target_of_chi_thi_08(root):
    (target,) = [one for one in load_targets(root) if one.indicator == "level_34_share"]
    assert (target.target, target.comparison) == (Decimal(20), ">=")
    assert any(law.number in target.legal_source for law in load_laws(root))
    assert target.in_force(Period.parse("2019-Q1"))
    assert not target.in_force(Period.parse("2018-05"))


def write(root, tmp_path, row: str):
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    shutil.copyfile(root / "data" / "reference" / "targets.csv", folder / "targets.csv")
    with (folder / "targets.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    return len((folder / "targets.csv").read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("online_share,all,94.1.3,>=,2025-01-01,,Văn bản,S,", "«94,1,3» không phải là số viết đúng cách"),
        ("online_share,all,20,=,2025-01-01,,Văn bản,S,", "comparison là «=», cần >= hoặc <="),
        ("online_share,all,20,>=,31/02/2025,,Văn bản,S,", "«31/02/2025» không có trong lịch"),
    ],
)
def test_a_wrong_row_is_named(root, tmp_path, row, sentence):
    line = write(root, tmp_path, row)
    with pytest.raises(UserError) as caught:
        load_targets(tmp_path)
    assert str(caught.value).startswith(f"targets.csv dòng {line}")
    assert sentence in str(caught.value)
