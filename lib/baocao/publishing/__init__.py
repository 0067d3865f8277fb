"""Notebooks become documents: run, render (Quarto or embedded), check word for word, deliver, keep account."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["batch", "check_delivered", "cluster", "engine", "folders", "ledger", "quarto"],
    submod_attrs={
        "context": ["BuildContext"],
        "ledger_page": ["PAGE"],
        "outcomes": ["BUILT", "OUTCOME_LABELS", "Outcome", "UNCHANGED", "recounted_total"],
        "spec": ["Spec", "check_formats", "find_specs", "load_spec"],
    },
)
