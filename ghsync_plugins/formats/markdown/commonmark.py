"""What a CommonMark text holds of a page's structure: headings, links, prose; by pyromark (a Rust parser)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

COMMENT: Final = "\x7f"
"""Stands where a comment was taken out; it is no part of what a reader sees."""

PartKind = Literal["heading", "link", "image", "wikilink", "embed", "footnote", ""]
Span = tuple[int, int]


class Part:
    """A piece of the text, by its span in bytes of UTF-8, from ``start`` to ``end``.

    ``kind`` is ``heading``; ``link`` or ``image`` for ``[…](…)``; ``wikilink`` or ``embed`` for ``[[…]]`` and
    ``![[…]]``; ``footnote`` for a reference ``[^…]``. ``target`` is where a link leads or the footnote's label, as
    written, and the level of a heading.
    """

    __slots__ = ("end", "kind", "start", "target", "words")

    def __init__(self, kind: PartKind, target: str, start: int, end: int) -> None:
        self.kind = kind
        self.target = target
        self.start = start
        self.end = end
        self.words: list[str] = []

    @property
    def text(self) -> str:
        """What a reader sees of it, on one line."""
        if len(self.words) == 1 and self.words[0] == self.target:  # as of most wikilinks
            return self.target.strip()
        return " ".join("".join(self.words).replace(COMMENT, "").split())


def structure(text: str, prose: list[Span] | None = None) -> Iterator[Part]:
    """The parts of *text* in the order in which they end; *prose* is filled with the spans of text outside links."""
    open_parts: list[Part] = []
    links, code_ends, notes = 0, 0, "[^" in text
    for event, place in _events(text):  # a page has thousands of events, so the commonest is tested for first
        if "Text" in event:
            if words := open_parts and event["Text"]:
                for part in open_parts:
                    part.words.append(words)
            if prose is not None and not links and place["start"] >= code_ends:
                prose.append((place["start"], place["end"]))
        elif "Start" in event:
            begun = event["Start"]
            if type(begun) is not dict:
                continue
            if "Link" in begun or "Heading" in begun or "Image" in begun:
                open_parts.append(_begun(begun, place["start"], place["end"]))
                links += open_parts[-1].kind != "heading"
            elif "CodeBlock" in begun:
                code_ends = place["end"]
        elif "End" in event:
            if open_parts and _ends(event["End"]):
                part = open_parts.pop()
                links -= part.kind != "heading"
                if part.kind and not (links and part.kind == "wikilink"):
                    yield part
        elif notes and "FootnoteReference" in event:
            yield Part("footnote", event["FootnoteReference"], place["start"], place["end"])
        elif open_parts and (words := _words(event)):
            for part in open_parts:
                part.words.append(words)


def _ends(ended: Any) -> bool:
    return ended in ("Link", "Image") or (type(ended) is dict and "Heading" in ended)


def _words(event: Any) -> str:
    """What a reader sees of an event that is no text; a line end is a space."""
    if type(event) is str:
        return " "
    return str(event.get("Code") or event.get("InlineMath") or event.get("DisplayMath") or "")


def code_spans(text: str, *, html: bool = True) -> list[Span]:
    """Spans of code and mathematics, and with *html* of HTML; in bytes of UTF-8, in order, none in another."""
    spans: list[Span] = []
    for event, place in _events(text):
        if "Text" in event or "End" in event:  # by far the commonest
            continue
        if "Start" in event:
            begun = event["Start"]
            hides = (html and begun == "HtmlBlock") or (type(begun) is dict and "CodeBlock" in begun)
        else:
            hides = "Code" in event or "InlineMath" in event or "DisplayMath" in event
            hides = hides or (html and "InlineHtml" in event)
        if hides and not (spans and place["start"] < spans[-1][1]):
            spans.append((place["start"], place["end"]))
    return spans


def _events(text: str) -> Iterator[tuple[Any, Any]]:
    import pyromark

    has = pyromark.Options
    options = has.ENABLE_TABLES | has.ENABLE_WIKILINKS | has.ENABLE_STRIKETHROUGH
    if "$" in text:
        options |= has.ENABLE_MATH
    if "[^" in text:
        options |= has.ENABLE_FOOTNOTES
    return iter(pyromark.events_with_range(text, options=options))


def _begun(begun: Mapping[str, Any], start: int, end: int) -> Part:
    """The part that an event begins; the kind is empty for what does not count."""
    if "Heading" in begun:
        return Part("heading", begun["Heading"]["level"][1:], start, end)
    is_link = "Link" in begun
    link = begun["Link"] if is_link else begun["Image"]
    kind: PartKind
    if type(link["link_type"]) is dict:
        kind = "wikilink" if is_link else "embed"
    elif is_link:
        kind = "" if link["link_type"] in ("Autolink", "Email") else "link"
    else:
        kind = "image"
    return Part(kind, link["dest_url"], start, end)
