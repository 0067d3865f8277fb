"""Our engine against the plain kernel, cell by cell: small notebooks, each run by both and compared.

What is left aside: times, random ids, process numbers and addresses, which differ between two runs of the kernel too,
and in RACING where a text from outside the cell's own thread is cut into pieces.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from baocao.definitions.errors import UserError
from baocao.publishing import engine

v4 = nbformat.v4

RAISES = {"tags": ["raises-exception"]}

# Notebook: its cells; each is allowed to raise, except in those that say how a run stops.
CASES = {
    "streams": [
        "print('một'); import sys; print('hai', file=sys.stderr); print('ba')",
        "import time\nprint('a'); time.sleep(0.5); print('b'); time.sleep(0.5); print('c', file=sys.stderr); print('d')",
        "print('x', end='', flush=True); print('y', flush=True); print('lỗi', file=sys.stderr, flush=True); print('z')",
        "print('10%\\r50%\\r100%'); print('ab\\b\\bcd')",
        "for i in range(30): print('dòng', i)",
        "import logging; logging.warning('cảnh báo'); logging.info('không in')",
        "logging.basicConfig(level='INFO', force=True); logging.info('đã in'); logging.getLogger('riêng').error('lỗi')",
        "import warnings; warnings.warn('cẩn thận'); warnings.warn('cũ', DeprecationWarning)",
        "warnings.warn('cẩn thận')",
        "def f():\n    warnings.warn('một lần')\nf(); f()",
        "import threading\nt = threading.Thread(target=print, args=('từ luồng khác',)); t.start(); t.join()",
        "print(repr(sys.stdin.read()))",
        "sys.stdout.write('chữ\\n')",
        "sys.stdout.write(3)",
        "print('\\udce1')",
        "from IPython.display import display\nprint('trước'); display('giữa'); print('sau')",
        "sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.name",
        "t = threading.Thread(target=lambda: 1 / 0, name='luồng'); t.start(); t.join()",
    ],
    "descriptors": [
        "import os, sys, time\nos.write(1, 'ghi thẳng\\n'.encode()); time.sleep(0.3)",
        "print('trước', flush=True); os.write(2, b'err\\n'); time.sleep(0.3); print('sau')",
        "!echo xin chào; echo lỗi >&2; exit 3",
        "_exit_code",
        "found = !printf 'một\\nhai'\nfound",
        "%%bash\necho từ bash\necho lỗi >&2",
        "%%bash --out kept\necho giữ",
        "kept",
        "%%bash\nexit 2",
        "%%sh\ncat",
        "import subprocess\nsubprocess.run(['echo', 'tiến trình con']); time.sleep(0.3)",
        "subprocess.run('cat; echo hết', shell=True); time.sleep(0.3)",
        "os.system('echo hệ thống'); time.sleep(0.3)",
        "subprocess.run(['echo', 'x'], capture_output=True, text=True).stdout",
        (
            "import multiprocessing\np = multiprocessing.get_context('fork').Process(target=print, args=('con',)); "
            "p.start(); p.join(); time.sleep(0.3)"
        ),
        "%system echo dòng",
        "import ctypes\nlibc = ctypes.CDLL(None); libc.puts(b'tu C'); libc.fflush(None); time.sleep(0.3)",
    ],
    "errors": [
        "1 / 0",
        "def f(x):\n    return g(x)\ndef g(x):\n    raise ValueError('sai', x)\nf(3)",
        "try:\n    {}['khóa']\nexcept KeyError as e:\n    raise RuntimeError('vì thế') from e",
        "print('trước')\nraise KeyboardInterrupt('dừng')",
        "import os, signal\nsignal.raise_signal(signal.SIGINT)",
        "import sys\nsys.exit(3)",
        "sys.exit()",
        "raise SystemExit('chữ')",
        "a b c",
        "if True:\npass",
        "không_có",
        "import mô_đun_không_có",
        "def sâu(n):\n    return sâu(n + 1)\nsâu(0)",
        "deep = 0\ndef đếm():\n    global deep\n    deep += 1\n    đếm()\ntry:\n    đếm()\nexcept RecursionError:\n    pass\ndeep",
        "class E(Exception):\n    def _render_traceback_(self):\n        return ['Lỗi: của tôi']\nraise E('x')",
        "class B:\n    def __repr__(self):\n        raise ValueError('repr')\nB()",
        "class H:\n    def _repr_html_(self):\n        raise ValueError('html')\nH()",
        "raise ExceptionGroup('nhóm', [ValueError(1), TypeError(2)])",
        "assert 1 == 2, 'không bằng'",
        "input('hỏi: ')",
        "import getpass; getpass.getpass()",
        "%không_có",
        "%%không_có\nx",
        "%xmode Plain\n1/0",
        "1/0",
        "%tb",
        "from IPython.core.error import UsageError\nraise UsageError('dùng sai')",
        "import json; json.loads('{')",
        "import pandas as pd; pd.DataFrame({'a': [1]})['b']",
        "exec(compile('1/0', 'tệp.py', 'exec'))",
        "raise StopIteration",
        "raise GeneratorExit",
        "signal.signal(signal.SIGALRM, signal.SIG_DFL) is not None",
    ],
    "displays": [
        "1; 2",
        "1;",
        "'chữ có dấu: Đức Thọ, Ứng Hoà'",
        "_, __, In[1], Out[3]",
        "None",
        "from IPython.display import *\nh = display(HTML('<b>x</b>'), display_id='một')",
        "h.update(Markdown('**mới**'))",
        "display('lại', display_id='một'); update_display('sau cùng', display_id='một')",
        "h2 = display(display_id=True); print(type(h2).__name__)",
        "display(1, 2); clear_output(); display(3)",
        "print('mất'); clear_output(wait=True); print('còn')",
        "print('còn nguyên'); clear_output(wait=True)",
        "display({'text/plain': 'a', 'application/json': {'b': [1, (2, 3)], 3: None}}, raw=True)",
        "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'), Latex('$x$'), Math('x'), JSON({'a': 1}))",
        "Image(data=b'\\x89PNG\\r\\n\\x1a\\n', format='png', width=3, metadata={'alt': 'hình'})",
        "import pandas as pd, numpy as np\npd.DataFrame(np.arange(60).reshape(2, 30))",
        "pd.DataFrame({'Tên': ['xã Đức Thọ'] * 70, 'Một cột rất dài để xem bảng gập dòng thế nào': range(70)})",
        "pd.get_option('display.max_columns'), pd.get_option('display.width'), pd.Series([1, 2])",
        "import matplotlib, matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.title('Hình'); print(matplotlib.get_backend())",
        "fig, ax = plt.subplots(); ax.bar(['a'], [1]); plt.show(); print('sau hình')",
        "from matplotlib.figure import Figure\nf = Figure(); f.add_subplot().plot([3, 1]); f",
        (
            "%matplotlib inline\n%config InlineBackend.figure_formats = ['svg']\n"
            "import os; os.environ['SOURCE_DATE_EPOCH'] = '0'; matplotlib.rcParams['svg.hashsalt'] = 'x'"
        ),
        "plt.plot([1]); plt.gca().set_axis_off(); plt.rcParams['figure.figsize']",
        "fig",
        "class M:\n    def _repr_mimebundle_(self, **_):\n        return {'text/plain': 'p', 'x/y': 1}, {'x/y': {'z': 2}}\nM()",
        "class K:\n    def _ipython_display_(self):\n        print('tự hiện')\nK()",
        "display(object_that_is_missing)",
        "display({'application/json': object()}, raw=True)",
        "print('a' * 100_000)",
        "get_ipython().display_pub.publish({'text/plain': 'thẳng'}, metadata={'a': 1})",
        "from IPython.utils.capture import capture_output\nwith capture_output() as c:\n    print('a'); display(1)\nc.stdout, c.outputs",
        "%%capture giữ\nprint('x'); display(2)",
        "giữ.show()",
        "ProgressBar(2)",
        "float('nan'), 1e400, b'\\xff', {1, 2}, (1,), 10**30",
        "list(range(2000))",
        "print('\\x1b[31mđỏ\\x1b[0m'); '\\x1b'",
        "x = 5\nx",
        "get_ipython().__class__.__name__, get_ipython().__class__.__module__, __name__, 'IPKernelApp' in get_ipython().config",
        "import builtins, sys\nsorted(k for k in globals() if k.startswith('__')), sys.modules['__main__'].x",
        "import pickle, types\ndef fun(): return 4\npickle.loads(pickle.dumps(fun))()",
        "import inspect\ninspect.getsource(fun)",
    ],
    "magics": [
        "%time sum(range(10)) * 0",
        "%%time\nprint('x')",
        "%timeit -n1 -r1 -q pass",
        "%pwd\nNone",
        "%env MPLBACKEND",
        "%who_ls",
        "%history",
        "%%writefile baocao-{__import__('os').getpid()}.py\ny = 7\nprint('đã chạy')",
        "%run baocao-{__import__('os').getpid()}.py\ny",
        "%%python3\nprint('từ python')",
        "%load_ext autoreload\n%autoreload 2",
        "%precision 3\n3.14159265",
        "%alias_magic t time\n%lsmagic;",
        "print?",
        "len??",
        "%pinfo print",
        "%%html\n<i>x</i>",
        "%%markdown\n**x**",
        "%%javascript\nx",
        "%%latex\nx",
        "%reset -f",
        "x",
        "%config InlineBackend",
        "import os\nos.environ['TERM'], os.environ['PAGER']",
        "%store",
        "%colors nocolor",
        "1/0",
    ],
    "async": [
        "import asyncio\nawait asyncio.sleep(0.01)\nprint('xong')",
        "async def f():\n    await asyncio.sleep(0.01); return 3\nawait f()",
        "asyncio.get_running_loop().is_running()",
        "c = f()\ntry:\n    asyncio.run(c)\nfinally:\n    c.close()",  # else a warning comes when it is collected, at any time
        "task = asyncio.create_task(f())",
        "await task",
        "async for i in (j async for j in agen()): pass",
        "async def agen():\n    for i in range(2):\n        yield i\n[i async for i in agen()]",
        "await asyncio.gather(f(), f())",
        "await không_có()",
        "async def bad():\n    raise ValueError('trong async')\nawait bad()",
        "import os, signal, threading\nthreading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()\nawait asyncio.sleep(5)",
        "import time\nthreading.Timer(0.3, signal.raise_signal, (signal.SIGINT,)).start()\ntime.sleep(2)\nprint('không tới')",
        "p = await asyncio.create_subprocess_exec('echo', 'x', stdout=-1)\n(await p.communicate())[0]",
        "async with asyncio.timeout(0.05):\n    await asyncio.sleep(5)",
        "%autoawait",
    ],
    "widgets": [
        (
            "import comm\nstate = {'_model_module': '@jupyter-widgets/controls', '_model_name': 'IntSliderModel', 'value': 1}\n"
            "c = comm.create_comm(target_name='jupyter.widget', data={'state': state, 'buffer_paths': []}, comm_id='c1')"
        ),
        "c.send({'method': 'update', 'state': {'value': 7}, 'buffer_paths': []})",
        "c.send({'method': 'update', 'state': {'b': None}, 'buffer_paths': [['b']]}, buffers=[b'abc'])",
        "display({'application/vnd.jupyter.widget-view+json': {'model_id': 'c1'}, 'text/plain': 'w'}, raw=True)",
        (
            "o = comm.create_comm(target_name='jupyter.widget', comm_id='o1', data={'state': {'_model_module': "
            "'@jupyter-widgets/output', '_model_name': 'OutputModel', 'outputs': [], 'msg_id': ''}, 'buffer_paths': []})\n"
            "got = []\no.on_msg(lambda m: got.append(m['content']['data']))"
        ),
        (
            "me = get_ipython().kernel.get_parent()['header']['msg_id']\n"
            "o.send({'method': 'update', 'state': {'msg_id': me}, 'buffer_paths': []})\nprint('trong khung')\n"
            "import sys; sys.stdout.flush(); display(5)\n"
            "o.send({'method': 'update', 'state': {'msg_id': ''}, 'buffer_paths': []})\nprint('ngoài khung')"
        ),
        "[g['state']['outputs'] for g in got]",
        "c.close()",
        "comm.create_comm(target_name='lạ', data={'x': 1}, comm_id='z').comm_id",
        (
            "import datetime\nc2 = comm.create_comm(target_name='jupyter.widget', comm_id='d', data={'state': "
            "{'_model_name': 'D', '_model_module': 'm', 'when': datetime.date(2025, 7, 1)}, 'buffer_paths': []})"
        ),
    ],
    "stopped": ["print('trước')", "1 / 0", "print('không chạy')"],
    "left": ["import sys; sys.exit(0)", "print('không chạy')"],
    "interrupted": ["import signal\nsignal.raise_signal(signal.SIGINT)", "print('không chạy')"],
    "late": ["print('kịp')", "import time\nprint('đang chạy'); time.sleep(60); print('không tới')"],
    "late_async": ["import asyncio\nprint('đang chờ')\nawait asyncio.sleep(60)"],
    "late_deaf": [
        "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except Exception:\n        print('bỏ qua')"
    ],
}
STOPPING = {"stopped", "left", "interrupted", "late", "late_async", "late_deaf"}

RUN = """
import json, os, sys
from pathlib import Path
import papermill
import matplotlib, pandas
from baocao.publishing import engine
from baocao.publishing import kernel_in_process as shell
engine.register()
folder = Path(sys.argv[1])

