"""The command line. Exit code 0: done; 1: some document or fact is wrong; 2: the user must change something; 130: stopped."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from baocao.app import cli_data
from baocao.app.printing import print_frame, print_outcomes, say, say_json, shown
from baocao.definitions import UserError, find_project_root, load_organisations, nearest, system_reason

app = typer.Typer(
    help="Lập báo cáo, công văn về giải quyết thủ tục hành chính của tỉnh Hà Tĩnh, mọi con số có nguồn.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for _command in (cli_data.load, cli_data.check, cli_data.sample):
    app.command()(_command)

_STOPPED = 130
"""The exit code after Ctrl-C."""

Json = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON cho chương trình khác đọc.")]
Out = Annotated[Path | None, typer.Option(help="Thư mục kết quả (mặc định reports/build).")]
Renderer = Annotated[str, typer.Option(help="Trình dựng: auto, quarto hoặc embedded.")]


def main() -> None:
    """Run the command line; every error the user can mend is one sentence and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = app(
            sys.argv[1:] or ["--help"], standalone_mode=False
        )  # else typer words the errors and the end of a run, in English
    except UserError as error:
        code = _refuse(str(error))
    except UsageError as error:
        code = _refuse(sentence(error, [one.callback.__name__ for one in app.registered_commands]))
    except OSError as error:
        about = f"Không dùng được «{Path(error.filename).name}»" if error.filename else "Hệ thống từ chối"
        code = _refuse(f"{about}: {system_reason(error)}.")
    if code == _STOPPED:  # what typer makes of Ctrl-C
        say("Đã dừng theo yêu cầu.", error=True)
    raise SystemExit(code if isinstance(code, int) else 0)


def _refuse(sentence: str) -> int:
    say(f"Lỗi: {sentence}", error=True)
    return 2


