"""How a Markdown file is read, and what its page is called: what detectors and parsers of pages agree on."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ghsync_core import Answer, Document, Name, names
from ghsync_plugins.formats.front_matter import FrontMatter, front_matter
from ghsync_plugins.formats.keys import fold_key
from ghsync_plugins.formats.logseq import titles
from ghsync_plugins.formats.logseq.head import head
from ghsync_plugins.formats.logseq.inline import UUID
from ghsync_plugins.formats.logseq.properties import KEY
from ghsync_plugins.formats.markdown.properties import aliases
from ghsync_plugins.formats.page_files import LOGSEQ, MARKDOWN
from ghsync_plugins.formats.text import page_text

_BULLETED = re.compile(r"^[ \t]*+-[ \t]++[^\s\"^(){}#][^\s\"^(){}]*+(?<=::)(?=[ \n]|\Z)", re.MULTILINE)
_UNBULLETED = re.compile(rf"^(?!-[ \t]){KEY}::(?=[ \n]|\Z)", re.MULTILINE)
_BLOCK_ID = re.compile(rf"^[ \t]++id:: {UUID.pattern}(?=[ \t]*+(?:\n|\Z))", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*+-(?=[ \t\n]|\Z)", re.MULTILINE)
_PUBLIC_LINE = re.compile(r"^[ \t]*+(?:-[ \t]++)?+public:: ([^\n]*+)", re.MULTILINE | re.IGNORECASE)
_PUBLIC_JSON = re.compile(r'"vc:public"\s*+:\s*+(true|false)\b')


@dataclass(frozen=True, slots=True)
class PageName:
    """A page's id, its title, and the titles that it also answers to."""

    id: str
    title: str
    aliases: tuple[str, ...] = ()


def flavour(document: Document) -> str:
    """`LOGSEQ` or `MARKDOWN`: the nearest vault decides; outside vaults the content does."""
    return document.once("flavour", _flavour)


def _flavour(document: Document) -> str:
    if document.vault.flavour:
        return LOGSEQ if document.vault.flavour == LOGSEQ else MARKDOWN
    page = page_text(document)
    if "::" not in page.text:
        return MARKDOWN
    start = front_matter(document).end
    if _UNBULLETED.match(page.text, start):
        return LOGSEQ
    spans = [(max(low, start), high) for low, high in page.visible if high > start]
    bullet = _first(_BULLET, page.text, spans)
    if _first(_UNBULLETED, page.text, spans) < bullet:
        return LOGSEQ
    return LOGSEQ if any(_first(own, page.text, spans) < len(page.text) for own in (_BULLETED, _BLOCK_ID)) else MARKDOWN


def _first(pattern: re.Pattern[str], text: str, spans: list[tuple[int, int]]) -> int:
    for low, high in spans:
        if match := pattern.search(text, low, high):
            return match.start()
    return len(text)


def page_name(document: Document) -> PageName:
    """What the page in *document* is called, whether it is stored or not."""
    return document.once(PageName, lambda document: _NAMES[flavour(document)](document))


def _logseq_name(document: Document) -> PageName:
    own, opening = document.vault, head(document)
    title = titles.title_of_file(document.path, own)
    if opening.title and title != "Contents":
        title = opening.title
    form = titles.title_format(own)
    key = titles.page_key(title, form) or names.fold(document.path)
    return PageName(titles.page_id(own.root, key), title, tuple(opening.aliases))


def _markdown_name(document: Document) -> PageName:
    own, path = document.vault, document.path
    matter = front_matter(document)
    given = markdown_title(matter)
    stem = posixpath.splitext(posixpath.basename(path))[0]
    identity = f"page:{names.in_vault(own.root, own.inner(path))}"
    return PageName(identity, given[0] if given else stem, aliases(matter))


def markdown_title(matter: FrontMatter) -> tuple[str, int] | None:
    """The title that front matter gives, and its line."""
    for entry in matter.entries:
        for text, line in entry.texts if entry.key.lower() == "title" else ():
            if text.strip():
                return text.strip(), line
    return None


_NAMES: Final = {LOGSEQ: _logseq_name, MARKDOWN: _markdown_name}


def title_answers(scope: str, name: PageName, form: str) -> tuple[Answer, ...]:
    """The answers of what is called *name* in *scope*: its title first, then its aliases."""
    own = titles.page_key(name.title, form) or names.fold(name.title)
    others = dict.fromkeys(titles.page_key(alias, form) for alias in name.aliases)
    aliases = (Answer(Name(scope, key), 1) for key in others if key and key != own)
    return (Answer(Name(scope, own)), *aliases)


def is_kept(document: Document) -> bool:
    """Whether the page counts: every page does, but with ``only_public`` only those that are marked as public."""
    return not document.only_public or document.once("public", _is_public)


def _is_public(document: Document) -> bool:
    marks = list(_public_marks(document))
    return False not in marks and (True in marks or document.vault.config.get("all_public", False))


def _public_marks(document: Document) -> Iterator[bool]:
    """What the markers of the file say: property lines outside code, YAML, and JSON-LD."""
    for entry in front_matter(document).entries:
        if fold_key(entry.key.strip()) == "public":
            yield " ".join(text for text, _ in entry.texts).strip().lower() in ("true", "yes")
    page = page_text(document)
    for low, high in page.visible:
        for line in _PUBLIC_LINE.finditer(page.text, low, high):
            yield line[1].strip().lower() == "true"
    for fence in page.fences:
        if fence.closed and fence.info.startswith("json") and (found := _PUBLIC_JSON.search(fence.body(page.text))):
            yield found[1] == "true"