def deeper(calls, run):  # as far from the start of the process as a worker's child may be
    return deeper(calls - 1, run) if calls else run()

waiting = []
for path in sorted(folder.glob("*.case.ipynb"), key=lambda path: (not path.name.startswith("late"), path.name)):
    name = path.name.split(".")[0]
    children = []
    for kind in ("kernel", "baocao"):
        children.append(os.fork())
        if children[-1] == 0:
            target = folder / f"{name}.{kind}.ipynb"
            found = None
            try:
                deeper(50, lambda: papermill.execute_notebook(
                    str(path), str(target), parameters={"period": "2025-07"}, cwd=str(folder), progress_bar=False,
                    kernel_name="python3", engine_name=kind, keep=str(target),
                    execution_timeout=2 if name.startswith("late") else 60,
                ))
            except BaseException as error:
                found = [type(error).__name__, str(error)]
            (folder / f"{name}.{kind}.json").write_text(json.dumps(found), encoding="utf-8")
            os._exit(0)
    if name.startswith("late"):  # nothing but waiting: the others run in the meantime
        waiting += children
        continue
    for child in children:
        os.waitpid(child, 0)
for child in waiting:
    os.waitpid(child, 0)
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> Path:
    """The folder with every notebook, run by both engines, each run in a process of its own."""
    folder = tmp_path_factory.mktemp("conformance")
    for name, sources in CASES.items():
        metadata = {} if name in STOPPING else RAISES
        cells = [
            v4.new_markdown_cell("# Thử"),
            v4.new_code_cell("period = ''", metadata={"tags": ["parameters"]}),
        ]
        cells += [v4.new_code_cell(source, metadata=metadata) for source in [*sources, ""]]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(
            v4.new_notebook(metadata={"kernelspec": kernel}, cells=cells), folder / f"{name}.case.ipynb"
        )
    # Within pytest the kernel does not look after the descriptors.
    outside = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    subprocess.run(
        [sys.executable, "-c", RUN, str(folder)], check=True, capture_output=True, timeout=600, env=outside
    )
    return folder


