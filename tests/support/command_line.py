"""The command line as a process of its own, with a plugin that reads ``.toy`` files."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from support.distributions import lay_down

ROOT = Path(__file__).parents[2]

TOY = '''
import os
from pathlib import Path
import click
from ghsync_core import ContentError, FileWarning, Node, ParsedFile, SuffixDetector, hookimpl

class Toy:
    """Every line is a node. Some lines are special."""

    name, version = "toy", "1"

    def parse(self, document):
        if "wait" in document.text:
            Path(os.environ["TOY_STARTED"]).write_text("x")
            Path(os.environ["TOY_GO"]).read_text()
        if "noisy" in document.text:
            print("noise")
            os.write(1, b"more noise")
        if "broken" in document.text:
            raise ContentError("it is broken", reason="syntax", line=1)
        warnings = (FileWarning(1, "odd", "an odd line"),) if "odd" in document.text else ()
        nodes = tuple(Node(f"toy:{line}", "toy", line, at) for at, line in enumerate(document.text.split(), 1))
        return ParsedFile(nodes=nodes, warnings=warnings)

@click.command("toys")
@click.argument("names", nargs=-1)
def toys(names):
    """Count toys."""
    click.echo(f"{len(names)} toys")
    return 3 if "broken" in names else None

@hookimpl
def register_parsers():
    return [Toy()]

@hookimpl
def register_detectors():
    return [SuffixDetector("toy", (".toy",), "toy")]

@hookimpl
def register_commands():
    return [toys]
'''


@dataclass
class Workplace:
    """A folder to work in, with the plugin ``toy`` installed."""

    folder: Path
    site: Path

    @classmethod
    def at(cls, base: Path) -> Workplace:
        """A new one below *base*."""
        place = cls(base / "work", base / "site")
        place.folder.mkdir()
        lay_down(place.site, "ghsync-toy", toy="toy_plugin")
        (place.site / "toy_plugin.py").write_text(TOY)
        return place

    def write(self, **files: str) -> None:
        """Write files, ``name=text``, as ``notes/name.toy``."""
        (self.folder / "notes").mkdir(exist_ok=True)
        for name, text in files.items():
            (self.folder / "notes" / f"{name}.toy").write_text(text)

    def environment(self, **extra: str) -> dict[str, str]:
        """The environment of a process that works here: none of the caller's settings or tokens."""
        own = {key: value for key, value in os.environ.items() if not key.startswith(("GHSYNC", "GITHUB", "GH_"))}
        return {**own, "PYTHONPATH": os.pathsep.join([str(self.site), str(ROOT)]), **extra}

    def start(self, *arguments: str, encoding: str = "utf-8", **extra: str) -> subprocess.Popen[str]:
        """``ghsync ARGUMENTS`` as a process that goes on."""
        return subprocess.Popen(
            [sys.executable, "-m", "ghsync_core", *arguments],
            cwd=self.folder,
            env=self.environment(**extra),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding=encoding,
        )

    def run(self, *arguments: str, encoding: str = "utf-8", **extra: str) -> subprocess.CompletedProcess[str]:
        """``ghsync ARGUMENTS``, until its end."""
        with self.start(*arguments, encoding=encoding, **extra) as process:
            out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)
