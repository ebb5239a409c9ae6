"""The suite for parsers: whatever bytes come, facts that make sense or one clear refusal, soon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ghsync_core.errors import FileError
from ghsync_core.interfaces import Document, Parser, Vault
from ghsync_core.models import FAIL_REASONS, FileRef, Json, ParsedFile, git_blob_id
from ghsync_core.places import Setup
from ghsync_core.testing.facts import check_facts
from ghsync_core.testing.growth import check_growth
from ghsync_core.testing.promises import Broken, agree, hold

HOSTILE: Final = (
    "[", "]", "[[", "]]", "(", "((", "{", "{{", "<", "<!--", "`", "```\n", "*", "_", '"', "'", "\\", "#", "- ", "\n",
    "\t", " ", ":", ";", ",", "a", "a:: b\n", "---\n", "&", "é", "\u202e", "\U0001f331",
)  # fmt: skip
"""Pieces that open what they do not close, that nest, or that look like the start of something."""

_quick = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


class ParserSuite:
    """Holds a parser to what `Parser` promises.

    Subclass it as ``Test…``; name the ``plugins`` that bring the ``parser``, and give ``samples`` that it can read.
    """

    plugins: Sequence[object] = ()
    """The plugins that bring the parser: names, modules or objects, as `Syncer` takes them."""

    parser: str = ""
    """The parser's name."""

    samples: Mapping[str, str | bytes] = {}
    """Files that it can read, by path; each says at least one thing."""

    vault: Vault = Vault()
    """The vault that they lie in."""

    settings: Mapping[str, Json] = {}
    """What stands in ghsync.toml, such as ``{"csv": {"delimiter": ";"}}``."""

    hostile: Sequence[str] = HOSTILE
    """What is repeated, behind each sample, to find time that grows faster than the file."""

    # --- for subclasses and tests ---

    @pytest.fixture(autouse=True)
    def _loaded(self) -> None:
        self.load()

    def load(self) -> None:
        """Load the plugins. Raises `Broken` where there is no such parser; called before each test."""
        place = Setup(self.settings, {"plugins": tuple(self.plugins)}).place(".")
        hold(f"{type(self).__name__} names a parser of its plugins", self.parser in place.registry.parsers)
        hold(f"{type(self).__name__} has samples", self.samples)
        self._parser: Parser = place.registry.parsers[self.parser]
        self._options = place.settings.reading_tables(place.registry.settings)

    def document(self, path: str, content: str | bytes, *, only_public: bool = False) -> Document:
        """A document as a run would give it to the parser."""
        data = content if isinstance(content, bytes) else content.encode()
        file = FileRef(path, git_blob_id(data), len(data))
        return Document(file, data, self.vault, source="o/r", only_public=only_public, options=self._options)

    def outcome(self, path: str, content: str | bytes, *, only_public: bool = False) -> ParsedFile | str:
        """What the parser makes of it: facts that make sense, or the reason why it refuses. Raises `Broken`."""
        document = self.document(path, content, only_public=only_public)
        try:
            facts = self._parser.parse(document)
        except FileError as error:
            hold("a file is refused for a reason of the closed list", error.reason in FAIL_REASONS, error.reason)
            hold("a refusal says why", str(error))
            return error.reason
        except Exception as error:
            promise = "a parser raises ContentError or nothing"
            raise Broken(f"{promise}\n  of {content[:200]!r}\n  it raised {type(error).__name__}: {error}") from error
        check_facts(document, facts)
        return facts

    # --- the promises ---

    def test_every_sample_says_something(self) -> None:
        for path, content in self.samples.items():
            facts = self.outcome(path, content)
            said = isinstance(facts, ParsedFile) and (facts.nodes or facts.edges or facts.axioms or facts.classes)
            hold(f"the sample {path} is read", said, facts)

    def test_it_gives_the_same_facts_each_time_whoever_else_parses(self) -> None:
        samples = list(self.samples.items())
        alone = [self.outcome(*sample) for sample in samples]
        with ThreadPoolExecutor(8) as pool:
            for _ in range(5):
                together = list(pool.map(lambda sample: self.outcome(*sample), samples * 4))
                agree("a parser holds no state: eight threads get what one gets", together, alone * 4)

    def test_its_version_and_name_stay(self) -> None:
        before = (self._parser.name, self._parser.version)
        self.test_every_sample_says_something()
        agree("name and version do not change", (self._parser.name, self._parser.version), before)

    def test_an_empty_file_and_a_single_line_do_no_harm(self) -> None:
        for path in self.samples:
            for content in (b"", b"\n", b"\r\n", b" ", b"\xef\xbb\xbf", b"\x00", b"\xff\xfe", b"\xff\xfea\x00", b"a"):
                self.outcome(path, content)

    def test_line_ends_may_be_those_of_any_system(self) -> None:
        for path, content in self.samples.items():
            text = content.decode() if isinstance(content, bytes) else content
            for end in ("\r\n", "\r"):
                self.outcome(path, text.replace("\r\n", "\n").replace("\n", end))

    def test_only_public_does_no_harm(self) -> None:
        for path, content in self.samples.items():
            self.outcome(path, content, only_public=True)

    @_quick
    @given(data=st.data())
    def test_any_bytes_give_facts_that_make_sense_or_a_refusal(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.samples)))
        self.outcome(path, data.draw(st.binary(max_size=300) | st.text(max_size=200).map(_encoded)))

    @_quick
    @given(data=st.data())
    def test_any_damage_to_a_sample_gives_facts_that_make_sense_or_a_refusal(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.samples)))
        content = self.samples[path]
        whole = content.encode() if isinstance(content, str) else content
        start = data.draw(st.integers(0, len(whole)))
        end = data.draw(st.integers(start, min(len(whole), start + 40)))
        patch = data.draw(
            st.binary(max_size=4) | st.sampled_from(HOSTILE).map(_encoded) | st.just(whole[start:end] * 3)
        )
        self.outcome(path, whole[:start] + patch + whole[end:])

    def test_time_grows_no_faster_than_the_file(self) -> None:
        for path, content in self.samples.items():
            whole = content.encode() if isinstance(content, str) else content
            self._check_growth(path, b"", whole)
            for piece in self.hostile:
                self._check_growth(path, whole, piece.encode())

    def _check_growth(self, path: str, head: bytes, piece: bytes) -> None:
        promise = f"time grows as the file does: {path}, then {piece[:20]!r} again and again"
        check_growth(promise, lambda times: self._parse_alone(path, head + piece * times), len(piece))

    def _parse_alone(self, path: str, content: bytes) -> None:
        with suppress(FileError):
            self._parser.parse(self.document(path, content))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
