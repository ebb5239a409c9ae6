"""What is read back: every view, chosen, ordered, by query; and never half a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any, Final

from ghsync_core.errors import UsageError
from ghsync_core.interfaces import BulkReader, ColumnReader, GraphReader
from ghsync_core.models import Node, ParsedFile
from ghsync_core.testing.promises import agree, hold, refusing, same_rows
from ghsync_core.testing.stores.base import Stores
from ghsync_core.testing.stores.samples import GARDEN, page, stored, to
from ghsync_core.testing.stores.twins import SOURCE, Twins, seen
from ghsync_core.views import COLUMNS, GRAPH, JSON_COLUMNS

ONE: Final = {"sql": "SELECT 1 AS one", "cypher": "RETURN 1 AS one", "sparql": "SELECT (1 AS ?one) {}"}

ENDLESS: Final = {
    "sql": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "cypher": "UNWIND range(1, 9999) AS a UNWIND range(1, 9999) AS b UNWIND range(1, 9999) AS c RETURN max(a + b + c)",
    "sparql": "SELECT * { GRAPH ?g { ?a ?b ?c . ?d ?e ?f . ?h ?i ?j . ?k ?l ?m . ?n ?o ?p . ?q ?r ?s } }",
}

WRITES: Final = {
    "sql": (
        "DELETE FROM nodes",
        "CREATE TABLE mine (x integer)",
        "DROP VIEW nodes",
        "INSERT INTO runs (source) VALUES ('x')",
        "WITH x AS (SELECT 1) DELETE FROM nodes",
        "SELECT 1; DROP VIEW nodes",
        "",
    ),
    "cypher": (
        "CREATE (n:Mine) RETURN n",
        "MATCH (n) DETACH DELETE n",
        "MATCH (n) SET n.mine = 1 RETURN n",
        "CREATE INDEX mine FOR (n:Mine) ON (n.x)",
        "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS",
        "",
    ),
    "sparql": ("DELETE WHERE { ?s ?p ?o }", "CLEAR ALL", "INSERT DATA { <urn:x> <urn:x> <urn:x> }", ""),
}


class Reading(Stores):
    """Promises of `GraphReader`."""

    one: str = ""
    """A query of one row and one column, ``one``, which is 1; has a default for SQL, Cypher and SPARQL."""

    endless: str = ""
    """A query that takes hours; has such a default too."""

    writes: tuple[str, ...] = ()
    """Queries that would change something, or are none; has such a default too."""

    def test_rows_are_those_of_one_source_or_of_all(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        twins.sync(*GARDEN[:4], source="another")
        for view in COLUMNS:
            both = [*twins.rows(view, "another"), *twins.rows(view, SOURCE)]
            same_rows(f"{view} of all sources are those of each, by the source's name", twins.rows(view), both)
            agree("a source that is not there has no rows", twins.rows(view, "no/such"), [])

    def test_rows_have_the_columns_of_their_view_in_order(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        with twins.reading() as (ours, _):
            for view, columns in COLUMNS.items():
                for row in ours.rows(view):
                    agree(f"the columns of {view}", tuple(row), columns)

    def test_rows_without_order_are_the_same_rows(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        with twins.reading() as (ours, reference):
            for view in COLUMNS:
                unordered = sorted(seen(ours, view, ordered=False), key=repr)
                same_rows(f"{view}, in any order", unordered, sorted(seen(reference, view), key=repr))

    def test_rows_are_chosen_by_any_column_that_holds_no_json(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        twins.sync(*GARDEN[:4], source="another")
        with twins.reading() as (ours, reference):
            for view in GRAPH:
                for where in choices(reference, view):
                    promise = f"the rows of {view} where {dict(where)}"
                    same_rows(promise, seen(ours, view, where=where), seen(reference, view, where=where))
                    same_rows(
                        promise, seen(ours, view, SOURCE, where=where), seen(reference, view, SOURCE, where=where)
                    )

    def test_what_is_no_view_or_column_is_wrong_usage(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        with closing(twins.ours.reader()) as reader:
            for view, where in (("files_", None), ("nodes", {"nothing": 1}), ("nodes", {"properties": "{}"})):
                with refusing(f"no rows of {view} where {where}", UsageError):
                    list(reader.rows(view, where=where))

    def test_keys_are_ordered_by_code_points(self, twins: Twins) -> None:
        texts = [
            "a",
            "B",
            "Z",
            "ä",
            "é",
            "_",
            "-",
            "~",
            "\u4e1c",
            "\U0001f331",
            "\uffee",
            "aa",
            "a b",
            "A",
            "ß",
            "ss",
            "0",
        ]
        nodes = tuple(Node(f"page:{text}", "page", text, 1) for text in texts)
        twins.sync(*(stored(f"{text}.md", ParsedFile((node,))) for text, node in zip(texts, nodes, strict=True)))
        twins.check()
        agree("ids come in code-point order", [row["label"] for row in twins.rows("nodes")], sorted(texts))

    def test_large_and_odd_values_come_back_as_they_are(self, twins: Twins) -> None:
        odd = {
            "long": "x" * 300_000,
            "many": list(range(2_000)),
            "odd": "tab\t nl\n cr\r quote\" ' back\\ \x01 \x7f \u2028 \u202e é e\u0301 \U0001f331 %s $1 {x} :y",
            "numbers": [0, -1, 2**53, 2**63 - 1, 1.5, 1e300, -0.1],
            "nested": {"b": {"a": [[[]]], "": None}, "a": [True, False, None, {}]},
        }
        deep = Node("page:deep", "page", "  spaces  ", 2**31 - 1, odd)
        empty = Node("page:", "", "", 1, {"": ""})
        twins.sync(
            stored('o\'dd "names" %_[1] ä.md', ParsedFile((deep, empty)), page("l" * 5_000, "l.md", [to("m" * 5_000)]))
        )
        twins.check()

    def test_between_write_and_settle_no_edge_dangles(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        with twins.writing(commit="2") as writer:
            writer.write([stored("c.md", page("C", "c.md", [to("New"), to("Basil")]))])
            self._check_ends(twins)
            writer.delete(["pages/Basil.md"])
            self._check_ends(twins)
            writer.end()
        self._check_ends(twins)

    @staticmethod
    def _check_ends(twins: Twins) -> None:
        ids = {row["id"] for row in twins.rows("nodes")}
        ends = {row[end] for row in twins.rows("edges") for end in ("from_id", "to_id")}
        agree("no edge leads to a node that is not there", ends - ids, set())

    def test_a_reader_may_be_left_in_the_middle_and_used_again(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        with twins.reading() as (ours, _):
            ids, paths = ([row[key] for row in twins.rows(view)] for view, key in (("nodes", "id"), ("files", "path")))
            next(iter(ours.rows("nodes")))
            one, two = iter(ours.rows("nodes", ordered=True)), iter(ours.rows("files", ordered=True))
            mixed = [(next(one)["id"], next(two)["path"]) for _ in range(3)]
            agree("two streams of one reader do not mix", mixed, list(zip(ids[:3], paths[:3], strict=True)))
            agree("a stream goes on after others", [row["path"] for row in two], paths[3:])

    def test_bulk_texts_are_the_rows(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        with closing(twins.ours.reader()) as reader:
            if isinstance(reader, BulkReader):
                for view in GRAPH:
                    texts = "\n".join(reader.texts(view, SOURCE, COLUMNS[view]))
                    agree(f"a line for each row of {view}", len(texts.splitlines()), len(twins.rows(view, SOURCE)))

    def test_columns_are_those_of_the_rows(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        with closing(twins.ours.reader()) as reader:
            if isinstance(reader, ColumnReader):
                for view in GRAPH:
                    columns, path = COLUMNS[view][::-1][:3], GARDEN[0].file.path
                    got = sorted(map(tuple, reader.columns(view, columns, SOURCE, {"path": path})), key=repr)
                    rows = (row for row in reader.rows(view, SOURCE) if row["path"] == path)
                    wanted = sorted((tuple(row[column] for column in columns) for row in rows), key=repr)
                    agree(f"columns of {view}", got, wanted)

    # --- queries ---

    def test_a_query_gives_columns_and_rows(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        with closing(twins.ours.reader()) as reader:
            columns, rows = reader.query(self.one or ONE[reader.language])
            got = [[str(value) for value in row] for row in rows]
            agree("a query in the store's own language", (list(columns), got), (["one"], [["1"]]))

    def test_a_query_can_change_nothing(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        with closing(twins.ours.reader()) as reader:
            for query in self.writes or WRITES[reader.language]:
                with refusing(f"the query {query!r} is refused", UsageError):
                    list(reader.query(query)[1])
            list(reader.query(self.one or ONE[reader.language])[1])
        twins.check()

    def test_a_query_that_makes_no_sense_is_refused_in_a_line(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        promise = "a query that makes no sense is wrong usage, told in at most two lines"
        with closing(twins.ours.reader()) as reader, refusing(promise, UsageError) as told:
            list(reader.query("SELEKT ** FRM (")[1])
        hold(promise, len(told[0].splitlines()) <= 2, told)

    def test_a_query_that_takes_too_long_is_stopped(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        with closing(twins.ours.reader()) as reader:
            with refusing("a query ends when its seconds are over", UsageError):
                list(reader.query(self.endless or ENDLESS[reader.language], seconds=0.2)[1])
            list(reader.query(self.one or ONE[reader.language])[1])


def choices(reader: GraphReader, view: str) -> Iterator[Mapping[str, Any]]:
    """Values to choose rows by: of every column one that is there, null, and one that is not; and two at once."""
    columns = [column for column in COLUMNS[view] if column not in JSON_COLUMNS and column != "synced_at"]
    rows = list(reader.rows(view, ordered=True))
    for column in columns:
        values = [row[column] for row in rows if row[column] is not None]
        yield from ({column: value} for value in {values[0], values[-1]} if values)
        yield {column: None}
        yield {column: 7 if values and isinstance(values[0], int) else "' OR 1=1 --"}
    last = rows[-1]
    yield {column: last[column] for column in columns}
