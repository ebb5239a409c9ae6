"""Rows of CSV files become nodes; a cell that reads [[Name]] becomes an edge, with its column's name as the type."""

import csv

from ghsync_core import Edge, Name, Node, ParsedFile, Reference, SuffixDetector, hookimpl, names


class CsvParser:
    name, version = "csv", "1"

    def parse(self, document):
        nodes, edges, rows = [], [], csv.DictReader(document.text.splitlines(keepends=True), restkey="…", restval="")
        for label, row in ((row[rows.fieldnames[0]], row) for row in rows):
            nodes.append(Node(f"row:{document.path}#{label}", "row", label, rows.line_num, properties=row))
            for column, title in ((column, cell[2:-2]) for column, cell in row.items() if cell[:2] == "[["):
                name = Name(names.vault_scope(document.vault.root), names.fold(title))
                page = Reference((name,), stub=f"page:{names.in_vault(document.vault.root, name.text)}", text=title)
                edges.append(Edge(nodes[-1].id, page, column, rows.line_num))
        return ParsedFile(nodes=tuple(nodes), edges=tuple(edges))


@hookimpl
def register_parsers():
    return [CsvParser()]


@hookimpl
def register_detectors():
    return [SuffixDetector("csv", (".csv",), parser="csv")]
