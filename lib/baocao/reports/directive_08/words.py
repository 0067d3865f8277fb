"""The sentences of the letter on Chỉ thị 08/CT-UBND: those of April 2019, its figures and names left open.

As in `phrases`, nothing is computed here and no digit but a law's is typed here; arguments are Markdown made by
`Claims`. `levels` is "mức độ 3, mức độ 4" or "mức độ 3, 4", a declared name.
"""

from __future__ import annotations

from collections.abc import Sequence

from baocao.writing import phrases

DIRECTIVE = "Chỉ thị số 08/CT-UBND"


# --- opening -----------------------------------------------------------------------------------------------------
def points(year: str, reached: str, maximum: str, lost: str | None) -> str:
    """Points of the field in the PAR INDEX; `lost` is None when none were."""
    less = f" (bị trừ {lost} điểm)" if lost else ""
    return f"{year}, trong chấm điểm chỉ số CCHC, về lĩnh vực hiện đại hóa hành chính đạt {reached}/{maximum} điểm{less}."


def reasons_of_loss(criteria: Sequence[str], numbers: str, decision: str, title: str) -> str:
    """The criteria that lost points, with the decision that sets them."""
    return (
        f"Lý do trừ điểm là ở các tiêu chí thành phần về {phrases.join(criteria)} ({numbers} theo "
        f"{decision} của Bộ Nội vụ về việc {title})."
    )


def older_points() -> str:
    """That the points are not those of last year."""
    return "Điểm của lĩnh vực này các năm sau chưa tìm thấy nguồn công bố."


def no_points() -> str:
    """That no points are known."""
    return "Chưa tìm thấy nguồn công bố điểm của tỉnh về lĩnh vực hiện đại hóa hành chính trong Chỉ số CCHC."


REPORTED = "Qua báo cáo của Sở Thông tin và Truyền thông"


def reported(directive: str) -> str:
    """The lead where nothing is known of the units."""
    return f"{REPORTED} về việc thực hiện {directive} của UBND tỉnh, "


def carried_out_badly(directive: str, short: str, judged: str, minimum: str) -> str:
    """The lead where `short` of the `judged` units, those of `minimum` dossiers and more, are below the target."""
    return (
        f"{REPORTED}, việc thực hiện {directive} của UBND tỉnh ở một số cơ quan, đơn vị chưa nghiêm túc ({short} trong số "
        f"{judged} đơn vị có từ {minimum} hồ sơ phát sinh trở lên chưa đạt yêu cầu về nộp hồ sơ trực tuyến, nêu tại Phụ lục I); "
    )


def carried_out_well(directive: str, minimum: str) -> str:
    """The lead where all units reported and each of `minimum` dossiers and more reaches the target."""
    return (
        f"{REPORTED}, việc thực hiện {directive} của UBND tỉnh được các cơ quan, đơn vị quan tâm, mọi đơn vị có từ {minimum} hồ "
        "sơ phát sinh trở lên đều đạt yêu cầu về nộp hồ sơ trực tuyến; "
    )


def online(period: str, levels: str, filed: str, total: str, share: str) -> str:
    """Dossiers filed online against all."""
    return (
        f"hết {period}, tổng số hồ sơ nộp qua dịch vụ công {levels} là {filed} hồ sơ/tổng số {total} hồ sơ phát sinh (đạt "
        f"tỷ lệ {share})"
    )


def no_online(period: str, levels: str, filed: str, has_no_dossier: bool) -> str:
    """In place of `online`, where there is no share; `filed` empty where it was not reported."""
    known = f"{filed} hồ sơ nộp qua các dịch vụ này" if filed else ""
    return f"hết {period}, {phrases.no_rate(f'tỷ lệ hồ sơ nộp qua dịch vụ công {levels}', has_no_dossier, known)}"


def against_target(target: str, short: tuple[str, str] | None, *, over: bool = False) -> str:
    """The target, after `online`; `short` the points and dossiers missing, None when it is met."""
    if short:
        points, dossiers = short
        gap = f"còn thiếu {points} điểm phần trăm, tương ứng {dossiers} hồ sơ"
        return f", chưa đảm bảo yêu cầu là từ {target} trở lên ({gap})"
    return f", {'đạt và vượt' if over else 'đạt'} yêu cầu là từ {target} trở lên"


def online_parts(third: str, third_name: str, fourth: str, fourth_name: str) -> str:
    """The two levels apart."""
    return f"trong đó {third} hồ sơ {third_name}, {fourth} hồ sơ {fourth_name}"


def by_post(way: str, count: str, share: str) -> str:
    """One direction of the public post, "tiếp nhận" or "trả kết quả"; `count` empty where there was no dossier.

    `share` is empty where it is not known of how many.
    """
    if not count:
        return f"chưa phát sinh hồ sơ trong việc {way} TTHC qua BCCI"
    reached = f"đạt tỷ lệ {share}" if share else "chưa có tổng số hồ sơ phát sinh để tính tỷ lệ"
    return f"{way} TTHC qua BCCI {count} hồ sơ ({reached})"


def no_post(way: str) -> str:
    """In place of one direction of the public post that was not reported."""
    return f"chưa có số liệu về {way} TTHC qua BCCI"


def post_against_target(ways: str, target: str, shorts: Sequence[tuple[str, str]]) -> str:
    """Both directions against a target in force; `shorts`: the direction and its missing dossiers."""
    if not shorts:
        return f"{ways}, đạt yêu cầu tối thiểu {target}"
    told = phrases.join([f"{way} còn thiếu {missing} hồ sơ" for way, missing in shorts])
    return f"{ways}, chưa đạt yêu cầu tối thiểu {target} ({told})"


