"""The letter on online services: both ways of growth, three denominators, lists by rule, targets, bridges, bad input."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import ceil
from pathlib import Path

import pytest

from baocao.analysis import rates as compute
from baocao.analysis.subject import CHOSEN
from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import NoDataError, UserError
from baocao.publishing import pandoc
from baocao.publishing.check_claims import Checker
from baocao.publishing.document_blocks import read_blocks
from baocao.reports import online_services as memo
from baocao.reports.online_services import judgement, words
from baocao.reports.online_services.reading import ALL, ELIGIBLE, FULL, LEVELS
from conftest import make_project, plain

PIECES = (
    "describe_result", "describe_shares", "describe_praise", "describe_weaknesses", "list_tasks", "annex_units",
    "annex_definitions",
)  # fmt: skip
NONE_RECEIVED = "HT-SNGV"  # sở Ngoại vụ receives nothing in June 2023
ALL_ELIGIBLE, ALL_FULL, SEVEN = ("HT-SGDDT", "HT-STTTT"), ("440",), ("HT-SXD",)


# --- facts of our own --------------------------------------------------------------------------------------------
def shares_of(at: int, code: str, year: int) -> dict[str, int]:
    """One unit's counts: more dossiers and a higher share every year, no two units quite alike."""
    base = 60 + at % 37 + 10 * (year - 2022)
    online = 10 + at % 23 + 6 * (year - 2022)
    eligible, full = base - 7, base - 30
    full_online = min(online - 4, full - 1)
    if year == 2023 and code in ALL_ELIGIBLE:
        base, online, eligible, full, full_online = 60, 35, 35, 34, 34
    elif year == 2023 and code in ALL_FULL:
        base, online, eligible, full, full_online = 120, 60, 80, 50, 50
    elif year == 2023 and code in SEVEN:
        base = online = eligible = full = full_online = 7
    elif year == 2023 and code == NONE_RECEIVED:
        base = online = eligible = full = full_online = 0
    return {
        "filed_online": online, "online_base": base, "eligible_online": online, "eligible_received": eligible,
        "full_online_filed": full_online, "full_online_received": full,
    }  # fmt: skip


def levels_of(at: int, code: str) -> dict[str, int]:
    """The same of 2022, when online services had levels 3 and 4."""
    counts = shares_of(at, code, 2022)
    return {
        "filed_online": counts["filed_online"], "online_base": counts["online_base"],
        "level_3_filed": counts["filed_online"] - 3, "level_4_filed": 3, "level_base": counts["online_base"],
    }  # fmt: skip


def leaf_units(register, day: date) -> list:
    return [unit for unit in register.on(day) if unit.kind in compute.LEAF_KINDS]


def month_rows(register, last: date, counts, without: tuple[str, ...] = ()) -> list[tuple]:
    return [
        (unit.code, last.replace(day=1).isoformat(), last.isoformat(), name, value)
        for at, unit in enumerate(leaf_units(register, last))
        if unit.code not in without
        for name, value in counts(at, unit.code).items()
    ]


def of_year(year: int):
    return lambda at, code: shares_of(at, code, year)


@pytest.fixture(scope="module")
def facts(root, register, tmp_path_factory) -> Path:
    """All units in June 2022 (levels), 2023 and 2024, in July 2024 and 2025; in September 2023 without one commune."""
    rows = [
        *month_rows(register, date(2022, 6, 30), levels_of),
        *month_rows(register, date(2023, 6, 30), of_year(2023)),
        *month_rows(register, date(2023, 9, 30), of_year(2023), without=("18229",)),
        *month_rows(register, date(2024, 6, 30), of_year(2024)),
        *month_rows(register, date(2024, 7, 31), of_year(2024)),
        *month_rows(register, date(2025, 7, 31), of_year(2025)),
    ]
    return make_project(root, tmp_path_factory.mktemp("online"), {"don_vi.csv": ("received", rows)})


@pytest.fixture(scope="module")
def decreed(root, register, tmp_path_factory) -> Path:
    """July 2025 with a target for one share of all units, and a level that few reach."""
    rows = month_rows(register, date(2025, 7, 31), of_year(2025))
    project = make_project(root, tmp_path_factory.mktemp("decreed"), {"don_vi.csv": ("received", rows)})
    with (project / "data" / "reference" / "targets.csv").open("a", encoding="utf-8") as file:
        file.write("eligible_online_share,all,50,>=,2025-01-01,,Quyết định thử của UBND tỉnh,K,\n")
        file.write("full_online_share,all,90,>=,2026-01-01,,Quyết định sau,K,\n")
    return project


