"""One expression by itself, as it may stand in the value of a key."""

from __future__ import annotations

from ghsync_plugins.formats.functional.canonical import Canonical, Unreadable
from ghsync_plugins.formats.functional.forms import Form, forms
from ghsync_plugins.formats.functional.grammar import Place


def expression_text(written: str, place: Place, line: int, canonical: Canonical) -> str:
    """The canonical text of *written*, which stands on that line where *place* says. Raises `Unreadable`."""
    found = list(forms(written))
    if len(found) != 1 or not isinstance(found[0], Form):
        raise Unreadable("it is not one expression")
    canonical.line = line
    return canonical.text(found[0], place)
