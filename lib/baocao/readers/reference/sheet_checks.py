"""What rows of reference data must satisfy, among themselves and beside the files of `data/reference`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from baocao.definitions.errors import UserError
from baocao.definitions.indicators import INDICATORS
from baocao.readers.reference.known_reference import Fault, Known
from baocao.readers.reference.merge import key_of, with_rows


def check_rows(form: str, rows: Sequence[Mapping[str, str]], known: Known) -> Iterator[tuple[int, Fault]]:
    """The faults of complete rows, by position: at most one a row."""
    judge = {
        "index_values": _check_value,
        "targets": _check_target,
        "units": _check_unit,
        "lineage": _check_edge,
    }
    if form == "units":
        known.learn_units(rows)
    everything = with_rows(form, known.rows(form), rows)
    for at, row in enumerate(rows):
        try:
            if row.get("valid_from") and row.get("valid_to") and row["valid_to"] < row["valid_from"]:
                raise Fault("valid_to", "hieu-luc", "Ngày cuối trước ngày đầu; hãy đổi chỗ hai ngày.")
            judge[form](row, known, everything)
        except Fault as fault:
            yield at, fault


def _check_value(row: Mapping[str, str], known: Known, everything: Sequence[Mapping[str, str]]) -> None:
    for column in ("rank", "out_of"):
        if row[column] and not re.fullmatch(r"[1-9][0-9]{0,2}", row[column]):
            raise Fault(column, "diem", f"«{row[column][:40]}» không phải là thứ hạng, cần số nguyên từ 1.")
    if bool(row["rank"]) != bool(row["out_of"]):
        raise Fault("out_of", "diem", "Thứ hạng phải đi cùng số tỉnh, thành phố được xếp hạng (63 hoặc 34).")
    if row["rank"] and int(row["rank"]) > int(row["out_of"]):
        raise Fault("rank", "diem", f"Thứ hạng {row['rank']} lớn hơn số tỉnh được xếp hạng {row['out_of']}.")
    if not row["value"] and not row["rank"] and not row["note"]:
        raise Fault("value", "diem", "Không có giá trị và thứ hạng thì phải ghi chú vì sao.")
    if (row["value"] or row["rank"]) and not row["source"]:
        raise Fault("source", "o-sai", "Trống, cần nguồn của số liệu.")
    if row["value"] and not row["measured_in"]:
        raise Fault("measured_in", "o-sai", "Trống, cần đơn vị tính của giá trị (điểm hoặc %).")
    for column in ("published", "as_of"):
        if row[column] and int(row[column][:4]) < int(row["year"]):
            raise Fault(column, "ngay", f"Ngày này trước năm {row['year']} của số liệu.")


def _check_target(row: Mapping[str, str], known: Known, everything: Sequence[Mapping[str, str]]) -> None:
    for column in ("target", "valid_from", "legal_source"):
        if not row[column]:
            raise Fault(column, "o-sai", "Trống, ô này phải có.")
    one = next(one for one in INDICATORS if one.name == row["indicator"])
    start = date.fromisoformat(row["valid_from"])
    if not one.in_force(start, start):
        raise Fault(
            "valid_from",
            "hieu-luc",
            "Chỉ tiêu chưa có hoặc đã hết hiệu lực vào ngày này (xem indicators.py).",
        )
    if not Decimal(row["target"]) > 0:
        raise Fault("target", "diem", "Mức phải lớn hơn 0.")
    _check_overlap("targets", row, everything, ("indicator", "scope"))


def _check_unit(row: Mapping[str, str], known: Known, everything: Sequence[Mapping[str, str]]) -> None:
    for column in ("code", "name", "full_name"):
        if not row[column]:
            raise Fault(column, "o-sai", "Trống, ô này phải có.")
    if not re.fullmatch(r"[0-9A-ZĐ]+(?:-[0-9A-ZĐ]+)*", row["code"]):
        raise Fault("code", "don-vi", "Mã chỉ gồm chữ số, chữ hoa và dấu gạch ngang.")
    is_new = all(key_of("units", one) != key_of("units", row) for one in known.rows("units"))
    if is_new and not row["valid_from"]:
        raise Fault("valid_from", "hieu-luc", "Đơn vị mới phải ghi ngày bắt đầu.")
    if is_new and not row["legal_basis"]:
        raise Fault("legal_basis", "o-sai", "Trống, cần văn bản lập đơn vị.")
    _check_overlap("units", row, everything, ("code",))
    if row["parent"] and is_new:
        try:
            known.register.get(row["parent"], date.fromisoformat(row["valid_from"]))
        except UserError as error:
            raise Fault("parent", "don-vi", str(error)) from None
    elif is_new and row["kind"] != "province":
        raise Fault("parent", "don-vi", "Trống, cần mã đơn vị cấp trên.")


def _check_edge(row: Mapping[str, str], known: Known, everything: Sequence[Mapping[str, str]]) -> None:
    for column in ("effective_date", "old_code", "new_code", "relation", "source"):
        if not row[column]:
            raise Fault(column, "o-sai", "Trống, ô này phải có.")
    day = date.fromisoformat(row["effective_date"])
    units = {}
    for column, on in (("old_code", day - timedelta(days=1)), ("new_code", day)):
        try:
            units[column] = known.register.get(row[column], on)
        except UserError as error:
            raise Fault(column, "don-vi", str(error)) from None
    if units["old_code"].kind != units["new_code"].kind:
        raise Fault("new_code", "don-vi", "Đơn vị cũ và đơn vị mới khác loại.")
    key = (row["effective_date"], row["old_code"])
    relations = [one["relation"] for one in everything if (one["effective_date"], one["old_code"]) == key]
    if relations != ["whole"] and (len(relations) < 2 or set(relations) != {"part"}):
        text = "Đơn vị cũ phải vào trọn một đơn vị mới (whole) hoặc chia cho ít nhất hai đơn vị (part)."
        raise Fault("relation", "mau-thuan", text)


def _check_overlap(
    form: str, row: Mapping[str, str], everything: Sequence[Mapping[str, str]], same: tuple[str, ...]
) -> None:
    """No two rows of one thing are in force on one day."""
    for other in everything:
        if key_of(form, other) == key_of(form, row) or any(other[name] != row[name] for name in same):
            continue
        if row["valid_from"] <= (other["valid_to"] or "9999") and other["valid_from"] <= (
            row["valid_to"] or "9999"
        ):
            span = f"từ {other['valid_from'] or 'trước 2019'} đến {other['valid_to'] or 'nay'}"
            text = f"Chồng với dòng đang có {span}; nếu dòng đó đã hết hiệu lực, hãy nạp cả dòng đó với ngày cuối."
            raise Fault("valid_from", "hieu-luc", text)
