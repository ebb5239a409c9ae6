"""A PostgreSQL server of the test run's own: one for each process that runs tests, stopped with it.

The programs are those of the PATH, or of Debian's packages. Where there are none the tests are skipped, which
``GHSYNC_REQUIRE_SERVERS=1`` makes a failure.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import NoReturn

import pytest

GUARDED = "guarded"
"""The one user who must give a password, once there is such a user."""

_HOMES = "/usr/lib/postgresql"
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
"""


@dataclass
class PostgresServer:
    """A cluster in *folder*. ``url(database)`` is for its superuser; no password is asked for, but of `GUARDED`."""

    folder: Path
    programs: Path
    port: int

    @classmethod
    def made(cls, programs: Path) -> PostgresServer:
        """A new cluster, not yet started."""
        folder = Path(tempfile.mkdtemp(prefix="ghsync-pg-"))
        if os.geteuid() == 0:
            os.chown(folder, *_owner())
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = cls(folder, programs, port)
        server._run("initdb", "-U", "ghsync", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        with (folder / "data/postgresql.conf").open("a") as settings:
            settings.write(f"{_SETTINGS}port = {port}\n")
        rules = folder / "data/pg_hba.conf"
        rules.write_text(f"host all {GUARDED} 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        return server

    def start(self) -> None:
        self._run("pg_ctl", "-l", str(self.folder / "server.log"), "-w", "-t", "30", "start")

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-m", mode, "-w", "stop")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def url(self, database: str = "postgres", user: str = "ghsync", port: int | None = None) -> str:
        return f"postgresql://{user}@127.0.0.1:{port or self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """What *statement* gives, run by the superuser outside of any transaction."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-D", str(self.folder / "data"), *arguments]
        if os.geteuid() == 0:  # which PostgreSQL refuses to run as
            command = ["runuser", "-u", "postgres", "--", *command]
        # Not by a pipe, which the server would keep open.
        with (self.folder / "programs.log").open("w") as log:
            done = subprocess.run(command, stdout=log, stderr=log, cwd=self.folder, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{(self.folder / 'programs.log').read_text()}")


def _owner() -> tuple[int, int]:
    entry = pwd.getpwnam("postgres")
    return entry.pw_uid, entry.pw_gid


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, those of the PATH before Debian's; None where there are none."""
    installed = sorted(Path(_HOMES).glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("pg_ctl")
    homes = [Path(on_path).resolve().parent] if on_path else []
    return next((home for home in [*homes, *installed] if (home / "initdb").exists()), None)


def _missing(why: str) -> NoReturn:
    if os.environ.get("GHSYNC_REQUIRE_SERVERS") == "1":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running server, for all tests of this process."""
    found = programs()
    if found is None:
        _missing("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    server = PostgresServer.made(found)
    server.start()
    yield server
    server.remove()


_numbers = count(1)


@pytest.fixture
def postgres(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """A function that makes a new, empty database and gives its URL; all of them go with the test."""
    for variable in [name for name in os.environ if name.startswith(("PG", "GHSYNC_POSTGRES"))]:
        monkeypatch.delenv(variable)
    made = []

    def new() -> str:
        made.append(f"test{next(_numbers)}")
        postgres_server.execute(f"CREATE DATABASE {made[-1]}")
        return postgres_server.url(made[-1])

    yield new
    for name in made:
        postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")
