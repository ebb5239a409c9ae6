"""Files of every format to be broken at random, and what must hold of each, however broken."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from ghsync_core import ContentError, ParsedFile, Vault
from support.pages import BUNDLE, GRAPH, OBSIDIAN, read
from support.rdf_files import HEAD, PARSERS, claims, document

_TURTLE = """@prefix : <http://e/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:o a owl:Ontology ; owl:imports <x> .
:A a owl:Class ; rdfs:label "a"@en, 'b' ; rdfs:subClassOf :B, [ a owl:Restriction ; owl:onProperty :p ;
  owl:someValuesFrom [ owl:unionOf ( :C :D ) ] ] ; owl:hasKey ( :p ) .
:p a owl:ObjectProperty ; rdfs:domain :A ; owl:inverseOf :q ; owl:propertyChainAxiom ( :p :q ) .
[] a owl:AllDisjointClasses ; owl:members ( :A :B ) .
[] a owl:Axiom ; owl:annotatedSource :A ; owl:annotatedProperty rdfs:subClassOf ; owl:annotatedTarget :B ; :n 1.5e0 .
:i a :A ; :p :j, [ :d true ] ; :d \"\"\"x
y\"\"\" .
"""
_NT = '<http://e/a> <http://e/p> "x\\u00e9"@en .\n# c\n_:b <http://e/p> <http://e/a> .\n'
_OFN = """Prefix(:=<http://e/>)
Ontology(<http://e/o> Import(<http://e/x>) Declaration(Class(:A)) # c
SubClassOf(Annotation(:n "x"@en) :A ObjectSomeValuesFrom(:p ObjectUnionOf(:B :C)))
EquivalentClasses(:A ObjectMinCardinality(2 :p :B)) DataPropertyAssertion(:d :i "1"^^<http://e/t>)
HasKey(:A (:p) (:d)) AnnotationAssertion(:n :A _:b) (SubClassOf :A :B)
)
"""
_LOGSEQ = """title:: T
alias:: A, [[B C]]
tags:: x, #y

- [[Page|text]] #tag #[[a b]] ((650f1a2b-1c2d-4e3f-8a9b-0123456789ab)) {{embed [[P]]}} [l](../pages/Q.md)
  id:: 650f1a2b-1c2d-4e3f-8a9b-0123456789ac
  key:: [[V]], "w"
- ```
  [[no]]
  ```
- <div>[[x]]</div> $a$ `b` <!-- c --> **d** [[2025-05-24]]
"""
_MARKDOWN = """---
title: T
aliases: [a, "b"]
tags: x, y
rel: "[[Z|z]]"
n: {a: 1, b: [2, 3]}
---
# H ^id

[[note#H|t]] ![[a.png]] [t](<x y.md#h>) [r][ref] #a/b %% [[c]] %% `d` $e$ (k:: v) [f:: [[g]]]

[ref]: ../r.md "t"
"""
_PAGE = """- ### OntologyBlock
  - owl:class:: mv:X
  - preferred-term:: X
  - is-subclass-of:: [[Y]], mv:Z
  - owl:domain:: ObjectUnionOf(mv:A mv:B)
  - has-part:: [[P]] or [[Q]]
  - #### OWL
    - ```clojure
      Prefix(mv:=<http://e/>) SubClassOf(mv:X ObjectSomeValuesFrom(mv:p mv:Y))
      ```
  - owl:functional-syntax:: |
      Declaration(Class(mv:X))
```json-ld
{"@context": "c", "@id": "urn:x", "@type": "Class", "label": "X", "subClassOf": [{"@id": "urn:y", "label": "Y"}],
 "relations": {"hasPart": [{"@id": "urn:z", "label": "Z"}]}}
```
"""
_YAML_CLASS = '---\ntype: Class\ntitle: X\nresource: http://e/X\nis-a: ["[[Y]]"]\nlinks: ["[[z|Z]]"]\n---\nA thing.\n'
_CONCEPT = """---
type: Table
title: T
resource: https://e/x
verified: {by: "human:a", at: 2025-01-01}
sources: [{id: s, resource: /a.md}]
---
[x](/tables/c.md#j) [^s]
"""
_CANVAS = json.dumps(
    {
        "nodes": [
            {"id": "1", "type": "text", "text": "hi [[B]] #t"},
            {"id": "2", "type": "file", "file": "A.md"},
            {"id": "3", "type": "file", "file": "B.md"},
        ],
        "edges": [{"id": "4", "fromNode": "2", "toNode": "3", "label": "why not"}],
    }
)
_RDFXML = (
    "<!DOCTYPE r [<!ENTITY e 'http://e/'>]>" + HEAD + "<owl:Class rdf:about='&e;A'><rdfs:subClassOf><owl:Restriction>"
    "<owl:onProperty rdf:resource='p'/><owl:someValuesFrom rdf:resource='B'/></owl:Restriction></rdfs:subClassOf>"
    "<rdfs:label xml:lang='en'>a</rdfs:label></owl:Class><T rdf:ID='x'>"
    "<p rdf:parseType='Collection'><U/></p></T></rdf:RDF>"
)
_JSONLD = json.dumps(
    {
        "@context": {"e": "http://e/", "p": {"@id": "e:p", "@container": "@list"}, "@vocab": "http://v/"},
        "@graph": [{"@id": "e:a", "@type": "http://www.w3.org/2002/07/owl#Class", "p": [1, "x", {"@id": "e:b"}]}],
    }
)
_EDN = '{:hidden ["/a"] :journal/page-title-format "yyyy-MM-dd" ; c\n #_ :x :all-pages-public? true :m {1 [2.5 nil]}}'
_OWX = """<Ontology xmlns="http://www.w3.org/2002/07/owl#">
<Declaration><Class IRI="#a"/></Declaration></Ontology>
"""
_OMN = "Prefix: : <http://e/>\nOntology: <http://e/o>\nClass: :A\n  SubClassOf: :p some :B\n"
_OBO = "format-version: 1.2\nontology: x\n\n[Term]\nid: X:1\nname: a\nis_a: X:2 ! b\n"
_NUL = re.compile(r"(?<!\\)\\u0000")


@dataclass(frozen=True)
class Target:
    """A file that is read as *path* in *vault*, and *seeds*: what it holds before it is broken."""

    path: str
    seeds: tuple[str, ...]
    vault: Vault | None = None

    def check(self, data: bytes) -> None:
        """Read *data*; what is raised besides `ContentError`, or an `AssertionError`, is a fault."""
        try:
            found = self._facts(data)
        except ContentError as error:
            message = str(error)
        else:
            _hold(found, data)
            return
        assert message.isprintable(), message

    def _facts(self, data: bytes) -> ParsedFile:
        if self.vault is not None:
            return read(data, self.path, self.vault).facts
        parsers = [name for name in claims(self.path, data) if name in PARSERS]
        return PARSERS[parsers[0]].parse(document(self.path, data)) if parsers else ParsedFile()


def _hold(found: ParsedFile, data: bytes) -> None:
    """Every line is one of the file's, and everything can be stored."""
    facts = (*found.nodes, *found.edges, *found.classes, *found.properties, *found.axioms, *found.warnings)
    lines = data.count(b"\n") + data.count(b"\r") + 1
    for fact in facts:
        assert fact.line is None or 1 <= fact.line <= lines, fact
    text = json.dumps(facts, ensure_ascii=False, default=_plain)
    assert text.encode(), "half of a surrogate pair can't be"
    assert not _NUL.search(text)


def _plain(fact: Any) -> Any:
    """A mapping, a fact, or a part of one as JSON has it."""
    return dict(fact) if isinstance(fact, Mapping) else [getattr(fact, field.name) for field in fields(fact)]


class _Config(Target):
    """``logseq/config.edn``, which governs a graph."""

    def _facts(self, data: bytes) -> ParsedFile:
        from ghsync_plugins.formats.logseq.vault import LogseqVault

        read("[[a/b]]", "pages/x.md", Vault("", "logseq", LogseqVault().configure("", {self.path: data})))
        return ParsedFile()


TARGETS: dict[str, Target] = {
    "logseq": Target("pages/Page.md", (_LOGSEQ, _PAGE), GRAPH),
    "obsidian": Target("Note.md", (_MARKDOWN, _PAGE), OBSIDIAN),
    "markdown": Target("docs/Page.md", (_MARKDOWN, _LOGSEQ, _YAML_CLASS), Vault()),
    "ontology": Target("pages/Page.md", (_PAGE, _YAML_CLASS), Vault()),
    "okf": Target("tables/c.md", (_CONCEPT,), BUNDLE),
    "canvas": Target("Board.canvas", (_CANVAS,), OBSIDIAN),
    "config": _Config("logseq/config.edn", (_EDN,)),
    "functional": Target("a.ofn", (_OFN,)),
    "turtle": Target("a.ttl", (_TURTLE,)),
    "trig": Target("a.trig", (_TURTLE, ":g { " + _NT + " }")),
    "n-triples": Target("a.nt", (_NT,)),
    "n-quads": Target("a.nq", (_NT.replace(" .", " <http://e/g> ."),)),
    "rdf-xml": Target("a.rdf", (_RDFXML,)),
    "json-ld": Target("a.jsonld", (_JSONLD,)),
    "owl-xml": Target("a.owx", (_OWX,)),
    "manchester": Target("a.omn", (_OMN,)),
    "obo": Target("a.obo", (_OBO,)),
}
