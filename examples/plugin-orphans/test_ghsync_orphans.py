"""What the command lists. Run it with ``python -m pytest`` in this folder."""

import pytest
from click.testing import CliRunner
from ghsync_orphans import orphans

from ghsync_core import StoreMissing, Syncer


@pytest.fixture
def store(tmp_path):
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "Tomato.md").write_text("# Tomato\n\n[[Basil]]\n")
    (notes / "Basil.md").write_text("# Basil\n\n[[Basil]] is itself\n")
    (notes / "Weed.md").write_text("# Weed\n")
    to = f"sqlite:{tmp_path / 'graph.db'}"
    Syncer(notes, to=to, name="notes").run()
    return to


def run(*arguments):
    return CliRunner().invoke(orphans, arguments, standalone_mode=False)


def test_pages_that_nothing_else_links_to_are_listed(store):
    done = run("--to", store)
    assert done.output.splitlines() == ["Tomato.md\tTomato", "Weed.md\tWeed"]
    assert done.return_value == 3


def test_a_source_may_be_chosen(store):
    assert run("notes", "--to", store).return_value == 3
    assert run("other", "--to", store).return_value == 0


def test_a_store_that_is_not_there_is_told(tmp_path):
    assert isinstance(run("--to", f"sqlite:{tmp_path / 'none.db'}").exception, StoreMissing)
