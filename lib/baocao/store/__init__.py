"""Rows become facts: files are listed with their hashes, loaded whole or not at all, checked, and kept in one store.

`load` takes files in, `facts` opens what is known (at any vintage), `cover_periods` joins months into longer windows.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["facts", "files", "process_cache", "read_tracker"],
    submod_attrs={
        "acceptance": ["Acceptance", "find_acceptance", "sentence_of"],
        "cover_periods": ["SOURCES_OF_SUMS"],
        "facts": ["Facts", "counts_in", "counts_over", "open_facts"],
        "files": ["find_earlier", "mark_of"],
        "frames": ["frame_path", "read_parquet", "write_parquet"],
        "load.begin": ["begin_reading"],
        "load.candidates": ["make_options"],
        "load.commit": ["examine_files", "load_files"],
        "load.examine": ["Examination"],
        "load.from_database": ["load_from"],
        "problems_of_units": ["accepted_within", "problems_about", "units_at_fault"],
        "read_tracker": ["FactRead"],
        "synthetic.read": ["SAMPLE_FILE"],
    },
)
