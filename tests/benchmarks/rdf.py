"""RDF files: how fast they become facts, as a ratio to reading their triples alone, by pyoxigraph and by rdflib."""

from __future__ import annotations

import gc
import io
import logging
import os
import random
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.generate import WORDS
from tests.benchmarks.measure import Row

REPEATS = 5
CLASSES = 1500
SYNTAXES = {
    ".ttl": ("TURTLE", "turtle"),
    ".rdf": ("RDF_XML", "xml"),
    ".nt": ("N_TRIPLES", "nt"),
    ".nq": ("N_QUADS", "nquads"),
}

OF_OXIGRAPH = 0.15
"""Facts must come at this share of the speed at which pyoxigraph reads triples and forgets them, or faster."""

OF_RDFLIB = 5
"""And this many times as fast as rdflib reads them."""


def ontology(count: int, seed: int = 7) -> str:
    """Turtle in the style of large public ontologies: labels, definitions, parents, restrictions, some individuals."""
    random_ = random.Random(seed)
    lines = [
        "@prefix : <http://example.org/onto/> .",
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .",
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        "<http://example.org/onto> a owl:Ontology ; owl:imports <http://example.org/other> .",
    ]
    for number in range(count // 20):
        lines += [f":p{number} a owl:ObjectProperty ;", f'    rdfs:label "p {number}"@en ; rdfs:domain :C{number} .']
    for number in range(count):
        words = " ".join(random_.choices(WORDS, k=25))
        lines += [
            f":C{number} a owl:Class ;",
            f'    rdfs:label "{words[:20]}"@en ;',
            f'    skos:definition "{words}" ;',
        ]
        if number % 2:
            filler = random_.randrange(count)
            property_ = random_.randrange(count // 20)
            restriction = f"a owl:Restriction ; owl:onProperty :p{property_} ; owl:someValuesFrom :C{filler}"
            lines.append(f"    rdfs:subClassOf [ {restriction} ] ;")
        lines.append(f"    rdfs:subClassOf :C{random_.randrange(count)} .")
        if number % 3 == 0:
            lines.append(f":i{number} a :C{number} ; :p1 :i{random_.randrange(count)} ; :note {number} .")
    return "\n".join(lines)


def files() -> dict[str, bytes]:
    """The generated ontology in each syntax, and the files of GHSYNC_CORPORA, where that is set."""
    import rdflib

    graph = rdflib.Graph().parse(data=ontology(CLASSES), format="turtle")
    found = {
        "generated.ttl": ontology(CLASSES).encode(),
        "generated.rdf": graph.serialize(format="xml").encode(),
        "generated.nt": graph.serialize(format="nt").encode(),
    }
    folder = os.environ.get("GHSYNC_CORPORA")
    for path in sorted((Path(folder) / "rdf").iterdir()) if folder else ():
        if path.suffix in SYNTAXES:
            found[path.name] = path.read_bytes()
    return found


def rdf(_: Path) -> Iterator[Row]:
    """CPU time of each reader on each file, the best of some that take turns; garbage is looked for as in a run."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    logging.getLogger("rdflib").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    for name, data in files().items():
        best = _times(name, data)
        oxigraph, by_rdflib = best["pyoxigraph"] / best["ghsync"], best["rdflib"] / best["ghsync"]
        speed = len(data) / best["ghsync"] / 1e6
        yield Row(
            f"{name}: speed / pyoxigraph's",
            f"{oxigraph:.3f} × ({speed:.1f} MB/s)",
            f"≥ {OF_OXIGRAPH}",
            oxigraph >= OF_OXIGRAPH,
        )
        yield Row(f"{name}: speed / rdflib's", f"{by_rdflib:.1f} ×", f"≥ {OF_RDFLIB}", by_rdflib >= OF_RDFLIB)


def _times(name: str, data: bytes) -> dict[str, float]:
    best: dict[str, float] = {}
    for repeat in range(REPEATS):
        for reader, read in _readers(name, data).items():
            if reader == "rdflib" and repeat > 1:
                continue  # it takes long, and two will do
            began = time.process_time()
            read()
            spent = time.process_time() - began
            best[reader] = min(best.get(reader, spent), spent)
    return best


def _readers(name: str, data: bytes) -> dict[str, Callable[[], object]]:
    import pyoxigraph
    import rdflib

    from ghsync_core import Document, FileRef
    from ghsync_plugins.formats.rdf import register_parsers

    oxigraph, by_rdflib = SYNTAXES["." + name.rpartition(".")[2]]
    parsers = {parser.name: parser for parser in register_parsers()}
    parser = parsers[
        {"TURTLE": "turtle", "RDF_XML": "rdf-xml", "N_TRIPLES": "n-triples", "N_QUADS": "n-quads"}[oxigraph]
    ]
    syntax = getattr(pyoxigraph.RdfFormat, oxigraph)
    file = FileRef(name, "0" * 40, len(data))
    return {
        "pyoxigraph": lambda: sum(1 for _ in pyoxigraph.parse(io.BytesIO(data), format=syntax, base_iri="repo:o/r/x")),
        "ghsync": lambda: parser.parse(Document(file, data, source="o/r")),
        "rdflib": lambda: rdflib.Dataset().parse(data=data, format=by_rdflib, publicID="repo:o/r/x"),
    }
