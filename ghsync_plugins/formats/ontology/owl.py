"""Finds OWL text in a page. Reading it is not built yet: each piece is reported, so that nothing is lost in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ghsync_core import FileWarning
from ghsync_plugins.formats.ontology.jsonld import is_jsonld
from ghsync_plugins.formats.sections import Section
from ghsync_plugins.formats.text import Fence, PageText

_KEYWORD: Final = (
    r"(?:Declaration|SubClassOf|EquivalentClasses|DisjointClasses|DisjointUnion|ClassAssertion|(?:Negative)?(?:Object|Data)"
    r"PropertyAssertion|AnnotationAssertion|(?:Object|Data|Annotation)Property(?:Domain|Range)"
    r"|Sub(?:Object|Data|Annotation)PropertyOf|InverseObjectProperties|(?:Functional|InverseFunctional|Reflexive|Irreflexive"
    r"|Symmetric|Asymmetric|Transitive)(?:Object|Data)Property|(?:Same|Different)Individuals?|HasKey|Ontology)"
)
_OWL = re.compile(rf"\b{_KEYWORD}\s*+\(|\(\s*+{_KEYWORD}\b")
_HEREDOC = re.compile(r"^[ \t]*+(?:-[ \t]++)?+owl:functional-syntax::[ \t]*+(?:\n[ \t]*+)?+\|[ \t]*+$", re.MULTILINE)
_UNCLOSED: Final = 2_000
"""How many characters after a fence that nothing closes are looked at."""


def has_owl(page: PageText, section: Section) -> bool:
    """Whether the OntologyBlock holds OWL text, fenced or not."""
    if any(_is_owl(page, fence) for fence in page.fences_in(section.start, section.end)):
        return True
    return any(_HEREDOC.search(page.text, low, high) for low, high in section.spans)


def _is_owl(page: PageText, fence: Fence) -> bool:
    """Whether the fence holds OWL functional syntax, by its content: its name tells nothing."""
    end = fence.body_end
    if not fence.closed:
        following = next(page.fences_in(fence.start + 1, len(page.text)), None)
        end = min(fence.body_start + _UNCLOSED, following.start if following else len(page.text))
    return not is_jsonld(fence) and _OWL.search(page.text, fence.body_start, end) is not None


def owl_warnings(page: PageText) -> Iterator[FileWarning]:
    """One for each piece of OWL text in the page."""
    for fence in page.fences:
        if _is_owl(page, fence):
            ends = "" if fence.closed else ", and nothing closes its fence"
            yield _warning(page.line(fence.start), ends)
    if "owl:functional-syntax::" in page.text:
        for low, high in page.visible:
            for heredoc in _HEREDOC.finditer(page.text, low, high):
                yield _warning(page.line(heredoc.start()), "")


def _warning(line: int, more: str) -> FileWarning:
    return FileWarning(line, "owl-not-read", f"This OWL functional syntax is not read yet{more}.")
