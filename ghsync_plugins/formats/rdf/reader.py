"""What all go by who read facts off a graph."""

from __future__ import annotations

from dataclasses import dataclass

from ghsync_plugins.formats.rdf.expressions import Expressions
from ghsync_plugins.formats.rdf.kinds import Kinds
from ghsync_plugins.formats.rdf.lines import Lines
from ghsync_plugins.formats.rdf.triples import Graph
from ghsync_plugins.formats.rdf.values import Notes, Values


@dataclass(slots=True)
class Reader:
    """A graph, what its names are, how its parts are written out, what annotates them, and on which lines they are."""

    graph: Graph
    kinds: Kinds
    text: Expressions
    values: Values
    notes: Notes
    lines: Lines