def comparable(value: object) -> object:
    """`value` without what two runs of the same kernel do not share."""
    if isinstance(value, dict):
        if "iopub.status.busy" in value:
            return sorted(value)
        dropped = {"start_time", "end_time", "duration", "output_path", "id"}
        return {key: comparable(part) for key, part in value.items() if key not in dropped}
    if isinstance(value, list):
        return [comparable(part) for part in value]
    if isinstance(value, str):
        value = re.sub(r"ipykernel_\d+", "ipykernel", value)
        value = re.sub(r"0x[0-9a-f]{6,}", "0x", value)
        value = re.sub(r"baocao-\d+", "baocao-0", value)
        return re.sub(r"[\d.]+(?:e[+-]\d+)? (ns|μs|µs|us|ms|s)\b", "0 s", value)
    return value


def joined(cell: dict) -> dict:
    """The cell with texts of the same stream that follow one another as one."""
    outputs: list[dict] = []
    for output in cell.get("outputs", []):
        if outputs and output["output_type"] == "stream" and output.get("name") == outputs[-1].get("name"):
            outputs[-1]["text"] += output["text"]
        else:
            outputs.append(output)
    return {**cell, "outputs": outputs}


@pytest.mark.parametrize("name", CASES)
def test_every_cell_is_what_the_kernel_makes_of_it(runs, name):
    kernel, ours = (
        comparable(nbformat.read(runs / f"{name}.{kind}.ipynb", as_version=4))
        for kind in ("kernel", "baocao")
    )
    assert len(ours["cells"]) == len(kernel["cells"])
    for run in (kernel, ours):  # when a stream is flushed depends on the clock, in either
        run["cells"] = [joined(cell) for cell in run["cells"]]
    wrong = [
        f"{number}: {want['source']}\n  kernel {json.dumps(want, ensure_ascii=False)}\n  ours   "
        f"{json.dumps(got, ensure_ascii=False)}"
        for number, (got, want) in enumerate(zip(ours["cells"], kernel["cells"], strict=True))
        if got != want
    ]
    assert not wrong, "\n".join(wrong)
    assert ours["metadata"] == kernel["metadata"]