class Written:
    """A letter written out: its pieces as Markdown and as plain text."""

    def __init__(self, period: str, units: list[str], start: Path) -> None:
        self.letter = memo.open_report(period, units, start=start)
        self.markdown = {name: str(getattr(memo, name)(self.letter)) for name in PIECES}
        self.text = {name: plain(piece) for name, piece in self.markdown.items()}
        self.markdown["sample_mark"] = str(memo.sample_mark(self.letter.claims))

    def faults(self, root, register, laws) -> list[str]:
        written = "\n\n".join(piece.strip("\n") for piece in self.markdown.values())
        source = read_blocks(pandoc.parse(written, root))
        return [
            str(fault) for fault in Checker(laws, register).check(source, dict(self.letter.claims.record()))
        ]

    def units_named(self) -> set[str]:
        return set(re.findall(r'data-don-vi="([^"]+)"', "".join(self.markdown.values())))


@pytest.fixture(scope="module")
def june(facts):
    return Written("2023-06", ["42"], facts)


@pytest.fixture(scope="module")
def july(facts):
    return Written("2025-07", ["42"], facts)


@pytest.fixture(scope="module")
def levels(facts):
    return Written("2022-06", ["42"], facts)


@pytest.fixture(scope="module")
def incomplete(facts):
    return Written("2023-09", ["42"], facts)


@pytest.fixture(scope="module")
def targeted(decreed):
    return Written("2025-07", ["42"], decreed)


@pytest.mark.parametrize("name", ["june", "july", "levels", "incomplete", "targeted"])
def test_every_figure_is_accounted_for(request, name, root, register, laws):
    assert request.getfixturevalue(name).faults(root, register, laws) == []


@pytest.mark.parametrize(
    "units",
    [
        ["xã Đức Thọ"],
        ["Sở Nội vụ"],
        ["Sở Công Thương", "xã Sơn Kim 1", "xã Đức Thọ"],
        ["42X"],
        ["land-offices"],
    ],
)
def test_only_the_units_asked_for_are_named(facts, root, register, laws, units):
    """Beside them: the old units of a bridge, the levels, the office and the province that speak."""
    written = Written("2025-07", units, facts)
    assert written.faults(root, register, laws) == []
    letter = written.letter
    inside = {unit.code for unit in (*letter.setting.units, *letter.members)} | {CHOSEN.code, "HT-VPUB"}
    bridge = {
        unit.code for unit in letter.setting.bridge_units([*letter.members, letter.subject], letter.base)
    }
    named = {code for code in written.units_named() if not code.startswith("42-")}
    assert named <= inside | bridge
    assert "mô hình" not in written.text["list_tasks"]


# --- growth both ways --------------------------------------------------------------------------------------------
def sums(register, last: date, counts, *names: str, level: str = "") -> list[int]:
    rows = [
        counts(at, unit.code)
        for at, unit in enumerate(leaf_units(register, last))
        if not level or unit.level == level
    ]
    return [sum(row[name] for row in rows) for name in names]


def test_growth_is_told_both_ways_with_its_base(june, register):
    now = sums(register, date(2023, 6, 30), of_year(2023), "filed_online", "online_base")
    then = sums(register, date(2022, 6, 30), levels_of, "filed_online", "online_base")
    points = vn.parse_number(vn.format_percent(*now)[:-1]) - vn.parse_number(vn.format_percent(*then)[:-1])
    growth = Fraction(now[0] * then[1], now[1] * then[0]) - 1
    assert june.text["describe_result"] == (
        "Qua số liệu hồ sơ thủ tục hành chính (TTHC) trích xuất từ Hệ thống thông tin giải quyết TTHC của tỉnh tháng 6 "
        "năm 2023 (từ ngày 01/06/2023 đến ngày 30/06/2023), 01 trong 01 chỉ tiêu so sánh được với cùng kỳ có sự tiến "
        "triển tốt, trong đó tỷ lệ hồ sơ nộp trực tuyến trên tổng số hồ sơ tiếp nhận đạt "
        f"{vn.format_percent(*now)} ({vn.format_number(now[0])}/{vn.format_number(now[1])} hồ sơ), tăng "
        f"{vn.format_number(points, 2)} điểm phần trăm so với kỳ báo cáo tháng 6 năm 2022 ({vn.format_percent(*then)}, "
        f"{vn.format_number(then[0])}/{vn.format_number(then[1])} hồ sơ), tức là mức của tỷ lệ tăng tương đối "
        f"{vn.format_number(100 * growth, 2)}%."
    )


def test_the_three_denominators_are_named_and_kept_apart(june, register):
    now = sums(
        register, date(2023, 6, 30), of_year(2023), "eligible_online", "eligible_received", "full_online_filed",
        "full_online_received",
    )  # fmt: skip
    text = june.text["describe_shares"]
    assert text.startswith(
        "Tỷ lệ nêu trên tính trên mọi hồ sơ tiếp nhận trong kỳ. Tính trên các mẫu số khác,"
    )
    eligible, full = vn.format_percent(*now[:2]), vn.format_percent(*now[2:])
    assert f"của các TTHC có DVC trực tuyến đạt {eligible} (" in text
    assert f"của các TTHC có DVC trực tuyến toàn trình đạt {full} (" in text
    assert text.endswith(
        "Không so sánh các tỷ lệ này với kỳ báo cáo tháng 6 năm 2022 vì kỳ đó chỉ có tỷ lệ dịch vụ công mức độ 3, mức "
        "độ 4 tính trên tổng số hồ sơ, mẫu số khác kỳ này."
    )


