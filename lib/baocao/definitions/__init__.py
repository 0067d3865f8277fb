"""What the words mean: Vietnamese values, periods, units and their lineage, measures, indicators, indices, targets, laws.

Also what every room needs: errors that a user can mend, the project's root, the hash of a file, files replaced as one. Everything here is read
from `data/reference/` or stands in a decree; nothing here knows a file that was received, or a figure.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["indices", "vietnamese"],
    submod_attrs={
        "errors": ["NoDataError", "UserError", "nearest", "system_reason"],
        "files": [
            "UNFINISHED",
            "alone",
            "file_hash",
            "fresh_file",
            "reference_rows",
            "replace_files",
            "write_file",
        ],
        "indicators": ["INDICATORS", "Indicator", "indicator"],
        "indices": [
            "Band",
            "Component",
            "Index",
            "IndexValue",
            "STATUS_LABELS",
            "TOTAL",
            "load_index",
            "load_index_values",
        ],
        "laws": ["Law", "Laws", "load_laws"],
        "measures": ["MEASURES", "Measure", "load_measures"],
        "organisations": ["Organisation", "address", "load_organisations"],
        "periods": ["Period"],
        "project": ["INSTALL_EXTRAS", "find_project_root"],
        "targets": ["Target", "load_targets"],
        "typed_yaml": ["Typed", "read_typed_yaml"],
        "unit": ["Edge", "HOME", "KINDS", "LEAF_KINDS", "OFFICE", "Unit"],
        "unit_names": ["addressee", "correction"],
        "units": ["Register", "load_register", "units_frame"],
    },
)
