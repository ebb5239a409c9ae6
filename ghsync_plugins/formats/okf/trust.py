"""Who made a concept, who confirmed it, and how far it may be trusted (OKF 0.2, "Trust")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

UNVERIFIED: Final = "unverified"
MACHINE_CONFIRMED: Final = "machine-confirmed"
HUMAN_REVIEWED: Final = "human-reviewed"
STABLE: Final = "stable"


def verifications(value: Any) -> list[Mapping[str, Any]]:
    """What ``verified`` says: a list of ``{by, at}``, or one of them alone."""
    found = value if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, Mapping) and item.get("by")]


def tier(verified: list[Mapping[str, Any]]) -> str:
    """The tier of trust: by nobody, by machines alone, or by a person."""
    if not verified:
        return UNVERIFIED
    human = any(str(item["by"]).startswith("human:") for item in verified)
    return HUMAN_REVIEWED if human else MACHINE_CONFIRMED


def trust_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """The properties that follow from a concept's front matter; of 0.1 ``timestamp`` stands for ``generated.at``."""
    verified = verifications(said.get("verified"))
    about: dict[str, Any] = {"trust": tier(verified), "status": said.get("status") or STABLE}
    if verified:
        about["verified"] = verified
    if "generated" not in said and said.get("timestamp") is not None:
        about["generated"] = {"at": said["timestamp"]}
    return about
