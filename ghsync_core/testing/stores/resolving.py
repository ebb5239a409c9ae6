"""Names meet nodes as `ghsync_core.names` defines it, whatever comes first."""

from __future__ import annotations

from ghsync_core.models import Answer, Axiom, Edge, Name, Node, OwlClass, OwlProperty, ParsedFile
from ghsync_core.testing.promises import agree
from ghsync_core.testing.stores.base import Stores
from ghsync_core.testing.stores.samples import VAULT, ontology, page, stored, to, to_class, to_note
from ghsync_core.testing.stores.twins import Twins


def ends(twins: Twins, start: str) -> list[str]:
    """What the links from the node *start* lead to."""
    return [row["to_id"] for row in twins.rows("edges", where={"from_id": start})]


class Resolving(Stores):
    """Promises of `BackendWriter.settle`."""

    def test_a_link_leads_to_a_stub_until_its_page_is_there(self, twins: Twins) -> None:
        twins.sync(stored("a.md", page("A", "a.md", [to("LATER")])))
        twins.check()
        [stub] = twins.rows("nodes", where={"kind": "stub"})
        agree("a stub is called as it is spelled", (stub["id"], stub["label"]), ("page:later", "LATER"))
        twins.sync(stored("b.md", page("Later", "b.md")), commit="2")
        twins.check()
        agree("a page takes the place of its stub", twins.rows("nodes", where={"kind": "stub"}), [])
        twins.sync(delete=["b.md"], commit="3")
        twins.check()
        agree("a stub comes back when its page goes", ends(twins, "page:a"), ["page:later"])
        twins.sync(stored("a.md", page("A", "a.md")), commit="4")
        twins.check()
        agree("a stub that nothing refers to is gone", [row["id"] for row in twins.rows("nodes")], ["page:a"])

    def test_a_stub_is_called_as_its_first_referrer_spells_it(self, twins: Twins) -> None:
        twins.sync(*(stored(f"{name}.md", page(name, f"{name}.md", [to(text)])) for name, text in LATER))
        twins.check()
        for path in ("a.md", "b.md"):
            twins.sync(delete=[path], commit=path)
            twins.check()

    def test_an_alias_that_moves_takes_its_links_along(self, twins: Twins) -> None:
        linking = stored("c.md", page("C", "c.md", [to("x")]))
        twins.sync(stored("a.md", page("A", "a.md", aliases=["x"])), stored("b.md", page("B", "b.md")), linking)
        agree("a link leads to the page of that alias", ends(twins, "page:c"), ["page:a"])
        twins.sync(stored("a.md", page("A", "a.md")), stored("b.md", page("B", "b.md", aliases=["X"])), commit="2")
        agree("a link follows an alias", ends(twins, "page:c"), ["page:b"])
        twins.check()
        twins.sync(stored("x.md", page("X", "x.md")), commit="3")
        agree("a page's own name goes before an alias", ends(twins, "page:c"), ["page:x"])
        twins.check()

    def test_a_link_without_stub_is_an_edge_only_while_it_leads_somewhere(self, twins: Twins) -> None:
        twins.sync(stored("a.md", page("A", "a.md", [to("b", stub=False)])))
        agree("no page, no stub, no edge", twins.rows("edges"), [])
        twins.check()
        twins.sync(stored("b.md", page("B", "b.md")), commit="2")
        agree("the edge is there when the page is", ends(twins, "page:a"), ["page:b"])
        twins.check()
        twins.sync(delete=["b.md"], commit="3")
        agree("and goes with it", twins.rows("edges"), [])
        twins.check()

    def test_a_base_name_means_the_nearest_note(self, twins: Twins) -> None:
        paths = ("note.md", "a/note.md", "b/note.md", "b/c/note.md", "bb/note.md")
        pages = [stored(path, page(f"at {path}", path)) for path in paths]
        asked = [to_note("note", folder) for folder in ("", "a", "b", "b/c", "z")]
        asked += [to_note("c/note", "a"), to_note("b/note"), to_note("NOTE", "A"), to_note("te"), to_note("x/note")]
        links = [stored(f"l{n}.md", page(f"L{n}", f"l{n}.md", [each])) for n, each in enumerate(asked)]
        twins.sync(*links, *pages)
        twins.check()
        for path in paths:
            twins.sync(delete=[path], commit=f"without {path}")
            twins.check()

    def test_two_pages_of_one_name_are_told_apart_by_rank_then_path_then_id(self, twins: Twins) -> None:
        one, two = (Node(f"page:{id_}", "page", id_, 1, answers=(Answer(Name(VAULT, "x")),)) for id_ in ("zz", "aa"))
        linking = stored("l.md", page("L", "l.md", [to("x")]))
        twins.sync(stored("2.md", ParsedFile((two,))), stored("1.md", ParsedFile((one,))), linking)
        twins.check()
        agree("of equal ranks the first path wins", ends(twins, "page:l"), ["page:zz"])
        twins.sync(stored("1.md", ParsedFile((one, two))), commit="2")
        twins.check()
        agree("of equal paths the smallest id wins", ends(twins, "page:l"), ["page:aa"])

    def test_scopes_are_apart(self, twins: Twins) -> None:
        far = Node("page:far//x", "page", "x", 1, answers=(Answer(Name("vault:far", "x")),))
        twins.sync(stored("far/x.md", ParsedFile((far,))), stored("a.md", page("A", "a.md", [to("x")])))
        agree("a name in another vault is another name", ends(twins, "page:a"), ["page:x"])
        twins.check()

    def test_several_files_say_one_thing(self, twins: Twins) -> None:
        parts = {
            "c.md": Node("page:x", "page", None, 9, {"k": ["c"], "only c": {"in": [3]}}),
            "a.md": Node("page:x", "tag", "as mentioned", 1, {"k": ["a", "c"], "n": None}, declared=False),
            "B.md": Node("page:x", "journal", "as declared", 5, {"k": ["b"], "n": 1, "only c": {"in": [1], "z": 0}}),
        }
        for path, node in parts.items():
            twins.sync(stored(path, ParsedFile((node,))), commit=path)
            twins.check()
        [row] = twins.rows("nodes")
        agree(
            "declaring files come first, then paths in code-point order",
            (row["kind"], row["path"]),
            ("journal", "B.md"),
        )
        twins.sync(delete=["B.md"], commit="4")
        twins.check()
        twins.sync(delete=["c.md"], commit="5")
        twins.check()
        [row] = twins.rows("nodes")
        agree("what is only mentioned has no path and no line", (row["path"], row["line"]), (None, None))

    def test_classes_meet_by_iri_and_by_title(self, twins: Twins) -> None:
        twins.sync(
            stored("b.md", ontology("B", "urn:x:B", to_class("A"), "<urn:x:C>", comment="second", by="b")),
            stored("a.md", ontology("A", "urn:x:A"), ontology("B", "urn:x:B", to_class("A"), by="a")),
        )
        twins.check()
        [axiom] = twins.rows("axioms", where={"object": "urn:x:A"})
        agree("equal axioms are one, with the annotations of all", axiom["annotations"], '{"by":["a","b"]}')
        twins.sync(delete=["a.md"], commit="2")
        twins.check()
        agree(
            "a class by title is a page's stub without it",
            [row["object"] for row in twins.rows("axioms")],
            ["page:a", "urn:x:C"],
        )
        twins.sync(stored("a.md", ontology("A", "urn:x:New A")), commit="3")
        twins.check()

    def test_axioms_of_every_shape(self, twins: Twins) -> None:
        some = "ObjectSomeValuesFrom(<urn:x:p> <urn:x:C>)"
        least = "ObjectMinCardinality(2 <urn:x:p> <urn:x:C>)"
        axioms = (
            Axiom("SubClassOf", (to_class("A"), some), 1),
            Axiom("SubClassOf", ("<urn:x:B>", least), 1),
            Axiom("SubClassOf", (some, "<urn:x:B>"), None, {"note": "no line"}),
            Axiom("EquivalentClasses", ("<urn:x:B>", "<urn:x:A>"), 2),
            Axiom("EquivalentClasses", (to_class("A"), "<urn:x:C>", "<urn:x:A>"), 2),
            Axiom("DisjointClasses", ("<urn:x:B>", to_class("b"), to_class("A")), 2),
            Axiom("ClassAssertion", (to_class("A"), "<urn:x:i>"), 3),
            Axiom("ObjectPropertyAssertion", ("<urn:x:p>", "<urn:x:i>", to_class("A")), 3),
            Axiom("DataPropertyAssertion", ("<urn:x:d>", "<urn:x:i>", '"ä \\"q\\""@de'), 3),
            Axiom("ObjectPropertyDomain", ("<urn:x:p>", to_class("A")), 4),
            Axiom("ObjectPropertyRange", ("<urn:x:p>", some), 4),
            Axiom("FunctionalObjectProperty", ("<urn:x:p>",), 5),
            Axiom("Declaration", ("Class(<urn:x:A>)",), 5),
        )
        owl = (
            OwlClass("urn:x:A", "A", None, 1, {}, (Answer(Name("classes:", "a")),)),
            OwlClass("urn:x:B", declared=False),
        )
        about = OwlProperty(
            "urn:x:p", "object", "p", 1, ("urn:x:B",), ("urn:x:C",), ("TransitiveObjectProperty",), {"z": [1]}
        )
        twins.sync(stored("o.ttl", ParsedFile((), (), owl, (about,), axioms), kind="ontology"))
        twins.check()
        moved = OwlClass("urn:x:Elsewhere", "A", "c", 2, {"n": "m"}, (Answer(Name("classes:", "a")),))
        twins.sync(
            stored("a.md", ParsedFile(classes=(moved,), properties=(OwlProperty("urn:x:p", label="q"),))), commit="2"
        )
        twins.check()
        twins.sync(stored("o.ttl", ParsedFile(axioms=axioms[::-1])), commit="3")
        twins.check()

    def test_an_edge_is_one_row_for_its_ends_type_name_and_file(self, twins: Twins) -> None:
        edges = (
            Edge("page:a", to("Foo"), "link", 3, 2, {"text": "first"}),
            Edge("page:a", to("Foo"), "embed", 4),
            Edge("page:a", to("bar"), "link", None, 1, {"text": "by alias"}),
            Edge("page:a", "urn:x:1", "link", 5),
            Edge(to("Foo"), "page:a", "defines", 6),
            Edge("page:a", "page:a", "link", 7),
            Edge("page:a", to("FOO"), "link", 1, 3, {"text": "earlier"}),
        )
        foo = stored("foo.md", page("Foo", "foo.md", aliases=["bar"]))
        twins.sync(stored("a.md", page("A", "a.md"), ParsedFile(edges=edges)), foo)
        twins.check()
        rows = twins.rows("edges", where={"from_id": "page:a", "to_id": "page:foo", "type": "link"})
        found = [(row["name"], row["line"], row["count"]) for row in rows]
        agree("a title and its alias are two edges, two spellings one", found, [("bar", None, 1), ("foo", 1, 5)])
        twins.sync(delete=["foo.md"], commit="2")
        twins.check()


LATER = (("a", "LATER"), ("b", "Later"), ("c", "later"))
