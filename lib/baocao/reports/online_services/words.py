"""The sentences of the letter on online services, after công văn 2023: printed figures go in, sentences come out.

As in `phrases`, nothing is computed here and no digit is typed here; arguments are Markdown made by `Claims`.
"""

from __future__ import annotations

from collections.abc import Sequence

from baocao.writing import capitalise, join


# --- result ------------------------------------------------------------------------------------------------------
def opening(when: str, whose: str, progress: str, share: str) -> str:
    """The first sentence: window, source, how many indicators got better (`progress`), the share."""
    told = f"{progress}, trong đó {share}" if progress else share
    return (
        "Qua số liệu hồ sơ thủ tục hành chính (TTHC) trích xuất từ Hệ thống thông tin giải quyết TTHC của tỉnh "
        f"{when}{whose}, {told}."
    )


def progress(better: str, compared: str, is_most: bool) -> str:
    """How many indicators that can be compared got better; the praise of công văn 2023 only where most did."""
    if is_most:
        return (
            f"nhiều nhóm chỉ tiêu, nhiệm vụ có sự tiến triển tốt ({better} trong {compared} chỉ tiêu so sánh được với "
            "cùng kỳ), tạo điều kiện thuận lợi cho người dân, doanh nghiệp trong việc thực hiện TTHC"
        )
    return f"{better} trong {compared} chỉ tiêu so sánh được với cùng kỳ có sự tiến triển tốt"


def level(what: str, rate: str, fraction: str) -> str:
    """A share with its two parts."""
    return f"{what} đạt {rate} ({fraction} hồ sơ)"


def base(when: str, rate: str, fraction: str) -> str:
    """The period that a change is measured from, with the share it had."""
    return f"{when} ({rate}, {fraction} hồ sơ)"


def zero_base(change: str) -> str:
    """A change without its relative size."""
    return f"{change}; tỷ lệ của kỳ đó bằng không nên không tính mức thay đổi tương đối"


def few_before(change: str) -> str:
    """A change of a share that was made of few dossiers: points only."""
    return f"{change}; kỳ đó ít hồ sơ nộp trực tuyến nên không tính mức thay đổi tương đối"


def few_before_note(minimum: str) -> str:
    """The same below a table."""
    return f" Tử số cùng kỳ dưới {minimum} hồ sơ thì không tính mức thay đổi tương đối."


def other_form_note(mark: str, form: str) -> str:
    """What the mark of a share whose denominator is that of another form means."""
    return f" Dấu “{mark}”: chưa có bảng theo dõi nộp trực tuyến, mẫu số lấy theo {form}."


def other_shares(first: str, shares: Sequence[str]) -> str:
    """The shares beside the first, each with a denominator of its own.

    `first` is whose dossiers the first counts, empty where there is none.
    """
    above = f"Tỷ lệ nêu trên tính trên {first}. " if first else ""
    return f"{above}Tính trên các mẫu số khác, không cộng và không so lẫn với nhau: {join(shares, semicolons=True)}."


def refused(whats: Sequence[str], when: str, reason: str, just_told: int = 0) -> str:
    """Shares that are not held against the base period, and why; or the last `just_told` shares, unnamed."""
    which = join(whats) or ("tỷ lệ này" if just_told == 1 else "các tỷ lệ này")
    return f"Không so sánh {which} với {when} vì {reason}."


def not_defined(whats: Sequence[str], day: str, law: str) -> str:
    """Shares that have no definition in the period."""
    return (
        f"{capitalise(join(whats))} không được tính cho kỳ này: DVC trực tuyến chỉ được phân loại thành một phần và "
        f"toàn trình từ ngày {day} ({law})."
    )


def incomplete(count: str, units: Sequence[str]) -> str:
    """A sum that is not whole: how many units did not report, and those that can be named."""
    named = f" ({join(units, semicolons=True)})" if units else ""
    return f"Số cộng nêu trên chưa đủ vì {count} đơn vị chưa có đủ số liệu{named}; phần còn thiếu không được suy đoán."


# --- praise ------------------------------------------------------------------------------------------------------
def all_online(
    count: str, rate: str, what: str, units: Sequence[str], *, is_one: bool = False, others: bool = False
) -> str:
    """Units with every dossier filed online; `others`: beside a list told before; no `units`: too many to name."""
    other = " khác" if others else ""
    reached = f"đã đạt tỷ lệ {rate} đối với {what}"
    if is_one:
        return f"có {count} đơn vị{other} {reached}: {join(units, semicolons=True)}"
    named = f", gồm: {join(units, semicolons=True)}" if units else ", nêu tại Phụ lục I"
    return f"một số đơn vị{other} {reached} ({count} đơn vị){named}"


def full_unit(unit: str, fraction: str) -> str:
    """A unit with every dossier filed online."""
    return f"{unit} ({fraction} hồ sơ)"


def nobody_full(whats: Sequence[str], minimum: str) -> str:
    """Nobody of `minimum` dossiers and more that reported has every dossier filed online."""
    return (
        f"Trong số đơn vị có số liệu với mẫu số từ {minimum} hồ sơ trở lên, chưa có đơn vị nào có toàn bộ hồ sơ được nộp trực "
        f"tuyến đối với {join(whats)}"
    )


