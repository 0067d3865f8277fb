"""The sentences of the letter on the reform indices: those of February 2023, its figures and years left open.

As in `phrases`, nothing is computed here and no digit is typed here; arguments are Markdown made by `Claims`.
"""

from __future__ import annotations

COMMITTEE = "Ban Chỉ đạo CCHC tỉnh"


# --- opening and end ---------------------------------------------------------------------------------------------
def bases(directive: str, directive_title: str, scheme: str, scheme_title: str) -> str:
    """The documents that the letter carries out, where those of its year are known."""
    return (
        f"Thực hiện {directive} của Thủ tướng Chính phủ về {directive_title}; {scheme} của UBND tỉnh về "
        f"{scheme_title};"
    )


def programme_base(resolution: str, programme: str) -> str:
    """The base of a letter whose year's documents are not in the register."""
    return f"Thực hiện {resolution} của Chính phủ về {programme};"


def order(plan: str, heads: str) -> str:
    """The sentence before the numbered tasks."""
    return (
        f"Để kịp thời triển khai {plan}, {COMMITTEE} yêu cầu các thành viên {COMMITTEE}; Giám đốc các Sở, Thủ trưởng các "
        f"ban, ngành cấp tỉnh; {heads} thực hiện một số nội dung sau:"
    )


def plan(decision: str, year: str) -> str:
    """The province's plan of the year, with its decision where that is known."""
    if decision:
        return f"{decision} của UBND tỉnh về ban hành Kế hoạch cải cách hành chính (CCHC) tỉnh {year}"
    return f"Kế hoạch cải cách hành chính (CCHC) tỉnh {year} của UBND tỉnh"


def closing(year: str) -> str:
    """The last paragraph, with the mark that ends a memo's text."""
    return (
        f"Đây là nội dung hết sức quan trọng, góp phần thực hiện thắng lợi các mục tiêu, nhiệm vụ CCHC {year}; {COMMITTEE} "
        f"yêu cầu các thành viên {COMMITTEE}, các cơ quan, đơn vị, địa phương theo chức năng, nhiệm vụ chịu trách nhiệm, "
        "kịp thời triển khai thực hiện theo từng lĩnh vực được phân công và định kỳ báo cáo kết quả về "
        f"{COMMITTEE} (qua Sở Nội vụ) theo quy định./."
    )


# --- tasks -------------------------------------------------------------------------------------------------------
def carry_out_plan(year: str, start: str, programme: str, local: str) -> str:
    """Task 1: the plan of the year (named twice, hence `start`); `local` empty, or the province's own documents."""
    return (
        f"Tập trung chỉ đạo quyết liệt triển khai thực hiện Kế hoạch CCHC {year} của tỉnh và các sở, ngành, địa phương ngay "
        f"từ những tháng đầu {start} đảm bảo chất lượng, tiến độ theo quy định. Trong đó, yêu cầu công tác CCHC phải được "
        f"triển khai, thực hiện đồng bộ, thống nhất các mục tiêu, nhiệm vụ theo {programme}{local}."
    )


def local_documents(resolution: str, title: str, scheme_note: str, again: str) -> str:
    """The Party Committee's resolution on reform and the province's scheme that carries it out."""
    return f"; {resolution} của Ban Chấp hành Đảng bộ tỉnh về {title} và Đề án của UBND tỉnh{scheme_note} triển khai {again}"


def focus() -> str:
    """Task 1, second paragraph."""
    return (
        "Tập trung đẩy mạnh CCHC gắn với đổi mới sáng tạo, chuyển đổi số, cải thiện môi trường đầu tư kinh doanh; trọng tâm "
        "là cải cách thể chế, cắt giảm TTHC, nhất là TTHC nội bộ giữa cơ quan hành chính Nhà nước; quy định kinh doanh; giảm "
        "thời gian, chi phí hành chính; nâng cao chất lượng cung cấp dịch vụ công trực tuyến, tăng cường mức độ hài lòng "
        "của người dân và doanh nghiệp, lấy người dân, doanh nghiệp làm chủ thể, là trung tâm phục vụ. Tăng cường trách "
        "nhiệm người đứng đầu các thành viên Ban Chỉ đạo, các cơ quan, đơn vị, địa phương trong lãnh đạo, chỉ đạo triển "
        "khai nhiệm vụ CCHC."
    )


def learn_from_results(year: str, plan_year: str) -> str:
    """Task 2: the index of departments and localities of the year under review."""
    return (
        f"Căn cứ kết quả công bố về Chỉ số cải cách hành chính {year}, các cơ quan, đơn vị, địa phương tổ chức quán triệt, "
        "nghiêm túc rút kinh nghiệm và có giải pháp cụ thể khắc phục những tồn tại, hạn chế về cải cách hành chính đã được "
        f"Hội đồng thẩm định CCHC chỉ ra trong {year} và đẩy mạnh thực hiện cải cách hành chính, nâng cao Chỉ số cải cách "
        f"hành chính của cơ quan, đơn vị, địa phương {plan_year}."
    )


def discipline() -> str:
    """Task 3."""
    return (
        "Cán bộ, công chức, viên chức, người lao động trong các cơ quan hành chính nhà nước, các cơ quan, tổ chức liên quan "
        "thực hiện nghiêm kỷ cương hành chính, kỷ luật lao động, khẩn trương tập trung giải quyết, xử lý các công việc, đặc "
        "biệt là những công việc tồn đọng, chậm tiến độ do nghỉ Tết, những công việc và thủ tục trực tiếp liên quan đến sản "
        "xuất, kinh doanh, đầu tư của doanh nghiệp và Nhân dân. Không tổ chức du xuân, liên hoan, các hoạt động vui chơi "
        "sau Tết làm ảnh hưởng đến thời gian và hiệu quả làm việc. Tuyệt đối không đi lễ hội trong giờ hành chính; không "
        "sử dụng xe công đi lễ hội (trừ trường hợp thực thi nhiệm vụ)."
    )


