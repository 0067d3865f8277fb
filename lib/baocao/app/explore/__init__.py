"""An analyst's first hour with the facts: what there is, the memos' indicators, comparisons and charts, in few lines.

    from baocao.app import explore
    desk = explore.open_desk("2025-07", ["communes"])
    explore.list_indicators(desk)
    explore.show_comparison(desk, "online_share")
    explore.plot_ranking(desk, "online_share")

Lists and tables are plain pandas frames with Vietnamese labels, charts are those of the memos, `write_excel` makes a
workbook. All of it is computed by the memos' own functions, so a figure is the same in both; only what a report states
goes through claims and `verify`, so nothing here is a document.
"""

from baocao.app.explore.desk import (
    list_facts,
    list_indicators,
    list_measures,
    list_periods,
    list_units,
    open_desk,
)
from baocao.app.explore.display import show_numbers_in_vietnamese
from baocao.app.explore.pictures import plot_changes, plot_heat_map, plot_outcomes, plot_ranking, plot_trend
from baocao.app.explore.tables import show_comparison, show_results, show_scores, show_series, write_excel

__all__ = [
    "list_facts",
    "list_indicators",
    "list_measures",
    "list_periods",
    "list_units",
    "open_desk",
    "plot_changes",
    "plot_heat_map",
    "plot_outcomes",
    "plot_ranking",
    "plot_trend",
    "show_comparison",
    "show_numbers_in_vietnamese",
    "show_results",
    "show_scores",
    "show_series",
    "write_excel",
]