def test_shares_of_one_definition_are_all_compared(facts):
    text = Written("2024-06", ["42"], facts).text["describe_shares"]
    assert text.count("điểm phần trăm so với kỳ báo cáo tháng 6 năm 2023") == 2
    assert text.count("tăng tương đối") == 2
    assert "Không so sánh" not in text


def test_the_annex_has_a_row_for_every_unit_with_both_changes(june, register):
    _, units = june.markdown["annex_units"].split("theo đơn vị, ")
    rows = [line for line in units.splitlines() if line.startswith("| ") and "data-don-vi" in line]
    assert len(rows) == len(leaf_units(register, date(2023, 6, 30))) + 4 + 1
    at, unit = next(
        (at, one) for at, one in enumerate(leaf_units(register, date(2023, 6, 30))) if one.code == "439"
    )
    now, then = shares_of(at, "439", 2023), levels_of(at, "439")
    rates = [Fraction(100 * one["filed_online"], one["online_base"]) for one in (now, then)]
    (row,) = [plain(row) for row in rows if f'data-don-vi="{unit.code}"' in row]
    cells = row.strip("| ").split(" | ")
    assert cells[:6] == [
        "Huyện Hương Sơn", f"{now['filed_online']}/{now['online_base']}", f"{vn.format_number(rates[0], 2)}%",
        f"{vn.format_number(rates[1], 2)}%", f"+{vn.format_number(rates[0] - rates[1], 2)}", "–",
    ]  # fmt: skip
    assert then["filed_online"] < 30, "growth of few is told in points only"
    assert (
        "Tử số cùng kỳ dưới ba mươi hồ sơ thì không tính mức thay đổi tương đối." in june.text["annex_units"]
    )
    assert re.search(r"\| \+[\d,]+ \| \+[\d,]+% \|", june.text["annex_units"]), (
        "that of enough is told both ways"
    )


def test_a_unit_without_dossiers_has_dashes_and_is_in_no_list(june, register):
    name = register.get(NONE_RECEIVED, date(2023, 6, 30)).full_name
    (row,) = [line for line in june.markdown["annex_units"].splitlines() if f'"{NONE_RECEIVED}"' in line]
    assert plain(row).strip("| ").split(" | ")[:3] == [name, "–", "–"]
    assert "0%" not in plain(row).split(" | ")
    assert name not in june.text["describe_praise"] + june.text["describe_weaknesses"]


# --- lists by rule -----------------------------------------------------------------------------------------------
def test_units_at_the_full_share_are_praised_where_their_dossiers_are_enough(june):
    text = june.text["describe_praise"]
    assert text.startswith(
        "Một số đơn vị đã đạt tỷ lệ 100% đối với các DVC trực tuyến cho phép nộp hồ sơ trực tuyến (02 đơn vị), gồm: Sở "
        "Giáo dục và Đào tạo (35/35 hồ sơ); Sở Thông tin và Truyền thông (35/35 hồ sơ); có 01 đơn vị khác đã đạt tỷ lệ 100% đối với DVC trực tuyến toàn trình: huyện Đức Thọ ("
    )
    assert text.endswith("Chủ tịch UBND tỉnh ghi nhận và biểu dương các đơn vị nêu trên đã thực hiện tốt.")


def test_without_a_full_share_the_highest_of_each_group_are_named(july, register):
    text = july.text["describe_praise"]
    assert text.startswith(
        "Trong số đơn vị có số liệu với mẫu số từ ba mươi hồ sơ trở lên, chưa có đơn vị nào có toàn bộ hồ sơ được nộp trực "
        "tuyến đối với các DVC trực tuyến cho"
    )
    units = leaf_units(register, date(2025, 7, 31))
    rates = {
        unit.official_name: Fraction(counts["filed_online"], counts["online_base"])
        for at, unit in enumerate(units)
        if unit.kind == "commune" and (counts := shares_of(at, unit.code, 2025))
    }
    third = sorted((round_share(rate) for rate in rates.values()), reverse=True)[2]
    best = {name for name, rate in rates.items() if round_share(rate) >= third}
    communes = text.split("cấp xã có ")[1].split(". Chủ tịch")[0]
    assert {name for name in rates if f"{name} (" in communes} == best


def round_share(rate: Fraction):
    return vn.round_half_up(100 * rate, 2)


