"""What the reports of one period, the seeds and the problems of received files say is what the record keeps."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_PLACE = Path(__file__).parent / "record" / "record.py"
_SPEC = importlib.util.spec_from_file_location("record", _PLACE)
record = importlib.util.module_from_spec(_SPEC)
sys.modules["record"] = record
_SPEC.loader.exec_module(record)


def test_what_is_said_is_what_the_record_keeps():
    now = record.said_now(quick=True)
    kept = {name: text for name, text in record.kept().items() if name in now}
    found = record.differences(kept, now)
    assert not found, "if this is meant: make record-accept, and name it in the commit\n" + "\n".join(found)


def test_a_changed_figure_and_a_lost_document_are_differences():
    kept = record.kept()
    name = "said/001-ket-qua-giai-quyet-tthc.txt"
    assert "59,48%" in kept[name]
    changed = record.differences(kept, {**kept, name: kept[name].replace("59,48%", "59,49%")}, most=10_000)
    assert [line for line in changed if line.startswith("+") and "59,49%" in line]
    lost = record.differences(kept, {one: text for one, text in kept.items() if one != name}, most=10_000)
    assert len(lost) > 100
    assert not [line for line in lost[2:] if line.startswith("+")]