@pytest.mark.parametrize("name", CASES)
def test_ours_is_no_kernel_in_disguise(name):
    assert not engine.hindrances(notebook(*CASES[name]))


@pytest.mark.parametrize("name", CASES)
def test_a_run_ends_as_with_the_kernel(runs, name):
    kernel, ours = (
        comparable(json.loads((runs / f"{name}.{kind}.json").read_text(encoding="utf-8")))
        for kind in ("kernel", "baocao")
    )
    assert ours == kernel


def notebook(*sources: str):
    return v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])


@pytest.mark.parametrize(
    "source",
    ["exit()", "if True:\n    quit()", "%gui qt", "%connect_info", "breakpoint()", "import os\nos._exit(1)",
     "from ipykernel.kernelapp import IPKernelApp", "!echo x\nimport tkinter", "%debug", "%matplotlib qt", "%%time\nquit()", "exit", "x = 1\nquit"],
)  # fmt: skip
def test_a_notebook_that_needs_a_kernel_process_is_seen_before_it_runs(source):
    assert engine.hindrances(notebook("1", source))


@pytest.mark.parametrize(
    "source",
    ["'quit()'", "# breakpoint()", "gui = 1", "%matplotlib inline", "import sys; sys.exit()", "a b"],
)
def test_any_other_runs_here(source):
    assert not engine.hindrances(notebook(source))


