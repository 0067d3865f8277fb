"""What is wrong in the files as received: rows of the `problems` frame, with Vietnamese sentences.

Faults in data are collected, all of them, and shown; they never stop the reading and are never swallowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from baocao.definitions import vietnamese as vn

PROBLEM_COLUMNS = [
    "severity", "code", "file", "sheet", "row", "column", "value", "message", "unit", "period_start", "period_end",
    "fate", "accepted_because",
]  # fmt: skip
"""What is known of a problem, each in a column of its own: nobody has to read it out of the message.

severity            "error" or "warning"; an accepted error is a warning with `accepted_because`
code                one of `CODES`
file, sheet, row, column, value  where it stands, and what stands there
message             the sentence for people, without the acceptance
unit                the code of the only unit whose figure it is; "" where that is not known
period_start, period_end  the window whose figure it is, `datetime.date`; None where that is not known
fate                what becomes of the figure when the error is accepted, where that is not the usual thing; of an accepted
                    error what became of it
accepted_because    why it was accepted; "" where it was not
"""

CODES = {
    "chua-ghi-nguon": "Tệp trong data/raw không có trong danh sách nguồn",
    "danh-sach-nguon": "Danh sách tệp nguồn SOURCES.csv sai",
    "ngoai-le": "Danh sách lỗi được chấp nhận ACCEPTED.csv sai",
    "khung-du-lieu": "Bảng số liệu sai khuôn dạng",
    "tep-da-sua": "Nội dung tệp không khớp mã đã ghi",
    "tep-hong": "Tệp không đọc được",
    "tep-qua-lon": "Đọc tệp cần quá nhiều bộ nhớ hoặc thời gian",
    "tep-trong": "Tệp không có số liệu",
    "tieu-de": "Dòng tiêu đề thiếu, thừa hoặc lặp cột",
    "cot-la": "Cột không có trong mẫu",
    "so-o": "Dòng có số ô khác tiêu đề",
    "dau-ngoac": "Dấu ngoặc kép không đúng cách",
    "don-vi": "Đơn vị không có hoặc không rõ",
    "ngay": "Ngày hoặc kỳ không đọc được, không hợp lý",
    "dai-luong": "Đại lượng không có hoặc chưa có hiệu lực",
    "so-ho-so": "Số hồ sơ không đọc được",
    "diem": "Điểm hoặc thứ hạng không hợp lệ",
    "dau-thap-phan": "Dấu thập phân viết bằng dấu chấm",
    "o-sai": "Giá trị của ô không hợp lệ",
    "trung-lap": "Cùng một số liệu ghi hai lần",
    "mau-thuan": "Hai dòng mâu thuẫn",
    "mau-thuan-tep": "Hai tệp mâu thuẫn",
    "khong-nhan-dang": "Không nhận ra loại tệp",
    "thanh-phan": "Tổng khác với các thành phần cộng lại",
    "can-doi": "Biểu II.06 không cân đối",
    "vuot-tong": "Phần lớn hơn toàn bộ",
    "noi-tiep": "Số chuyển sang khác số còn lại của kỳ trước",
    "ky-dau": "Kỳ đầu của dữ liệu chưa có số kỳ trước chuyển qua",
    "trang-an": "Trang bị ẩn, không được đọc",
    "dong-an": "Dòng bị ẩn trong bảng tính",
    "bang-ma": "Chữ gõ bằng phông cũ, không phải Unicode",
    "duoi-tep": "Đuôi tệp khác nội dung",
    "trang-la": "Trang không phải biểu mẫu, không được đọc",
    "o-cong-thuc": "Ô công thức hoặc ô báo lỗi",
    "dong-tong": "Dòng tổng khác các dòng cộng lại",
    "dong-la": "Dòng không rõ là gì",
    "chua-bao-cao": "Đơn vị chưa có số liệu",
    "ma-cot": "Mã hoặc chữ của cột không được biết",
    "anh-xa": "Mục của tệp --mapping không dùng đến",
    "thieu-o": "Ô bắt buộc để trống",
    "cot-thieu": "Thiếu cột nên thiếu số liệu",
    "muc-do-kenh": "Dịch vụ công mức độ 2 nhưng hồ sơ nộp trực tuyến",
    "thieu-ngay-nhan": "Hồ sơ không có ngày tiếp nhận",
    "thieu-ngay-xong": "Hồ sơ đã xong hoặc đã rút không có ngày kết thúc",
    "nhan-tuong-lai": "Hồ sơ tiếp nhận sau ngày chốt số liệu",
    "xong-tuong-lai": "Hồ sơ kết thúc sau ngày chốt số liệu",
    "xong-truoc-nhan": "Hồ sơ kết thúc trước khi tiếp nhận",
    "hen-truoc-nhan": "Ngày hẹn trả trước ngày tiếp nhận",
    "hen-qua-xa": "Ngày hẹn trả quá xa ngày tiếp nhận",
    "so-lam-tron": "Số hồ sơ bị bảng tính làm tròn",
    "ho-so-trung": "Một hồ sơ ghi nhiều lần",
    "ho-so-mau-thuan": "Hai hồ sơ cùng số nhưng khác nội dung",
    "khac-nguon": "Hai nguồn khác số",
    "khac-cap-duoi": "Số của cấp trên khác tổng các đơn vị",
    "thanh-phan-chi-so": "Thành phần, điểm tối đa khác định nghĩa của chỉ số",
    "tong-diem": "Điểm khác tổng các thành phần",
    "thieu-ky": "Không rõ kỳ báo cáo hoặc ngày chụp số liệu",
    "chua-cong-bo": "Điểm chưa được công bố",
    "tinh-lai-diem": "Điểm công bố khác điểm tính lại",
    "ghi-chu-cong": "Cổng ghi chú về chất lượng dữ liệu",
    "thieu-don-vi": "Tệp hoặc câu trả lời của Cổng không đủ đơn vị",
    "ngoai-pham-vi": "Câu trả lời của Cổng nằm ngoài phạm vi báo cáo",
    "hieu-luc": "Thời hạn hiệu lực sai hoặc chồng nhau",
    "tham-chieu": "Mã hoặc tên không có trong dữ liệu tham chiếu",
}
"""What can be wrong, by the code that `--accept` takes: short, stable, typed without diacritics."""

_LONGEST = 80


def problem(
    severity: str,
    code: str,
    message: str,
    *,
    file: str = "",
    sheet: str = "",
    row: int | None = None,
    column: str = "",
    value: object = "",
    unit: str = "",
    window: tuple[date, date] | None = None,
    fate: str = "",
) -> dict:
    """One row of the frame (`PROBLEM_COLUMNS`); `row` is 1-based as a spreadsheet shows it (the header is row 1)."""
    if severity not in ("error", "warning"):
        raise ValueError(f"severity is 'error' or 'warning', got {severity!r}")
    if code not in CODES:
        raise ValueError(f"no such code of a problem: {code!r}")
    file, sheet, column, message, text = map(vn.clean, (file, sheet, column, message, str(value)))
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return {
        "severity": severity,
        "code": code,
        "file": file,
        "sheet": sheet,
        "row": row,
        "column": column,
        "value": shown,
        "message": message,
        "unit": unit,
        "period_start": window[0] if window else None,
        "period_end": window[1] if window else None,
        "fate": fate,
        "accepted_because": "",
    }


def column_letter(column: int) -> str:
    """The name of a column (from 0) as the spreadsheet shows it.

    >>> column_letter(0), column_letter(26)
    ('A', 'AA')
    """
    from xlsxwriter.utility import xl_col_to_name  # 70 ms: only where a workbook is at fault

    return xl_col_to_name(column)


class Faults:
    """Collects what is wrong in a file, or on one sheet of it.

    A row is an index from 0 (the list shows it as a spreadsheet numbers it), a column an index from 0, shown as the
    spreadsheet's letter, or what the list calls it.
    """

    def __init__(self, file: str, sheet: str = "", rows: list[dict] | None = None):
        self.file, self.sheet = file, sheet
        self.rows: list[dict] = [] if rows is None else rows

    def on(self, sheet: str) -> Faults:
        """The same collection, for what is wrong on the sheet."""
        return Faults(self.file, sheet, self.rows)

    @property
    def failed(self) -> bool:
        """Whether there is an error among them."""
        return any(one["severity"] == "error" for one in self.rows)

    def error(self, code: str, message: str, row=None, column: int | str = "", value: object = "", **known):
        """Notes what must not be counted without a person's decision; `known` as `problem` takes it."""
        self._add("error", code, message, row, column, value, known)

    def warn(self, code: str, message: str, row=None, column: int | str = "", value: object = "", **known):
        """Notes what readers should know; the figures stay."""
        self._add("warning", code, message, row, column, value, known)

    def _add(self, severity, code, message, row, column, value, known) -> None:
        place = {"file": self.file, "sheet": self.sheet, "row": None if row is None else int(row) + 1}
        place["column"] = column if isinstance(column, str) else column_letter(column)
        self.rows.append(problem(severity, code, message, value=value, **place, **known))


