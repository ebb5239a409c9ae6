"""Formats that ``ghsync export`` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghsync_core import hookimpl

if TYPE_CHECKING:
    from ghsync_core import Exporter


@hookimpl
def register_exporters() -> list[Exporter]:
    """``turtle``, ``nquads``, ``jsonld``, ``graphml`` and ``jsonl``."""
    from ghsync_plugins.questions.graphml import GraphMl
    from ghsync_plugins.questions.json_lines import JsonLines
    from ghsync_plugins.questions.rdf import JsonLd, NQuads, Turtle

    return [GraphMl(), JsonLd(), JsonLines(), NQuads(), Turtle()]
