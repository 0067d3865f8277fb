"""The numbered tasks of the letter, its footnote on two models, the assignment and the end, as in công văn 2023."""

from __future__ import annotations

from baocao.analysis import CHOSEN, TOWN
from baocao.definitions import HOME, LEAF_KINDS, Unit
from baocao.reports.online_services.reading import OFFICE, Letter, cite_models, model_units
from baocao.writing import Markdown, markup, paragraphs, phrases

MOST_NAMED = 10
"""Chosen units are named as addressees up to this many."""

PURPOSE = "Để tiếp tục nâng cao tỷ lệ người dân sử dụng DVC trực tuyến, tăng tỷ lệ hồ sơ trực tuyến, Chủ tịch UBND tỉnh giao "
DESKS = (
    "Tập trung rà soát, cải tiến quy trình tiếp nhận, hướng dẫn, hỗ trợ người dân, doanh nghiệp tại Bộ phận Một cửa các "
    "cấp theo hướng lấy người dân, doanh nghiệp làm trung tâm để phục vụ, là chủ thể, là mục tiêu, động lực để cung cấp "
    "dịch vụ chất lượng hơn, phục vụ tốt hơn."
)
EQUIPMENT = (
    "Bố trí đủ trang thiết bị phục vụ người dân nộp hồ sơ trực tuyến tại Bộ phận Một cửa các cấp, thay đổi tư duy từ “làm "
    "thay, làm hộ” sang “hỗ trợ, hướng dẫn, cầm tay chỉ việc” để nâng cao kỹ năng số cho người dân, doanh nghiệp, nhất là "
    "các đối tượng yếu thế (người già, người khuyết tật,...) để thay đổi thói quen sử dụng hồ sơ giấy sang sử dụng hồ sơ "
    "điện tử, từng bước hình thành công dân số, xã hội số. Việc hỗ trợ, hướng dẫn, “cầm tay chỉ việc” để nâng cao kỹ năng "
    "số cho người dân, doanh nghiệp phải đảm bảo triển khai thực chất, thuận lợi, kịp thời, hiệu quả."
)
AGENCIES = (
    "Đối với đối tượng thực hiện TTHC là các cơ quan hành chính nhà nước, khi nộp hồ sơ TTHC: yêu cầu thực hiện nộp hồ sơ "
    "trực tuyến (trừ các trường hợp phải có hồ sơ giấy theo quy định của pháp luật)."
)
FOLLOW_UP = (
    " (Trung tâm Phục vụ hành chính công) đôn đốc, theo dõi kết quả thực hiện của các đơn vị, địa phương (qua tỷ lệ trực "
    "tuyến của các đơn vị, địa phương trên Hệ thống thông tin giải quyết TTHC của tỉnh), định kỳ hàng tháng báo cáo UBND "
    "tỉnh, Chủ tịch UBND tỉnh kết quả thực hiện theo quy định./."
)


def list_tasks(letter: Letter) -> Markdown:
    """To whom, the five tasks of công văn 2023 with its footnote, and the end of the letter."""
    lead = f"{PURPOSE}{_addressees(letter)} tiếp tục tập trung thực hiện tốt một số nội dung sau:"
    office = letter.claims.unit(letter.unit(OFFICE))
    tasks = [DESKS, markup.escape(EQUIPMENT), _paperless(letter), AGENCIES, f"Giao {office}{FOLLOW_UP}"]
    return Markdown(f"{paragraphs(lead)}\n{markup.numbered(tasks)}\n{markup.division('khoi-ky')}")


def _paperless(letter: Letter) -> str:
    full = f"DVC trực tuyến {letter.full_class}"
    return (
        f"Trên cơ sở Danh mục TTHC đủ điều kiện thực hiện {full} đã được công bố, các đơn vị, địa phương rà soát, lựa chọn "
        "một số TTHC để triển khai thí điểm thực hiện “Một số TTHC, một số ngày không nộp hồ sơ bằng bản giấy” để phấn đấu "
        f"{letter.claims.quote('100%')} người dân, tổ chức lựa chọn và thực hiện nộp hồ sơ trực tuyến đối với các TTHC trên "
        "Hệ thống thông tin giải quyết TTHC của tỉnh. Trước mắt, các đơn vị, địa phương lựa chọn một số TTHC thường xuyên "
        f"phát sinh hồ sơ thực hiện trong một số ngày, mạnh dạn đột phá, thay đổi tư duy{_like_others(letter)}, tiến tới thực hiện "
        f"đối với toàn bộ các TTHC đủ điều kiện {full} và các ngày trong tuần."
    )


def _like_others(letter: Letter) -> str:
    """The models held up to the others, with the footnote; empty where there is none to name."""
    register, period = letter.setting.register, letter.period
    if letter.subject.code != HOME or not model_units(register, period):
        return ""
    note = markup.footnote(cite_models(letter.claims, register, period))
    return f" như cách làm của một số địa phương{note}"


def _addressees(letter: Letter) -> str:
    """To whom the tasks go: in the province's letter all units, else the units it is about."""
    if letter.subject.kind in LEAF_KINDS:
        return _office(letter, letter.subject)
    if letter.subject == CHOSEN:
        named = letter.members if len(letter.members) <= MOST_NAMED else [CHOSEN]
        return phrases.join([_office(letter, unit) for unit in named], semicolons=True)
    units = [unit for unit in letter.setting.register.on(letter.period.end) if unit.kind in LEAF_KINDS]
    if letter.subject.code != HOME:
        units = [unit for unit in units if unit.level == letter.subject.level]
    towns = ", thị trấn" if any(unit.full_name.startswith(TOWN) for unit in units) else ""
    told = {
        "department": "các sở, ban, ngành cấp tỉnh",
        "district": "UBND các huyện, thành phố, thị xã",
        "commune": f"UBND {'' if towns else 'các '}xã, phường{towns}",
    }
    kinds = dict.fromkeys(unit.kind for unit in units)
    return phrases.join([told[kind] for kind in kinds if kind in told], semicolons=True)


def _office(letter: Letter, unit: Unit) -> str:
    return ("UBND " if unit.kind in ("district", "commune") else "") + letter.claims.unit(unit)