def survey(year: str, survey_note: str, posting_note: str, levels: str, regulation: str) -> str:
    """Task 4: the survey of the ministry, procedures made public, inspection."""
    return (
        f"Phối hợp với Bộ Nội vụ triển khai công tác điều tra xã hội học xác định chỉ số CCHC tỉnh {year} theo kế "
        f"hoạch{survey_note}; thường xuyên, kịp thời rà soát, cập nhật công khai các thủ tục hành chính trên Cổng/Trang "
        f"thông tin điện tử của cơ quan, đơn vị, địa phương đầy đủ, đúng quy định{posting_note}. Tăng cường công tác kiểm "
        "tra, giám sát việc giải quyết TTHC gắn với thực hiện cơ chế một cửa, một cửa liên thông và ý kiến chỉ đạo điều "
        f"hành của UBND tỉnh đối với các sở, ban, ngành, {levels} theo {regulation} của UBND tỉnh."
    )


def survey_document(document: str, title: str) -> str:
    """Footnote: the ministry's document on the survey."""
    return f"{document} của Bộ Nội vụ về {title}"


def posting_faults(year: str) -> str:
    """Footnote: what the central appraisal found (the letter of February 2023)."""
    return (
        f"Trong {year}, một số đơn vị niêm yết không đầy đủ, không đúng quy định, Hội đồng thẩm định Trung ương đã trực tiếp "
        "kiểm tra, chấm điểm trên cổng/trang thông tin điện tử của từng đơn vị và trừ điểm tỉnh trong lĩnh vực thủ tục hành "
        "chính."
    )


def digital(year: str, plan_year: str, result_note: str, weak: str, plan: str) -> str:
    """Task 5: the DTI of the year under review, and its weak parts of the newest year known (`weak`)."""
    return (
        f"Khắc phục các tồn tại, hạn chế Chỉ số đánh giá chuyển đổi số (DTI) {year} (sau khi được công bố) và tổ chức thực "
        f"hiện các giải pháp nhằm nâng cao Chỉ số DTI của tỉnh{result_note} {plan_year}{weak}. Tập trung triển khai Kế hoạch "
        f"chuyển đổi số của tỉnh {plan_year}{plan}."
    )


def rank_of_dti(year: str, rank: str, change: str, *, is_old: bool = False) -> str:
    """Footnote: the newest rank of the DTI; `is_old`: newer ones are not known."""
    old = "; kết quả của các năm sau đó chưa được công bố hoặc chưa tìm thấy nguồn" if is_old else ""
    return f"Chỉ số DTI {year} của tỉnh xếp hạng {rank} tỉnh, thành phố trong cả nước; {change}{old}."


def weak_parts(year: str, parts: str) -> str:
    """The weak parts inside task 5."""
    return (
        f", trong đó chú trọng các nhóm chỉ số thành phần còn hạn chế, thứ hạng thấp của {year} như: {parts}"
    )


def worst_parts(year: str, parts: str) -> str:
    """The lowest ranks inside task 5, where none is low by the rule."""
    return f", trong đó chú trọng các nhóm chỉ số thành phần có thứ hạng thấp nhất của {year} là: {parts}"


def follow_up() -> str:
    """Task 6."""
    return (
        f"Giao Sở Nội vụ - cơ quan Thường trực {COMMITTEE} kịp thời đôn đốc các thành viên Ban Chỉ đạo, Tổ Giúp việc "
        f"{COMMITTEE}; các cơ quan, đơn vị, địa phương kịp thời triển khai các nội dung nêu trên và định kỳ tổng hợp, báo "
        "cáo kết quả về Ban Chỉ đạo theo quy định."
    )


# --- results -----------------------------------------------------------------------------------------------------
def newest_result(label: str, year: str, points: str, rank: str, change: str, *, is_old: bool = False) -> str:
    """The newest public result of an index, and how its rank has moved; `is_old`: newer ones are not known."""
    reached = f" đạt {points}" if points else ""
    ranked = f"{',' if points else ''} xếp thứ {rank} tỉnh, thành phố" if rank else ""
    old = " (kết quả của các năm sau đó chưa được công bố hoặc chưa tìm thấy nguồn)" if is_old else ""
    return f"{label} {year} của tỉnh{reached}{ranked}{f', {change}' if change else ''}{old}"


def no_change(base: str, reason: str) -> str:
    """Why a rank is not held against the one before."""
    return f"không so sánh thứ hạng với {base} vì {reason}"


def not_published(label: str, year: str) -> str:
    """An index without any public result."""
    return f"{label} của tỉnh: chưa có kết quả nào được công bố tính đến thời điểm lập văn bản này ({year})"


def other_base(now: str, before: str) -> str:
    """The reason where the two ranks are among different numbers of provinces."""
    return f"một năm xếp trên {now}, một năm xếp trên {before} tỉnh, thành phố"


def other_criteria(since: str) -> str:
    """The reason where the criteria were changed in between."""
    return f"bộ tiêu chí thay đổi từ {since}"


def first_result() -> str:
    """The reason where no earlier rank is known."""
    return "chưa có kết quả của năm đó"


def still_to_come(indices: str, year: str) -> str:
    """What was not published yet on the letter's day."""
    return f"Kết quả {indices} {year} chưa được công bố tại thời điểm lập văn bản này."