def test_weak_units_are_told_with_the_least_number_of_dossiers_missing(june, register):
    """The rule applied anew: below the common level of communes, the three lowest and all tied with them."""
    day = date(2023, 6, 30)
    common = Fraction(*sums(register, day, of_year(2023), "filed_online", "online_base", level="commune"))
    counts = {
        unit.official_name: shares_of(at, unit.code, 2023)
        for at, unit in enumerate(leaf_units(register, day))
        if unit.kind == "commune"
    }
    rates = {name: Fraction(one["filed_online"], one["online_base"]) for name, one in counts.items()}
    below = {name: rate for name, rate in rates.items() if round_share(rate) < round_share(common)}
    third = sorted(round_share(rate) for rate in below.values())[2]
    lowest = {name for name, rate in below.items() if round_share(rate) <= third}
    text = june.text["describe_weaknesses"]
    (line,) = re.findall(r"- Cấp xã: (.*?)\.(?: -|$)", text)
    assert line.startswith(
        f"{vn.format_count_in_text(len(below))} trong {len(rates)} đơn vị dưới mức chung "
        f"{vn.format_number(100 * common, 2)}%; thấp nhất là "
    )
    assert len(lowest) <= 10
    for name in lowest:
        online, base = counts[name]["filed_online"], counts[name]["online_base"]
        missing = next(more for more in range(base) if Fraction(online + more, base) >= common)
        assert missing == ceil(common * base) - online
        gap = vn.format_number(100 * (common - rates[name]), 2)
        assert (
            f"{name} {vn.format_percent(online, base)} ({online}/{base} hồ sơ; thiếu {gap} điểm phần trăm, tương ứng "
            f"{vn.format_count_in_text(missing)} hồ sơ)"
        ) in line
    assert line.count(" hồ sơ)") == len(lowest)


def test_that_there_is_no_target_is_said(june):
    assert (
        "Đối với tỷ lệ này, chưa có chỉ tiêu trong danh mục có hiệu lực trong kỳ báo cáo, nên không xét đạt hay chưa "
        "đạt chỉ tiêu;" in june.text["describe_weaknesses"]
    )
    assert "đạt và vượt chỉ tiêu" not in june.text["describe_praise"]
    assert june.letter.judged == ALL


def test_units_are_held_to_a_target_that_is_in_force(targeted, register):
    assert targeted.letter.judged == ELIGIBLE
    units = leaf_units(register, date(2025, 7, 31))
    counts = [shares_of(at, unit.code, 2025) for at, unit in enumerate(units)]
    met = sum(2 * one["eligible_online"] >= one["eligible_received"] for one in counts)
    assert 0 < met < len(units)
    assert (
        f"Có {vn.format_count_in_text(met)} trong {len(units)} đơn vị được xét đạt và vượt chỉ tiêu từ 50% trở lên (Quyết định "
        "thử của UBND tỉnh). Chủ tịch UBND tỉnh ghi nhận và biểu dương các đơn vị nêu trên đã thực hiện tốt, đạt và "
        "vượt chỉ tiêu đã đề ra." in targeted.text["describe_praise"]
    )
    text = targeted.text["describe_weaknesses"]
    assert text.startswith(
        f"Tuy vậy, vẫn còn {len(units) - met} trong {len(units)} đơn vị được xét chưa đạt chỉ tiêu từ 50% trở lên (Quyết định "
        "thử của UBND tỉnh) về tỷ lệ hồ sơ nộp trực tuyến của các TTHC có DVC trực tuyến."
    )
    found = re.search(r"(\d+)/(\d+) hồ sơ; thiếu [\d,]+ điểm phần trăm, tương ứng (\d+) hồ sơ", text)
    online, eligible, missing = map(int, found.groups())
    assert missing == ceil(Fraction(eligible, 2)) - online
    assert "chưa đạt chỉ tiêu từ 50% trở lên" in targeted.text["describe_shares"]


def test_a_target_of_later_days_is_not_applied(targeted):
    standing = targeted.letter.standing(FULL, targeted.letter.subject)
    assert (standing.target, standing.met) == (None, None)
    assert standing.no_target == "chỉ tiêu chỉ có hiệu lực từ ngày 01/01/2026"


# --- before một phần and toàn trình -------------------------------------------------------------------------------
def test_before_the_classes_of_today_the_target_of_levels_holds(levels):
    assert levels.letter.judged == LEVELS
    assert [share.indicator for share in levels.letter.shares] == ["online_share", "level_34_share"]
    text = levels.text["describe_shares"]
    assert "tỷ lệ hồ sơ nộp qua DVC trực tuyến mức độ 3, mức độ 4 đạt " in text
    assert "chỉ tiêu từ 20% trở lên (Chỉ thị 08/CT-UBND ngày 17/5/2018 của UBND tỉnh Hà Tĩnh)" in text
    assert text.endswith(
        "không được tính cho kỳ này: DVC trực tuyến chỉ được phân loại thành một phần và toàn trình từ ngày 15/08/2022 "
        "(Nghị định số 42/2022/NĐ-CP)."
    )
    assert "đủ điều kiện thực hiện DVC trực tuyến mức độ 4 đã được công bố" in levels.text["list_tasks"]
    assert "toàn trình" not in levels.text["annex_definitions"]
    assert "địa phương1" not in levels.text["list_tasks"]
    assert "mô hình" not in levels.text["list_tasks"]


