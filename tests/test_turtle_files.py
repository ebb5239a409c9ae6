"""Turtle as text: lines, bases, and files that are broken or hostile."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.turtle_facts import PREFIXES, edges, failure, node_of, parse, parse_bytes

from ghsync_core import ContentError, Edge, ParsedFile
from ghsync_plugins.formats.rdf.reading import base_iri
from ghsync_plugins.formats.rdf.tokens import Tokens, resolve
from ghsync_plugins.formats.rdf.turtle import MAX_NESTING


class TestLines:
    def test_the_line_that_first_names_the_subject(self) -> None:
        facts = parse('# :A and <http://e/A>\n:x :p """:A\n<http://e/A>""" .\n:A :p 1 .\n<http://e/B>\n  :p 2 .\n')
        assert {node.id: node.line for node in facts.nodes} == {"http://e/x": 9, "http://e/A": 11, "http://e/B": 12}

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_line_ends(self, end: str) -> None:
        assert [node.line for node in parse(f":a :p 1 .{end}{end}:b :p 1 .").nodes] == [8, 10]

    def test_prefixes_are_those_in_force(self) -> None:
        text = (
            "PREFIX a: <http://x/>\na:b a:p 1 .\n@prefix a: <http://y/> .\na:b a:p 1 .\n"
            "BASE <http://z/d/>\n<e> a:p 1 .\n<../f> a:p 1 ."
        )
        facts = parse_bytes(text.encode())
        assert {node.id: node.line for node in facts.nodes} == {
            "http://x/b": 2,
            "http://y/b": 4,
            "http://z/d/e": 6,
            "http://z/f": 7,
        }

    def test_escapes_and_dots_in_names(self) -> None:
        facts = parse(":a\\,b :p 1 .\n:c.d :p 1.\n:e%20f :p 1 .\n\n:é·1 :p 1 .")
        assert [(node.id, node.line) for node in facts.nodes] == [
            ("http://e/a,b", 8),
            ("http://e/c.d", 9),
            ("http://e/e%20f", 10),
            ("http://e/é·1", 12),
        ]

    def test_a_name_in_escapes_has_no_line(self) -> None:
        assert parse("<http://e/\\u0041> :p 1 .").nodes[0].line is None

    @pytest.mark.parametrize(
        ("base", "iri"),
        [
            ("repo:o/r/d/a.ttl", "../up"),
            ("repo:o/r/d/a.ttl", "#T"),
            ("http://h/a/b", "?q"),
            ("repo:a.ttl", ""),
            ("urn:x:y", "#f"),
        ],
    )
    def test_relative_names_are_resolved_as_the_parser_does(self, base: str, iri: str) -> None:
        from pyoxigraph import NamedNode, RdfFormat
        from pyoxigraph import parse as read

        (quad,) = read(f"<{iri}> <a:b> <a:c> .".encode(), format=RdfFormat.TURTLE, base_iri=base)
        assert quad.subject == NamedNode(resolve(base, iri))


class TestBase:
    def test_case_48_relative_names_stand_at_the_files_place(self) -> None:
        facts = parse_bytes(b"<a> <#b> <../c> .", "d/x.ttl")
        assert facts.edges == (Edge("repo:o/r/d/a", "repo:o/r/c", "repo:o/r/d/x.ttl#b", 1),)

    def test_odd_letters_are_escaped(self) -> None:
        assert (
            parse_bytes(b"<> <p:p> 1 .", "a b/{x}%é?#.ttl").nodes[0].id == "repo:o/r/a%20b/%7Bx%7D%25%C3%A9%3F%23.ttl"
        )

    def test_no_path_of_this_machine_is_in_it(self) -> None:
        assert base_iri("/home/me/notes", "a.ttl") == base_iri("C:\\notes", "a.ttl") == "repo:a.ttl"
        assert base_iri("o/r@main:docs", "docs/a.ttl") == "repo:o/r@main:docs/docs/a.ttl"

    @given(st.text(), st.text())
    def test_any_name_makes_a_base(self, source: str, path: str) -> None:
        source, path = (text.encode(errors="replace").decode() for text in (source, path))
        assert parse_bytes(b"<#x> <p:p> 1 .", path, source).nodes[0].id.endswith("#x")


