"""Whole runs into the store, by `Syncer`, as users make them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from ghsync_core.errors import StoreError
from ghsync_core.progress import SyncStatistics
from ghsync_core.syncer import Syncer
from ghsync_core.testing.places import write_files
from ghsync_core.testing.promises import agree, hold, refusing
from ghsync_core.testing.stores.base import Stores

PAGES: Final = {
    "logseq/config.edn": "{}",
    "pages/Tomato.md": "alias:: Pomodoro\n- grows with [[Basil]] and [[Compost]] #red\n- is a [[vegetable]]\n",
    "pages/Basil.md": "- [[pomodoro]]\n- id:: 6622c3a1-0000-4000-8000-000000000001\n",
    "notes/plain.md": "---\ntags: [a, b]\n---\n# Plain\n\n[to](../pages/Basil.md)\n",
    "plants.ttl": """@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix : <urn:x:> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Tomato a owl:Class ; rdfs:subClassOf :Plant ; rdfs:label "tomato"@en .
:grows a owl:ObjectProperty ; rdfs:domain :Plant .
""",
    "broken.ttl": "this is no turtle",
    "picture.png": "no text",
}

STEPS: Final[tuple[Mapping[str, str | None], ...]] = (
    {},
    {"pages/Compost.md": "- [[Tomato]]\n", "pages/Basil.md": None},
    {"plants.ttl": "@prefix : <urn:x:> . :Tomato a :Fruit .\n", "broken.ttl": "<urn:x:a> <urn:x:b> <urn:x:c> .\n"},
    {"pages/Basil.md": "- again [[Compost]]\n", "pages/Tomato.md": "- no alias any more\n"},
)
"""What changes before each run; None deletes."""


class Syncing(Stores):
    """Promises of the engine, over this store."""

    unreachable: str = ""
    """A URL of such a store that can't be reached, and whose password is ``sesame``, where it may hold one."""

    def test_a_folder_is_kept_in_step(self, new_store: Callable[[], str], tmp_path: Path) -> None:
        folder, url, reference = tmp_path / "garden", new_store(), tmp_path / "reference.db"
        files: dict[str, str] = dict(PAGES)
        for step in STEPS:
            files = {path: text for path, text in {**files, **step}.items() if text is not None}
            write_files(folder, files)
            ours, theirs = self._sync(folder, url), self._sync(folder, f"sqlite:{reference}")
            agree("a run tells the same of any store", _told(ours), _told(theirs))
            with closing(self.twins_at(url, reference)) as twins:
                twins.check_rows()  # a source's memory may tell of when it was listed
        agree("a second run has nothing to do", self._sync(folder, url).status, "unchanged")

    def _sync(self, folder: Path, url: str) -> SyncStatistics:
        return Syncer(folder, to=url, plugins=self.plugins, settings=self.settings, max_delete="100%").run()

    def test_a_dry_run_makes_no_store(self, new_store: Callable[[], str], tmp_path: Path) -> None:
        url, folder = new_store(), write_files(tmp_path / "garden", PAGES)
        plan = Syncer(folder, to=url, plugins=self.plugins, settings=self.settings).plan()
        hold("a plan is made without a store", plan.read)
        with refusing("a dry run changes nothing", StoreError):
            self.open_store(url, create=False)

    def test_a_store_that_can_t_be_reached_is_told_without_the_password(self) -> None:
        if not self.unreachable:
            pytest.skip("this backend names no store that can't be reached")
        promise = "a store that can't be reached is told in at most two lines, without a password"
        with refusing(promise, StoreError) as told:
            self.open_store(self.unreachable).close()
        hold(promise, "sesame" not in told[0] and len(told[0].splitlines()) <= 2, told)


def _told(statistics: SyncStatistics) -> SyncStatistics:
    return replace(statistics, duration=0.0)
