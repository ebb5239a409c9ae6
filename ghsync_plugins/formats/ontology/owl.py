"""OWL functional syntax in pages: where pieces of it stand, and what they add to the page's ontology."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ghsync_core import Document, FileWarning, ParsedFile
from ghsync_plugins.formats.functional.canonical import Canonical
from ghsync_plugins.formats.functional.facts import OwlFacts
from ghsync_plugins.formats.functional.grammar import AXIOMS, DECLARATION, RULE
from ghsync_plugins.formats.functional.statements import Statement, Unclosed, statements
from ghsync_plugins.formats.iri import Names
from ghsync_plugins.formats.ontology.jsonld import is_jsonld
from ghsync_plugins.formats.sections import KEY_LINE, Section, width
from ghsync_plugins.formats.text import Fence, PageText, page_text

_KEYWORD: Final = "|".join((*AXIOMS, DECLARATION, RULE, "Ontology"))
_OWL = re.compile(rf"^[ \t]*+(?:(?:{_KEYWORD})\s*+\(|\(\s*+(?:{_KEYWORD})\b)", re.MULTILINE)
_HEREDOC = re.compile(
    r"^(?P<indent>[ \t]*+)(?:-[ \t]++)?+owl:functional-syntax::[ \t]*+(?:\n[ \t]*+)?+\|[ \t]*+(?=\n|\Z)", re.MULTILINE
)
_FILLED_LINE = re.compile(r"^(?P<indent>[ \t]*+)(?P<other>- |```|~~~)?[^\s]", re.MULTILINE)
_UNCLOSED: Final = 2_000
"""How many characters after a fence that nothing closes are looked at."""


class _Piece(NamedTuple):
    """A text of OWL, and the line of the page where it begins."""

    text: str
    line: int


def has_owl(page: PageText, section: Section) -> bool:
    """Whether the OntologyBlock holds OWL text in a fence."""
    return any(_is_owl(page, fence) for fence in page.fences_in(section.start, section.end))


def has_heredoc(page: PageText) -> bool:
    """Whether the page says, in so many words, that OWL text follows: ``owl:functional-syntax:: |``."""
    return next(_heredocs(page), None) is not None


def owl_facts(document: Document, iris: Names, classes: set[str]) -> ParsedFile:
    """What the page's OWL text says. *classes* are the IRIs of the classes that it defines by other means."""
    page, canonical, facts = page_text(document), Canonical(iris.iri, document.path), OwlFacts(classes)
    for piece in _pieces(page):
        if isinstance(piece, FileWarning):
            facts.warnings.append(piece)
            continue
        for said in statements(piece.text, piece.line, canonical):
            if isinstance(said, Statement):
                facts.add(said)
            elif isinstance(said, Unclosed):
                message = f"{said.why.capitalize()}; this and what follows in its fence was left out."
                facts.warnings.append(FileWarning(said.line, "owl-syntax", message))
            else:
                facts.warnings.append(said)
    return facts.facts()


def _pieces(page: PageText) -> Iterator[_Piece | FileWarning]:
    """The OWL texts of the page, those in fences first."""
    for fence in page.fences:
        if not _is_owl(page, fence):
            continue
        if fence.closed:
            yield _Piece(fence.body(page.text), page.line(fence.body_start))
        else:
            message = "This OWL was left out: nothing closes its fence."
            yield FileWarning(page.line(fence.start), "owl-fence", message)
    for heredoc in _heredocs(page):
        start = page.line_end(heredoc.end())
        yield _Piece(page.text[start : _end_of(page, heredoc)], page.line(start))


def _is_owl(page: PageText, fence: Fence) -> bool:
    """Whether the fence holds OWL functional syntax, by its content: its name tells nothing."""
    end = fence.body_end
    if not fence.closed:
        following = next(page.fences_in(fence.start + 1, len(page.text)), None)
        end = min(fence.body_start + _UNCLOSED, following.start if following else len(page.text))
    return not is_jsonld(fence) and _OWL.search(page.text, fence.body_start, end) is not None


def _heredocs(page: PageText) -> Iterator[re.Match[str]]:
    if "owl:functional-syntax::" in page.text:
        for low, high in page.visible:
            yield from _HEREDOC.finditer(page.text, low, high)


def _end_of(page: PageText, heredoc: re.Match[str]) -> int:
    """Where its lines end: before the next line that is not deeper, or is a bullet, a property or a fence."""
    least = width(heredoc["indent"])
    for line in _FILLED_LINE.finditer(page.text, page.line_end(heredoc.end())):
        if width(line["indent"]) <= least or line["other"] or KEY_LINE.match(page.text, line.start()):
            return line.start()
    return len(page.text)
