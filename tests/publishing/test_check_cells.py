"""What is wrong with a memo's notebook is seen without running it: names, files and networks, wrong syntax, all at once."""

from __future__ import annotations

import nbformat
import pytest

from baocao.definitions.errors import UserError
from baocao.publishing import notebooks
from baocao.publishing.check_cells import check_cells, faults_of
from baocao.publishing.spec import load_spec

v4 = nbformat.v4
PARAMETERS = 'period = "2025-07"\nunits = ["42"]'
OPEN = "from baocao.reports import open_memo\n\nmemo = open_memo(period, units)"
PATTERNS = "%%vanban mau\n{% set unit = 'hồ sơ' %}{% macro share(rate) %}{{ rate }} {{ unit }}{% endmacro %}"


def memo(*cells: str, opening: str = OPEN) -> nbformat.NotebookNode:
    parameters = v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    return v4.new_notebook(cells=[parameters, *map(v4.new_code_cell, [opening, *cells])])


def test_the_notebooks_of_the_project_have_no_fault(root):
    for path in (root / "notebooks").glob("*.ipynb"):
        assert faults_of(notebooks.read_notebook(path), root) == [], path.name


@pytest.mark.parametrize("name", ["processing", "unit_briefing"])
def test_every_cell_of_a_memo_is_looked_at(root, name):
    notebook = notebooks.read_notebook(root / "notebooks" / f"{name}.ipynb")
    opened = False
    for cell in notebook.cells:
        if cell.cell_type != "code" or not (opened := opened or "open_memo" in cell.source):
            continue
        before = cell.source
        cell.source += "\n{{ ghost }}" if before.startswith("%%vanban") else "\nghost"
        (fault,) = faults_of(notebook, root)
        assert "không có tên «ghost»" in fault
        cell.source = before


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("%%vanban\nNhận {{ recieved }} hồ sơ.",
         "Ô %%vanban «Nhận {{ recieved }} hồ sơ.»: không có tên «recieved»; các tên gần nhất: received, "),
        ("shown = [received, on_time_rat]", "Ô «shown = [received, on_time_rat]»: không có tên «on_time_rat»; các tên gần nhất: on_time_rate, "),
        ("[unit for unit in members if ghost(unit)]", "không có tên «ghost»"),
        ("def pick(units): return units[:count]", "không có tên «count»"),
        ("%%vanban\n{% for one in members %}{{ one }}{% endfor %}{{ one }}", "không có tên «one»"),
        ("%%vanban\n{{ len(members) }}", "không có tên «len»"),
        (f"{PATTERNS[:-14]} {{{{ ghost }}}}{{% endmacro %}}", "không có tên «ghost»"),
        ("open('a.csv').read()", "«open» lấy số liệu từ ngoài báo cáo"),
        ("import pandas as pd\npd.read_excel('a.xlsx')", "«pd.read_excel» lấy số liệu từ ngoài báo cáo"),
        ("from pandas import read_csv as take\ntake('a.csv')", "«read_csv» lấy số liệu"),
        ("from pathlib import Path\nPath('a').read_text()", "«Path('a').read_text» lấy số liệu"),
        ("from pathlib import Path\nlist(map(Path.read_bytes, []))", "«Path.read_bytes» lấy số liệu"),
        ("import io\nio.open('a')", "«io.open» lấy số liệu"),
        *((f"import {module}", f"«{module}» lấy số liệu từ ngoài báo cáo, không kiểm chứng được; hãy dùng một số liệu của báo cáo, hoặc đưa tệp vào data/raw")
          for module in ("duckdb", "requests", "urllib.request", "http.client", "socket", "subprocess", "sqlite3")),
        ("from urllib.request import urlopen\nurlopen('x')", "«urllib.request» lấy số liệu"),
        ("duckdb.sql('select 1')", "«duckdb» lấy số liệu"),
        ("from math import *", "«from math import *» không cho biết tên nào được dùng"),
        ("!cat a.csv", "dòng «!cat a.csv» là lệnh của IPython"),
        ("%%bash\nls", "dòng «%%bash» là lệnh của IPython"),
        ("shown = [received,", "dòng 1 sai cú pháp Python: «shown = [received,»"),
        ("%%vanban\n\n{% if received %}a", "dòng 2 thiếu {% endif %}"),
        ("%%vanban\n{{ received", "dòng 1 thiếu dấu đóng }} hoặc %}"),
        ("%%vanban\n{% fi received %}", "dòng 1 có lệnh {% fi %} thừa hoặc viết sai"),
        ("%%vanban\n{{ received hồ }}", "dòng 1 có «hồ» không đúng chỗ"),
        ("%%vanban\n{% if received is knwon %}a{% endif %}", "không có «is knwon» (gần nhất: known,"),
        ("%%vanban\n{{ received|thousand }}", "không có «| thousand»"),
        ("%%vanban\n{% include 'a.txt' %}", "lấy chữ từ tệp khác"),
        ("%%vanban\nNhận [[{{ received }} hồ sơ.", "dấu «[[» không có «]]» đóng lại"),
        ("%%vanban\n1. Đạt 97%.", "con số «97» gõ bằng tay không có số liệu làm căn cứ; hãy in một số liệu của báo cáo"),
        ("%%vanban\n[[{% if level_34_share %}có mười hồ sơ{% endif %}]]", "con số «mười hồ sơ» viết bằng chữ"),
        ("%%vanban maux\na", "dòng «%%vanban maux»: không hiểu «maux»; viết được: mau, nho, --ky 2025-07"),
        ("%%vanban --don-vi\na", "thiếu giá trị sau --don-vi"),
        ("%%vanban --ky 2025-13\na", "Kỳ báo cáo «2025-13» không hợp lệ"),
        ("%%vanban --don-vi 'xã\na", "có dấu nháy chưa đóng"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_cell_and_the_way_out(root, cell, found):
    (fault,) = faults_of(memo(cell), root)
    assert found in fault


@pytest.mark.parametrize(
    "cells",
    [
        ["%%vanban\n{% for unit in members %}{{ loop.index }} {{ unit }}{% endfor %}{% set a = 1 %}{{ a }}"],
        [PATTERNS, "%%vanban nho --ky=2025-07 --don-vi 18229\n{{ share(on_time_rate) }} {{ unit }}"],
        ["rows = [one for one in members if (first := one)]", "%%vanban\n{{ rows }} {{ first }}"],
        ["def pick(units): return units[:count]", "count = 3\npick(members)"],
        ["try:\n    max(levels, key=lambda one: one.unit.code)\nexcept ValueError as error:\n    display(error)"],
        ["import numpy as np\nnp.array(1)", "for number, unit in enumerate(members):\n    print(f'{number} {unit!s}')"],
        ["text = '''\n%matplotlib\n!ls\n'''", "ready = read = opened = 1\nready + read + opened"],
        ["  \n%%vanban\n  Đoạn văn."],
        ["%%vanban\n1. Theo Quyết định số 766/QĐ-TTg ngày 23/06/2022.\n{% if received %}\n10. Hai cấp.\n{% endif %}\n- {{ own('9', 'số') }}"],
    ],
)  # fmt: skip
def test_what_is_right_is_left_alone(root, cells):
    assert faults_of(memo(*cells), root) == []


def test_a_name_that_comes_later_is_told_as_such(root):
    faults = faults_of(memo("%%vanban\n{{ rows }} {{ share(received) }}", "rows = members", PATTERNS), root)
    assert [fault.partition(": ")[2] for fault in faults] == [
        f"tên «{name}» đến một ô phía sau mới được đặt; hãy chuyển ô đó lên trước ô này"
        for name in ("rows", "share")
    ]


def test_words_of_the_report_are_there_from_the_cell_that_opens_it(root):
    early = memo(OPEN, opening="received")
    assert [fault.partition(";")[0] for fault in faults_of(early, root)] == [
        "Ô «received»: không có tên «received»"
    ]


def test_a_notebook_that_opens_no_memo_is_left_alone(root):
    assert faults_of(memo("import duckdb\nopen(ghost)", "!ls", opening="1"), root) == []


def test_all_faults_are_told_at_once_one_a_line(root):
    notebook = memo("%%vanban\n{{ ghost }} [[", "open('x')", "shown = (")
    with pytest.raises(UserError) as refused:
        check_cells(notebook, root, "thu")
    first, *faults = str(refused.value).splitlines()
    assert first == "Sổ tính thu có 4 chỗ phải sửa:"
    assert [fault[:5] for fault in faults] == ["  - Ô"] * 4


def test_a_report_is_refused_before_anything_is_begun(project):
    path = project / "notebooks" / "unit_briefing.ipynb"
    notebook = notebooks.read_notebook(path)
    notebook.cells[-1].source = "ghost"
    nbformat.write(notebook, path)
    with pytest.raises(UserError, match=r"Sổ tính unit_briefing có 1 chỗ phải sửa:\n  - Ô «ghost»: không có"):
        load_spec(project, project / "reports" / "unit_briefing.yml")
