"""An analyst's first hour with the facts: what there is, then the memos' own names, tables and charts.

    from baocao.app import explore
    desk = explore.open_desk("2025-07", ["communes"])
    explore.list_facts(desk)                        # what there is
    memo = explore.open_memo(desk)                  # from here on the notebook knows every word of a memo
    received.change(last_year)
    explore.frame(members, {"Trực tuyến": online_share, "So cùng kỳ": online_share.change(last_year)})

A cell of a memo (docs/viet-van-ban.md) works here, and one that was tried here works in a memo's notebook. What only exploring
needs are lists of what there is, free pandas frames, two charts by seaborn and a workbook; nothing of these is a document.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "desk": [
            "list_facts",
            "list_indicators",
            "list_measures",
            "list_periods",
            "list_units",
            "open_desk",
            "open_memo",
        ],
        "display": ["show_numbers_in_vietnamese"],
        "frames": ["frame", "scores", "series", "write_excel"],
        "pictures": ["heat_map", "multiples"],
    },
)
