"""Distributions as pip lays them down, for plugins that shall be found by their entry point."""

from __future__ import annotations

from pathlib import Path

VERSION = "2.0"


def lay_down(folder: Path, distribution: str, **entries: str) -> None:
    """Put the metadata of *distribution* into *folder*, with *entries* in the group ``ghsync``."""
    metadata = folder / f"{distribution.replace('-', '_')}-{VERSION}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {VERSION}\n")
    lines = "".join(f"{name} = {target}\n" for name, target in entries.items())
    (metadata / "entry_points.txt").write_text(f"[ghsync]\n{lines}")
