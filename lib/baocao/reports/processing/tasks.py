"""Section IV of the report on dossiers and its end: numbered tasks, for the units that the figures point at."""

from __future__ import annotations

from collections.abc import Iterable

from baocao.analysis import TOWN, take_places
from baocao.definitions import LEAF_KINDS, Unit
from baocao.reports.processing import words
from baocao.reports.processing.reading import Memo
from baocao.reports.processing.results import has_other_bases
from baocao.reports.processing.review import (
    ON_TIME,
    ONLINE,
    choose,
    has_overdue,
    most_overdue_units,
    units_by_level,
)
from baocao.writing import Markdown, markup, paragraphs, phrases

OVERDUE = (
    "tập trung giải quyết dứt điểm hồ sơ quá hạn; xác định nguyên nhân, trách nhiệm đối với từng hồ sơ; thực hiện việc "
    "xin lỗi và hẹn lại thời gian trả kết quả theo quy định; không để phát sinh hồ sơ quá hạn mới."
)
ONLINE_FILING = (
    "có giải pháp cụ thể nâng tỷ lệ hồ sơ nộp trực tuyến; tuyên truyền, hướng dẫn, hỗ trợ người dân, doanh nghiệp nộp hồ "
    "sơ trực tuyến theo hướng “cầm tay chỉ việc”, không làm thay, làm hộ."
)
DIGITISATION = (
    "số hóa đầy đủ thành phần hồ sơ khi tiếp nhận và kết quả giải quyết TTHC; khai thác, sử dụng lại dữ liệu đã số hóa, "
    "không yêu cầu nộp lại giấy tờ đã có."
)
PAYMENT = "hướng dẫn người dân, doanh nghiệp thanh toán trực tuyến phí, lệ phí, nghĩa vụ tài chính khi thực hiện TTHC."
SAME_BASE = (
    "rà soát, thống nhất phạm vi thống kê và mẫu số giữa Biểu tổng hợp với các bảng theo dõi nộp trực tuyến, số hóa, thanh "
    "toán trực tuyến."
)
WATCH = "theo dõi, đôn đốc kết quả thực hiện của các đơn vị, định kỳ hằng tháng tổng hợp, báo cáo UBND tỉnh, Chủ tịch UBND tỉnh."
CENTRE = "Trung tâm Phục vụ hành chính công tỉnh"


def list_tasks(memo: Memo) -> Markdown:
    """Who must do what: overdue dossiers, online filing, digitisation, payment, counts that agree, follow-up."""
    overdue = take_places(most_overdue_units(memo), ON_TIME.places)["unit"]
    items = [
        _task(memo, OVERDUE, "có hồ sơ quá hạn, nhất là", overdue) if has_overdue(memo) else "",
        _task(memo, ONLINE_FILING, "có tỷ lệ nộp hồ sơ trực tuyến thấp, nhất là", _weak_online(memo)),
        _task(memo, DIGITISATION),
        _task(memo, PAYMENT),
        f"{CENTRE} {SAME_BASE}" if has_other_bases(memo) else "",
        f"{CENTRE} {WATCH}",
    ]
    lead = paragraphs(words.order(_addressees(memo)))
    return Markdown(f"{lead}\n{markup.numbered([item for item in items if item])}")


def _task(memo: Memo, task: str, lacking: str = "", units: Iterable[Unit] = ()) -> str:
    """The task as an item of the list, the units that lack something named first."""
    if memo.is_single:
        return phrases.capitalise(task)
    named = [memo.claims.unit(unit) for unit in units]
    if not named:
        return f"Các đơn vị {task}"
    return f"Các đơn vị {lacking} {phrases.join(named, semicolons=True)}: {task}"


def _weak_online(memo: Memo) -> list[Unit]:
    """The units that section III names for a low online share, unless a tie makes them too many to name."""
    units = {unit.code: unit for unit in memo.members}
    weakest = [choose(memo, ONLINE, group, level or memo.subject)[1] for level, group in units_by_level(memo)]
    return [units[code] for found in weakest if len(found) <= ONLINE.longest for code in found["unit"]]


def _addressees(memo: Memo) -> str:
    if not memo.levels:
        office = "UBND " if memo.subject.kind in ("district", "commune") else ""
        return office + memo.claims.unit(memo.subject)
    units = [unit for unit in memo.setting.register.on(memo.period.end) if unit.kind in LEAF_KINDS]
    has_towns = any(unit.full_name.startswith(TOWN) for unit in units)
    told = {
        "department": "Thủ trưởng các sở, ban, ngành",
        "land_office": "Giám đốc các chi nhánh Văn phòng Đăng ký đất đai",
        "district": "Chủ tịch UBND các huyện, thị xã, thành phố",
        "commune": "Chủ tịch UBND các xã, phường" + (", thị trấn" if has_towns else ""),
    }
    return phrases.join([told[kind] for kind in dict.fromkeys(unit.kind for unit in units)], semicolons=True)


def close_memo(memo: Memo) -> Markdown:
    """The last sentence, with the mark that ends a memo's text."""
    return paragraphs(words.closing(memo.when))
