"""data/raw/README.md tells every form that is read: its headings come from the vocabularies, its example is read.

python tests/readers/test_raw_readme.py     writes the part between the two marks anew
"""

from __future__ import annotations

import csv
import sys
from datetime import date
from pathlib import Path

import pytest

from baocao.definitions import load_measures, load_register
from baocao.definitions.project import find_project_root
from baocao.readers.reference.forms import REQUIRED
from baocao.store.load.candidates import LoadOptions
from baocao.store.load.recognise import Reader

ROOT = find_project_root(Path(__file__))
README = ROOT / "data" / "raw" / "README.md"
BEGIN, END = "<!-- Từ đây: viết bởi tests/readers/test_raw_readme.py -->", "<!-- Đến đây. -->"

FORMS = {  # what a form is called, and a small example of it
    "ii06": (
        "Biểu II.06/VPCP/KSTT",
        """Biểu số II.06c/VPCP/KSTT;;;;;;;;;;;;
(Từ ngày 01/7/2025 đến ngày 31/7/2025);;;;;;;;;;;;
TT;Đơn vị;Số hồ sơ nhận giải quyết;;;;Số lượng hồ sơ đã giải quyết;;;;Số lượng hồ sơ đang giải quyết;;
;;Tổng số;Trực tuyến;Trực tiếp, dịch vụ bưu chính;Từ kỳ trước;Tổng số;Trước hạn;Đúng hạn;Quá hạn;Tổng số;Trong hạn;Quá hạn
(1);(2);(3);(4);(5);(6);(7);(8);(9);(10);(11);(12);(13)
1;Sở Tư pháp;45;30;10;5;36;20;13;3;9;8;1
;Tổng cộng;45;30;10;5;36;20;13;3;9;8;1""",
    ),
    "dossiers": (
        "Kết xuất hồ sơ",
        """Số hồ sơ;Cơ quan giải quyết;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả kết quả;Trạng thái
HS-01;Sở Tư pháp;01/07/2025;15/07/2025;05/07/2025;Đã trả kết quả""",
    ),
    "portal": (
        "Bảng điểm của Cổng Dịch vụ công quốc gia",
        """Bảng điểm Bộ chỉ số 766 tháng 8/2026 (chụp lúc 06:00 ngày 06/9/2026);;;
TT;Đơn vị;Tổng điểm;Tiến độ giải quyết (20)
1;Sở Tư pháp;82,5;18,5""",
    ),
    "public_post": (
        "Dịch vụ bưu chính công ích",
        """Từ ngày 01/7/2025 đến ngày 31/7/2025;;;;
TT;Đơn vị;Hồ sơ tiếp nhận;Tiếp nhận qua BCCI;Tỷ lệ tiếp nhận qua BCCI
1;Sở Tư pháp;1.200;300;25""",
    ),
    "index_values": (
        "Giá trị chỉ số hằng năm",
        """Chỉ số;Năm;Giá trị;Thứ hạng;Trên tổng số;Nguồn
PAR INDEX;2029;88,17;20;34;Quyết định công bố""",
    ),
    "targets": (
        "Chỉ tiêu",
        """Chỉ tiêu;Mức;Từ ngày;Văn bản
Tỷ lệ hồ sơ nộp trực tuyến trên tổng số hồ sơ;80;01/01/2030;Kế hoạch mẫu""",
    ),
    "units": (
        "Danh mục đơn vị",
        """Mã;Loại;Tên đầy đủ;Từ ngày;Căn cứ
HT-SMAU;Sở, ban, ngành;Sở Mẫu;01/01/2030;Nghị quyết mẫu""",
    ),
    "lineage": (
        "Sắp xếp đơn vị",
        """Ngày hiệu lực;Mã cũ;Mã mới;Quan hệ;Văn bản
01/01/2030;HT-SNGV;HT-SNV;toàn bộ;Nghị quyết mẫu""",
    ),
    "counts": (
        "Biểu số đếm của chương trình",
        """unit,period_start,period_end,measure,value
HT-STP,2025-07-01,2025-07-31,post_received,300""",
    ),
    "scores": (
        "Biểu điểm của chương trình",
        """index,unit,period,as_of,component,score,maximum,rank,out_of
service_index,HT-STP,2026-08,2026-09-06,total,"82,5",100,,""",
    ),
}
PARTS = {
    "group 3": "nhóm (3) đến (6)", "group 7": "nhóm (7) đến (10)", "group 11": "nhóm (11) đến (13)",
    "total": "tổng của nhóm hoặc tổng điểm", "label": "tên đơn vị hoặc lĩnh vực", "ordinal": "số thứ tự", "unread": "không đọc",
}  # fmt: skip


