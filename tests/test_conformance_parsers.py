"""Our parsers, held to what every parser promises."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from ghsync_core import Vault
from ghsync_core.testing import ParserSuite

PAGE = """---
title: Tomato
aliases: [Pomodoro]
tags: [red, fruit/soft]
related: "[[Basil]]"
---
# Tomato

grows with [[Basil|basil]] and ![[Compost#Heap]], see [there](../b%20c.md#x) #tag/sub ^block

- item with `[[no link]]` and [[unclosed
  - id:: 6622c3a1-0000-4000-8000-000000000001

| a | b |
|---|---|
| [[In a table]] | <http://example.org/> |

```json-ld
{"@id": "urn:x"}
```
%% a comment [[hidden]] %%
"""
OUTLINE = """alias:: Pomodoro, Love Apple
tags:: [[red]], fruit

- grows with [[Basil]] #[[two words]] and ((6622c3a1-0000-4000-8000-000000000001))
  id:: 6622c3a1-0000-4000-8000-000000000002
  - SCHEDULED: <2025-04-12 Sat>
  - {{embed [[Compost]]}} ![picture](../assets/a.png) [to](./b.md)
  - part-of:: [[Plants]]
- ```
  [[no link]]
  ```
"""
BLOCK = """# Tomato

- ### OntologyBlock
  - ontology:: true
  - term-id:: X-1
  - preferred-term:: Tomato
  - definition:: a fruit
  - owl:class:: x:Tomato
  - is-subclass-of:: [[Plant]]
  - has-part:: [[Seed]], [[Skin]]
"""
TURTLE = """@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix : <urn:x:> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Tomato a owl:Class ; rdfs:subClassOf :Plant, [ a owl:Restriction ; owl:onProperty :grows ; owl:someValuesFrom :Soil ] ;
    rdfs:label "tomato"@en ; rdfs:comment \"\"\"long
text\"\"\" .
:grows a owl:ObjectProperty ; rdfs:domain :Plant ; rdfs:range ( :a :b ) .
"""
XML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#"
         xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">
  <owl:Class rdf:about="urn:x:Tomato"><rdfs:subClassOf rdf:resource="urn:x:Plant"/></owl:Class>
</rdf:RDF>
"""
FUNCTIONAL = """Prefix(:=<urn:x:>)
Ontology(<urn:x:o>
  Declaration(Class(:Tomato))
  SubClassOf(Annotation(:by "me") :Tomato ObjectSomeValuesFrom(:grows :Soil))
  EquivalentClasses(:A :B ObjectIntersectionOf(:C :D))
)
"""
OWL_XML = """<?xml version="1.0"?>
<Ontology xmlns="http://www.w3.org/2002/07/owl#" ontologyIRI="urn:x:o">
  <SubClassOf><Class IRI="urn:x:Tomato"/><Class IRI="urn:x:Plant"/></SubClassOf>
</Ontology>
"""
MANCHESTER = """Prefix: : <urn:x:>
Ontology: <urn:x:o>
Class: Tomato
    SubClassOf: Plant, grows some Soil
Class: Plant
Class: Soil
ObjectProperty: grows
"""
OBO = """format-version: 1.2
ontology: x

[Term]
id: X:1
name: tomato
is_a: X:2

[Term]
id: X:2
name: plant
"""
TRIG = """@prefix : <urn:x:> .
:g { :Tomato a <http://www.w3.org/2002/07/owl#Class> . }
"""
QUADS = '<urn:x:a> <urn:x:b> <urn:x:c> <urn:x:g> .\n<urn:x:a> <urn:x:b> "t\\u00e4"@de .\n'
JSON_LD = """{"@context": {"x": "urn:x:",
  "sub": {"@id": "http://www.w3.org/2000/01/rdf-schema#subClassOf", "@type": "@id"}},
 "@graph": [{"@id": "x:Tomato", "@type": "http://www.w3.org/2002/07/owl#Class", "sub": "x:Plant"}]}
"""
CANVAS = """{"nodes": [{"id": "1", "type": "text", "text": "see [[Tomato]]", "x": 0, "y": 0, "width": 1, "height": 1},
 {"id": "2", "type": "file", "file": "b.md", "x": 0, "y": 0, "width": 1, "height": 1}],
 "edges": [{"id": "e", "fromNode": "1", "toNode": "2", "label": "grows"}]}
"""
CONCEPT = """---
type: concept
title: Tomato
description: a fruit
---
see [Basil](basil.md)
"""


needs_library = pytest.mark.skipif(find_spec("pyhornedowl") is None, reason="py-horned-owl is not installed")


class TestMarkdown(ParserSuite):
    parser = "markdown"
    samples = {"notes/Tomato.md": PAGE}


class TestMarkdownWithDataview(ParserSuite):
    parser = "markdown"
    samples = {"v/Tomato.md": PAGE + "field:: [[Basil]] and [inline:: value]\n"}
    vault = Vault("v", "obsidian", {})
    settings = {"obsidian": {"dataview": True}}


class TestLogseq(ParserSuite):
    parser = "logseq"
    samples = {"g/pages/Tomato.md": OUTLINE, "g/journals/2025_04_12.md": OUTLINE}
    vault = Vault("g", "logseq", {})


class TestOkf(ParserSuite):
    parser = "okf"
    samples = {"tomato.md": CONCEPT}
    vault = Vault("", "okf", {"okf_version": "0.2"})


class TestCanvas(ParserSuite):
    parser = "canvas"
    samples = {"a.canvas": CANVAS}


class TestOntologyBlock(ParserSuite):
    parser = "ontology"
    samples = {"pages/Tomato.md": BLOCK}
    vault = Vault("", "logseq", {})


class TestFunctional(ParserSuite):
    parser = "functional"
    samples = {"a.ofn": FUNCTIONAL}


class TestTurtle(ParserSuite):
    parser = "turtle"
    samples = {"a.ttl": TURTLE}


class TestTrig(ParserSuite):
    parser = "trig"
    samples = {"a.trig": TRIG}


class TestNTriples(ParserSuite):
    parser = "n-triples"
    samples = {"a.nt": QUADS.replace(" <urn:x:g>", "")}


class TestNQuads(ParserSuite):
    parser = "n-quads"
    samples = {"a.nq": QUADS}


class TestRdfXml(ParserSuite):
    parser = "rdf-xml"
    samples = {"a.rdf": XML}


class TestJsonLd(ParserSuite):
    parser = "json-ld"
    samples = {"a.jsonld": JSON_LD}


@needs_library
class TestOwlXml(ParserSuite):
    parser = "owl-xml"
    samples = {"a.owx": OWL_XML}


@needs_library
class TestManchester(ParserSuite):
    parser = "manchester"
    samples = {"a.omn": MANCHESTER}


@needs_library
class TestObo(ParserSuite):
    parser = "obo"
    samples = {"a.obo": OBO}
