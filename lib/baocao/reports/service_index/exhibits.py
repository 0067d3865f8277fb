"""Tables and charts: groups, ranking of the provinces or of the province's units."""

from __future__ import annotations

from typing import Any

from baocao import charts
from baocao.analysis import scores
from baocao.charts import Bar, Mark, Row
from baocao.reports.service_index.capture import Report
from baocao.reports.setting import PROVINCE
from baocao.writing import Markdown, markup, phrases, tables

MEAN = "Bình quân cả nước"


def table_groups(report: Report) -> Markdown:
    """The shown groups and the total: points, share of the maximum and, where known, place and distances."""
    if report.groups.empty:
        return Markdown("")
    header = ["Nhóm chỉ số", "Điểm tối đa", "Điểm đạt", "Tỷ lệ", "Điểm còn thiếu"]
    widths = [34, 12, 14, 16, 14]
    source = report.describe_source()
    if report.means:
        header = [*header[:4], "Hạng", MEAN, "So với bình quân", "Cao nhất cả nước", "Còn cách cao nhất"]
        widths = [30, 11, 13, 16, 20, 16, 17, 17, 17]
        source += " Hạng, bình quân và khoảng cách được tính từ điểm công bố của các tỉnh, thành phố."
    rows = [_group_cells(report, row) for row in report.groups.to_dict("records")]
    rows.append([f"**{cell}**" for cell in _group_cells(report, report.total)])
    caption = f"Điểm các nhóm chỉ số của {report.claims.unit(report.province)}"
    return tables.table(
        report.claims, caption=f"{caption}, {report.claims.period(report.setting.period)}", header=header, rows=rows,
        widths=widths, align="l" + "r" * (len(header) - 1), source=source, small=bool(report.means),
    )  # fmt: skip


def _group_cells(report: Report, row: dict[str, Any]) -> list[str]:
    """A row of the table of groups: a component, its maximum, points, share; then place and distances or points lost."""
    component, score, most = row["component"], row["score"], row["maximum"]
    share = report.rate({**row, "rate": 100 * score / most})
    cells = [report.group(component), report.maximum(component), report.score(row, trim=False), share]
    if not report.means:
        return [
            *cells,
            report.points(most - score, component, "Điểm còn thiếu", "điểm tối đa - điểm đạt được"),
        ]
    ranked = report.national[report.national["component"] == component]
    mean, best = report.means[component], max(ranked["score"])
    sign = markup.escape("+") if score > mean else ""
    from_mean = report.points(score - mean, component, "Chênh lệch so với bình quân", "điểm đạt - bình quân")
    return [
        *cells,
        report.place(report.row(ranked, component)),
        report.points(mean, component, MEAN, "bình quân giản đơn"),
        f"{sign}{from_mean}",
        report.points(best, component, "Điểm cao nhất cả nước", "điểm lớn nhất"),
        report.points(best - score, component, "Khoảng cách đến điểm cao nhất", "cao nhất - điểm đạt"),
    ]


def plot_groups(report: Report) -> Markdown:
    """The province's groups beside the national mean, inside the room up to each maximum."""
    if report.groups.empty:
        return Markdown("")
    claims, chart = report.claims, report.claims.for_chart()
    legend = [chart.unit(report.province, phrases.capitalise(report.province.official_name))]
    legend += [chart.words(MEAN)] if report.means else []
    legend.append(chart.words("Điểm tối đa"))
    rows, spoken = [], []
    for row in report.groups.to_dict("records"):
        component, values = row["component"], [float(row["score"])]
        name, labels = report.index.component(component).label, [report.score(row, claims=chart, trim=False)]
        if report.means:
            mean = report.means[component]
            values.append(float(mean))
            labels.append(report.points(mean, component, MEAN, "bình quân giản đơn", claims=chart))
        labels.append(report.maximum(component, claims=chart))
        rows.append(Row(chart.words(name), values, labels, maximum=float(row["maximum"])))
        spoken.append(f"{name} {' / '.join(labels)}")
    beside = "so với bình quân cả nước và điểm tối đa" if report.means else "so với điểm tối đa"
    return charts.group_bars(
        claims, rows, legend,
        caption=f"Điểm các nhóm chỉ số của {claims.unit(report.province)} {beside}",
        description=f"Biểu đồ thanh ngang, mỗi nhóm nêu lần lượt {' / '.join(legend)}: {'; '.join(spoken)}.",
        source=report.describe_source(), font=report.setting.font,
    )  # fmt: skip


def plot_provinces(report: Report) -> Markdown:
    """All provinces by total, with the national mean; nothing where they are not all known."""
    if report.national.empty:
        return Markdown("")
    claims, chart = report.claims, report.claims.for_chart()
    totals = report.national[report.national["component"] == scores.TOTAL].sort_values("place", kind="stable")
    bars = []
    for row in totals.to_dict("records"):
        unit = report.unit(row["unit"])
        about = report.about(scores.TOTAL, unit.code, what="Hạng tính từ điểm công bố")
        rank = chart.rank(int(row["place"]), formula="số địa phương có điểm cao hơn + 1", **about)
        label = report.score(row, claims=chart, trim=False)
        bars.append(Bar(chart.unit(unit, unit.name), float(row["score"]), label, rank, unit.code == PROVINCE))
    mean = report.means[scores.TOTAL]
    label = report.points(mean, scores.TOTAL, MEAN, "bình quân giản đơn", claims=chart)
    own = next(bar for bar in bars if bar.is_focus)
    return charts.ranking_bars(
        claims, bars, mark=Mark(chart.words(MEAN), float(mean), label),
        caption=f"Xếp hạng tổng điểm của các tỉnh, thành phố, {claims.period(report.setting.period)}; thanh đậm là "
        f"{claims.unit(report.province)}, nét đứt là bình quân cả nước",
        description=f"Biểu đồ thanh ngang xếp các tỉnh, thành phố theo tổng điểm: cao nhất {bars[0].name} {bars[0].label}; "
        f"{own.name} hạng {own.rank}, {own.label}; thấp nhất {bars[-1].name} {bars[-1].label}; bình quân {label}.",
        source=report.describe_source(), font=report.setting.font,
    )  # fmt: skip


def plot_units(report: Report) -> Markdown:
    """The province's units whose totals were published, with the province's own; nothing where there is only one."""
    if len(report.units) < 2:
        return Markdown("")
    claims, chart = report.claims, report.claims.for_chart()
    bars = []
    for row in report.units.to_dict("records"):
        unit = report.unit(row["unit"])
        name = chart.unit(unit, phrases.capitalise(unit.official_name))
        bars.append(Bar(name, float(row["score"]), report.score(row, claims=chart, trim=False)))
    total = report.total
    mark = Mark(
        chart.words("Toàn tỉnh"), float(total["score"]), report.score(total, claims=chart, trim=False)
    )
    return charts.ranking_bars(
        claims, bars, mark=mark,
        caption=f"Điểm của các đơn vị thuộc {claims.unit(report.province)} có điểm được công bố, "
        f"{claims.period(report.setting.period)}; nét đứt là điểm của toàn tỉnh",
        description="Biểu đồ thanh ngang xếp các đơn vị có điểm được công bố: "
        f"{'; '.join(f'{bar.name} {bar.label}' for bar in bars)}; toàn tỉnh {mark.label}.",
        source=report.describe_source(), font=report.setting.font,
    )  # fmt: skip