@app.command()
def build(
    specs: Annotated[list[str], typer.Argument(help="Tên báo cáo trong reports/ hoặc đường dẫn tệp .yml.")],
    period: Annotated[str | None, typer.Option(help="Kỳ, thay cho kỳ ghi trong báo cáo.")] = None,
    units: Annotated[str | None, typer.Option(help="Đơn vị: mã, tên, communes, departments, all…")] = None,
    format: Annotated[str | None, typer.Option(help="pdf, html hoặc pdf,html.")] = None,
    renderer: Renderer = "auto",
    out: Out = None,
    jobs: Annotated[
        int, typer.Option(help="Số văn bản lập cùng lúc (mặc định: số nhân của máy).")
    ] = os.cpu_count() or 1,
    cluster: Annotated[
        str, typer.Option(help="Lập trên cụm máy Dask tcp://máy:cổng; số văn bản cùng lúc do cụm quyết định.")
    ] = "",
    vintage: Annotated[
        str, typer.Option(help="Số liệu như khi mới nạp chừng ấy tệp (12) hoặc đến ngày ấy (2025-08-15).")
    ] = "",
    force: Annotated[bool, typer.Option(help="Lập lại cả văn bản không có gì thay đổi.")] = False,
    why: Annotated[
        bool, typer.Option("--why", help="In lý do phải lập từng văn bản, trước khi lập.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Lập báo cáo: chạy sổ tính, dựng PDF và HTML, kiểm chứng từng con số."""
    from baocao.app.progress import track
    from baocao.publishing import (
        BuildContext,
        Outcome,
        Spec,
        batch,
        check_formats,
        find_specs,
        ledger,
        load_spec,
    )
    from baocao.publishing import cluster as clusters
    from baocao.publishing import folders as places

    root = find_project_root()
    folder = out or root / "reports" / "build"
    if renderer not in ("auto", "quarto", "embedded"):
        raise UserError(f"Không có trình dựng «{renderer}»; chọn auto, quarto hoặc embedded.")
    if jobs < 1:
        raise UserError(f"--jobs phải từ 1 trở lên, nhận được {jobs}.")
    if cluster:
        clusters.check_address(cluster)
    context = BuildContext.open(root, renderer)
    organisations = load_organisations(root)
    documents: list[Spec] = []  # all arguments are checked before the first document is begun
    for path in find_specs(root, specs):
        spec = load_spec(root, path)
        spec = spec.for_vintage(vintage) if vintage else spec
        asked = replace(
            spec if period is None else spec.for_period(period),
            units=spec.units if units is None else (units,),
            formats=spec.formats if format is None else check_formats(format, "--format"),
        )
        documents += batch.list_jobs(asked, context.register, organisations)
    names = [one.name for one in documents]
    ledger.check_folder(folder)
    kept = ledger.read_ledger(folder)  # refused before the first document where it is not ours
    earlier = {line["folder"]: line for line in kept}
    outcomes: list[Outcome] = []
    if why:
        for sentence in batch.causes(documents, folder, context, {} if force else earlier):
            say(sentence, error=as_json)
    with places.taken(folder):
        if cluster:
            made = clusters.deliver_all(cluster, documents, folder, context, earlier, force=force)
        else:
            made = batch.deliver_all(documents, folder, context, earlier, jobs, force=force)
        shown_made = track(
            made, "Lập báo cáo", len(documents), quiet=as_json,
            failed=lambda one: not ledger.all_well([one]), stood=ledger.stood,
        )  # fmt: skip
        try:
            ledger.keep(folder, shown_made, outcomes)
        except KeyboardInterrupt:
            say(
                f"Đã dừng theo yêu cầu khi xong {len(outcomes)}/{len(documents)} văn bản; "
                "chạy lại đúng lệnh này để lập tiếp.",
                error=True,
            )
            raise SystemExit(_STOPPED) from None
    outcomes.sort(key=lambda one: (names.index(one.report), one.folder))
    if as_json:
        say_json(json.dumps([asdict(outcome) for outcome in outcomes], ensure_ascii=False, indent=2))
    else:
        print_outcomes(outcomes, folder)
    raise typer.Exit(0 if ledger.all_well(outcomes) else 1)


@app.command()
def verify(
    folder: Annotated[Path | None, typer.Argument(help="Thư mục văn bản đã lập.")] = None,
    as_json: Json = False,
) -> None:
    """Đọc lại văn bản đã lập, đối chiếu từng con số với sổ tính gốc, từng tệp với sổ theo dõi ledger.json."""
    from baocao.publishing import BuildContext, check_delivered, recounted_total

    root = find_project_root()
    place = Path(os.path.abspath(folder or root / "reports" / "build"))
    found, without, counts = (
        check_delivered.verify_place(place, BuildContext.open(root)) if place.is_dir() else ({}, [], [])
    )
    if not found:
        raise UserError(f"Không có văn bản nào trong «{shown(place)}»; hãy lập bằng «baocao build».")
    report = {shown(path): [str(fault) for fault in faults] for path, faults in found.items()}
    if without:
        one = f"«{shown(without[0])}»" if len(without) == 1 else f"{len(without)} văn bản"
        say(
            f"Không có sổ theo dõi ledger.json cho {one}: chỉ đối chiếu với sổ tính nằm cạnh, "
            "không biết có thiếu tệp hay có tệp bị thay cả bộ.",
            error=as_json,
        )
    if as_json:
        say_json(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for name, faults in report.items():
            say(f"{name}: {'khớp' if not faults else f'{len(faults)} chỗ sai'}")
            for fault in faults:
                say(f"  - {fault}")
    if counts:
        gone = sum(recounted is None for recounted, _ in counts)
        why = f" {gone} văn bản lập từ số liệu nay không còn trong kho nên không đếm lại được."
        say(recounted_total(counts) + (why if gone else ""), error=as_json)
    raise typer.Exit(1 if any(report.values()) else 0)


@app.command()
def reconcile(as_json: Json = False) -> None:
    """Đối soát số liệu đã công bố với số liệu tính lại; thoát mã 1 khi có con số không khớp."""
    from baocao.reports import FAULTS, compare_with_store, reconcile_published

    root = find_project_root()
    findings = reconcile_published(root)
    if as_json:
        say_json(findings.to_json(orient="records", force_ascii=False, indent=2))
    else:
        for verdict in FAULTS:
            for one in findings[findings["verdict"] == verdict].itertuples():
                say(f"{one.id} [{verdict}] {one.message}")
        counts = findings["verdict"].value_counts()
        say("; ".join(f"{verdict}: {count}" for verdict, count in counts.items()) + ".")
        stored = compare_with_store(root)
        for one in stored[~stored["agrees"]].itertuples():
            say(f"{one.id} [khác kho số liệu] in {one.printed}, kho có {one.stored} ({one.source})")
        say(f"So với kho số liệu: {stored['agrees'].sum()}/{len(stored)} con số bằng nhau.")
    raise typer.Exit(1 if findings["verdict"].isin(FAULTS).any() else 0)


@app.command()
def indicators(as_json: Json = False) -> None:
    """In định nghĩa các chỉ tiêu, như trong phụ lục báo cáo."""
    from baocao.definitions import INDICATORS

    if as_json:
        say_json(json.dumps([asdict(one) for one in INDICATORS], ensure_ascii=False, indent=2, default=str))
        return
    for one in INDICATORS:
        say(f"{one.name}: {one.label} ({one.measured_in})")
        say(f"    = {one.formula}")
        say(f"    Phạm vi: {one.scope}. Căn cứ: {one.source}.")


@app.command()
def units(
    on: Annotated[
        str | None, typer.Option(help="Ngày có hiệu lực, dạng 2025-07-01 (mặc định: hôm nay).")
    ] = None,
    kind: Annotated[
        str, typer.Option(help="communes, departments, land-offices, districts hoặc all.")
    ] = "all",
    as_json: Json = False,
) -> None:
    """In danh mục đơn vị có hiệu lực vào một ngày."""
    from baocao.definitions import KINDS, load_register, units_frame
    from baocao.definitions import vietnamese as vn

    register = load_register(find_project_root())
    try:
        day = vn.parse_date(on) if on else date.today()
    except ValueError as error:
        raise UserError(f"--on: {error}") from None
    frame = units_frame(register, day)
    if kind != "all":
        chosen = {unit.code for unit in register.expand([kind], day)}
        frame = frame[frame["code"].isin(chosen)]
    if as_json:
        say_json(frame.to_json(orient="records", force_ascii=False, indent=2, date_format="iso"))
    else:
        frame = frame.assign(kind=frame["kind"].map(KINDS))
        print_frame(frame, f"Đơn vị có hiệu lực ngày {vn.format_date(day, 'short')}: {len(frame)}")


@app.command()
def explore() -> None:
    """Mở sổ tay khám phá số liệu (notebooks/explore.ipynb) trong JupyterLab."""
    from baocao.app.doctor import open_notebook

    raise typer.Exit(open_notebook(find_project_root()))


@app.command()
def doctor(
    get_fonts: Annotated[
        bool, typer.Option(help="Lấy phông chữ Tinos nếu máy chưa có phông phù hợp.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Cho biết máy có gì, thiếu gì và phải làm gì."""
    from baocao.app import doctor as examination

    root = find_project_root()
    if get_fonts:
        for line in examination.get_fonts(root):
            say(line)
        return
    checks = examination.examine(root)
    if as_json:
        say_json(json.dumps([asdict(one) for one in checks], ensure_ascii=False, indent=2))
    else:
        for one in checks:
            mark = {"ok": "được", "warn": "lưu ý", "fail": "THIẾU"}[one.state]
            say(f"[{mark}] {one.name}: {one.found}" + (f" – {one.advice}" if one.advice else ""))
    raise typer.Exit(1 if any(one.state == "fail" for one in checks) else 0)


# --------------------------------------------------------------------------------------------------
# What is wrong with a command as it was typed, in one Vietnamese sentence.


UsageError = typer.BadParameter.__bases__[0]
"""What typer raises for a command that it cannot read; it has no public name of its own."""


def sentence(error: Exception, commands: list[str]) -> str:
    """The sentence for a UsageError; `commands` are the names there are."""
    context = getattr(error, "ctx", None)
    command = context.info_name if context and context.parent else ""
    look = f"xem «baocao {command + ' ' if command else ''}--help»"
    option = getattr(error, "option_name", "")
    message = error.format_message()
    kind = type(error).__name__
    if kind == "NoSuchOption":
        near = list(getattr(error, "possibilities", None) or [])
        return f"Không có tùy chọn {option}; {'có thể là ' + ', '.join(sorted(near)) + ', ' if near else ''}{look}."
    if kind == "BadOptionUsage":
        return f"Tùy chọn {option} thiếu giá trị hoặc không nhận giá trị; {look}."
    if kind == "MissingParameter":
        return f"Lệnh thiếu {error.param.name}; {look}."
    if isinstance(error, typer.BadParameter):
        named = error.param.opts[0] if error.param else "tùy chọn"
        return f"Giá trị của {named} không hợp lệ; {look}."
    if found := re.match(r"No such command '(.*?)'", message):
        return f"Không có lệnh «{found[1]}»; có thể là {nearest(found[1], commands, 1)[0]}, {look}."
    if found := re.match(r"Got unexpected extra arguments? ?(?:\(s\))? ?\((.*)\)", message):
        return f"Thừa «{found[1]}» trong lệnh; {look}."
    return f"Không hiểu lệnh; {look}."
