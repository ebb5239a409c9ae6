"""Neo4j's values as JSON."""

from __future__ import annotations

import math
from typing import Any


def plain(value: Any) -> Any:
    """*value* as `json.dumps` takes it: nodes and relationships as objects, times as ISO 8601, bytes as hex digits."""
    from neo4j import graph, spatial, time

    if isinstance(value, graph.Node):
        return {"labels": sorted(value.labels), "properties": plain(dict(value.items()))}
    if isinstance(value, graph.Relationship):
        return {"type": value.type, "properties": plain(dict(value.items()))}
    if isinstance(value, graph.Path):
        return {"nodes": plain(list(value.nodes)), "relationships": plain(list(value.relationships))}
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, spatial.Point):
        return {"srid": value.srid, "coordinates": list(value)}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, time.Date | time.Time | time.DateTime | time.Duration):
        return value.iso_format()
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
