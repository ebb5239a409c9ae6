"""OWL functional syntax in pages: where pieces of it stand, and what they add to the page's ontology."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ghsync_core import Document, FileWarning, ParsedFile
from ghsync_plugins.formats.functional.forms import ONTOLOGY
from ghsync_plugins.formats.functional.grammar import AXIOMS, DECLARATION, RULE
from ghsync_plugins.formats.iri import Names
from ghsync_plugins.formats.ontology.jsonld import is_jsonld
from ghsync_plugins.formats.sections import KEY_LINE, Section, width
from ghsync_plugins.formats.text import Fence, PageText, page_text

_KEYWORDS: Final = frozenset((*AXIOMS, DECLARATION, RULE, ONTOLOGY))
_FORM = re.compile(r"^[ \t]*+(?:([A-Z]\w++)\s*+\(|\(\s*+([A-Z]\w++))", re.MULTILINE)
_HEREDOC = re.compile(
    r"^(?P<indent>[ \t]*+)(?:-[ \t]++)?+owl:functional-syntax::[ \t]*+(?:\n[ \t]*+)?+\|[ \t]*+(?=\n|\Z)", re.MULTILINE
)
_FILLED_LINE = re.compile(r"^(?P<indent>[ \t]*+)(?P<other>- |```|~~~)?[^\s]", re.MULTILINE)
_UNCLOSED: Final = 2_000
"""How many characters after a fence that nothing closes are looked at."""


class OwlText(NamedTuple):
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
    page = page_text(document)
    texts, warnings = list(owl_texts(page)), list(_unclosed(page))
    if not texts:
        return ParsedFile(warnings=tuple(warnings))
    from ghsync_plugins.formats.functional.canonical import Canonical
    from ghsync_plugins.formats.functional.facts import OwlFacts
    from ghsync_plugins.formats.functional.statements import Statement, Unclosed, statements

    canonical, facts = Canonical(iris.iri, document.path), OwlFacts(classes)
    facts.warnings += warnings
    for piece in texts:
        for said in statements(piece.text, piece.line, canonical):
            if isinstance(said, Statement):
                facts.add(said)
            elif isinstance(said, Unclosed):
                message = f"{said.why.capitalize()}; this and what follows in its fence was left out."
                facts.warnings.append(FileWarning(said.line, "owl-syntax", message))
            else:
                facts.warnings.append(said)
    return facts.facts()


def owl_texts(page: PageText) -> Iterator[OwlText]:
    """The OWL texts of the page, those in fences first."""
    for fence in page.fences:
        if fence.closed and _is_owl(page, fence):
            yield OwlText(fence.body(page.text), page.line(fence.body_start))
    for heredoc in _heredocs(page):
        start = page.line_end(heredoc.end())
        yield OwlText(page.text[start : _end_of(page, heredoc)], page.line(start))


def _unclosed(page: PageText) -> Iterator[FileWarning]:
    for fence in page.fences:
        if not fence.closed and _is_owl(page, fence):
            yield FileWarning(page.line(fence.start), "owl-fence", "This OWL was left out: nothing closes its fence.")


def _is_owl(page: PageText, fence: Fence) -> bool:
    """Whether the fence holds OWL functional syntax, by its content: its name tells nothing."""
    end = fence.body_end if fence.closed else fence.body_start + _UNCLOSED
    if is_jsonld(fence) or page.text.find("(", fence.body_start, end) < 0:
        return False
    if not fence.closed:
        following = next(page.fences_in(fence.start + 1, len(page.text)), None)
        end = min(end, following.start if following else len(page.text))
    forms = _FORM.finditer(page.text, fence.body_start, end)
    return any((form[1] or form[2]) in _KEYWORDS for form in forms)


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