def test_a_missing_base_is_said_and_never_a_zero(levels):
    assert levels.text["describe_result"].endswith(
        "Không so sánh với kỳ báo cáo tháng 6 năm 2021 vì không có số liệu của kỳ đó."
    )
    _, units = levels.text["annex_units"].split("theo đơn vị, ")
    assert "Tỷ lệ cùng kỳ" not in units
    assert "Không so sánh với kỳ báo cáo tháng 6 năm 2021 vì không có số liệu của kỳ đó." in units
    assert "Hình 1. Tỷ lệ hồ sơ nộp" not in levels.text["annex_units"]


# --- across the reform of 01/07/2025 -------------------------------------------------------------------------------
def test_new_communes_are_held_against_the_sum_of_the_old_ones(july, register):
    day = date(2024, 7, 31)
    rows = {unit.code: shares_of(at, unit.code, 2024) for at, unit in enumerate(leaf_units(register, day))}
    edges = register.predecessors("18229", date(2025, 7, 1))
    codes = {edge.old_code for edge in edges} | {"18229"}
    then = [sum(rows[code][name] for code in codes) for name in ("filed_online", "online_base")]
    (row,) = [line for line in july.markdown["annex_units"].splitlines() if "Xã Đức Thọ" in line]
    cells = plain(row).strip("| ").split(" | ")
    assert cells[3] == vn.format_percent(*then)
    assert cells[-1].startswith("so với tổng của thị trấn Đức Thọ, xã ")
    assert len(codes) == 4
    assert (
        "Ghi chú “so với …”: đơn vị trước khi sắp xếp ngày 01/03/2025 hoặc trước khi sắp xếp ngày 01/07/2025 (từ đó xã, "
        "phường nhận thêm nhiệm vụ của huyện)." in july.text["annex_units"]
    )


def test_split_communes_are_refused_with_the_reason(july):
    (row,) = [line for line in july.markdown["annex_units"].splitlines() if "Phường Vũng Áng" in line]
    cells = plain(row).strip("| ").split(" | ")
    assert cells[3:6] == ["–", "–", "–"]
    assert cells[-1] == (
        "từ ngày 01/07/2025 đơn vị chỉ nhận một phần của xã Kỳ Lợi, số liệu cũ không tách được"
    )


@pytest.fixture(scope="module")
def summer(root, register, tmp_path_factory) -> Written:
    """A window across the reform of 01/07/2025."""
    rows = [
        row
        for day in (date(2025, 6, 30), date(2025, 7, 31))
        for row in month_rows(register, day, of_year(day.year))
    ]
    project = make_project(root, tmp_path_factory.mktemp("summer"), {"don_vi.csv": ("received", rows)})
    return Written("2025-06-01..2025-07-31", ["42"], project)


def test_units_of_a_part_of_the_window_are_not_judged_beside_the_others(summer, root, register, laws):
    assert summer.faults(root, register, laws) == []
    began = [unit for unit in summer.letter.members if not unit.valid_on(date(2025, 6, 1))]
    judged = [unit for _, units in judgement.groups(summer.letter) for unit in units]
    assert began and judged and not {*began} & {*judged}
    named = re.findall(r'data-don-vi="([^"]+)"', summer.markdown["describe_weaknesses"])
    assert named and not {unit.code for unit in began} & {*named}


def test_where_no_unit_lived_through_the_window_nobody_is_behind(summer, register):
    commune = register.get("18229", date(2025, 7, 1))
    letter = replace(summer.letter, members=(commune,))
    assert judgement.groups(letter) == []
    assert "vì không có đơn vị nào có số liệu của cả kỳ với mẫu số từ ba mươi" in plain(
        judgement.describe_weaknesses(letter)
    )


def test_a_bridge_is_told_once(facts):
    written = Written("2025-07", ["xã Đức Thọ"], facts)
    assert "(so với tổng của thị trấn Đức Thọ, xã " in written.text["describe_result"]
    assert written.text["describe_shares"].count("(so với tổng của các đơn vị cũ nêu trên)") == 2


def test_addressees_and_models_follow_the_reform(june, july):
    assert (
        "giao các sở, ban, ngành cấp tỉnh; UBND các huyện, thành phố, thị xã; UBND xã, phường, thị trấn tiếp tục"
        in june.text["list_tasks"]
    )
    assert "giao các sở, ban, ngành cấp tỉnh; UBND các xã, phường tiếp tục" in july.text["list_tasks"]
    assert (
        "Một số mô hình “Thứ Năm - Ngày không viết, không hẹn” - thị trấn Phố Châu, huyện Hương Sơn; mô hình “6 TTHC "
        "không chờ, không giấy hẹn” - phường Đức Thuận, thị xã Hồng Lĩnh;..." in june.text["list_tasks"]
    )
    assert "huyện Hương Sơn (tên gọi trước ngày 01/07/2025); mô hình" in july.text["list_tasks"]
    assert "III. Xã, phường**" in july.text["annex_units"]


