"""Links, embeds, tags and block references inside one line of a Logseq page.

One pass over the marks of a line, from left to right, with a stack of open brackets: linear whatever the line holds.
The rules were read off Logseq's own parser (mldoc 1.6).
"""

from __future__ import annotations

import re
from collections import deque
from typing import Final, NamedTuple

_UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
UUID = re.compile(_UUID)
MAX_NESTING: Final = 8
"""How deep links may be nested in links; outside of that they are text."""

MAX_OPEN: Final = 64
"""How many brackets may be open at once; the outermost are forgotten first."""

_MARK = re.compile(rf"\\.|`+|\[+|\]+|#+|\(\({_UUID}\)\)|\{{\{{|\$|://|<(?=[A-Za-z])")
_PLAIN_LINK = re.compile(r"\[\[([^\[\]\n]++)\]\]")
_ADDRESS = re.compile(
    rf"\((?:\(\((?P<block>{_UUID})\)\)|<(?P<angled>[^<>\n]*+)>"
    r"|(?P<plain>[^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)*+))\)"
)
_TITLE = re.compile(r"(?<!\s)\s++(?:\"[^\"]*\"|'[^']*')\s*\Z")
_MATH = re.compile(r"\$\$[^$\n]++\$\$|\$(?![\s$])[^$\n]*+(?<!\s)\$(?!\d)")
_EMBED = re.compile(rf"[\s{{]*+embed\s+(?:\[\[(?P<page>.*)\]\]|\(\((?P<block>{_UUID})\)\))\s*\Z")
_ELEMENT = re.compile(r"<([A-Za-z][A-Za-z0-9]*+)(?:\s[^<>\n]*+)?>")
_ELEMENTS: Final = frozenset(  # the elements whose content Logseq leaves to the browser
    """
    a abbr b bdi bdo big button center cite code del details dfn div em figure font h1 h2 h3 h4 h5 h6 i iframe ins kbd
    label li mark ol p picture pre q s samp section small span strike strong sub summary sup svg table td th time tr
    tt u ul var video
    """.split()
)
_TAG = re.compile(r"(?:(?!\[\[|\]\]|\]\()[^ \t\n\r\f\v!])++")
_NOT_SPACE = re.compile(r"\S*+")
_TAG_BARRED: Final = frozenset("%&()+->/\\]}|*_~^=#")
_PRIORITY = re.compile(r"#[A-Z]\]")
_EMPHASIS = re.compile(r"\*\*|__|~~|\^\^|==")


class Found(NamedTuple):
    """What a line refers to.

    ``kind`` is link, embed, tag, block, block_embed or file; ``target`` a title, a UUID or an address, as written;
    ``text`` what is shown instead, where the author gave that.
    """

    kind: str
    target: str
    text: str | None = None


def references(line: str, *, code: bool = True) -> list[Found]:
    """What *line*, or a part of it, refers to, in order.

    ``code`` says whether backticks hide links (in a property's value they do not).
    """
    return _Line(line, code).read()


def plain_links(line: str) -> list[str] | None:
    """The short way for most lines: what stands between the brackets of the line's links, each for `link` to read.

    None where the line may hold anything else, and `references` must read it.
    """
    links: list[str] = _PLAIN_LINK.findall(line)
    return None if line.count("[") != 2 * len(links) or _has_more(line) else links


def _has_more(line: str) -> bool:
    """Whether the line may hold more than plain links, or what hides them; single letters are the quickest to find."""
    return (
        ("`" in line or "\\" in line or "#" in line or "$" in line or "<" in line)
        or ("(" in line and "((" in line)
        or ("{" in line and "{{" in line)
        or (":" in line and "://" in line)
    )


def link(target: str, kind: str = "link", text: str | None = None) -> Found | None:
    """The link that a target means, ``title`` or ``title|text``; None where it names only brackets and white space."""
    if "|" in target:
        target, _, shown = target.partition("|")
        target, text = target.removesuffix("\\"), text or shown.strip() or None
    return Found(kind, target.strip(), text) if target.strip("[] \t/") else None


class _Open(NamedTuple):
    """An open bracket: where it stands, what it may become, how much was found before it, how deep links nest in it."""

    at: int
    kind: str
    before: int
    nesting: int = 0


