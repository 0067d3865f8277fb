"""What only one kind of report knows: each package is the vocabulary of one notebook; `setting` is what they share."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "directive_08",
        "memo",
        "online_services",
        "paper",
        "reconcile",
        "reform_indices",
        "service_index",
        "setting",
    ],
    submod_attrs={
        "published.check": ["FAULTS", "reconcile_published"],
        "published.recomputed": ["compare_with_store"],
        "memo": ["FOR_ONE_UNIT", "open_memo"],
        "setting": ["Setting"],
    },
)
