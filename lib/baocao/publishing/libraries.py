"""Libraries that look, when they are imported, whether they are in a notebook.

In a process where notebooks find them loaded they have looked too early; here they are told.
"""

from __future__ import annotations

import os
import sys

INLINE = "module://matplotlib_inline.backend_inline"
_COLUMNS = "display.max_columns"
_BACKEND = "matplotlib_inline.backend_inline"


def see_a_notebook() -> None:
    """Let matplotlib and pandas, where they are loaded, be as if a notebook's first cell had imported them."""
    if "matplotlib" in sys.modules:
        import matplotlib

        dict.__setitem__(matplotlib.rcParams, "backend", os.environ["MPLBACKEND"])
    if "pandas" in sys.modules:
        _show_columns()


def forget_the_notebook() -> None:
    """Let the next notebook find matplotlib's backend not yet loaded: it is tied to the shell that loads it."""
    if _BACKEND in sys.modules:
        from matplotlib_inline.config import InlineBackend

        InlineBackend.clear_instance()
        del sys.modules[_BACKEND]
    if "matplotlib.pyplot" in sys.modules:
        import matplotlib.pyplot as plt

        plt.close("all")
        plt._backend_mod = None


def _show_columns() -> None:
    """On a terminal pandas fits a frame's columns to its width; in a notebook it shows up to 20 of them."""
    import pandas as pd
    from pandas._config import config

    option = config._registered_options.get(_COLUMNS)
    if option is not None and option.defval == 0:
        config._registered_options[_COLUMNS] = option._replace(defval=20)
        if pd.get_option(_COLUMNS) == 0:
            pd.set_option(_COLUMNS, 20)