def test_the_words_of_a_cell_of_prose_need_no_kernel():
    assert not engine.hindrances(notebook("%%vanban\nexit", "%%vanban\n%debug {{ quit() }}"))


def test_a_notebook_that_needs_it_gets_a_kernel_process(tmp_path):
    """The cell asks for the kernel's connection, which only a kernel process has."""
    made = notebook("%connect_info")
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, tmp_path / "thu.ipynb")
    engine.register()
    import papermill

    ran = papermill.execute_notebook(
        str(tmp_path / "thu.ipynb"), str(tmp_path / "ra.ipynb"), engine_name="baocao", progress_bar=False
    )
    assert "shell_port" in ran.cells[0].outputs[0].text


def test_every_difference_says_what_is_done():
    found = engine.differences()
    assert len({one.what for one in found}) == len(found)
    for one in found:
        assert one.done in (engine.KERNEL, engine.KEPT)
        assert bool(one.magics or one.names or one.modules) == (one.done == engine.KERNEL), one.what


def test_the_engine_is_chosen_by_the_environment_then_the_machine(monkeypatch):
    monkeypatch.delenv(engine.CHOICE, raising=False)
    monkeypatch.setattr(engine.sys, "platform", "linux")
    assert engine.choose()[0] == "baocao"
    monkeypatch.setenv(engine.CHOICE, "kernel")
    assert engine.choose() == ("kernel", "theo biến môi trường BAOCAO_ENGINE")
    monkeypatch.setenv(engine.CHOICE, "nhanh")
    with pytest.raises(UserError, match="BAOCAO_ENGINE là «nhanh»; chọn baocao hoặc kernel"):
        engine.choose()
    monkeypatch.setenv(engine.CHOICE, "baocao")
    monkeypatch.delattr(engine.os, "fork")
    assert engine.choose() == ("kernel", "hệ điều hành này không tách được tiến trình (fork)")


