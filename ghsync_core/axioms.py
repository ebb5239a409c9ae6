"""The written form of an OWL 2 axiom, and which of its arguments are subject and object.

Keywords and argument order: OWL 2 Structural Specification and Functional-Style Syntax (W3C, 2012), sections 9.1-9.6.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

UNORDERED: Final = frozenset(
    {
        "EquivalentClasses",
        "DisjointClasses",
        "EquivalentObjectProperties",
        "EquivalentDataProperties",
        "DisjointObjectProperties",
        "DisjointDataProperties",
        "InverseObjectProperties",
        "SameIndividual",
        "DifferentIndividuals",
    }
)
"""Axioms whose operands have no order: they are written sorted, without doubles."""


def canonical_arguments(kind: str, arguments: Sequence[str]) -> tuple[str, ...]:
    """The arguments in the order in which the canonical text gives them."""
    return tuple(sorted(set(arguments))) if kind in UNORDERED else tuple(arguments)


def axiom_text(kind: str, arguments: Sequence[str]) -> str:
    """Functional syntax, for arguments already in canonical order."""
    return f"{kind}({' '.join(arguments)})"


def subject_and_object(kind: str, arguments: Sequence[str]) -> tuple[str | None, str | None]:
    """The two ends of an axiom, names without their angle brackets; an end that is missing is None.

    An assertion puts its class or property first, so its individual is the subject.
    """
    if kind == "ClassAssertion":
        ends = (arguments[1:2], arguments[0:1])
    elif kind.endswith("Assertion"):
        ends = (arguments[1:2], arguments[2:3])
    elif kind in UNORDERED and len(arguments) > 2:
        ends = (arguments[0:1], ())
    else:
        ends = (arguments[0:1], arguments[1:2])
    subject, object_ = (without_brackets(end[0]) if end else None for end in ends)
    return subject, object_


def is_name(argument: str) -> bool:
    """Whether a canonical argument is a bare IRI in ``<…>``."""
    return argument.startswith("<") and argument.endswith(">")


def without_brackets(argument: str) -> str:
    """An IRI without its ``<>``; any other argument as it is."""
    return argument[1:-1] if is_name(argument) else argument


_RESTRICTION: Final = re.compile(
    r"Object(?:(?P<word>SomeValuesFrom|AllValuesFrom|HasValue)\("
    r"|(?P<least>Min|Exact)Cardinality\((?P<number>[1-9]\d*) )"
    r"<(?P<property>[^<>]*)> <(?P<filler>[^<>]*)>\)"
)
_WORDS: Final = {
    "SomeValuesFrom": "some",
    "AllValuesFrom": "all",
    "HasValue": "value",
    "Min": "min",
    "Exact": "exactly",
}


class Restriction(NamedTuple):
    """A class expression that says how its members stand to *filler*: by *property*, and ``some``, ``min 2`` …"""

    property: str
    filler: str
    words: str


def restriction(argument: str) -> Restriction | None:
    """The restriction that a canonical argument is, if both its ends are names.

    Nothing for upper bounds and for none at all: they do not say that anything stands so.
    """
    match = _RESTRICTION.fullmatch(argument)
    if match is None:
        return None
    words = _WORDS[match["word"] or match["least"]]
    return Restriction(match["property"], match["filler"], f"{words} {match['number']}" if match["number"] else words)
