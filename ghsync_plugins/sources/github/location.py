"""How a repository on GitHub is named: by people, in the store, and on the API's host."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from ghsync_core import UsageError

GITHUB = "https://github.com"
GITHUB_API = "https://api.github.com"

_NAME = r"[A-Za-z0-9_.-]+"
_SHORT = re.compile(rf"({_NAME})/({_NAME})(?:@([^:]*))?(?::(.*))?")
_GLOB = r"[A-Za-z0-9_.*?!\[\]-]*[*?\[][A-Za-z0-9_.*?!\[\]-]*"
_MANY = re.compile(rf"(?:(https?://[^/?#]+)/)?({_NAME})/({_GLOB})/?")
_SSH = re.compile(rf"(?:ssh://git@({_NAME})/|git@({_NAME}):)(.*)")
_BAD_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[/.-]|[/.]$")
"""What no branch or tag may hold: https://git-scm.com/docs/git-check-ref-format."""

_FORMS = "write OWNER/REPO, OWNER/REPO@REF or https://HOST/OWNER/REPO/tree/REF/FOLDER"


@dataclass(frozen=True, slots=True)
class Location:
    """A repository, and what of it: ``ref`` is None for its default branch, ``folder`` empty for all of it.

    ``web`` is scheme and host of the address that it was named by, empty for plain ``OWNER/REPO``.
    """

    owner: str
    repo: str
    ref: str | None = None
    folder: str = ""
    web: str = ""

    @property
    def selection(self) -> str:
        """``@REF`` and ``:FOLDER``, as far as given."""
        return (f"@{self.ref}" if self.ref else "") + (f":{self.folder}" if self.folder else "")


def names_many(text: str) -> bool:
    """Whether *text* reads as ``OWNER/GLOB``, or an address like that, and is no path here."""
    return _MANY.fullmatch(text) is not None and not text.startswith(".") and not _exists(text)


def parse_many(text: str) -> Location:
    """*text* taken apart, with the glob as the repository. Raises `UsageError`."""
    found = _MANY.fullmatch(text)
    if found is None:
        raise UsageError(f"{text!r} names no repositories of one owner: write OWNER/*, or a glob such as OWNER/docs-*")
    web = _split(found[1]) if found[1] else None
    host = f"{web.scheme}://{web.netloc.lower().removeprefix('www.')}" if web else ""
    return Location(found[2], found[3], web=host)


def accepts(text: str) -> bool:
    """Whether *text* reads as an address on GitHub and is no path here. Asks the file system, not the network."""
    if names_many(text):
        return True
    if text.startswith(("https://", "http://")) or _SSH.fullmatch(text):
        return True
    if text.startswith((".", "/", "~")) or not _SHORT.fullmatch(text):
        return False
    return not (_exists(text) or _exists(text.partition("@")[0]))


def parse(text: str) -> Location:
    """*text* taken apart. Raises `UsageError`; an address that holds a password is refused without being shown."""
    if names_many(text):
        raise UsageError(f"{text!r} names several repositories, not one")
    if text.startswith(("https://", "http://")):
        return _parse_url(text)
    if ssh := _SSH.fullmatch(text):
        return _parse_path(text, f"https://{(ssh[1] or ssh[2]).lower()}", ssh[3].strip("/").split("/"))
    short = _SHORT.fullmatch(text)
    if short is None:
        raise UsageError(f"{text!r} is no address of a repository: {_FORMS}")
    return _location(text, short[1], short[2], short[3], short[4] or "")


def api_url(location: Location, asked: str | None, environ: Mapping[str, str]) -> str:
    """The base of the API, without a slash at its end: as *asked*, else as ``GITHUB_API_URL`` says for github.com, else
    from the host of the address.

    GitHub Enterprise Server answers at ``https://HOST/api/v3``, a host of Enterprise Cloud with data residency at
    ``https://api.SUBDOMAIN.ghe.com`` (https://docs.github.com/en/rest/about-the-rest-api). Raises `UsageError`.
    """
    if not asked and location.web in ("", GITHUB):
        asked = environ.get("GITHUB_API_URL") or GITHUB_API
    if not asked:
        scheme, _, host = location.web.partition("://")
        asked = f"{scheme}://api.{host}" if host.endswith(".ghe.com") else f"{location.web}/api/v3"
    url = _split(asked)
    if url.scheme not in ("https", "http") or not url.hostname or url.query or url.fragment:
        raise UsageError(f"{asked!r} is no address of an API: it looks like https://HOST/api/v3")
    return f"{url.scheme}://{url.netloc.lower()}{url.path.rstrip('/')}"


def web_host(api: str) -> str:
    """The host, with its port, on which people see what *api* serves."""
    return urlsplit(api).netloc.removeprefix("api.")


def location_key(location: Location, api: str) -> str:
    """The normalised address: ``github.com/owner/repo@ref:folder``; GitHub ignores the case of owner and repository."""
    return f"{web_host(api)}/{location.owner}/{location.repo}".lower() + location.selection


def _parse_url(text: str) -> Location:
    url = _split(text)
    host = url.netloc.lower().removeprefix("www.")
    return _parse_path(text, f"{url.scheme}://{host}", [unquote(part) for part in url.path.strip("/").split("/")])


def _parse_path(text: str, web: str, parts: list[str]) -> Location:
    if len(parts) < 2 or (parts[2:] and (parts[2] != "tree" or len(parts) < 4)):
        raise UsageError(f"{text!r} is no address of a repository or a folder in one: {_FORMS}")
    ref = parts[3] if parts[2:] else None
    return _location(text, parts[0], parts[1].removesuffix(".git"), ref, "/".join(parts[4:]), web)


def _location(text: str, owner: str, repo: str, ref: str | None, folder: str, web: str = "") -> Location:
    repo = repo.removesuffix(".git")
    folder = folder.strip("/")
    if not all(re.fullmatch(_NAME, name) and name.strip(".") for name in (owner, repo)):
        raise UsageError(f"{text!r} names no owner and repository: {_FORMS}")
    if ref is not None and (not ref or _BAD_REF.search(ref)):
        raise UsageError(f"{text!r}: {ref!r} can't be a branch, tag or commit")
    if folder and any(part in ("", ".", "..") or "\x00" in part for part in folder.split("/")):
        raise UsageError(f"{text!r}: {folder!r} can't be a folder of a repository")
    return Location(owner, repo, ref, folder, web)


def _split(text: str) -> SplitResult:
    try:
        url = urlsplit(text)
        known = url.hostname is not None and (url.port or True)
    except ValueError:
        known = False
    if not known:
        raise UsageError(f"{text!r} is no web address")
    if "@" in url.netloc:
        raise UsageError("the address holds a user name or password: leave it out, and set GITHUB_TOKEN instead")
    return url


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError:  # a name longer than the file system bears
        return False
