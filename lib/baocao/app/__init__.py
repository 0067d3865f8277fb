"""The doors: the command line, the doctor, progress on a terminal, the explore notebook, the synthetic province."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["explore"],
    submod_attrs={
        "cli": ["main"],
    },
)