def problems_frame(rows: Iterable[dict]) -> pd.DataFrame:
    """The frame of the problems, in the order given: `row` an int and days dates, None where none is meant; else text.

    What a row does not say, as in lists kept by an earlier version, is not known.
    """
    unknown = dict.fromkeys(PROBLEM_COLUMNS, "") | dict.fromkeys(("row", "period_start", "period_end"))
    return pd.DataFrame([unknown | row for row in rows], columns=PROBLEM_COLUMNS, dtype=object)


def join_problems(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The frames one below the other, with a fresh index; the empty frame when there are none."""
    held = [frame for frame in frames if len(frame)]
    return pd.concat(held, ignore_index=True) if held else problems_frame([])


def drop_echoes(problems: pd.DataFrame, others: Iterable[pd.DataFrame] = ()) -> pd.DataFrame:
    """The problems without those among all files that only repeat what a workbook's reader named, with the cell.

    The balance of a row in which a total is not the sum of its parts; sums of units on a sheet whose own sums do not
    come out. `others` are problems told elsewhere, whose echoes are dropped too.
    """
    told = join_problems([problems, *others])
    row, sheet = ["file", "sheet", "row"], ["file", "sheet"]
    derived = (problems["code"] == "can-doi") & (problems["column"] == "(3)")
    summed = problems["code"] == "khac-cap-duoi"
    named = told["code"].isin(["can-doi", "thanh-phan"]) & told["column"].str.fullmatch("[A-Z]+")
    echoes = np.zeros(len(problems), dtype=bool)
    for echo, cause, place in ((derived, named, row), (summed, told["code"] == "dong-tong", sheet)):
        causes = set(told.loc[cause, place].itertuples(index=False, name=None))
        found = [one in causes for one in problems[place].itertuples(index=False, name=None)]
        echoes |= echo & np.array(found, dtype=bool)
    return problems[~echoes].reset_index(drop=True)