# --- tasks, coverage, one and several units --------------------------------------------------------------------------
def test_the_five_tasks_and_the_end_are_those_of_the_memo_of_2023(june):
    text = june.text["list_tasks"]
    assert [int(number) for number in re.findall(r"(?:^| )(\d)\. (?=[A-ZĐ])", text)] == [1, 2, 3, 4, 5]
    for words_of_2023 in (
        "1. Tập trung rà soát, cải tiến quy trình tiếp nhận, hướng dẫn, hỗ trợ người dân, doanh nghiệp tại Bộ phận Một cửa",
        "thay đổi tư duy từ “làm thay, làm hộ” sang “hỗ trợ, hướng dẫn, cầm tay chỉ việc”",
        "(người già, người khuyết tật,...)",
        "“Một số TTHC, một số ngày không nộp hồ sơ bằng bản giấy” để phấn đấu 100% người dân, tổ chức",
        "4. Đối với đối tượng thực hiện TTHC là các cơ quan hành chính nhà nước, khi nộp hồ sơ TTHC:",
        "5. Giao Văn phòng UBND tỉnh (Trung tâm Phục vụ hành chính công) đôn đốc, theo dõi kết quả",
    ):
        assert words_of_2023 in text
    assert text.endswith("kết quả thực hiện theo quy định./.")


def test_a_unit_that_did_not_report_is_named(incomplete):
    assert incomplete.text["describe_shares"].endswith(
        "Số cộng nêu trên chưa đủ vì 01 đơn vị chưa có đủ số liệu (thị trấn Đức Thọ); phần còn thiếu không được suy "
        "đoán."
    )
    (row,) = [line for line in incomplete.markdown["annex_units"].splitlines() if "Thị trấn Đức Thọ" in line]
    assert set(plain(row).strip("| ").split(" | ")[1:]) <= {"–", ""}


def test_chosen_units_are_added_up_and_compared_together(facts, register):
    codes = ["HT-SCT", "HT-STP"]
    written = Written("2024-06", codes, facts)
    assert written.letter.subject == CHOSEN
    units = leaf_units(register, date(2024, 6, 30))
    now, then = (
        [
            sum(shares_of(at, unit.code, year)[name] for at, unit in enumerate(units) if unit.code in codes)
            for name in ("filed_online", "online_base")
        ]
        for year in (2024, 2023)
    )
    assert f"đạt {vn.format_percent(*now)} ({now[0]}/{now[1]} hồ sơ), " in written.text["describe_result"]
    assert f"({vn.format_percent(*then)}, {then[0]}/{then[1]} hồ sơ)" in written.text["describe_result"]
    assert "giao Sở Công Thương; Sở Tư pháp tiếp tục" in written.text["list_tasks"]


def test_chosen_units_of_which_one_is_not_comparable_are_not_compared(facts):
    written = Written("2025-07", ["Sở Tư pháp", "phường Vũng Áng"], facts)
    assert written.text["describe_result"].endswith(
        "Không so sánh với kỳ báo cáo tháng 7 năm 2024 vì từ ngày 01/07/2025 đơn vị chỉ nhận một phần của xã Kỳ Lợi, số "
        "liệu cũ không tách được (phường Vũng Áng)."
    )


def test_one_unit_has_no_lists_of_others(facts):
    written = Written("2023-06", ["huyện Đức Thọ"], facts)
    assert "của huyện Đức Thọ, 01 trong 01" in written.text["describe_result"]
    assert written.text["describe_praise"].endswith("ghi nhận và biểu dương đơn vị đã thực hiện tốt.")
    assert written.text["describe_weaknesses"] == (
        "Đối với tỷ lệ hồ sơ nộp trực tuyến trên tổng số hồ sơ tiếp nhận, chưa có chỉ tiêu trong danh mục có hiệu lực "
        "trong kỳ báo cáo, nên không xét đạt hay chưa đạt chỉ tiêu."
    )
    assert "giao UBND huyện Đức Thọ tiếp tục" in written.text["list_tasks"]
    assert "theo đơn vị" not in written.text["annex_units"]


def test_charts_tell_their_figures_in_words(june):
    drawn = re.findall(r'data-mo-ta="([^"]+)"', june.markdown["annex_units"])
    assert len(drawn) == 2
    total = june.letter.standing(FULL, june.letter.subject).denominator
    assert f"TTHC toàn trình {vn.format_number(total)}" in drawn[1]
    assert "mẫu số của TTHC có DVC trực tuyến" in june.text["annex_units"]


