"""The annexes: shares by group and by unit with their charts; definitions, rules, sources."""

from __future__ import annotations

from baocao.analysis import MINIMUM_DENOMINATOR, definition
from baocao.definitions import indicator
from baocao.reports.annexes import CONVENTIONS, annex, describe_provenance, table_definitions
from baocao.reports.online_services import words
from baocao.reports.online_services.exhibits import plot_change, plot_denominators, table_groups, table_units
from baocao.reports.online_services.judgement import LONGEST, PLACES
from baocao.reports.online_services.reading import Letter
from baocao.reports.online_services.result import PROGRESS
from baocao.reports.published import annex as published_annex
from baocao.writing import Markdown, markup, paragraphs, phrases

WITH_LETTER = "(Kèm theo Công văn của Ủy ban nhân dân tỉnh)"


def annex_units(letter: Letter) -> Markdown:
    """Phụ lục I: the shares of the groups with their charts, then, across the page, those of every unit."""
    pieces = [table_groups(letter), plot_change(letter), plot_denominators(letter)]
    if letter.members:
        pieces.append(markup.division("ngang", table_units(letter)))
    elif not letter.is_single:
        pieces.append(words.no_units())
    content = paragraphs(*pieces)
    return annex("I", f"Tỷ lệ nộp hồ sơ trực tuyến {letter.when}", content, attached=WITH_LETTER)


def annex_definitions(letter: Letter) -> Markdown:
    """Phụ lục II: what each share is a share of, the rules, what is wrong with the figures, where they come from."""
    used = [definition(share.indicator, letter.period) for share in letter.shares]
    units = (letter.subject, *letter.levels, *letter.members)
    content = paragraphs(
        table_definitions(letter.claims, used),
        "Quy tắc tính, so sánh và lựa chọn:",
        markup.numbered(_rules(letter)),
        describe_provenance(letter.setting, units),
    )
    return annex("II", "Định nghĩa, cách tính, quy tắc và nguồn số liệu", content, attached=WITH_LETTER)


def annex_published(letter: Letter, seed: str) -> Markdown:
    """Phụ lục III: the figures of the published memo with the key `seed` beside ours; empty for none."""
    return published_annex.annex_published(letter.setting, seed, "III", WITH_LETTER)


def _rules(letter: Letter) -> list[str]:
    """How the letter counts, compares and chooses."""
    claims = letter.claims
    minimum, places, longest = (
        phrases.say_number(number) for number in (MINIMUM_DENOMINATOR, PLACES, LONGEST)
    )
    group = "cùng cấp chính quyền" if letter.levels else "nêu trong văn bản này"
    rules = [
        (
            "Các tỷ lệ nộp trực tuyến có mẫu số khác nhau thì là các chỉ tiêu khác nhau: không cộng, không so lẫn, không nối "
            "thành một chuỗi."
        ),
        *CONVENTIONS,
        (
            "Mức thay đổi tương đối bằng tỷ lệ kỳ này trừ tỷ lệ cùng kỳ, chia cho tỷ lệ cùng kỳ; luôn ghi là “tương đối”, "
            f"không lẫn với điểm phần trăm; tử số cùng kỳ dưới {minimum} hồ sơ thì không tính."
        ),
        (
            "Chỉ so sánh khi hai kỳ có cùng định nghĩa, mẫu số, phạm vi và đơn vị có báo cáo; đơn vị sắp xếp lại được so với "
            "tổng của các đơn vị cũ nhập trọn vào đơn vị đó (bắc cầu), không thì nêu lý do không so sánh."
        ),
        (
            f"Biểu dương đơn vị có toàn bộ hồ sơ được nộp trực tuyến, mẫu số từ {minimum} hồ sơ trở lên; không có đơn vị như vậy "
            "thì nêu các đơn vị có tỷ lệ cao nhất của từng khối, trên mức chung; đơn vị có hồ sơ đang giải quyết quá hạn không "
            "được biểu dương."
        ),
        (
            f"Nêu {places} đơn vị cao nhất hoặc thấp nhất của mỗi khối trong số đơn vị có mẫu số từ {minimum} hồ sơ trở lên, "
            "kể cả các đơn vị bằng tỷ lệ với đơn vị được nêu cuối cùng; bằng nhau là bằng tỷ lệ đã làm tròn; danh sách dài "
            f"hơn {longest} đơn vị thì ghi số đơn vị và nêu tại Phụ lục I."
        ),
        (
            "Phần còn thiếu tính bằng hồ sơ là số hồ sơ ít nhất phải nộp trực tuyến thêm, với mẫu số của kỳ này, để bằng chỉ "
            f"tiêu hoặc mức chung; mức chung của khối là tỷ lệ của tổng các đơn vị {group}."
        ),
    ]  # fmt: skip
    names = [letter.name(indicator(name).label[:1].lower() + indicator(name).label[1:]) for name in PROGRESS]
    rules.append(
        f"Chỉ tiêu có tiến triển là chỉ tiêu thay đổi theo hướng tốt so với cùng kỳ, xét trong: {'; '.join(names)}."
    )
    for level in letter.levels:
        if level.level == "province":
            name = claims.unit(level)
            rules.append(f"Hồ sơ của các chi nhánh Văn phòng Đăng ký đất đai tính vào {name}.")
    return rules
