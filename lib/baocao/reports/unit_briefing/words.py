"""The sentences of a unit's briefing: figures already printed go in, Vietnamese sentences come out.

As in `phrases`, nothing is computed here and no digit is typed here; arguments are Markdown made by `Claims`, None
is a figure that is not known.
"""

from __future__ import annotations

from collections.abc import Sequence

from baocao.writing import join

SHORT = {
    "received": "Hồ sơ tiếp nhận trong kỳ",
    "carried_over": "Kỳ trước chuyển qua",
    "resolved": "Hồ sơ đã giải quyết",
    "resolved_late": "Đã giải quyết quá hạn",
    "pending": "Hồ sơ đang giải quyết",
    "pending_overdue": "Đang giải quyết quá hạn",
    "on_time_rate": "Trước và đúng hạn",
    "online_share": "Trực tuyến / tiếp nhận",
    "eligible_online_share": "Trực tuyến / có DVCTT",
    "full_online_share": "Trực tuyến / toàn trình",
    "level_34_share": "Trực tuyến mức độ 3, 4",
    "post_reception_share": "Tiếp nhận qua bưu chính",
    "post_return_share": "Trả kết quả qua bưu chính",
    "dossier_digitisation_rate": "Số hóa hồ sơ tiếp nhận",
    "result_digitisation_rate": "Số hóa kết quả giải quyết",
    "online_payment_rate": "Thanh toán trực tuyến",
}
"""Names of the figures in the table, each on one line; the shares filed online with what they are divided by."""

INSIDE = {
    "received": "tiếp nhận",
    "on_time_rate": "giải quyết trước và đúng hạn",
    "online_share": "nộp trực tuyến (trên tổng tiếp nhận)",
    "eligible_online_share": "nộp trực tuyến (trên TTHC có DVCTT)",
    "full_online_share": "nộp trực tuyến (trên TTHC toàn trình)",
    "level_34_share": "nộp trực tuyến mức độ 3, mức độ 4",
    "post_reception_share": "tiếp nhận qua bưu chính công ích",
    "post_return_share": "trả kết quả qua bưu chính công ích",
    "dossier_digitisation_rate": "số hóa hồ sơ khi tiếp nhận",
    "result_digitisation_rate": "số hóa kết quả giải quyết",
    "online_payment_rate": "thanh toán trực tuyến",
}
"""The same inside a sentence."""

ACTIONS = {
    "timeliness": "theo dõi từng hồ sơ sắp đến hạn",
    "online": "hướng dẫn, hỗ trợ người dân tự nộp, không làm thay",
    "post": "hướng dẫn người dân sử dụng dịch vụ bưu chính công ích",
    "digitised dossiers": "số hóa đủ thành phần hồ sơ ngay khi tiếp nhận",
    "digitised results": "số hóa, ký số kết quả trước khi trả",
    "payment": "hướng dẫn thanh toán trực tuyến ngay khi nộp hồ sơ",
}
"""What to do about each matter of `reading.MATTERS`."""

GROUPS = {
    "department": "các sở, ban, ngành",
    "land_office": "các chi nhánh",
    "district": "các huyện, thị xã, thành phố",
}


# --- opening and summary -----------------------------------------------------------------------------------------
def opening(window: str, unit: str, life: str = "") -> str:
    """What is told about whom and when; `life` is since or until when the unit existed, where that is a part of it."""
    return (
        "Văn phòng thông báo kết quả giải quyết thủ tục hành chính (TTHC), dịch vụ công trực tuyến (DVCTT) "
        f"{window} của {unit}{f' ({life})' if life else ''} như sau:"
    )


def standing(what: str, rate: str, few: str, group: str, common: str, place: str, overdue: str) -> str:
    """A rate beside its group's, with its rank; `few` are its parts where they are few; what does not apply is empty."""
    beside = [
        f"{few} hồ sơ, chỉ để tham khảo" if few else "",
        f"mức chung của {group} là {common}" if common else "",
    ]
    beside = "; ".join(one for one in beside if one)
    told = [f"{what} đạt {rate}{f' ({beside})' if beside else ''}", place]
    return f"{', '.join(one for one in told if one)}{f'; {overdue}' if overdue else ''}."


def overdue(count: str) -> str:
    """Dossiers past their due date, after the rate of those that were resolved in time."""
    return f"còn {count} hồ sơ đang giải quyết đã quá hạn"