# --- what is absent ----------------------------------------------------------------------------------------------------
def july_2025(root, register, target: Path, change) -> Path:
    """July 2025 alone: of every unit what `change` makes of its counts; None leaves it out."""
    rows = [
        (unit.code, "2025-07-01", "2025-07-31", name, value)
        for at, unit in enumerate(leaf_units(register, date(2025, 7, 31)))
        for name, value in (change(unit, shares_of(at, unit.code, 2025)) or {}).items()
    ]
    return make_project(root, target, {"don_vi.csv": ("received", rows)})


@pytest.fixture(scope="module")
def absent(root, register, tmp_path_factory) -> Path:
    """Sở Tư pháp reported nothing, xã Đức Thọ zeros, Sở Công Thương seven dossiers, all of them filed online."""

    def change(unit, counts):
        none = {"HT-STP": None, "18229": dict.fromkeys(counts, 0), "HT-SCT": dict.fromkeys(counts, 7)}
        return none.get(unit.code, counts)

    return july_2025(root, register, tmp_path_factory.mktemp("vang"), change)


def test_without_the_tracking_table_the_share_follows_from_the_form(root, register, laws, tmp_path):
    def change(unit, counts):
        online = counts["filed_online"]
        return {"filed_online": online, "filed_direct": counts["online_base"] - online}

    written = Written("2025-07", ["42"], july_2025(root, register, tmp_path / "nha", change))
    assert written.faults(root, register, laws) == []
    assert (
        "Chưa có bảng theo dõi nộp trực tuyến nên mẫu số lấy theo Biểu II.06/VPCP/KSTT."
        in written.text["describe_result"]
    )
    assert written.text["describe_shares"].count("chưa có số liệu để tính tỷ lệ") == 2
    assert "không phát sinh" not in " ".join(written.text.values())
    assert "Nguồn: Biểu II.06/VPCP/KSTT (số liệu nhận được)." in written.text["annex_units"]
    assert (
        "Dấu “‡”: chưa có bảng theo dõi nộp trực tuyến, mẫu số lấy theo Biểu II.06"
        in written.text["annex_units"]
    )
    assert "toàn bộ hồ sơ được nộp trực tuyến" not in written.text["describe_praise"], "nobody knows"


def test_dossiers_filed_whose_total_is_not_known_stop_no_letter(root, register, laws, tmp_path):
    project = july_2025(root, register, tmp_path / "nha", lambda unit, counts: {"filed_online": 10})
    written = Written("2025-07", ["42"], project)
    assert written.faults(root, register, laws) == []
    assert written.text["describe_result"].endswith(
        "chưa có tổng số hồ sơ để tính tỷ lệ hồ sơ nộp trực tuyến trên tổng số hồ sơ tiếp nhận (mới có số liệu 960 hồ sơ "
        "nộp trực tuyến)."
    )
    assert written.text["describe_shares"].startswith("Tính trên các mẫu số khác")


def test_a_sum_without_a_unit_is_marked_and_nobody_is_judged_by_it(absent, root, register, laws):
    written = Written("2025-07", ["42"], absent)
    assert written.faults(root, register, laws) == []
    assert re.search(
        r"đạt [\d,]+% \([\d.]+/[\d.]+ hồ sơ\) \(chưa gồm 01 đơn vị", written.text["describe_result"]
    )
    assert re.search(r"Tổng số: tỉnh Hà Tĩnh[^\n]*%†", written.text["annex_units"])
    assert "Dấu “†”: chưa gồm các đơn vị chưa có đủ số liệu." in written.text["annex_units"]
    weak = written.text["describe_weaknesses"]
    assert "trong 68 đơn vị được xét" in weak and "Cấp tỉnh:" not in weak
    assert weak.endswith(
        "Chưa xét đơn vị còn thấp ở cấp tỉnh về tỷ lệ này vì mức chung chưa gồm đủ các đơn vị."
    )
    drawn = " ".join(re.findall(r'data-mo-ta="([^"]+)"', written.markdown["annex_units"]))
    assert "Cấp xã: TTHC toàn trình" in drawn and "Tỉnh Hà Tĩnh" not in drawn


def test_seven_dossiers_are_no_reason_for_praise(absent):
    written = Written("2025-07", ["Sở Công Thương"], absent)
    assert "đạt 100% (7/7 hồ sơ)" in written.text["describe_result"]
    assert written.text["describe_praise"] == ""
    assert "Sở Công Thương" not in Written("2025-07", ["42"], absent).text["describe_praise"]


