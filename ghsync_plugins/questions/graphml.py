"""GraphML, as Gephi, yEd and networkx read it: nodes and edges with their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from ghsync_core import GraphReader
from ghsync_plugins.questions.statements import edges_of

_COLUMNS: Final = {
    "node": ("source", "kind", "label", "path", "line", "properties"),
    "edge": ("source", "type", "name", "path", "line", "count", "properties"),
}
_WHOLE: Final = frozenset({"line", "count"})
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can't hold, section 2.2."""

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'


class GraphMl:
    """A directed graph; edges have ids, so that several may lead from one node to another."""

    name = "graphml"
    suffixes = (".graphml",)

    def texts(self, reader: GraphReader, sources: Sequence[str]) -> Iterator[str]:
        """See `Exporter.texts`."""
        yield _HEAD
        for what, columns in _COLUMNS.items():
            for column in columns:
                kind = "int" if column in _WHOLE else "string"
                yield f'<key id="{what}-{column}" for="{what}" attr.name="{column}" attr.type="{kind}"/>\n'
        yield '<graph edgedefault="directed">\n'
        several = len(sources) > 1
        number = 0
        for source in sources:
            for row in reader.rows("nodes", source, ordered=True):
                yield f"<node id={_id(row, 'id', several)}>{_data('node', row)}</node>\n"
        for source in sources:
            for row in edges_of(reader, source):
                ends = f"source={_id(row, 'from_id', several)} target={_id(row, 'to_id', several)}"
                yield f'<edge id="{number}" {ends}>{_data("edge", row)}</edge>\n'
                number += 1
        yield "</graph>\n</graphml>\n"


def _id(row: Mapping[str, Any], column: str, several: bool) -> str:
    """An id for the whole file: of several sources, two may have a node of one id."""
    return quoteattr(_plain(f"{row['source']} {row[column]}" if several else row[column]))


def _data(what: str, row: Mapping[str, Any]) -> str:
    return "".join(
        f'<data key="{what}-{column}">{escape(_plain(str(row[column])))}</data>'
        for column in _COLUMNS[what]
        if row[column] is not None and row[column] != "{}"
    )


def _plain(text: str) -> str:
    """*text* with a mark where it holds what XML can't."""
    return _NO_XML.sub("\ufffd", text)
