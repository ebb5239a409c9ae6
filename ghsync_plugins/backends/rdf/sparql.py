"""Queries in SPARQL, with an end in time."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from ghsync_core import StoreError, UsageError
from ghsync_plugins.backends.rdf.dialect import has_dataset, refuse_service

if TYPE_CHECKING:
    from pyoxigraph import Store

_AHEAD: Final = 1000
"""Rows that a query with an end in time may be ahead of its reader."""

Answer = tuple[Sequence[str], Iterator[Sequence[Any]]]


def ask(store: Store, text: str, seconds: float | None) -> Answer:
    """Column names and rows of a SELECT, ASK, CONSTRUCT or DESCRIBE; see `GraphReader.query`.

    Oxigraph can't be told to stop: a query that takes longer than *seconds* is left to a thread that nobody waits for.
    """
    return _answer(store, text) if seconds is None else _in_time(store, text, seconds)


def _answer(store: Store, text: str) -> Answer:
    from pyoxigraph import QueryBoolean, QueryTriples

    refuse_service(text)
    try:
        # Oxigraph would let the union go before what FROM says.
        found = store.query(text, use_default_graph_as_union=not has_dataset(text))
    except SyntaxError as error:
        raise UsageError(f"the query can't be run: {error.msg}. It must be SPARQL; queries only read.") from error
    except (OSError, ValueError, RuntimeError) as error:
        raise StoreError(f"the query can't be run: {error}") from error
    if isinstance(found, QueryBoolean):
        return ["answer"], iter([(bool(found),)])
    if isinstance(found, QueryTriples):
        return ["subject", "predicate", "object"], _rows(found)
    return [variable.value for variable in found.variables], _rows(found)


def _rows(found: Any) -> Iterator[Sequence[Any]]:
    try:
        for each in found:
            yield tuple(_value(term) for term in each)
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError(f"the query can't be run to its end: {error}") from error


def _value(term: Any) -> Any:
    """A term as a value: numbers and truth as such, all else as its text."""
    from pyoxigraph import Literal

    if term is None:
        return None
    if not isinstance(term, Literal):
        return getattr(term, "value", str(term))
    kind = term.datatype.value.rpartition("#")[2]
    if kind == "integer":
        return int(term.value)
    return term.value == "true" if kind == "boolean" else term.value


def _in_time(store: Store, text: str, seconds: float) -> Answer:
    told: queue.Queue[Any] = queue.Queue(_AHEAD)
    over = threading.Event()
    end = time.monotonic() + seconds
    threading.Thread(target=_tell, args=(store, text, told, over), name="ghsync-query", daemon=True).start()
    try:
        columns = _next(told, end, seconds)
    except BaseException:
        over.set()
        raise
    return columns, _told(told, over, end, seconds)


def _tell(store: Store, text: str, told: queue.Queue[Any], over: threading.Event) -> None:
    try:
        columns, rows = _answer(store, text)
        told.put(columns)
        for row in rows:
            while not over.is_set():
                try:
                    told.put(row, timeout=1)
                    break
                except queue.Full:
                    continue
            if over.is_set():
                return
        told.put(None)
    except BaseException as error:  # raised again in the thread that asked
        # Alone: what it holds of Oxigraph must go with the thread that it came from.
        error.__cause__ = error.__context__ = None
        told.put(error.with_traceback(None))


def _told(told: queue.Queue[Any], over: threading.Event, end: float, seconds: float) -> Iterator[Sequence[Any]]:
    try:
        while (row := _next(told, end, seconds)) is not None:
            yield row
    finally:
        over.set()


def _next(told: queue.Queue[Any], end: float, seconds: float) -> Any:
    try:
        found = told.get(timeout=max(0.0, end - time.monotonic()))
    except queue.Empty:
        raise UsageError(f"the query took longer than {seconds:g} seconds and was stopped. Ask for less.") from None
    if isinstance(found, BaseException):
        raise found
    return found
