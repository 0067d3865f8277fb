"""What the members of a cluster say, taken as data: nothing of it is brought to life, every answer has its form checked.

Dask pickles: an answer, an exception, a log line may be an object, and reading a pickle can run any program. So in a process
that has called `read_nothing_alive` Dask reads pickles as lists of names and values; only the type `bytes` is itself.
"""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from baocao.publishing import cluster_worker, ledger
from baocao.publishing.outcomes import OUTCOME_LABELS, Outcome

MOST_BYTES = 200_000_000
"""Of one document: notebook, PDF, HTML and tables together."""

_BYTES = {pickle.dumps(bytes, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)}
_PLAIN_NAME = re.compile(r"[\w-][\w.-]{0,200}")


class StandIn(Exception):
    """An object of a class that is named and not loaded; an exception, as Dask needs where it reads one."""


class _Inert(pickle.Unpickler):
    """Reads a pickle without importing or calling anything that it names."""

    def find_class(self, module: str, name: str) -> Any:
        if name == "unpickle_traceback":  # Dask wants one, or none
            return _no_traceback
        if name == "unpickle_exception":  # how Dask wraps what a worker raised
            return _exception
        return type(name.rpartition(".")[2], (StandIn,), {"__module__": module})


def _no_traceback(*_: Any) -> None:
    return None


def _exception(kind: Any, arguments: Any, *_: Any) -> StandIn:
    is_one = isinstance(kind, type) and issubclass(kind, StandIn)
    return (kind if is_one else StandIn)(*arguments)


def read_inert(content: Any, *, buffers: Any = ()) -> Any:
    """What a pickle holds, each object in it a `StandIn` of the name of its class.

    >>> came = read_inert(pickle.dumps(ModuleNotFoundError("none", name="baocao")))
    >>> type(came).__name__, isinstance(came, ModuleNotFoundError), came.name
    ('ModuleNotFoundError', False, 'baocao')
    """
    return (
        bytes
        if bytes(content) in _BYTES
        else _Inert(io.BytesIO(bytes(content)), buffers=buffers or ()).load()
    )


def read_nothing_alive() -> None:
    """From here on Dask's client brings no pickle to life in this process, and prints nothing that a member sends."""
    import distributed.client
    import distributed.protocol.pickle

    inert = SimpleNamespace(**{**vars(pickle), "loads": read_inert})
    distributed.client.pickle = distributed.protocol.pickle.pickle = inert
    distributed.client.Client._default_event_handlers = {}


def unpack(answer: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The message and the files of an answer; a ValueError for anything that is none."""
    if not isinstance(answer, bytes) or len(answer) > MOST_BYTES:
        raise ValueError("no bytes, or too many")
    try:
        message, files = cluster_worker.unpack(answer)
        told = [message.get(word, "") for word in ("host", "refused", "error")]
        told += list(message.get("differs", []))
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise ValueError("not an answer of ours") from None
    if not all(isinstance(one, str) for one in told):
        raise ValueError("not sentences")
    return message, files


def outcome_of(message: Mapping[str, Any], files: Mapping[str, bytes], asked: Outcome) -> Outcome | None:
    """The line that came with the files, or None where it is not about the document that was asked for.

    What says which document it is must be as asked; a file has a name without a folder.
    """
    came = message["outcome"]
    if not ledger.fits(came):
        return None
    made = Outcome(**came)
    if made.outcome not in OUTCOME_LABELS or not all(
        map(_PLAIN_NAME.fullmatch, (*files, *made.files, *made.left))
    ):
        return None
    about = ("report", "period", "units", "folder", "names", "stem")
    return made if all(getattr(made, one) == getattr(asked, one) for one in about) else None