def highest(what: str, groups: Sequence[str]) -> str:
    """The units with the highest share, group by group."""
    return f"các đơn vị có {what} cao nhất là: {join(groups, semicolons=True)}"


def in_group(group: str, units: Sequence[str]) -> str:
    """The units of one group, as an item of a list of groups."""
    return f"{group} có {join(units)}" if group else join(units)


def tied(count: str, rate: str) -> str:
    """A tie too long to be named, as the last item of a list."""
    return f"{count} đơn vị cùng đạt {rate} (nêu tại Phụ lục I)"


def praise(has_met_target: bool, is_one: bool = False, *, not_all: bool = False) -> str:
    """Who is praised: those just named; `not_all`: some of them have dossiers pending overdue."""
    punctual = " không có hồ sơ đang giải quyết quá hạn" if not_all else ""
    whom = "đơn vị đã thực hiện tốt" if is_one else f"các đơn vị nêu trên{punctual} đã thực hiện tốt"
    target = ", đạt và vượt chỉ tiêu đã đề ra" if has_met_target else ""
    return f"Chủ tịch UBND tỉnh ghi nhận và biểu dương {whom}{target}."


def met_target(count: str, out_of: str, targets: Sequence[str]) -> str:
    """How many units reach their target."""
    return f"Có {count} trong {out_of} đơn vị được xét đạt và vượt chỉ tiêu {join(targets, semicolons=True)}."


# --- weaknesses --------------------------------------------------------------------------------------------------
def target(least: str, law: str) -> str:
    """A target, after "chỉ tiêu"."""
    return f"từ {least} trở lên ({law})"


def no_target(what: str, reason: str) -> str:
    """That nothing decreed says what to reach; `reason`: one was decreed, but not for these days."""
    why = f" ({reason})" if reason else ""
    return (
        f"Đối với {what}, chưa có chỉ tiêu trong danh mục có hiệu lực trong kỳ báo cáo{why}, nên không xét đạt hay chưa "
        "đạt chỉ tiêu"
    )


def below_target(count: str, out_of: str, targets: Sequence[str], what: str) -> str:
    """How many units miss their target in what."""
    return (
        f"Tuy vậy, vẫn còn {count} trong {out_of} đơn vị được xét chưa đạt chỉ tiêu {join(targets, semicolons=True)} về {what}. "
        "Các đơn vị có tỷ lệ thấp nhất và phần còn thiếu so với chỉ tiêu:"
    )


def below_common(count: str, out_of: str, what: str, common: str, no_target: str) -> str:
    """How many units lie below the common level (`common`) of their group."""
    return (
        f"Tuy vậy, vẫn còn {count} trong {out_of} đơn vị được xét có {what} thấp hơn {common}. {no_target}; các đơn vị có "
        "tỷ lệ thấp nhất và phần còn thiếu so với mức chung như sau:"
    )


def no_level(what: str, groups: Sequence[str] = ()) -> str:
    """Why no unit (of these `groups`) is called behind where not all units reported."""
    of = f" ở {join(groups)}" if groups else ""
    return f"Chưa xét đơn vị còn thấp{of} về {what} vì mức chung chưa gồm đủ các đơn vị."


def nobody_judged(what: str, minimum: str) -> str:
    """Why no unit is called behind where none has a share of the whole period, of `minimum` dossiers and more."""
    return f"Chưa xét đơn vị còn thấp về {what} vì không có đơn vị nào có số liệu của cả kỳ với mẫu số từ {minimum} hồ sơ trở lên."


def nobody_below(what: str) -> str:
    """No unit is behind."""
    return f"Không có đơn vị nào trong số đơn vị được xét có {what} thấp hơn mức phải so."


def weak_group(group: str, common: str, count: str, out_of: str, units: Sequence[str]) -> str:
    """The weakest units of one group; `common` is its rate where they are held against it."""
    held = f"dưới mức chung {common}" if common else "chưa đạt chỉ tiêu"
    listed = f"; thấp nhất là {join(units, semicolons=True)}" if units else ""
    return f"{group}: {count} trong {out_of} đơn vị {held}{listed}."


def weak_list(common: str, units: Sequence[str]) -> str:
    """The weakest of the units told about, where they are one group."""
    level = f" mức chung {common};" if common else ""
    return f"{level} thấp nhất là {join(units, semicolons=True)}." if units else f"{level.strip('; ')}."


def common_level(has_levels: bool) -> str:
    """What units are held against where there is no target."""
    return "mức chung của khối" if has_levels else "mức chung của các đơn vị"


def same_bridge() -> str:
    """That a share is held against the same old units as the one told before."""
    return "so với tổng của các đơn vị cũ nêu trên"


def weak_unit(unit: str, rate: str, fraction: str, points: str, dossiers: str) -> str:
    """A weak unit with what it is missing, in percentage points and in dossiers."""
    return f"{unit} {rate} ({fraction} hồ sơ; thiếu {points} điểm phần trăm, tương ứng {dossiers} hồ sơ)"


def no_units() -> str:
    """Only figures of levels or of the province were reported."""
    return "Chưa có số liệu của từng đơn vị nên không nêu đơn vị đạt cao, đơn vị đạt thấp."
