"""Charts by seaborn, for looking only: a document has those of `charts`, whose every text is declared.

Seaborn costs 0,1 s to import and is never loaded by a report. Both charts are matplotlib Figures, to be changed on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import wrap

import pandas as pd

from baocao import charts
from baocao.app.explore.frames import series
from baocao.definitions import UserError
from baocao.definitions import vietnamese as vn
from baocao.reports import memo
from baocao.writing import Figure

_DARK, _COLUMNS = "#1f3a5f", 3


def heat_map(opened: memo.Memo, figure: Figure, rows: Sequence[memo.Whose], count: int = 6) -> charts.Drawing:
    """A row for each unit, a column for each of the last `count` periods, the darker the higher; hatched: not known."""
    import seaborn

    table = _known(figure, rows, count)
    values = table.pivot(index="Mã", columns="Mã kỳ", values="Giá trị").astype("Float64").astype(float)
    values = values.loc[list(dict.fromkeys(table["Mã"])), list(dict.fromkeys(table["Mã kỳ"]))]
    shown = values.map(
        lambda value: "" if pd.isna(value) else vn.format_number(value, 1 if figure.is_rate else 0)
    )
    names = [row.unit.official_name for row in rows]
    with charts.style(opened.setting.font):
        height = 16 + 5 * len(values)  # mm: the title above, the periods below
        drawing = charts.Drawing(height)
        axes = drawing.add_axes((0.42, 9 / height, 0.57, 1 - 16 / height))
        axes.patch.set(hatch="/////", edgecolor="#b9c4d0")
        seaborn.heatmap(
            values, annot=shown, fmt="", cmap=seaborn.light_palette(_DARK, as_cmap=True), cbar=False, linewidths=0.5,
            yticklabels=names, ax=axes,
        )  # fmt: skip
        axes.set(xlabel="", ylabel="", title=figure.label)
    return drawing


def multiples(
    opened: memo.Memo, figure: Figure, rows: Sequence[memo.Whose], count: int = 13
) -> charts.Drawing:
    """A small line for each unit over the last `count` periods, all on one scale, not drawn over a gap or a break."""
    import seaborn

    table = _known(figure, rows, count)
    table["part"] = (table["Giá trị"].isna() | (table["Ngắt chuỗi"] != "")).cumsum()
    codes = list(dict.fromkeys(table["Mã kỳ"]))
    columns = min(_COLUMNS, len(rows))
    lines = math.ceil(len(rows) / columns)
    with charts.style(opened.setting.font):
        drawing = charts.Drawing(12 + 26 * lines)
        grid = drawing.subplots(lines, columns, sharex=True, sharey=True, squeeze=False).flatten()
        for axes, row in zip(grid, rows, strict=False):
            own = table[(table["Mã"] == row.unit.code) & table["Giá trị"].notna()].astype({"Giá trị": float})
            places = own["Mã kỳ"].map(codes.index)
            seaborn.lineplot(
                x=places, y=own["Giá trị"], units=own["part"], estimator=None, marker=".", markeredgewidth=0, color=_DARK,
                ax=axes,
            )  # fmt: skip
            axes.set(xlabel="", ylabel="", xticks=[0, len(codes) - 1], xticklabels=[codes[0], codes[-1]])
            axes.set_title("\n".join(wrap(row.unit.official_name, 32)), fontsize=9)
        for axes in grid[len(rows) :]:
            axes.set_visible(False)
        drawing.suptitle(figure.label)
        drawing.tight_layout()
    return drawing


def _known(figure: Figure, rows: Sequence[memo.Whose], count: int) -> pd.DataFrame:
    table = series([figure], rows, count)
    if table["Giá trị"].isna().all():
        raise UserError(
            f"Không có số liệu «{figure.label}» của các đơn vị đã chọn trong {count} kỳ đến {figure.period.name}."
        )
    return table
