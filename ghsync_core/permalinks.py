"""Addresses at which people see a line of a file as it was at one commit."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from ghsync_core.interfaces import SourceState
from ghsync_core.models import Json

WEB: Final = "web"
"""The key in a source's memory under which it may note the address at which people see the repository."""

_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LOCATION: Final = re.compile(r"([\w.-]+(?::\d+)?)/([\w.-]+/[\w.-]+?)(?:[@:].*)?", re.ASCII)
"""As the source for GitHub normalises it: ``HOST/OWNER/REPO@REF:FOLDER``, in lower case. No path here reads so."""


def repository_page(state: SourceState) -> str | None:
    """The page of the source's repository, such as ``https://github.com/OWNER/REPO``; None where it has none.

    That is what the source noted under `WEB`; else what its location says, if it is a repository on a GitHub server.
    """
    noted: Json = state.memory.get(WEB)
    if isinstance(noted, str):
        return noted
    found = _LOCATION.fullmatch(state.location.removeprefix(f"{state.name}="))
    if found is None:
        return None
    host, repository = found.groups()
    spelled = state.name[: len(repository)]  # the location is in lower case, the name as GitHub spells it
    return f"https://{host}/{spelled if spelled.lower() == repository else repository}"


def permalink(page: str | None, commit: str | None, path: str, line: int | None = None) -> str | None:
    """``PAGE/blob/COMMIT/PATH#LINE`` for what `repository_page` gave, counting lines from 1.

    None where there is no page, or the file was not read as a commit holds it. The form is GitHub's:
    https://docs.github.com/en/repositories/working-with-files/using-files/getting-permanent-links-to-files.
    """
    if page is None or commit is None or not _COMMIT.fullmatch(commit):
        return None
    return f"{page}/blob/{commit}/{quote(path)}{f'#L{line}' if line else ''}"