def no_rate(what: str, reason: str) -> str:
    """In place of a rate."""
    return f"{what}: {reason}."


def ranked(place: str, is_tied: bool) -> str:
    """A rank with its base."""
    return f"{'đồng hạng' if is_tied else 'xếp thứ'} {place}"


def first(what: str, dossiers: str, level: str) -> str:
    """The largest gap."""
    return f"**Cần làm trước: {what}, còn thiếu {dossiers} hồ sơ để đạt {level}.**"


def first_overdue(dossiers: str) -> str:
    """The largest gap, when it is dossiers past their due date."""
    return f"**Cần làm trước: giải quyết dứt điểm {dossiers} hồ sơ đang giải quyết đã quá hạn.**"


def nothing_missing(group: str, overdue_known: bool) -> str:
    """No rate is below the common level."""
    rest = "; không có hồ sơ đang giải quyết quá hạn" if overdue_known else ""
    return f"Các tỷ lệ có số liệu đều từ mức chung của {group} (hoặc chỉ tiêu) trở lên{rest}."


NO_DOSSIERS = "Trong kỳ đơn vị không tiếp nhận, không giải quyết hồ sơ nào và không có hồ sơ đang giải quyết."
"""All there is to say of a unit without a dossier."""

NOT_JUDGED = (
    "Chưa đủ số liệu để nêu việc cần làm trước: số hồ sơ ít, chưa có mức chung để đối chiếu, hoặc chưa có số hồ sơ đang "
    "giải quyết quá hạn."
)
"""In place of praise and of a first task, where the figures carry neither."""

NOT_REPORTED = "chưa có số liệu"
NOTHING_TO_DIVIDE = "trong kỳ không phát sinh hồ sơ để tính"
"""Why there is no rate."""


# --- table -------------------------------------------------------------------------------------------------------
REACHED = "đạt"
"""In the column of missing dossiers: none is missing."""

CHANGES = "Thay đổi: số hồ sơ tính bằng %, tỷ lệ tính bằng điểm phần trăm."
FEW_BEFORE = "Kỳ trước ít hồ sơ thì ghi số chênh lệch."
DASH = "Dấu “–”: chưa có số liệu, không có hồ sơ để tính, hoặc không so sánh, xếp hạng được."


def tied(mark: str) -> str:
    """What the mark before a rank means."""
    return f"Dấu “{mark}”: đồng hạng."


def bases(names: Sequence[str], headings: Sequence[str]) -> str:
    """Which periods the columns of changes stand for."""
    told = [f"{heading}: {name}" for heading, name in zip(headings, names, strict=True)]
    return f"{'; '.join(told)}."


UNCHANGED, HARDLY_CHANGED = "không đổi", "gần như không đổi"


# --- comparisons and trend ---------------------------------------------------------------------------------------
def bridged(told: str) -> str:
    """What stands for the unit in the earlier periods, or how its figures were called then."""
    return f"Khi so sánh: {told}."


FEW = "Mẫu số ít hồ sơ nên mức tăng, giảm của tỷ lệ chỉ để tham khảo."
SAME_REASON = "lý do nêu trên"


def no_trend(reason: str) -> str:
    """Why no trend is drawn."""
    return f"Chưa vẽ được biểu đồ xu hướng vì {reason}."


def gap_in_trend(since: str, reason: str) -> str:
    """Why the trend begins late."""
    return f"Biểu đồ bắt đầu từ {since} vì {reason}."


def trend_of_old_units(units: Sequence[str]) -> str:
    """Whose figures a trend shows before a reform."""
    return f"Trên biểu đồ, các đơn vị cũ là: {join(units, semicolons=True)}."


def cut(since: str) -> str:
    """What a break mark means where old units stand for the unit before it."""
    return f"trước {since}: tổng của các đơn vị cũ"


def cut_off(since: str) -> str:
    """What a break mark means where the unit had other tasks or territory before it."""
    return f"trước {since}: đơn vị khi chưa sắp xếp"


STEPS = {"month": "tháng", "range": "tháng", "months": "tháng", "quarter": "quý", "year": "năm"}
"""What a trend goes by, for each kind of period; any other is a "kỳ"."""

ONE_PERIOD = "mới có số liệu của một kỳ"
NO_RATE = "đơn vị chưa có số liệu của kỳ này"
"""Why there is no line to draw, where lineage is not the reason."""


