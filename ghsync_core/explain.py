"""Why a file gives what it gives: what each detector said, which parsers took it, and every fact with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ghsync_core.file_job import Look, Reading
from ghsync_core.interfaces import Claim, Vault
from ghsync_core.models import End, FileRef, FileResult, FileWarning, ParsedFile, Reference


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a file: ``sort`` is node, edge, class, property or axiom; ``text`` sets it out for people."""

    line: int | None
    sort: str
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of one file, and why.

    ``looks`` are the detectors in their order; ``included`` says whether the path is inside the run's filters. An
    ``outcome`` of None means that the first look already ruled the file out, for ``reason``.
    """

    source: str
    commit: str | None
    file: FileRef
    vault: Vault
    included: bool
    looks: tuple[Look, ...]
    reason: str | None
    outcome: FileResult | None

    @property
    def parsers(self) -> tuple[str, ...]:
        """The parsers that took it."""
        return tuple(look.by_content.parser for look in self.looks if isinstance(look.by_content, Claim))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All that it says, by line."""
        said = self.outcome.facts if self.outcome else None
        return tuple(sorted(_facts(said), key=lambda fact: fact.line or 0)) if said else ()

    @property
    def warnings(self) -> tuple[FileWarning, ...]:
        """What of it could not be read."""
        return self.outcome.facts.warnings if self.outcome and self.outcome.facts else ()


def explain_file(reading: Reading, source: str, commit: str | None, file: FileRef, *, included: bool) -> Explanation:
    """Detect and parse *file* as a run would, and keep the whole story. Raises nothing: a failure is part of it."""
    vault = reading.vault_of(file.path)
    reason = reading.skip_reason(file)
    if reason is None:
        outcome = reading.process(file, None)
        looks = tuple(_by_content(reading, file))
        return Explanation(source, commit, file, vault, included, looks, outcome.reason, outcome)
    looks = tuple(Look(detector, detector.look(file, vault), None) for detector in reading.detectors)
    return Explanation(source, commit, file, vault, included, looks, reason, None)


def _by_content(reading: Reading, file: FileRef) -> Iterator[Look]:
    """The second look, as far as it goes: what stops it is told by the outcome."""
    try:
        yield from reading.looks(reading.document(file, reading.read(file)))
    except Exception:
        return


def _facts(said: ParsedFile) -> Iterator[Fact]:
    for node in said.nodes:
        yield Fact(node.line, "node", f"{node.kind} {node.id}{_label(node.label)}{_mention(node.declared)}")
    for own in said.classes:
        yield Fact(own.line, "class", f"{own.iri}{_label(own.label)}{_mention(own.declared)}")
    for each in said.properties:
        yield Fact(each.line, "property", f"{each.kind} {each.iri}{_label(each.label)}{_mention(each.declared)}")
    for edge in said.edges:
        times = f" ×{edge.count}" if edge.count > 1 else ""
        yield Fact(edge.line, "edge", f"{_end(edge.source)} –{edge.type}→ {_end(edge.target)}{times}")
    for axiom in said.axioms:
        yield Fact(axiom.line, "axiom", f"{axiom.kind}({' '.join(_end(end) for end in axiom.arguments)})")


def _label(label: str | None) -> str:
    return f" “{label}”" if label else ""


def _mention(declared: bool) -> str:
    return "" if declared else " (only mentioned)"


def _end(end: End) -> str:
    """An id as it is; a reference as it is written, and the node that stands in where no other answers to it."""
    if not isinstance(end, Reference):
        return end
    return f"[{end.text}] → {end.stub}" if end.stub else f"[{end.text}]"
