"""One pandoc that stays: read Markdown and write Typst or HTML without starting a program for each.

A process that makes many documents keeps one `pandoc lua` process, which answers requests line by line, each a
JSON text. It gives byte for byte what three calls of pandoc would give; where it cannot (no such pandoc, a crash, text
that pandoc reads otherwise from a file), it raises `ServerError` and the caller calls pandoc as usual.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import threading
from typing import Any

# Letters that pandoc's program changes in what it reads (tabs, line ends, byte order mark), and a Lua script gets raw.
_READ_OTHERWISE = frozenset("\t\r\ufeff\0")

# Haskell gives no memory back: after so many letters of documents a new process is the cheaper one.
_LETTERS_OF_ONE_PROCESS = 20_000_000

_SCRIPT = r"""
local last -- the document read last

local function contents(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

-- Templates as they were compiled, by their text and that of the partials they name.
local compiled = {}

local function whole(path)
  local text = contents(path)
  return text:gsub("%$([%w_.-]+)%(%)%$", function(name) return whole(path:gsub("[^/\\]*$", name)) end)
end

local function template_of(path)
  local text = path .. "\n" .. whole(path)
  compiled[text] = compiled[text] or pandoc.template.compile(contents(path), path)
  return compiled[text]
end

local answers = {
  read = function(job, text)
    last = nil
    collectgarbage() -- Lua does not know how large a document is that it holds by a pointer
    last = pandoc.read(text, job.format, { columns = 72 }) -- of a program; a script has 80
    return job.format ~= "json" and pandoc.write(last, "json") or ""
  end,
  write = function(job)
    local doc = pandoc.Pandoc(last.blocks, last.meta)
    for name, value in pairs(job.metadata) do doc.meta[name] = value end
    local globals = setmetatable({ FORMAT = job.format }, { __index = _G })
    doc = pandoc.utils.run_lua_filter(doc, job.filter, globals)
    return pandoc.write(doc, job.format, {
      template = template_of(job.template), wrap_text = "none", variables = { sourcefile = "-", outputfile = "-" },
    })
  end,
}

for line in io.lines() do
  local job = pandoc.json.decode(line, false)
  local text = job.size > 0 and io.read(job.size) or "" -- io.read(0) would wait for a letter
  local well, answer = pcall(answers[job.ask], job, text)
  answer = well and answer or tostring(answer)
  io.stdout:write(well and "well " or "not ", #answer, "\n", answer)
  io.stdout:flush()
end
"""


class ServerError(Exception):
    """No answer from the process that stays; the same may be asked of a pandoc of its own."""


class PandocServer:
    """A `pandoc lua` process, started when first asked and again after it ended. Safe for threads."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._last: str | None = None  # the document that the process holds, as JSON
        self._read = 0  # letters of all documents that it has read
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Start the process now, so that it is there when it is asked."""
        with contextlib.suppress(OSError):  # the first question tells
            self._running()

    def read(self, text: str, reader: str) -> str:
        """The document tree of Markdown, as pandoc's JSON text."""
        if not _READ_OTHERWISE.isdisjoint(text):
            raise ServerError("pandoc changes some letters of this text before it reads them")
        with self._lock:
            return self._hold(self._ask_to_read(text, reader) + "\n")

    def write(self, tree: str, to: str, *, filter: str, template: str, metadata: dict[str, str]) -> str:
        """The document of that tree in the format `to`, through a Lua filter and a template."""
        with self._lock:
            if self._last != tree:
                self._ask_to_read(tree, "json")
                self._hold(tree)
            return self._ask(ask="write", format=to, filter=filter, template=template, metadata=metadata)

    def close(self) -> None:
        """End the process; the next question starts another."""
        process, self._process, self._last, self._read = self._process, None, None, 0
        if process is None:
            return
        with contextlib.suppress(OSError):
            process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()

    def _ask_to_read(self, text: str, reader: str) -> str:
        self._last = None
        if self._read > _LETTERS_OF_ONE_PROCESS:
            self.close()
        return self._ask(text, ask="read", format=reader)

    def _hold(self, tree: str) -> str:
        self._last = tree
        self._read += len(tree)
        return tree

    def _ask(self, body: str = "", **job: Any) -> str:
        content = body.encode()
        head = json.dumps({**job, "size": len(content)}, ensure_ascii=False).encode()
        try:
            process = self._running()
            assert process.stdin and process.stdout
            process.stdin.write(head + b"\n" + content)
            process.stdin.flush()
            how, size = process.stdout.readline().split()
            answer = process.stdout.read(int(size))
            if len(answer) < int(size):
                raise ValueError("ended in the middle of an answer")
        except (OSError, ValueError) as error:
            self.close()
            raise ServerError(f"pandoc lua: {error}") from None
        except BaseException:
            self.close()  # else this answer would be taken for that of the next question
            raise
        if how != b"well":
            raise ServerError(answer.decode(errors="replace"))
        return answer.decode()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._process = subprocess.Popen(
                [self._program, "lua", "-e", _SCRIPT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # warnings, of which the program's are not read either
                env={**os.environ, "LC_ALL": "C.UTF-8"},
            )
        return self._process


_servers: dict[str, PandocServer] = {}  # of this process, by program; a fork's child begins with none
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_servers.clear)


def here(program: str) -> PandocServer:
    """The server of this process."""
    if program not in _servers:
        _servers[program] = PandocServer(program)
    return _servers[program]


@atexit.register
def close() -> None:
    """End the servers of this process; they start again when asked."""
    for server in _servers.values():
        server.close()
