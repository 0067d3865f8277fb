"""The children that read received files, begun before this process loads a library: both load theirs at one time."""

from __future__ import annotations

from baocao.readers import Bounded


def begin_reading() -> Bounded:
    """What `load_files` and `examine_files` read files with; a context manager."""
    return Bounded(f"{__package__}.recognise")