@pytest.mark.parametrize(
    ("late", "praise"),
    [
        ((), "biểu dương các đơn vị nêu trên đã thực hiện tốt."),
        (
            ("HT-SCT",),
            "biểu dương các đơn vị nêu trên không có hồ sơ đang giải quyết quá hạn đã thực hiện tốt.",
        ),
        (("HT-SCT", "HT-SYT"), ""),
    ],
)
def test_nobody_with_a_dossier_pending_overdue_is_praised(root, register, tmp_path, late, praise):
    def change(unit, counts):
        full = dict.fromkeys(counts, 40) if unit.code in ("HT-SCT", "HT-SYT") else counts
        return full | {"pending_overdue": 1 if unit.code in late else 0}

    written = Written("2025-07", ["42"], july_2025(root, register, tmp_path / "nha", change))
    text = written.text["describe_praise"]
    assert "(02 đơn vị), gồm: Sở Công Thương (40/40 hồ sơ); Sở Y tế (40/40 hồ sơ)" in text
    assert text.endswith(praise) if praise else "biểu dương" not in text


def test_nothing_to_divide_by_is_not_the_same_as_not_reported(absent):
    written = Written("2025-07", ["xã Đức Thọ"], absent)
    assert written.text["describe_result"].endswith(
        "trong kỳ không phát sinh hồ sơ để tính tỷ lệ hồ sơ nộp trực tuyến trên tổng số hồ sơ tiếp nhận."
    )
    with pytest.raises(NoDataError):
        memo.open_report("2025-07", ["Sở Tư pháp"], start=absent)


def test_a_sum_that_lacks_units_meets_and_misses_no_target(root, register, tmp_path):
    rows = month_rows(register, date(2022, 6, 30), levels_of, without=("HT-STP",))
    project = make_project(root, tmp_path / "nha", {"don_vi.csv": ("received", rows)})
    text = Written("2022-06", ["42"], project).text["describe_shares"]
    assert "mức độ 3, mức độ 4 đạt " in text and "chỉ tiêu" not in text


# --- bad input -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("period", "units", "sentence"),
    [
        ("2023-13", ["42"], "Kỳ báo cáo «2023-13» không hợp lệ"),
        ("2023-06", ["xã Đức Thụ"], "«xã Đức Thụ»"),
        ("2025-07", ["huyện Đức Thọ"], "không có hiệu lực"),
    ],
)
def test_a_wrong_parameter_is_told_in_one_sentence(facts, period, units, sentence):
    with pytest.raises(UserError) as caught:
        memo.open_report(period, units, start=facts)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("period", "units", "who"),
    [
        ("2030-01", ["42"], "tỉnh Hà Tĩnh trong kỳ tháng 01 năm 2030"),
        ("2023-09", ["thị trấn Đức Thọ"], "thị trấn Đức Thọ trong kỳ tháng 9 năm 2023"),
        ("2023-06", ["01"], "thành phố Hà Nội"),
    ],
)
def test_a_period_or_unit_without_facts(facts, period, units, who):
    with pytest.raises(NoDataError) as caught:
        memo.open_report(period, units, start=facts)
    assert f"Không có số liệu nộp hồ sơ trực tuyến của {who}" in str(caught.value)


# --- words -----------------------------------------------------------------------------------------------------------
def test_sentences_that_few_letters_print():
    assert words.progress("01", "05", False) == (
        "01 trong 05 chỉ tiêu so sánh được với cùng kỳ có sự tiến triển tốt"
    )
    assert words.zero_base("tăng 5,00 điểm phần trăm") == (
        "tăng 5,00 điểm phần trăm; tỷ lệ của kỳ đó bằng không nên không tính mức thay đổi tương đối"
    )
    assert words.refused(["tỷ lệ A"], "tháng 6", "lý do") == "Không so sánh tỷ lệ A với tháng 6 vì lý do."
    assert words.refused([], "tháng 6", "lý do", 1) == "Không so sánh tỷ lệ này với tháng 6 vì lý do."
    assert words.all_online("12", "100%", "DVC A", []) == (
        "một số đơn vị đã đạt tỷ lệ 100% đối với DVC A (12 đơn vị), nêu tại Phụ lục I"
    )
    assert words.tied("12", "0%") == "12 đơn vị cùng đạt 0% (nêu tại Phụ lục I)"
    assert words.nobody_below("tỷ lệ A") == (
        "Không có đơn vị nào trong số đơn vị được xét có tỷ lệ A thấp hơn mức phải so."
    )
    assert words.no_target("tỷ lệ A", "đã hết hiệu lực").startswith(
        "Đối với tỷ lệ A, chưa có chỉ tiêu trong danh mục có hiệu lực trong kỳ báo cáo (đã hết hiệu lực), nên"
    )
    assert words.weak_group("Cấp xã", "", "02", "09", []) == "Cấp xã: 02 trong 09 đơn vị chưa đạt chỉ tiêu."
    assert words.incomplete("12", []) == (
        "Số cộng nêu trên chưa đủ vì 12 đơn vị chưa có đủ số liệu; phần còn thiếu không được suy đoán."
    )
    assert words.no_units().startswith("Chưa có số liệu của từng đơn vị")