FOUND = "from papermill.engines import papermill_engines as e; e.get_engine('baocao').execute_notebook"


@pytest.mark.parametrize("first", ["papermill", "baocao.publishing.papermill_engine"])
def test_papermill_finds_the_engine_by_its_entry_point_whoever_is_imported_first(first):
    subprocess.run([sys.executable, "-c", f"import {first}; {FOUND}"], check=True, timeout=60)


HERE = """
import os, signal, sys, threading, logging, asyncio
from pathlib import Path
from baocao.publishing.execute import execute
signal.signal(signal.SIGINT, signal.SIG_IGN)
def state():
    return (os.environ.copy(), list(sys.path), sys.argv, sys.stdin, sys.stdout, sys.stderr, sys.displayhook,
            sys.excepthook, sys.modules["__main__"], signal.getsignal(signal.SIGINT), os.getcwd(),
            logging.getLogger().handlers[:], sys.getrecursionlimit(), threading.active_count(),
            sorted(os.listdir("/proc/self/fd"))[:3], os.fstat(1).st_ino, os.fstat(0).st_ino)
before = state()
for _ in range(2):
    made = execute(Path(sys.argv[1]), {}, Path(sys.argv[2]), Path.cwd(), engine="baocao")
    assert made.cells[-1].outputs[0].data["text/plain"] == "'1 lần'", made.cells[-1].outputs
assert state() == before
print("nguyên vẹn")
"""


def test_the_process_is_afterwards_as_it_was(tmp_path):
    made = notebook(
        "a = globals().get('a', 0) + 1; import os; os.environ['X'] = '1'; print('x')", "f'{a} lần'"
    )
    made.cells.insert(0, v4.new_code_cell("p = 1", metadata={"tags": ["parameters"]}))
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, tmp_path / "thu.ipynb")
    ran = subprocess.run(
        [sys.executable, "-c", HERE, str(tmp_path / "thu.ipynb"), str(tmp_path / "ra.ipynb")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.stdout == "nguyên vẹn\n", ran.stderr


LATE = """
import sys
from pathlib import Path
from baocao.publishing.execute import LateError, execute
try:
    execute(Path(sys.argv[1]), {}, Path(sys.argv[2]), Path.cwd(), engine=sys.argv[3], timeout=1)
except LateError as error:
    print(error)
"""


@pytest.mark.parametrize("name", engine.NAMES)
def test_a_cell_that_hangs_is_ended_and_its_notebook_kept(tmp_path, name):
    made = notebook("print('đã tới')\nimport time; time.sleep(50)")
    made.cells.insert(0, v4.new_code_cell("p = 1", metadata={"tags": ["parameters"]}))
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, tmp_path / "thu.ipynb")
    ran = subprocess.run(
        [sys.executable, "-c", LATE, str(tmp_path / "thu.ipynb"), str(tmp_path / "ra.ipynb"), name],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.stdout == "Một ô chạy quá 1 giây nên đã bị dừng.\n", ran.stderr
    assert nbformat.read(tmp_path / "ra.ipynb", as_version=4).cells[-1].outputs[0].text == "đã tới\n"