# --- what to do --------------------------------------------------------------------------------------------------
def task(what: str, dossiers: str, level: str, action: str) -> str:
    """One thing to do, with the gap."""
    return f"{what}: thêm {dossiers} hồ sơ thì đạt {level}; {action}"


def task_overdue(dossiers: str) -> str:
    """What to do about dossiers past their due date."""
    return f"Giải quyết dứt điểm {dossiers} hồ sơ đang giải quyết đã quá hạn; xin lỗi, hẹn lại thời gian trả kết quả"


def list_end(items: Sequence[str]) -> list[str]:
    """The items of the last list, with the mark that ends a memo's text."""
    return [*(f"{item};" for item in items[:-1]), f"{items[-1]}./."]


def common_level(rate: str) -> str:
    """The level of a group."""
    return f"mức chung {rate}"


def decreed(target: str, at_most: bool) -> str:
    """A target in force; its source stands in the note on method."""
    return f"chỉ tiêu từ {target} trở {'xuống' if at_most else 'lên'}"


def dossiers(number: str) -> str:
    """A difference in dossiers."""
    return f"{number} hồ sơ"


def keep_up(addressee: str) -> str:
    """The order where nothing is missing."""
    return f"Đề nghị {addressee} tiếp tục duy trì kết quả đã đạt được, không để phát sinh hồ sơ quá hạn./."


# --- method ------------------------------------------------------------------------------------------------------
NO_TARGET = "Trong kỳ không có chỉ tiêu đang có hiệu lực cho các tỷ lệ này."


def method(group: str, minimum: str, places: str) -> str:
    """Definitions and rules in one paragraph of small type."""
    told = [
        f"Cách tính: “mức chung” là tỷ lệ của {group}, bằng tổng tử số chia tổng mẫu số",
        "hồ sơ còn thiếu là số hồ sơ ít nhất để tỷ lệ đạt mức chung, hoặc chỉ tiêu đang có hiệu lực nếu có",
        f"nêu không quá {places} việc thiếu nhiều hồ sơ nhất, các tỷ lệ nộp trực tuyến tính là một việc",
        f"thứ hạng theo tỷ lệ đã làm tròn, bằng nhau thì đồng hạng, mẫu số dưới {minimum} hồ sơ thì không xếp",
        "mẫu số nộp trực tuyến không gồm hồ sơ kỳ trước chuyển qua",
    ]
    return f"{'; '.join(told)}."


def targets(told: Sequence[str]) -> str:
    """The targets in force, each with its source."""
    return f"Chỉ tiêu đang có hiệu lực: {join(told, semicolons=True)}."


def incomplete(count: str, groups: Sequence[str]) -> str:
    """Figures of groups that are not whole, and so are not shown where they are not."""
    return f"Số của {join(groups)} chưa gồm {count} đơn vị chưa có đủ số liệu; số chưa gồm đủ thì không ghi."


SHORT_LIFE = (
    "Đơn vị chỉ hoạt động trong một phần của kỳ nên không xếp hạng, không đối chiếu với mức chung; số của các đơn vị khác "
    "chỉ để tham khảo."
)
"""Why a unit that began or ended inside the period has no rank and no level."""


def other_form(what: str, form: str) -> str:
    """A rate whose denominator is that of another form, because its own was not received."""
    return f"{what}: chưa có bảng theo dõi, mẫu số lấy theo {form}."


def left_out(count: str) -> str:
    """Other units' figures that are wrong: they are in no sum and in no rank."""
    return f"Số liệu của {count} đơn vị khác có lỗi; phần có lỗi không được tính, không được xếp hạng."


def not_reported(labels: Sequence[str]) -> str:
    """Rates that nobody reported and that the table therefore leaves out."""
    return f"Chưa có số liệu: {join(labels, semicolons=True)}."


def accepted(message: str, more: str) -> str:
    """An error in the unit's figures that somebody accepted; `more`: how many others there are, if any."""
    rest = f" Còn {more} lỗi khác được chấp nhận, ghi trong danh sách nguồn số liệu." if more else ""
    return f"Số liệu có lỗi được chấp nhận khi nạp: {message}{rest}"


def warned(message: str) -> str:
    """What the checks found wrong in the unit's figures."""
    return f"Lưu ý khi kiểm tra số liệu: {message}"


def provenance(fingerprint: str, version: str) -> str:
    """What the figures were made from."""
    return f"Mã băm của kho số liệu: {fingerprint}; phiên bản chương trình: {version}."