LINE_BY_LINE = (
    " Số còn thiếu tính riêng cho từng dòng và làm tròn lên, nên cộng các dòng lại có thể khác dòng tổng."
)
"""Below a table: why 115 + 261 + 733 + 3.225 dossiers stand above 4.332."""


def lacking(number: str) -> str:
    """Below a table whose sums lack units."""
    return f" Số cộng chưa đủ vì thiếu báo cáo của {number} đơn vị nên không đối chiếu với yêu cầu."


def no_units() -> str:
    """In place of the annex by unit."""
    return "Chưa có số liệu của từng đơn vị nên chưa tính được số hồ sơ còn thiếu của từng đơn vị."


def order(heads: str) -> str:
    """The sentence before the tasks."""
    return f"Để cải thiện các chỉ số này, UBND tỉnh yêu cầu {heads} thực hiện một số nội dung sau:"


# --- tasks -------------------------------------------------------------------------------------------------------
def online_task(directive: str, levels: str, again: str, target: str, most_short: Sequence[str]) -> str:
    """Task 1: the directive, and who lacks most dossiers (empty where nobody does)."""
    named = (
        f"; số hồ sơ còn thiếu của từng đơn vị nêu tại Phụ lục I, trong đó {_the_units(most_short)} còn thiếu nhiều nhất là: "
        f"{phrases.join(most_short, semicolons=True)}"
        if most_short
        else ""
    )
    return (
        f"Tiếp tục quán triệt và tổ chức thực hiện nghiêm túc {directive} của UBND tỉnh. Chủ động tuyên truyền, hướng dẫn, "
        f"hỗ trợ người dân, doanh nghiệp khai thác, sử dụng DVC TT {levels} (chú ý nhóm DVC có tần suất giao dịch lớn). Xem "
        f"xét giao chỉ tiêu phấn đấu về tỷ lệ hồ sơ nộp qua hệ thống DVC TT {again} cho từng đơn vị để đảm bảo tỷ lệ nộp "
        f"trực tuyến trên tổng số hồ sơ tiếp nhận, giải quyết hàng quý tối thiểu đạt {target}{named}."
    )


def _the_units(units: Sequence[str]) -> str:
    return "đơn vị" if len(units) == 1 else "các đơn vị"


def short_unit(unit: str, missing: str, share: str) -> str:
    """A unit among those that lack most."""
    return f"{unit} (còn thiếu {missing} hồ sơ, mới đạt {share})"


def encourage(levels: str) -> str:
    """Task 2."""
    return (
        "Xem xét các cơ chế phù hợp, đúng thẩm quyền để khuyến khích người dân, doanh nghiệp nộp hồ sơ TTHC thông qua DVC TT "
        f"{levels}; cán bộ, công chức trực tiếp nhận hồ sơ, thủ tục hành chính phải hướng dẫn cho người dân, doanh nghiệp quy "
        "trình, thao tác thực hiện qua hệ thống DVC TT; các quy định về tiếp nhận, trả kết quả giải quyết TTHC qua dịch vụ "
        "BCCI để người dân, doanh nghiệp hiểu rõ và tự giác thực hiện."
    )


def post_task(target: str, since: str) -> str:
    """Task 3; `since` says from when the target counts and by which document."""
    return (
        "Các cơ quan, đơn vị đã phối hợp Bưu điện tỉnh tiếp tục triển khai các nội dung đã ký kết đồng thời xem xét mở rộng "
        "thêm các TTHC khác; các cơ quan, đơn vị chưa ký kết thực hiện tiếp nhận, trả kết quả giải quyết TTHC với Bưu điện "
        "tỉnh phải khẩn trương tổ chức ký kết; phối hợp Bưu điện tỉnh tổ chức tập huấn tới nhân viên Bưu điện việc tiếp nhận "
        f"hồ sơ các TTHC của đơn vị và đạt tối thiểu {target} số hồ sơ TTHC có phát sinh qua Bưu điện ({since}). Khi thực hiện "
        "chú ý cả hai chiều nhận và trả qua đường bưu điện. Thực hiện công bố các TTHC thực hiện qua DVCTT, BCCI lên "
        "Cổng/Trang TTĐT của mình."
    )


def set_by_this_letter(day: str, period: str) -> str:
    """The target is one that this letter sets."""
    return (
        f"yêu cầu do Công văn này đặt ra, áp dụng từ ngày {day} nên không dùng để đánh giá {period}; số còn thiếu nêu tại Phụ lục "
        "I là so với mức sẽ áp dụng"
    )


def set_by(document: str, day: str) -> str:
    """The target was set earlier."""
    return f"theo {document}, áp dụng từ ngày {day}"


def one_stop() -> str:
    """Task 4."""
    return (
        "Ngoài việc đảm bảo thực hiện tốt TTHC ở Trung tâm Hành chính công cấp tỉnh, huyện, tăng cường thực hiện các TTHC liên "
        "thông, trực tuyến tại cấp xã tạo điều kiện thuận lợi cho người dân, doanh nghiệp."
    )


def report_quarterly() -> str:
    """Task 5."""
    return (
        f"Nghiêm túc báo cáo tình hình thực hiện {DIRECTIVE} hàng quý theo biểu mẫu hướng dẫn của Sở Thông tin và Truyền "
        "thông."
    )


def assignment(office: str) -> str:
    """The last paragraph, with the mark that ends a memo's text."""
    return (
        f"Giao Sở Thông tin và Truyền thông phối hợp {office} hàng tháng tổng hợp, báo cáo tình hình thực hiện {DIRECTIVE} và "
        "cải thiện chỉ số DVCTT, chỉ số tiếp nhận, trả kết quả TTHC qua dịch vụ BCCI tại Giao ban định kỳ của UBND tỉnh./."
    )
