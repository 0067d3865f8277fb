"""Charts of a report: one door to all kinds, each an SVG picture whose text stays text, with title and source.

All texts of a chart come from a chart view of the claims (`Claims.for_chart`), which declares them; the title
("Hình 1. …") and the source line stand below as text of the document. `font` is the name of a family that
matplotlib knows (`fonts.register_with_matplotlib`).

Bars (`bars`) take texts that are printed already; the alternative text is the caller's or lists all figures:

    chart = claims.for_chart()
    bars = [Bar(chart.unit(unit), value, chart.score(value, ...)) for ...]
    charts.ranking_bars(claims, bars, target=Mark(chart.words("Chỉ tiêu"), 95, chart.target(95, ...)),
                        caption=..., source=..., font=...)

Charts over time and between two periods take their texts as functions (see `parts`), print through a chart
view of their own and write their alternative text from the data:

    points = [Point(row.value, partial(board.print_rate, row)) for row in rows]     # one for each period
    charts.trend(claims, periods, [Line(unit, points, is_focus=True)], target=Goal(95, print_target),
                 breaks=[Break(period, "đổi cách tính")], caption=..., source=..., font=...)
    charts.slope(claims, base, period, [Slope(unit, Point(...), Point(...)), ...], caption=..., ...)
    charts.small_multiples(claims, periods, [Panel("Công khai, minh bạch", lines, maximum=18), ...], ...)

All lines are drawn by `lines`. What is returned is Markdown for the document, and its `figure` is the drawing as a matplotlib
Figure with Axes in values, which an analyst may go on changing in JupyterLab; the document keeps the chart as it was made.

A chart of nothing (no rows, or no value known in any of them) is refused with a ValueError: the memo has to say
in words that there is nothing to show.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "drawing": ["Drawing", "style"],
        "bars": ["Bar", "Mark", "Row", "composition_bars", "group_bars", "ranking_bars"],
        "fonts": ["FontChoice", "find_fonts", "get_tinos", "typeface_of_charts"],
        "multiples": ["Panel", "small_multiples"],
        "parts": ["Break", "Goal", "Line", "Point"],
        "slopes": ["Slope", "slope"],
        "trends": ["trend"],
    },
)
