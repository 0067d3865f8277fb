"""What each indicator is: declared once, computed, labelled, printed and tested from the same object.

Nothing is computed here. Numerator and denominator are names from `data/reference/measures.csv`, summed.
Targets, maxima and bands are not definitions: they were decreed, and lie in dated rows of `data/reference/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from baocao.definitions.errors import UserError, nearest


@dataclass(frozen=True)
class Indicator:
    """A rate: 100 × (sum of the numerator's measures) / (sum of the denominator's measures), in %.

    `scope` says in Vietnamese which dossiers the denominator counts; two rates whose scopes differ are two
    indicators, never one (domain: three online shares, two on-time rates). `version` changes with the
    formula, and a comparison is made only inside one version. `denominator_instead` counts the same dossiers in another
    form, and is taken, in periods from `instead_from` on, where nobody reported the denominator: the figure then says so.
    `valid_from`/`valid_to` are plain dates,
    None where the definition has no known end.

    What a memo says of it: `short`, its name in a table; `inside`, its name after "tỷ lệ" in a sentence; `matter`, what
    it is about (rates of one matter ask for the same work); `action`, what a unit that is behind is asked to do.
    """

    name: str
    label: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    scope: str
    source: str
    measured_in: str = "%"
    higher_is_better: bool = True
    decimals: int = 2
    valid_from: date | None = None
    valid_to: date | None = None
    version: int = 1
    numerator_label: str = ""
    denominator_label: str = ""
    denominator_instead: tuple[str, ...] = ()
    instead_from: date | None = None
    short: str = ""
    inside: str = ""
    matter: str = ""
    action: str = ""

    def __post_init__(self) -> None:
        """Fill in the names that follow from the label where they are not given."""
        plain = self.label.removeprefix("Tỷ lệ ").removeprefix("hồ sơ ")
        for name, value in (
            ("short", plain[:1].upper() + plain[1:]),
            ("inside", plain),
            ("matter", self.name),
        ):
            if not getattr(self, name):
                object.__setattr__(self, name, value)

    @property
    def formula(self) -> str:
        """The rate in words, as the annex and the HTML explanation print it."""
        return f"{self.numerator_label} / {self.denominator_label}"

    def in_force(self, start: date, end: date) -> bool:
        """Whether the definition holds for the whole window from `start` to `end`."""
        return (self.valid_from is None or self.valid_from <= start) and (
            self.valid_to is None or end <= self.valid_to
        )


_TWO_CLASSES = date(2022, 8, 15)  # Nghị định 42/2022/NĐ-CP: một phần, toàn trình replace levels 3 and 4
_LAST_OF_LEVELS = date(2022, 8, 14)
_DIGITISATION = date(2021, 12, 6)  # Nghị định 107/2021/NĐ-CP asks for digitised dossiers and results

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        name="on_time_rate",
        label="Tỷ lệ hồ sơ giải quyết trước và đúng hạn",
        numerator=("resolved_early", "resolved_on_time"),
        denominator=("resolved_early", "resolved_on_time", "resolved_late"),
        numerator_label="(giải quyết trước hạn + đúng hạn)",
        denominator_label="tổng số hồ sơ đã giải quyết",
        scope="hồ sơ đã giải quyết trong kỳ, kể cả hồ sơ kỳ trước chuyển qua",
        source="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
        short="Trước và đúng hạn",
        inside="giải quyết trước và đúng hạn",
        action="theo dõi từng hồ sơ sắp đến hạn",
    ),
    Indicator(
        name="portal_on_time_rate",
        label="Tỷ lệ hồ sơ xử lý trước hạn, đúng hạn (gồm hồ sơ đang xử lý)",
        numerator=("resolved_early", "resolved_on_time", "pending_in_time"),
        denominator=(
            "resolved_early",
            "resolved_on_time",
            "resolved_late",
            "pending_in_time",
            "pending_overdue",
        ),
        numerator_label="(giải quyết trước hạn + đúng hạn + đang giải quyết trong hạn)",
        denominator_label="(đã giải quyết + đang giải quyết)",
        scope="hồ sơ đã giải quyết và đang giải quyết trong kỳ",
        source="Chỉ tiêu 2.1, Bộ chỉ số theo Quyết định 766/QĐ-TTg",
    ),
    Indicator(
        name="portal_clock_rate",
        label="Tỷ lệ hồ sơ xử lý trước hạn, đúng hạn theo cách tính của Cổng Dịch vụ công quốc gia",
        numerator=("portal_resolved_on_time", "portal_pending_on_time"),
        denominator=(
            "portal_resolved_on_time",
            "portal_resolved_late",
            "portal_pending_on_time",
            "portal_pending_late",
        ),
        numerator_label="(đã xử lý trước hạn, đúng hạn + đang xử lý trong hạn)",
        denominator_label="(đã xử lý + đang xử lý)",
        scope="hồ sơ đã xử lý và đang xử lý trong kỳ, tính từng hồ sơ theo đồng hồ của Cổng Dịch vụ công quốc gia",
        source="Chỉ tiêu 2.1, Bộ chỉ số theo Quyết định 766/QĐ-TTg",
    ),
    Indicator(
        name="online_share",
        label="Tỷ lệ hồ sơ nộp trực tuyến trên tổng số hồ sơ",
        numerator=("filed_online",),
        denominator=("online_base",),
        denominator_instead=("received",),  # Biểu II.06, columns 4 and 5
        instead_from=_TWO_CLASSES,  # before, the share of levels 3 and 4 stands for it
        numerator_label="hồ sơ nộp trực tuyến",
        denominator_label="tổng số hồ sơ tiếp nhận trong kỳ (mọi TTHC)",
        scope="mọi hồ sơ tiếp nhận trong kỳ, không kể hồ sơ kỳ trước chuyển qua",
        source="Hệ thống thông tin giải quyết TTHC của tỉnh",
        short="Trực tuyến / tiếp nhận",
        inside="nộp trực tuyến trên tổng số hồ sơ",
        matter="online",
        action="hướng dẫn, hỗ trợ người dân tự nộp, không làm thay",
    ),
    Indicator(
        name="eligible_online_share",
        label="Tỷ lệ hồ sơ nộp trực tuyến của TTHC có dịch vụ công trực tuyến",
        numerator=("eligible_online",),
        denominator=("eligible_received",),
        numerator_label="hồ sơ nộp trực tuyến",
        denominator_label="hồ sơ tiếp nhận của TTHC có dịch vụ công trực tuyến một phần, toàn trình",
        scope="hồ sơ của TTHC có dịch vụ công trực tuyến (một phần và toàn trình)",
        source="Nghị định 42/2022/NĐ-CP",
        valid_from=_TWO_CLASSES,
        short="Trực tuyến / có DVCTT",
        inside="nộp trực tuyến của TTHC có DVCTT",
        matter="online",
        action="hướng dẫn, hỗ trợ người dân tự nộp, không làm thay",
    ),
    Indicator(
        name="full_online_share",
        label="Tỷ lệ hồ sơ nộp trực tuyến của TTHC có dịch vụ công trực tuyến toàn trình",
        numerator=("full_online_filed",),
        denominator=("full_online_received",),
        numerator_label="hồ sơ nộp trực tuyến toàn trình",
        denominator_label="hồ sơ tiếp nhận của TTHC có dịch vụ công trực tuyến toàn trình",
        scope="hồ sơ của TTHC có dịch vụ công trực tuyến toàn trình",
        source="Nghị định 42/2022/NĐ-CP",
        valid_from=_TWO_CLASSES,
        short="Trực tuyến / toàn trình",
        inside="nộp trực tuyến của TTHC toàn trình",
        matter="online",
        action="hướng dẫn, hỗ trợ người dân tự nộp, không làm thay",
    ),
    Indicator(
        name="level_34_share",
        label="Tỷ lệ hồ sơ nộp qua dịch vụ công trực tuyến mức độ 3, mức độ 4",
        numerator=("level_34_filed",),
        denominator=("level_base",),
        numerator_label="hồ sơ nộp qua dịch vụ công mức độ 3, mức độ 4",
        denominator_label="tổng số hồ sơ phát sinh",
        scope="mọi hồ sơ phát sinh trong kỳ",
        source="Chỉ thị 08/CT-UBND ngày 17/5/2018 của UBND tỉnh Hà Tĩnh",
        valid_to=_LAST_OF_LEVELS,
        short="Trực tuyến mức độ 3, 4",
        inside="nộp trực tuyến mức độ 3, mức độ 4",
        matter="online",
        action="hướng dẫn, hỗ trợ người dân tự nộp, không làm thay",
    ),
    Indicator(
        name="post_reception_share",
        label="Tỷ lệ hồ sơ tiếp nhận qua dịch vụ bưu chính công ích",
        numerator=("post_received",),
        denominator=("level_base",),
        numerator_label="hồ sơ tiếp nhận qua bưu chính công ích",
        denominator_label="tổng số hồ sơ phát sinh",
        scope="mọi hồ sơ phát sinh trong kỳ",
        source="Chỉ thị 08/CT-UBND ngày 17/5/2018 của UBND tỉnh Hà Tĩnh",
        valid_to=_LAST_OF_LEVELS,
        short="Tiếp nhận qua bưu chính",
        inside="tiếp nhận qua bưu chính công ích",
        matter="post",
        action="hướng dẫn người dân sử dụng dịch vụ bưu chính công ích",
    ),
    Indicator(
        name="post_return_share",
        label="Tỷ lệ hồ sơ trả kết quả qua dịch vụ bưu chính công ích",
        numerator=("post_returned",),
        denominator=("level_base",),
        numerator_label="hồ sơ trả kết quả qua bưu chính công ích",
        denominator_label="tổng số hồ sơ phát sinh",
        scope="mọi hồ sơ phát sinh trong kỳ",
        source="Chỉ thị 08/CT-UBND ngày 17/5/2018 của UBND tỉnh Hà Tĩnh",
        valid_to=_LAST_OF_LEVELS,
        short="Trả kết quả qua bưu chính",
        inside="trả kết quả qua bưu chính công ích",
        matter="post",
        action="hướng dẫn người dân sử dụng dịch vụ bưu chính công ích",
    ),
    Indicator(
        name="dossier_digitisation_rate",
        label="Tỷ lệ số hóa thành phần hồ sơ khi tiếp nhận",
        numerator=("dossier_digitised",),
        denominator=("digitisation_base",),
        numerator_label="hồ sơ đã số hóa thành phần",
        denominator_label="hồ sơ thuộc diện số hóa khi tiếp nhận",
        scope="hồ sơ thuộc diện số hóa khi tiếp nhận trong kỳ",
        source="Nghị định 107/2021/NĐ-CP; Thông tư 01/2023/TT-VPCP",
        valid_from=_DIGITISATION,
        short="Số hóa hồ sơ tiếp nhận",
        inside="số hóa hồ sơ khi tiếp nhận",
        action="số hóa đủ thành phần hồ sơ ngay khi tiếp nhận",
    ),
    Indicator(
        name="result_digitisation_rate",
        label="Tỷ lệ số hóa kết quả giải quyết TTHC",
        numerator=("result_digitised",),
        denominator=("result_base",),
        numerator_label="hồ sơ đã số hóa kết quả",
        denominator_label="hồ sơ đã giải quyết thuộc diện số hóa kết quả",
        scope="hồ sơ đã giải quyết thuộc diện số hóa kết quả trong kỳ",
        source="Nghị định 107/2021/NĐ-CP; Thông tư 01/2023/TT-VPCP",
        valid_from=_DIGITISATION,
        short="Số hóa kết quả giải quyết",
        inside="số hóa kết quả giải quyết",
        action="số hóa, ký số kết quả trước khi trả",
    ),
    Indicator(
        name="online_payment_rate",
        label="Tỷ lệ hồ sơ thanh toán trực tuyến",
        numerator=("paid_online",),
        denominator=("fee_bearing",),
        numerator_label="hồ sơ thanh toán trực tuyến",
        denominator_label="hồ sơ có quy định phí, lệ phí",
        scope="hồ sơ có quy định phí, lệ phí trong kỳ",
        source="Hệ thống thông tin giải quyết TTHC của tỉnh",
        short="Thanh toán trực tuyến",
        inside="thanh toán trực tuyến",
        action="hướng dẫn thanh toán trực tuyến ngay khi nộp hồ sơ",
    ),
)


def indicator(name: str) -> Indicator:
    """The indicator called `name`; a UserError with the nearest names when there is none."""
    for one in INDICATORS:
        if one.name == name:
            return one
    near = ", ".join(nearest(name, [one.name for one in INDICATORS]))
    raise UserError(f"Không có chỉ tiêu «{name}»; các tên gần nhất: {near}; xem đủ bằng «baocao indicators».")
