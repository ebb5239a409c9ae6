"""The house: imports run downwards only, plugins see only the public face, and nothing is heavier than it need be."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import ghsync_core

CORE = Path(ghsync_core.__file__).parent
PLUGINS = CORE.parent / "ghsync_plugins"

# From the bottom up: a module may import those in lower rows, and those of its own row to its left.
ORDER = [
    ["errors", "commands"],
    ["models", "views"],
    ["log", "axioms", "names", "facts", "progress", "interfaces", "permalinks", "digest", "compare"],
    ["hookspecs"],
    ["setting_values", "settings", "filters", "rules"],
    ["addresses", "plugin_check", "plugins", "plugin_details"],
    ["registry"],
    ["vaults", "plan", "file_job", "explain", "stop", "workers", "places", "resources", "recognise"],
    ["explain_graph", "nearest"],
    ["opening"],
    ["window", "deadlines", "write_guard", "pipeline", "report", "run", "syncer", "many", "verify", "reread"],
    ["diff", "sides", "check"],
    ["cli", "__main__"],
]
RANK = {name: rank for rank, name in enumerate(name for row in ORDER for name in row)}


def imports(path: Path) -> list[tuple[str, int]]:
    """Modules that *path* imports anywhere, with the line."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports by dots"
            found += [(f"{node.module}.{alias.name}", node.lineno) for alias in node.names]
    return found


def modules(folder: Path) -> list[Path]:
    found = sorted(folder.rglob("*.py"))
    assert found
    return found


def room(dotted: str) -> str | None:
    """The room of ghsync_core that a dotted name is in, None for other packages."""
    parts = dotted.split(".")
    return parts[1] if parts[0] == "ghsync_core" and len(parts) > 1 else None


@pytest.mark.parametrize("path", modules(CORE), ids=lambda path: path.relative_to(CORE).as_posix())
def test_core_imports_downwards_only(path):
    own = path.relative_to(CORE).parts[0].removesuffix(".py")
    if own in ("__init__", "testing"):
        return
    for name, line in imports(path):
        assert not name.startswith("ghsync_plugins"), f"{path}:{line}: core names plugins only as strings"
        other = room(name)
        if other in RANK and other != own:
            assert RANK[other] < RANK[own], f"{path}:{line}: {own} must not import {other}"


def test_every_room_has_its_place():
    rooms = {path.name.removesuffix(".py") for path in CORE.iterdir() if not path.name.startswith("_")}
    assert rooms - {"py.typed", "testing"} == set(RANK) - {"__main__"}


@pytest.mark.parametrize("path", modules(PLUGINS), ids=lambda path: path.relative_to(PLUGINS).as_posix())
def test_plugins_import_the_public_face_only(path):
    for name, line in imports(path):
        other = room(name)
        if other is not None:
            assert other in ghsync_core.__all__, f"{path}:{line}: {name} is not public"


def test_the_public_face_is_what_it_says():
    for name in ghsync_core.__all__:
        assert getattr(ghsync_core, name) is not None
    assert sorted(ghsync_core.__all__) == ghsync_core.__all__
    with pytest.raises(AttributeError):
        ghsync_core.no_such_name  # noqa: B018


def test_help_imports_nothing_heavy():
    heavy = "requests urllib3 rdflib structlog rich pyoxigraph pyromark frontmatter filelock pathspec sqlite3"
    code = (
        "import sys, contextlib\n"
        "from ghsync_core.cli.main import main\n"
        "sys.argv = ['ghsync', '--help']\n"
        "with contextlib.suppress(SystemExit): main()\n"
        f"print('HEAVY', [name for name in {heavy.split()!r} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "HEAVY []" in result.stdout
