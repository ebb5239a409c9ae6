"""A second opinion on functional syntax: py-horned-owl reads each axiom by itself, and both must agree.

Over the tests' own blocks always, and over every page and ``.ofn`` file below the folder that GHSYNC_CORPORA names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.owl import EX
from test_cases_owl import CASES
from test_functional import FILE

from ghsync_core import ContentError, Document, FileRef
from ghsync_core.axioms import axiom_text
from ghsync_plugins.formats.functional.canonical import Canonical
from ghsync_plugins.formats.functional.forms import Form, forms
from ghsync_plugins.formats.functional.grammar import AXIOMS
from ghsync_plugins.formats.functional.statements import Statement, statements
from ghsync_plugins.formats.iri import KNOWN
from ghsync_plugins.formats.ontology.owl import owl_texts
from ghsync_plugins.formats.text import page_text

horned = pytest.importorskip("pyhornedowl", reason="py-horned-owl is not installed")

ALLOWED = {
    "lisp": "forms as Lisp lists are accepted, and told; to OWL they are none",
    "bare name": "a name without a prefix is kept as it is written, and told",
    "comment": "; and // begin comments too",
    "one operand": "a set that says its one operand twice is refused: its canonical text would be no axiom",
}
"""Where the two may differ, and why."""

_PREFIX = re.compile(r"(?<![\w<:/.#-])([A-Za-z][\w.-]*)?:(?=[^\s/>=])")
_DECLARED = re.compile(r"Prefix\s*\(\s*([\w.-]*):\s*=\s*<([^<>\s]+)>\s*\)")
_COMMENT = re.compile(r"^\s*(?:;|//)|\s;.*$", re.MULTILINE)


def texts() -> Iterator[tuple[str, str]]:
    """Every text of functional syntax, with a name to find it by."""
    yield from ((name, owl) for name, (owl, _, _) in CASES.items())
    yield "FILE", FILE
    corpora = os.environ.get("GHSYNC_CORPORA")
    for path in sorted(Path(corpora).rglob("*")) if corpora else ():
        if path.suffix == ".ofn":
            yield str(path), path.read_text(encoding="utf-8")
        elif path.suffix == ".md" and path.is_file():
            document = Document(FileRef(str(path), "0" * 40, 0), path.read_bytes())
            try:
                yield from ((f"{path}:{piece.line}", piece.text) for piece in owl_texts(page_text(document)))
            except ContentError:
                continue  # not UTF-8, so no page


def prefixes(text: str) -> dict[str, str]:
    """Those that the text declares, and for each other one a namespace of its own."""
    used = {prefix: f"http://undeclared.example/{prefix}/" for prefix in _PREFIX.findall(text) if prefix != "_"}
    return {**used, **KNOWN, "ex": EX, **dict(_DECLARED.findall(text))}


def pieces(text: str) -> Iterator[str]:
    """The source of each axiom in *text*."""
    starts = [(form.start, isinstance(form, Form) and (form.head in AXIOMS or form.lisp)) for form in forms(text)]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    for (start, is_axiom), end in zip(starts, ends, strict=True):
        if is_axiom and start < end:
            closed = text[start:end].rstrip()
            yield closed[:-1] if closed.count("(") < closed.count(")") and '"' not in closed else closed


def ours(text: str, known: dict[str, str]) -> tuple[set[str], list[str]]:
    """The axioms that we read, and what we tell of them."""

    def resolve(written: str, line: int) -> str:
        prefix, colon, local = written.partition(":")
        told.extend([] if colon else ["bare name"])
        return known[prefix] + local if colon else written

    told: list[str] = []
    found = list(statements(text, 1, Canonical(resolve, "x")))
    told += [each.message for each in found if not isinstance(each, Statement) and hasattr(each, "message")]
    return {axiom_text(each.kind, each.arguments) for each in found if isinstance(each, Statement)}, told


def theirs(text: str, known: dict[str, str]) -> set[str] | None:
    """The axioms that py-horned-owl reads, in canonical text; None where it refuses them."""
    head = "".join(f"Prefix({prefix}:=<{iri}>)\n" for prefix, iri in known.items())
    try:
        ontology = horned.open_ontology_from_string(f"{head}Ontology(\n{text}\n)", "ofn")
    except ValueError:
        return None
    written = list(map(str, ontology.get_axioms()))
    found, told = ours("\n".join(written), known)
    return set(written) if told else found


def difference(text: str, told: list[str]) -> str | None:
    """Which of the `ALLOWED` this is."""
    said = " ".join(told)
    signs = {
        "lisp": "Lisp" in said,
        "bare name": "bare name" in said,
        "one operand": "two different operands" in said,
        "comment": _COMMENT.search(text) is not None,
    }
    return next((name for name, holds in signs.items() if holds), None)


def test_both_read_the_same_axioms() -> None:
    same, allowed, wrong = 0, dict.fromkeys(ALLOWED, 0), []
    for name, text in texts():
        known = prefixes(text)
        for piece in pieces(text):
            mine, told = ours(piece, known)
            if mine == (theirs(piece, known) or set()):
                same += 1
            elif reason := difference(piece, told):
                allowed[reason] += 1
            else:
                wrong.append((name, piece, mine, theirs(piece, known)))
    print(f"{same} axioms agree; allowed differences: {allowed}")
    assert wrong == []
    assert same > 60
