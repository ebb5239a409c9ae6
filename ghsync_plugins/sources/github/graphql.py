"""The questions that are put to GitHub's GraphQL API, where that is, and how its answers are to be taken.

The types and fields are those of https://docs.github.com/en/graphql/reference.
"""

from __future__ import annotations

from collections.abc import Sequence

from ghsync_core import SourceError
from ghsync_plugins.sources.github.answers import DamagedAnswer, read_object

LOOK_UP = """
query LookUp($owner: String!, $name: String!, $ref: String!) {
  repository(owner: $owner, name: $name) {
    databaseId
    nameWithOwner
    isEmpty
    object(expression: $ref) { ...Target ... on Tag { target { ...Target ... on Tag { target { ...Target } } } } }
  }
}
fragment Target on GitObject { __typename oid }
"""
"""A repository and the object that a ref names: an annotated tag stands before its commit, or before another tag."""

_BLOBS = """
query Blobs($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { %s }
}
fragment Content on Blob { text }
"""

# GitHub documents RATE_LIMITED and has been seen to answer RATE_LIMIT.
_LIMIT_TYPES = ("RATE_LIMITED", "RATE_LIMIT")
_LIMIT_MARK = b"RATE_LIMIT"


class NoGraphQL(SourceError):
    """The host does not answer this by GraphQL; it may by REST."""


def graphql_url(api: str) -> str:
    """The address beside the REST API at *api*: an Enterprise Server has ``/api/graphql`` beside ``/api/v3``."""
    return f"{api.removesuffix('/v3') if api.endswith('/api/v3') else api}/graphql"


def blobs_query(ids: Sequence[str]) -> str:
    """The query for the text of blobs: the alias ``b0`` is the first of *ids*, which must be 40 hex digits each.

    A text is null where the blob is binary, and cut where it is long. Neither is asked about, since only the blob's id
    tells whether the text is the blob, byte for byte.
    """
    return _BLOBS % " ".join(f'b{number}: object(oid: "{sha}") {{ ...Content }}' for number, sha in enumerate(ids))


def data_in(body: bytes, host: str) -> dict[str, object]:
    """The ``data`` in *body*, with None for whatever is not found.

    Raises `NoGraphQL` where the host answers with other errors, `DamagedAnswer` where this is no answer at all.
    """
    found = read_object(body, "a GraphQL query")
    errors, data = _errors(found), found.get("data")
    if all(error.get("type") == "NOT_FOUND" for error in errors) and isinstance(data, dict):
        return data
    if errors and all("type" in error for error in errors):
        raise NoGraphQL(f"{host} refuses a GraphQL query")
    raise DamagedAnswer(f"{host} fails at a GraphQL query")  # GitHub's own timeouts and faults have no type


def limit_in(body: bytes) -> str | None:
    """What *body* says of a limit that is reached, though its status is 200; None where it is an answer."""
    if _LIMIT_MARK not in body[:4096]:
        return None
    try:
        errors = _errors(read_object(body, "a GraphQL query"))
    except SourceError:
        return None
    limited = any(error.get("type") in _LIMIT_TYPES for error in errors)
    return next((f"{error.get('message')}" for error in errors), "") if limited else None


def _errors(found: dict[str, object]) -> list[dict[str, object]]:
    errors = found.get("errors")
    return [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
