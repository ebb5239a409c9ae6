"""What a CommonMark text holds of a page's structure: headings and links, by pyromark (a Rust parser)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_EVENTS: Final = frozenset({"Heading", "Link", "Image"})


@dataclass(slots=True)
class Part:
    """A first-level heading or a link, with its text and its offset.

    ``kind`` is ``heading``; ``address`` for a Markdown link; ``wikilink`` and ``embed`` for ``[[…]]`` and ``![[…]]``.
    ``target`` is where a link leads, as written.
    """

    kind: str
    target: str
    offset: int
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What a reader sees of it, on one line."""
        return " ".join("".join(self.words).split())


def structure(text: str, start: int) -> Iterator[Part]:
    """The parts of ``text[start:]`` in the order in which they end; offsets count in *text*."""
    import pyromark

    body = text[start:]
    offset_of = _offsets(body)
    options = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_WIKILINKS
    open_parts: list[Part] = []
    for event, place in pyromark.events_with_range(body, options=options):
        begun = event.get("Start") if isinstance(event, dict) else None
        if isinstance(begun, dict) and not _EVENTS.isdisjoint(begun):
            open_parts.append(Part(*_begun(begun), start + offset_of(place["start"])))
        elif open_parts:
            if _ends_part(event):
                part = open_parts.pop()
                if part.kind:
                    yield part
            elif words := _words(event):
                for part in open_parts:
                    part.words.append(words)


def _ends_part(event: Any) -> bool:
    ended = event.get("End") if isinstance(event, dict) else None
    return ended in ("Link", "Image") or (isinstance(ended, dict) and "Heading" in ended)


def _words(event: Any) -> str:
    """What a reader sees of an event; a line end is a space."""
    if isinstance(event, dict):
        return str(event.get("Text") or event.get("Code") or "")
    return " " if event in ("SoftBreak", "HardBreak") else ""


def _begun(event: Mapping[str, Any]) -> tuple[str, str]:
    """Kind and target of the part that an event begins; the kind is empty for what does not count."""
    if "Heading" in event:
        return "heading" if event["Heading"]["level"] == "H1" else "", ""
    link = event.get("Link") or event["Image"]
    if isinstance(link["link_type"], dict):
        kind = "wikilink" if "Link" in event else "embed"
    else:
        kind = "address" if "Link" in event and link["link_type"] not in ("Autolink", "Email") else ""
    return kind, link["dest_url"]


def _offsets(text: str) -> Callable[[int], int]:
    """From byte offsets to offsets in *text*; they grow, or step back a little, so each byte is decoded about once."""
    if text.isascii():
        return lambda offset: offset
    data, known = text.encode(), [(0, 0)]

    def offset_of(offset: int) -> int:
        while known[-1][0] > offset:
            known.pop()
        low, characters = known[-1]
        place = characters + len(data[low:offset].decode())
        known.append((offset, place))
        return place

    return offset_of