class _Line:
    """The state of one pass: how far it is done, which brackets are open, and what was found."""

    def __init__(self, text: str, code: bool) -> None:
        self.text, self.code = text, code
        self.done = 0
        self.found: list[Found] = []
        self.open: deque[_Open] = deque()
        self.links_open = 0
        self.tag_brackets = -1
        self.hopeless: set[str] = set()
        self.code_ends: dict[int, int] | None = None
        self.emphasised: list[tuple[int, int]] | None = None

    def read(self) -> list[Found]:
        actions = {
            "`": self._code, "[": self._opening, "]": self._closing, "#": self._tag, "(": self._block, "{": self._macro,
            "$": self._math, ":": self._url, "<": self._element, "\\": self._escape,
        }  # fmt: skip
        for match in _MARK.finditer(self.text):
            if match.start() >= self.done:
                mark = match[0]
                actions[mark[0]](match.start(), mark)
        return self.found

    def _add(self, found: Found | None) -> None:
        if found:
            self.found.append(found)

    def _skip_to(self, closer: str, at: int) -> int:
        """Leave out what stands before the next *closer*; where there is none, go on after the mark."""
        end = -1 if closer in self.hopeless else self.text.find(closer, at + 2)
        if end < 0:
            self.hopeless.add(closer)
        else:
            self.done = end + len(closer)
        return end

    def _code(self, at: int, _: str) -> None:
        if not self.code:
            return
        if self.code_ends is None:
            self.code_ends = _code_spans(self.text)
        self.done = self.code_ends.get(at, at)

    def _escape(self, at: int, mark: str) -> None:
        if mark == "\\(":
            self._skip_to("\\)", at)

    def _url(self, at: int, _: str) -> None:
        if not self.links_open:
            match = _NOT_SPACE.match(self.text, at)
            self.done = match.end() if match else at

    def _block(self, _: int, mark: str) -> None:
        self.found.append(Found("block", mark[2:-2]))

    def _opening(self, at: int, mark: str) -> None:
        end = at + len(mark)
        if len(mark) % 2:
            self._push(_Open(at, "[", len(self.found)))
        for where in range(max(at + len(mark) % 2, end - 2 * MAX_OPEN), end, 2):
            self._push(_Open(where, "tag" if where == self.tag_brackets else "link", len(self.found)))

    def _push(self, bracket: _Open) -> None:
        self.links_open += bracket.kind != "["
        self.open.append(bracket)
        if len(self.open) > MAX_OPEN:
            self.links_open -= self.open.popleft().kind != "["

    def _closing(self, at: int, mark: str) -> None:
        end = at + len(mark)
        while at < end and at >= self.done:
            single = self.open and self.open[-1].kind == "["
            if single and ((end - at) % 2 or not self.links_open):
                opening = self.open.pop()
                self._address(opening, at)
                at += 1
            elif self.links_open and end - at >= 2:
                self._close_link(at)
                at += 2
            else:
                break

    def _close_link(self, at: int) -> None:
        while self.open[-1].kind == "[":
            self.open.pop()
        opening = self.open.pop()
        self.links_open -= 1
        outer = self.open[-1] if self.open else None
        if outer and outer.kind == "[":
            if self._address(outer, at + 1):
                self.open.pop()
                return
        elif outer:
            self.open[-1] = outer._replace(nesting=max(outer.nesting, opening.nesting + 1))
        target = self.text[opening.at + 2 : at] if opening.nesting <= MAX_NESTING else ""
        outermost = link(target, opening.kind)
        if outermost:
            inner = self.found[opening.before :]
            self.found[opening.before :] = [outermost, *(found for found in inner if found.kind == "link")]

    def _address(self, opening: _Open, at: int) -> bool:
        """Read ``(address)`` after the ``]`` at *at*; what the label held does not count then."""
        match = _ADDRESS.match(self.text, at + 1) if self.text.startswith("(", at + 1) else None
        if not match:
            return False
        label = self.text[opening.at + 1 : at].strip() or None
        del self.found[opening.before :]
        self.done = match.end()
        address = match["angled"] or _TITLE.sub("", match["plain"] or "").strip()
        if match["block"]:
            self.found.append(Found("block", match["block"], label))
        elif address.startswith("[[") and address.endswith("]]"):
            self._add(link(address[2:-2], text=label))
        elif address:
            self.found.append(Found("file", address, label))
        return True

    def _macro(self, at: int, _: str) -> None:
        end = self._skip_to("}}", at)
        embed = _EMBED.match(self.text[at + 2 : end]) if end >= 0 else None
        if embed and embed["block"]:
            self.found.append(Found("block_embed", embed["block"]))
        elif embed:
            self._add(link(embed["page"], "embed"))

    def _math(self, at: int, _: str) -> None:
        match = _MATH.match(self.text, at)
        if match:
            self.done = match.end()

    def _element(self, at: int, _: str) -> None:
        match = _ELEMENT.match(self.text, at)
        if match and match[1].lower() in _ELEMENTS:
            self._skip_to(f"</{match[1]}>", at)

    def _tag(self, at: int, mark: str) -> None:
        if len(mark) > 1 or not self._tag_may_start(at):
            return
        match = _TAG.match(self.text, at + 1)
        if match:
            self.done = match.end()
            if tag := _trimmed(match[0]):
                self.found.append(Found("tag", tag))
        else:
            self.tag_brackets = at + 1

    def _tag_may_start(self, at: int) -> bool:
        before = self.text[at - 1] if at else " "
        if before.isalnum() or not before.isascii() or before in _TAG_BARRED:
            return False
        if (before == "[" and _PRIORITY.match(self.text, at)) or self.text.startswith("#+", at):
            return False
        return not self._is_emphasised(at)

    def _is_emphasised(self, at: int) -> bool:
        if self.emphasised is None:
            self.emphasised = _emphasised(self.text)
        while self.emphasised and self.emphasised[-1][1] <= at:
            self.emphasised.pop()
        return bool(self.emphasised) and self.emphasised[-1][0] < at


def _trimmed(tag: str) -> str:
    """A tag without the punctuation that follows it, and without closing brackets that nothing in it opens.

    Empty where nothing but brackets is left.
    """
    unmatched = "".join(closing for opening, closing in ("()", "[]", "{}", "<>") if opening not in tag)
    trimmed = tag.rstrip(f".,;:?\"'#*{unmatched}")
    return trimmed if trimmed.strip("()[]{}<>") else ""


def _code_spans(line: str) -> dict[int, int]:
    """Where each run of backticks that opens a code span finds its end: after the next run of the same length."""
    following: dict[int, int] = {}
    ends: dict[int, int] = {}
    for run in reversed(list(re.finditer("`+", line))):
        start, end = run.span()
        if end - start in following:
            ends[start] = following[end - start]
        following[end - start] = end
    return ends


def _emphasised(line: str) -> list[tuple[int, int]]:
    """Spans between two equal marks of emphasis, the last one first."""
    spans, opened = [], dict[str, int]()
    for match in _EMPHASIS.finditer(line):
        if match[0] in opened:
            spans.append((opened.pop(match[0]), match.start()))
        else:
            opened[match[0]] = match.start()
    return sorted(spans, reverse=True)
