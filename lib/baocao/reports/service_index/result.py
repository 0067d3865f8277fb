"""The result: score, rank and grade, groups, their sum, distances."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from baocao.analysis import scores
from baocao.reports.service_index.capture import Report
from baocao.reports.setting import PROVINCE
from baocao.writing import Markdown, markup, phrases

DECISION = "766/QĐ-TTg"
PORTAL = "https://dichvucong.gov.vn"


def describe_result(report: Report) -> Markdown:
    """The opening: the province's score, rank and grade, and where they come from."""
    claims, total, band = report.claims, report.total, report.index.band(report.total["score"])
    standing = ""
    if not pd.isna(total["rank"]):
        out_of = None if pd.isna(total["out_of"]) else int(total["out_of"])
        about = report.about(scores.TOTAL, what="Hạng công bố")
        rank = f"{claims.rank(int(total['rank']), out_of, facts=1, **about)} tỉnh, thành phố"
        standing += f", tạm thời {phrases.place(rank, _tied(report))}"
    standing += f", xếp loại {markup.escape(band.label)}" if band else ""
    return markup.paragraphs(
        f"Qua kết quả đánh giá {claims.period(report.setting.period)} của Bộ chỉ số phục vụ người dân, doanh nghiệp "
        f"trong thực hiện thủ tục hành chính (TTHC), cung cấp dịch vụ công theo {claims.law(DECISION, dated=True)} của "
        "Thủ tướng Chính phủ trên Cổng Dịch "
        f"vụ công quốc gia ({markup.escape(PORTAL)}; {report.describe_day()}), "
        f"{claims.unit(report.province, f'UBND {report.province.official_name}')} đạt {report.score(total)} điểm"
        f"{standing}."
    )


def _tied(report: Report) -> list[str]:
    """The provinces with the same total, as far as they are known."""
    totals = report.national[report.national["component"] == scores.TOTAL]
    same = totals[(totals["score"] == report.total["score"]) & (totals["unit"] != PROVINCE)]
    return [report.claims.unit(report.unit(code)) for code in same["unit"]]


def describe_groups(report: Report) -> Markdown:
    """Best and weakest groups, before their table; nothing where the groups are not known."""
    if report.groups.empty:
        return Markdown("")
    best, weakest = (
        phrases.join(
            [f"{report.group(row['component'])} ({report.rate(row)})" for row in rows], semicolons=True
        )
        for rows in (report.extreme("rate"), report.extreme("rate", highest=False))
    )
    return markup.paragraphs(
        f"Trong {phrases.say_number(len(report.groups))} nhóm chỉ số, xét theo tỷ lệ điểm đạt được trên điểm tối đa, cao "
        f"nhất là nhóm {best}; thấp nhất là nhóm {weakest}. Kết quả từng nhóm như sau:"
    )


def describe_sum(report: Report) -> Markdown:
    """The groups added up and held against the published total; nothing where there are no groups."""
    checks = scores.check_totals(report.rows[report.rows["unit"] == PROVINCE], report.index)
    if report.groups.empty or checks.empty:
        return Markdown("")
    check = checks.iloc[0]
    addends = f" {markup.escape('+')} ".join(report.score(row) for row in report.groups.to_dict("records"))
    summed = report.points(check["recomputed"], scores.TOTAL, "Tổng tính lại", "cộng điểm các nhóm")
    verdict = "khớp với tổng điểm công bố"
    if not check["agrees"]:
        gap = report.gap(check["published"], check["recomputed"], scores.TOTAL, "Chênh lệch khi cộng lại")
        verdict = f"lệch {gap} điểm so với tổng điểm công bố; văn bản này lấy tổng điểm công bố"
    return markup.paragraphs(f"Cộng điểm các nhóm: {addends} = {summed} điểm, {verdict}.")


def describe_distance(report: Report) -> Markdown:
    """The province against the leaders and the unweighted national mean; nothing where they are not known."""
    if report.national.empty:
        return Markdown("")
    claims, own, mean = report.claims, report.total["score"], report.means[scores.TOTAL]
    formula = "bình quân giản đơn điểm của các tỉnh, thành phố"
    leaders = [
        f"{claims.unit(report.unit(row['unit']))} {report.score(row)} điểm ({_apart(report, row['score'], own)})"
        for row in scores.find_leaders(report.national).to_dict("records")
        if row["unit"] != PROVINCE
    ]
    number = report.count(report.national["unit"].nunique(), "Số tỉnh, thành phố có điểm", "địa phương")
    return markup.paragraphs(
        f"Bình quân cả nước (bình quân không trọng số của {number} tỉnh, thành phố) là "
        f"{report.points(mean, scores.TOTAL, 'Bình quân cả nước', formula)} điểm; so với mức này, "
        f"{claims.unit(report.province)} {_apart(report, own, mean)}. Các địa phương dẫn đầu, so với "
        f"{claims.unit(report.province)}: {phrases.join(leaders, semicolons=True)}."
    )


def _apart(report: Report, score: Fraction, other: Fraction) -> str:
    """By how many points the first total is higher or lower than the second."""
    if score == other:
        return "bằng điểm"
    words = "cao hơn" if score > other else "thấp hơn"
    return f"{words} {report.gap(score, other, scores.TOTAL, 'Khoảng cách')} điểm"
