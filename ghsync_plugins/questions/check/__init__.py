"""The rules of ``ghsync check`` that come with ghsync: one class each, documented in docs/reference/rules.md."""

from __future__ import annotations

from collections.abc import Iterable

from ghsync_core import Rule, Setting, hookimpl
from ghsync_plugins.questions.check.cycles import SubclassCycle
from ghsync_plugins.questions.check.definitions import ConflictingLabels, DefinedTwice
from ghsync_plugins.questions.check.links import BrokenEmbed, BrokenHeading, BrokenLink
from ghsync_plugins.questions.check.names import SharedAlias, SharedTitle
from ghsync_plugins.questions.check.pages import MisspelledTitle, OrphanPage, WantedPage
from ghsync_plugins.questions.check.trust import StaleConcept, UnverifiedConcept
from ghsync_plugins.questions.check.undefined import UndefinedClass, UndefinedProperty, UndefinedTerm


@hookimpl
def register_rules() -> Iterable[Rule]:
    """Links, pages, names, definitions, class hierarchy, trust."""
    return [
        BrokenLink(),
        BrokenEmbed(),
        BrokenHeading(),
        MisspelledTitle(),
        OrphanPage(),
        WantedPage(),
        SharedTitle(),
        SharedAlias(),
        DefinedTwice(),
        ConflictingLabels(),
        UndefinedClass(),
        UndefinedProperty(),
        UndefinedTerm(),
        SubclassCycle(),
        StaleConcept(),
        UnverifiedConcept(),
    ]


@hookimpl
def register_settings() -> Iterable[Setting]:
    """What the rules may be told besides their level."""
    return [Setting("check", "wanted_links", int, 3, "how many links a page that is not there needs to be wanted")]
