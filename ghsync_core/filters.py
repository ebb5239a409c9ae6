"""Which paths a run is about: gitignore-style patterns on repository paths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ghsync_core.errors import UsageError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class PathFilter:
    """Lets a path through that an *include* pattern matches (or there is none) and no *exclude* pattern does.

    Raises `UsageError` for a pattern that is none, which says where it was given: in *option*, or ``--exclude``.
    """

    def __init__(self, include: Sequence[str] = (), exclude: Sequence[str] = (), *, option: str = "--include") -> None:
        self._include = _compile(include, option) if include else None
        self._exclude = _compile(exclude, "--exclude") if exclude else None

    def __call__(self, path: str) -> bool:
        included = self._include is None or self._include.match_file(path)
        return included and not (self._exclude is not None and self._exclude.match_file(path))


def _compile(patterns: Sequence[str], option: str) -> GitIgnoreSpec:
    import pathspec  # slow to import, and most runs filter nothing

    for pattern in patterns:
        try:
            spec = pathspec.GitIgnoreSpec.from_lines([pattern])
        except ValueError as error:
            raise UsageError(f"{option} {pattern!r} is no gitignore-style pattern: {error}") from error
        if not any(each.include is not None for each in spec.patterns):
            raise UsageError(f"{option} {pattern!r} matches nothing: it is empty or a comment")
    return pathspec.GitIgnoreSpec.from_lines(patterns)
