"""Expressions of OWL in the value of a key: ``owl:domain:: ObjectUnionOf(mv:A mv:B)``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ghsync_plugins.formats.iri import Names
from ghsync_plugins.formats.ontology.entity import Line
from ghsync_plugins.formats.ontology.facts import Facts

if TYPE_CHECKING:
    from ghsync_plugins.formats.functional.grammar import Place

_EXPRESSION = re.compile(r"\(?(?:Object|Data)[A-Za-z]++\s*+\(|\((?:Object|Data)[A-Za-z]++\s")


def is_expression(value: str) -> bool:
    """Whether *value* begins as an expression does; ``mv:X(a b)`` is a name with a remark."""
    return _EXPRESSION.match(value) is not None


def expression(facts: Facts, line: Line, place: Place, iris: Names) -> str | None:
    """The canonical text of the expression that is the line's value; None, with a warning, where it can't be read."""
    from ghsync_plugins.formats.functional.canonical import Canonical, Unreadable
    from ghsync_plugins.formats.functional.expressions import expression_text

    try:
        return expression_text(line.value, place, line.number, Canonical(iris.iri, facts.document.path))
    except Unreadable as trouble:
        facts.warn(line.number, "owl-syntax", f"The value of {line.key}:: was left out: {trouble}.")
        return None