class TestBadFiles:
    def test_a_cut_off_file_saves_nothing(self) -> None:
        error = failure(PREFIXES + ":a :p :b .\n:c :p ")
        assert (error.reason, error.line) == ("syntax", 9)
        assert str(error).startswith("not Turtle: ")

    @pytest.mark.parametrize(
        ("data", "reason", "line"),
        [
            ("<http://a/b c> <http://p> 1 .", "syntax", 1),
            ("<http://a> <http://p> <http://{x}> .", "syntax", 1),
            ('<http://a> <http://p> "\\uD800" .', "syntax", 1),
            ('<http://a> <http://p> "x"@en-- .', "syntax", 1),
            ("<http://a> <http://p> 1 .\n<<<<<<< HEAD\n", "syntax", 2),
            ('<?xml version="1.0"?>\n<a/>', "syntax", 1),
            ('<http://a> <http://p> "\\u0000" .', "binary", None),
            (b"<http://a> <http://p> \x00 .", "binary", 1),
            (b'<http://a> <http://p> "caf\xe9" .', "encoding", None),
            ("<http://a> <http://p> 1 .".encode("utf-16"), "encoding", None),
            ("<http://a> <http://p> " + "[ <http://p> " * 5000 + "]" * 5000 + " .", "limit", 1),
            ("<http://a> <http://p> " + "(" * 5000 + ")" * 5000 + " .", "limit", 1),
            ("\n<" + "<" * 5000, "limit", 2),
        ],
    )
    def test_is_told_with_reason_and_line(self, data: str | bytes, reason: str, line: int | None) -> None:
        error = failure(data)
        assert (error.reason, error.line) == (reason, line)
        assert str(error).isprintable()

    def test_brackets_up_to_the_limit_are_read(self) -> None:
        assert len(parse(f":a :p {'[ :p ' * (MAX_NESTING - 1)} 1 {']' * (MAX_NESTING - 1)} .").edges) == MAX_NESTING - 1
        text = '"' + "[" * 5000 + '"'
        assert node_of(parse(f":a :p {text} , '''{text}''' . # {'[' * 5000}"), "a").properties

    def test_a_long_chain_of_labels_is_read(self) -> None:
        assert len(parse("".join(f"_:a{number} :p _:a{number + 1} .\n" for number in range(5000))).edges) == 5000

    def test_a_small_file_that_would_be_huge_is_refused(self) -> None:
        doubled = "_:a{0} a owl:Class ; owl:intersectionOf (_:a{1} [ owl:complementOf _:a{1} ]) .\n"
        expressions = "".join(doubled.format(number, number + 1) for number in range(60))
        assert failure(f"{PREFIXES}{expressions}_:a60 owl:complementOf :B .").reason == "limit"
        assert failure(f"@prefix p: <http://e/{'a' * 500_000}> .\n" + "p:a p:b p:c .\n" * 200).reason == "limit"

    def test_a_shared_list_is_not_written_out(self) -> None:
        facts = parse(":a :p _:l . :b :p _:l . _:l rdf:first 1 ; rdf:rest () .")
        assert ["several things share" in warning.message for warning in facts.warnings] == [True, True]

    def test_warnings_do_not_grow_without_end(self) -> None:
        facts = parse("".join(f':a{number} rdfs:subClassOf "x" .\n' for number in range(300)))
        assert (len(facts.warnings), facts.warnings[-1].message) == (101, "and 200 more")

    @pytest.mark.parametrize(
        "text", ['"""\\""" ""', '"', "'\"", "<", "a", "a:.", "a:b.", "#", "@", '"\\', "<a", "''' ", "\\"]
    )
    def test_the_search_for_lines_is_linear(self, text: str) -> None:
        def seconds(size: int) -> float:
            hostile = text * (size // len(text))
            start = time.perf_counter()
            Tokens(hostile).first_lines("repo:a", ())
            return time.perf_counter() - start

        assert seconds(400_000) < 20 * seconds(40_000) + 0.5

    def test_byte_order_mark_empty_file_and_prefixes_alone(self) -> None:
        assert len(parse_bytes(b"\xef\xbb\xbf<a:a> <a:b> <a:c> .").edges) == 1
        assert parse_bytes(b"") == parse("") == ParsedFile()

    def test_literals_outside_their_datatype_stay_as_written(self) -> None:
        facts = parse('[] :p "abc"^^xsd:integer , "2024-02-30"^^xsd:date , ""^^xsd:boolean .')
        values = [value["value"] for value in facts.nodes[0].properties["http://e/p"]]
        assert sorted(values) == ["", "2024-02-30", "abc"]

    def test_a_long_literal_is_whole(self) -> None:
        assert node_of(parse(f':a :p "{"x" * 200_000}" .'), "a").properties == {"http://e/p": ["x" * 200_000]}

    def test_statements_about_statements_are_left_out_and_told(self) -> None:
        facts = parse(":a :p :b {| :sure 1 |} . :only :q <<( :s :p :o )>> .")
        assert edges(facts) == [("a", "p", "b")]
        assert "http://e/only" not in [node.id for node in facts.nodes]
        assert "2 statements about other statements" in facts.warnings[0].message


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from(":abp_<>[]().;,\"'\\@#^ \n|{}0-eE"), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        facts = parse(text)
    except ContentError as refusal:
        reason = refusal.reason
    else:
        reason = "" if isinstance(facts, ParsedFile) else "no facts"
    assert reason in ("", "syntax", "limit")
