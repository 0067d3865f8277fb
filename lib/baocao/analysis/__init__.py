"""Facts become figures: sums and rates, coverage, what units became of one another, comparison, targets, ranks, series."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["comparison", "rates", "scores"],
    submod_attrs={
        "comparison": [
            "MINIMUM_DENOMINATOR",
            "printed_rate",
            "rank_printed",
        ],
        "coverage": ["definition"],
        "lineage": ["bridge_units", "is_alive_throughout"],
        "rates": ["kind_unit", "level_units", "reform_windows"],
        "reasons": ["NO_BASE", "Name", "Part", "Reason", "name_base", "owners", "plain"],
        "results": ["History", "Place"],
        "series": ["break_reason", "choose_bases", "periods_before"],
        "subject": ["CHOSEN", "TOWN", "choose_subject", "is_group", "title_kind"],
        "targets_and_ranks": ["change_of_rank", "find_target", "missing_dossiers", "shortfall"],
    },
)
