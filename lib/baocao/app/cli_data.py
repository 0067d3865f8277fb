"""The commands that bring figures in: load, check, sample."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baocao.app.printing import say, say_json, shown
from baocao.definitions import UserError, find_project_root

if TYPE_CHECKING:
    import pandas as pd

    from baocao.store import Examination

PROBLEMS = Path("data") / "derived" / "problems"

Paths = Annotated[list[Path] | None, typer.Argument(help="Tệp hoặc thư mục, như nhận được.")]
Periods = Annotated[
    list[str] | None,
    typer.Option("--period", help="Kỳ cần lấy số liệu (mặc định: mọi kỳ tệp có); lặp lại được."),
]
AsOf = Annotated[str | None, typer.Option(help="Ngày cuối cùng mà tệp biết (mặc định: theo tệp).")]
Mapping = Annotated[Path | None, typer.Option(help="Tệp CSV hoặc YAML: tiêu đề cột của hệ thống khác.")]
Source = Annotated[
    str, typer.Option(help="received: nhận từ cơ quan giữ số liệu; published: chép từ văn bản.")
]
Json = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON cho chương trình khác đọc.")]


def load(
    paths: Paths = None,
    from_url: Annotated[
        str | None, typer.Option("--from", help="Kho hồ sơ: postgresql://…/bảng hoặc spark://…/bảng.")
    ] = None,
    period: Periods = None,
    as_of: AsOf = None,
    received: Annotated[str | None, typer.Option(help="Ngày nhận tệp (mặc định: hôm nay).")] = None,
    issuer: Annotated[str, typer.Option(help="Cơ quan gửi tệp.")] = "",
    note: Annotated[str, typer.Option(help="Ghi chú vào danh sách nguồn.")] = "",
    source: Source = "received",
    supersedes: Annotated[
        list[str] | None, typer.Option(help="Tệp đã nạp mà tệp mới sửa; lặp lại được.")
    ] = None,
    accept: Annotated[list[str] | None, typer.Option(help="Mã lỗi được chấp nhận; lặp lại được.")] = None,
    because: Annotated[str | None, typer.Option(help="Lý do chấp nhận, được in trong báo cáo.")] = None,
    mapping: Mapping = None,
    as_json: Json = False,
) -> None:
    """Nạp tệp như nhận được: biểu II.06, kết xuất hồ sơ, điểm của Cổng, chỉ số, chỉ tiêu, đơn vị."""
    from baocao.store import begin_reading

    root = find_project_root()
    bounds = begin_reading() if paths else None  # before what is imported below takes its time
    from baocao.store import load_files, make_options

    options = make_options(
        received=received or date.today().isoformat(),
        issuer=issuer,
        note=note,
        source=source,
        periods=period or (),
        as_of=as_of,
        supersedes=supersedes or (),
        accept=accept or (),
        because=because,
        mapping=mapping,
    )
    if bool(paths) == bool(from_url):
        raise UserError("Hãy ghi tệp cần nạp, hoặc --from và địa chỉ kho hồ sơ (một trong hai).")
    if from_url:
        from baocao.store import load_from

        found, facts = load_from(root, from_url, options)
    else:
        found, facts = load_files(root, paths or [], options, bounds)
    _show(root, found, as_json)
    if facts is not None and not as_json:
        say(
            f"Kho số liệu: {len(facts.counts)} số đếm, {len(facts.scores)} điểm; đợt {facts.files} (số tệp đã nạp)."
        )
    raise typer.Exit(1 if found.refused else 0)


def check(
    paths: Paths = None,
    period: Periods = None,
    as_of: AsOf = None,
    source: Source = "received",
    mapping: Mapping = None,
    as_json: Json = False,
) -> None:
    """Kiểm tra số liệu, hoặc kiểm tra trước tệp chưa nạp; in mọi lỗi cùng lúc; thoát mã 1 khi có lỗi."""
    root = find_project_root()
    if paths:
        from baocao.store import begin_reading

        bounds = begin_reading()  # before what is imported below takes its time
        from baocao.store import examine_files, make_options

        options = make_options(
            received="2000-01-01", source=source, periods=period or (), as_of=as_of, mapping=mapping
        )
        found = examine_files(root, paths, options, bounds)
        _show(root, found, as_json)
        raise typer.Exit(1 if found.refused else 0)
    from baocao.store import facts

    problems = facts.problems_now(root)
    _show_problems(root, problems, as_json)
    if problems.empty and not as_json:
        say("Số liệu không có lỗi, không có cảnh báo.")
    raise typer.Exit(1 if (problems["severity"] == "error").any() else 0)


def sample(
    dossiers: Annotated[
        int,
        typer.Option(help="Ghi thêm chừng ấy hồ sơ mẫu vào data/derived/sample, để thử nạp số lượng lớn."),
    ] = 0,
    remove: Annotated[bool, typer.Option(help="Xóa số liệu mẫu khỏi kho.")] = False,
) -> None:
    """Tạo số liệu mẫu (tổng hợp, không có thật) khớp tổng số đã công bố."""
    from baocao.app.sample.province import remove_sample, write_sample
    from baocao.store import facts

    root = find_project_root()
    if dossiers < 0 or (dossiers and remove):
        raise UserError(
            f"--dossiers phải là số hồ sơ từ 1 trở lên và không đi cùng --remove, nhận được {dossiers}."
        )
    if dossiers:
        from baocao.app.sample.dossiers import write_dossiers

        target = root / "data" / "derived" / "sample" / f"dossiers-{dossiers}.parquet"
        write_dossiers(root, dossiers, target)
        say(f"HỒ SƠ MẪU: {shown(target)}; nạp thử bằng «baocao load {shown(target)}».")
        return
    if remove:
        remove_sample(root)
        say(f"Đã xóa số liệu mẫu; kho số liệu còn {len(facts.rebuild(root).counts)} dòng.")
        return
    path = write_sample(root)
    count = len(facts.rebuild(root).counts)
    say(f"SỐ LIỆU MẪU: {shown(path)}; kho số liệu có {count} dòng.")


def _show(root: Path, found: Examination, as_json: bool) -> None:
    """What became of each file, then the problems of all."""
    if not as_json:
        for name in found.unchanged:
            say(f"{name}: đã nạp từ trước, không đổi gì.")
        for one in found.fresh:
            say(f"{one.shown}: {one.summary}")
            for sentence in one.said:
                say(f"  - {sentence}")
        if found.refused:
            say("KHÔNG nạp tệp nào: còn lỗi dưới đây.")
    _show_problems(root, found.problems, as_json)


def _show_problems(root: Path, problems: pd.DataFrame, as_json: bool) -> None:
    from baocao.writing import problem_list

    if as_json:
        say_json(problems.to_json(orient="records", force_ascii=False, indent=2))
        return
    if len(problems):
        problem_list.print_problems(problems)
        try:
            for path in problem_list.write_problems(problems, root / PROBLEMS):
                say(shown(path))
        except UserError as error:  # a project that may only be read is checked all the same
            say(f"({error})", error=True)
