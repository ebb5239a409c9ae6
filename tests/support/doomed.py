"""Syncs that are killed at a step of their own: a process that forks one child for each, which costs next to nothing.

A *fault* says where the child dies, or what hinders it:

- ``{"sql": PREFIX, "nth": N, "when": "before" | "after"}``: at the Nth statement that starts so ("" is any);
- ``{"call": "module:Class.function", "nth": N, "when": …}``: at the Nth call;
- ``{"seconds": S}``: so long after its start, by its parent;
- ``{"fsize": BYTES}``: it lives, and no file may grow beyond that;
- ``{"powerless": True}``: it lives, and permissions hold for it even if it is root's;
- ``{"clock": SECONDS}``: it lives, and its clock is off by that.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from support.toy import sync


class Doomed:
    """The process that forks; use it as a context."""

    def __enter__(self) -> Doomed:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from support.doomed import serve; serve()"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=30)
        assert self._process.stdout
        self._process.stdout.close()

    def run(self, folder: Path, database: Path, fault: dict[str, Any], **options: Any) -> dict[str, Any]:
        """One sync with *fault*. What came of it: ``signal`` (0: it lived), ``status``, ``error``."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([str(folder), str(database), fault, options]) + "\n")
        self._process.stdin.flush()
        told: dict[str, Any] = {}
        while "signal" not in told:
            told |= json.loads(self._process.stdout.readline())
        return told

    def kill(self, folder: Path, database: Path, fault: dict[str, Any], **options: Any) -> bool:
        """As `run`; whether the child died of it, and did not come to its end before."""
        return self.run(folder, database, fault, **options)["signal"] == signal.SIGKILL


def serve() -> None:
    """Fork a child for each line of stdin."""
    for line in sys.stdin:
        folder, database, fault, options = json.loads(line)
        child = os.fork()
        if child == 0:
            _child(Path(folder), Path(database), fault, options)
        if "seconds" in fault:
            time.sleep(fault["seconds"])
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        _tell(signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0)


def _child(folder: Path, database: Path, fault: dict[str, Any], options: dict[str, Any]) -> None:
    _arm(fault)
    try:
        _tell(status=sync(folder, database, **options).status)
    except BaseException as error:
        _tell(error=f"{type(error).__name__}: {error}")
    os._exit(0)


def _tell(**what: Any) -> None:
    os.write(1, (json.dumps(what) + "\n").encode())


def _arm(fault: dict[str, Any]) -> None:
    if "sql" in fault:
        sqlite3.connect = partial(sqlite3.connect, factory=partial(_Connection, fuse=Fuse(fault)))
    if "call" in fault:
        module, _, dotted = fault["call"].partition(":")
        _wrap(import_module(module), dotted, Fuse(fault))
    if "fsize" in fault:
        resource.setrlimit(resource.RLIMIT_FSIZE, (fault["fsize"], fault["fsize"]))
    if "powerless" in fault:
        _drop_capabilities()
    if "clock" in fault:
        now = time.time
        time.time = lambda: now() + fault["clock"]


def _drop_capabilities() -> None:
    """With capset(2), version 3: one header, and two times three empty sets of 32 capabilities."""
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None, use_errno=True).capset(header, none) == 0


class Fuse:
    """Kills the process at the Nth time that it is reached."""

    def __init__(self, fault: dict[str, Any]) -> None:
        self._left, self._when = fault.get("nth", 1), fault.get("when", "before")
        self.prefix = fault.get("sql", "")

    def before(self) -> None:
        self._left -= 1
        if self._left == 0 and self._when == "before":
            os.kill(os.getpid(), signal.SIGKILL)

    def after(self) -> None:
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class _Connection(sqlite3.Connection):
    def __init__(self, *args: Any, fuse: Fuse, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fuse = fuse

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        return self._burning(sql, super().execute, args)

    def executemany(self, sql: str, *args: Any) -> sqlite3.Cursor:
        return self._burning(sql, super().executemany, args)

    def _burning(self, sql: str, execute: Any, args: Any) -> sqlite3.Cursor:
        if not sql.lstrip().startswith(self._fuse.prefix):
            return execute(sql, *args)
        self._fuse.before()
        cursor = execute(sql, *args)
        self._fuse.after()
        return cursor


def _wrap(owner: Any, dotted: str, fuse: Fuse) -> None:
    *path, name = dotted.split(".")
    for each in path:
        owner = getattr(owner, each)
    function = getattr(owner, name)

    def burning(*args: Any, **kwargs: Any) -> Any:
        fuse.before()
        result = function(*args, **kwargs)
        fuse.after()
        return result

    setattr(owner, name, burning)
