"""Figures that published memos printed, recomputed: the list of those that do not hold, piece by piece."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "report": [
            "all_figures",
            "faults",
            "method",
            "open_reconciliation",
            "overview",
            "unchecked",
            "verdict_table",
        ],
    },
)