def headings() -> dict[str, dict[str, list[str]]]:
    """By form and column: how offices write the heading."""
    held: dict[str, dict[str, list[str]]] = {form: {} for form in FORMS}
    with (ROOT / "data" / "reference" / "headings.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            held[row["form"]].setdefault(row["column"], []).append(row["text"])
    with (ROOT / "data" / "reference" / "dossier_headings.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["kind"] == "heading":
                held["dossiers"].setdefault(row["column"], []).append(row["text"])
    return held


def written() -> str:
    """The part of the README between the marks."""
    lines = [BEGIN, "", "## Tiêu đề được nhận của từng mẫu, kèm ví dụ", ""]
    lines.append(
        "Chữ hoa, dấu, dấu câu và phần trong ngoặc của tiêu đề không quan trọng. Cơ quan gọi một cột khác đi thì thêm một dòng "
        "vào `data/reference/headings.csv` (của hồ sơ: `dossier_headings.csv`, hoặc nạp kèm `--mapping`). Cột **in đậm** phải có."
    )
    for form, columns in headings().items():
        title, example = FORMS[form]
        lines += ["", f"### {title} (`{form}`)", "", "| cột | cách viết được nhận |", "| --- | --- |"]
        for column, texts in columns.items():
            shown = PARTS.get(column, f"({column})" if column.isdigit() else f"`{column}`")
            must = column in REQUIRED.get(form, ())
            lines.append(f"| {f'**{shown}**' if must else shown} | {'; '.join(texts)} |")
        lines += ["", *(f"    {line}" for line in example.splitlines())]
    return "\n".join([*lines, "", END])


def test_the_headings_of_the_readme_are_those_of_the_vocabularies():
    text = README.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text[text.index(BEGIN) : text.index(END) + len(END)] == written(), f"python {Path(__file__).name}"


@pytest.mark.parametrize("form", FORMS)
def test_the_example_of_each_form_is_recognised_and_read_without_error(form, tmp_path):
    (tmp_path / "vi-du.csv").write_text(FORMS[form][1] + "\n", encoding="utf-8")
    register, measures = load_register(ROOT), load_measures(ROOT)
    reader = Reader(ROOT, register, measures, LoadOptions(received=date(2026, 10, 1)), "")
    form_of, book, found = reader._look(tmp_path / "vi-du.csv")
    if form == "dossiers":
        assert form_of == "dossiers"
        return
    from baocao.readers.reference.read import read_sheets
    from baocao.readers.tables import READERS

    if form in READERS:
        assert form_of == form
        readings = [READERS[form](book, register, measures, "received", root=ROOT)]
    else:
        assert form_of == "reference"
        readings = read_sheets(book, register, measures, "received", root=ROOT)
    assert [one.form for one in readings] == [form]
    facts = sum(
        len(frame) for one in readings for frame in (one.counts, one.scores, one.rows) if frame is not None
    )
    assert facts and not [one for one in readings if "error" in set(one.problems["severity"])], readings[
        0
    ].problems
    assert not found


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2] if rest else "\n"
    README.write_text(before.rstrip("\n") + "\n\n" + written() + after, encoding="utf-8")
    sys.exit()
