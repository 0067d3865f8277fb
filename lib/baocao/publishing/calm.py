"""What the environment of a process must hold before its libraries are loaded, if it is to fork: no library's threads.

Imports nothing: to be read before anything else is.
"""

from __future__ import annotations

CALM = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""Variables that the libraries read once, when they are loaded."""
