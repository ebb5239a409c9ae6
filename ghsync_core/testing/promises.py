"""How a broken promise is told: what was promised, what came instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice

from ghsync_core.models import Json

SHOWN = 5
"""Differences that are told one by one, at most."""

Row = Mapping[str, Json]


class Broken(AssertionError):
    """A promise that was not kept."""


def agree(promise: str, got: object, wanted: object) -> None:
    """Raise `Broken` where what a plugin gave, *got*, is not what it was promised to be."""
    __tracebackhide__ = True
    if got != wanted:
        raise Broken(f"{promise}\n  promised: {wanted!r}\n  got:      {got!r}")


def hold(promise: str, kept: object, otherwise: object = "") -> None:
    """Raise `Broken` where *kept* is not true; *otherwise* tells what came instead."""
    __tracebackhide__ = True
    if not kept:
        raise Broken(f"{promise}\n  got:      {otherwise}" if otherwise else promise)


@contextmanager
def refusing(promise: str, wanted: type[BaseException]) -> Iterator[list[str]]:
    """Inside, an error of the type *wanted* is promised. Its message is put into the list that this gives."""
    told: list[str] = []
    try:
        yield told
    except wanted as error:
        told.append(str(error))
    except Exception as error:
        raise Broken(
            f"{promise}\n  promised: {wanted.__name__}\n  got:      {type(error).__name__}: {error}"
        ) from error
    else:
        raise Broken(f"{promise}\n  promised: {wanted.__name__}\n  got:      no error")


def same_rows(promise: str, got: Sequence[Row], wanted: Sequence[Row]) -> None:
    """Raise `Broken` where the rows *got* are not those *wanted*, in their order, and tell the first differences."""
    __tracebackhide__ = True
    if list(got) == list(wanted):
        return
    differences = list(islice(_differences(got, wanted), SHOWN + 1))
    if not differences:
        differences = [f"another order: {_first_misplaced(got, wanted)}"]
    more = ["  …"] if len(differences) > SHOWN else []
    raise Broken("\n".join([promise, *(f"  {each}" for each in differences[:SHOWN]), *more]))


def _differences(got: Iterable[Row], wanted: Iterable[Row]) -> Iterator[str]:
    ours, theirs = _counted(got), _counted(wanted)
    yield from (f"lacks {row}" for row, count in theirs.items() if ours.get(row, 0) < count)
    yield from (f"has {row}" for row, count in ours.items() if theirs.get(row, 0) < count)


def _counted(rows: Iterable[Row]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        text = repr(dict(row))
        counts[text] = counts.get(text, 0) + 1
    return counts


def _first_misplaced(got: Sequence[Row], wanted: Sequence[Row]) -> str:
    return next(
        f"{dict(mine)} stands where {dict(row)} should" for mine, row in zip(got, wanted, strict=True) if mine != row
    )
