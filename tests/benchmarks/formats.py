"""How fast files become facts, on one core, and how many times as fast as a common parser on the same pages.

The peer is markdown-it-py with a pattern for wikilinks, as many tools read such pages: it builds no facts.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from support.owl import file_facts
from support.pages import read

from tests.benchmarks.generate import pages
from tests.benchmarks.measure import Row

_LINK = re.compile(r"\[\[([^\[\]|\n]+)")
_REPEATS = 3


def formats(home: Path) -> Iterator[Row]:
    """Ontology pages against the peer, and functional syntax."""
    texts = [text for _, text in pages(200)]
    own = _speed(texts, lambda text: read(text, "pages/Page.md"))
    peer = _speed(texts[:40], _peer)
    yield Row("ontology pages with json-ld, facts built", f"{own:.1f} MB/s", "≥ 25 MB/s", own >= 25)
    yield Row("the same / markdown-it-py with wikilinks", f"{own / peer:.1f} ×", "≥ 5 ×", own >= 5 * peer)
    functional = _speed([_ontology(4_000)], file_facts)
    yield Row("OWL functional syntax, facts built", f"{functional:.1f} MB/s", "≥ 2 MB/s", functional >= 2)


def _speed(texts: list[str], work: Callable[[str], object]) -> float:
    """MB a second of processor time, the best of several rounds."""
    size, best = sum(len(text.encode()) for text in texts), float("inf")
    for _ in range(_REPEATS):
        began = time.process_time()
        for text in texts:
            work(text)
        best = min(best, time.process_time() - began)
    return size / best / 1e6


def _peer(text: str) -> int:
    tokens = MarkdownIt().parse(text)
    return sum(len(_LINK.findall(token.content)) for token in tokens if token.type == "inline")


def _ontology(count: int) -> str:
    random_ = random.Random(7)
    lines = ["Prefix(:=<http://example.org/>)", "Ontology(<http://example.org/o>"]
    for number in range(count):
        other = random_.randrange(count)
        lines += [
            f"Declaration(Class(:C{number}))",
            f'AnnotationAssertion(rdfs:label :C{number} "class number {number}"@en)',
            f"SubClassOf(:C{number} :C{other})",
            f"SubClassOf(:C{number} ObjectSomeValuesFrom(:p{other % 50} ObjectIntersectionOf(:C{other} :D{number})))",
        ]
    return "\n".join([*lines, ")"])
