"""A real Neo4j, of the community edition, made from its Maven artifacts on a free port of this machine.

Its jars are kept in the user's cache (``GHSYNC_TEST_CACHE``, else ``XDG_CACHE_HOME``, else ``~/.cache``); a server
lives in a temporary folder of its own. Where neither jars nor Maven can be had, tests that ask for one are skipped, or
fail where ``GHSYNC_REQUIRE_SERVERS`` is set.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import filelock
import neo4j
import pytest

VERSION = "5.26.30"
USER, PASSWORD = "neo4j", "testpassword"
START_SECONDS = 90.0

_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>ghsync.tests</groupId><artifactId>neo4j</artifactId><version>1</version><packaging>pom</packaging>
<dependencies><dependency>
<groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{VERSION}</version>
</dependency></dependencies>
</project>
"""

_SETTINGS = """server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
server.logs.gc.enabled=false
dbms.security.auth_enabled=true
dbms.security.auth_max_failed_attempts=0
server.memory.pagecache.size=64m
db.tx_log.rotation.size=16m
db.tx_log.rotation.retention_policy=1 files
db.tx_log.preallocate=false
db.lock.acquisition.timeout=10s
db.transaction.timeout=60s
internal.server.bolt.thread_pool_shutdown_wait_time=0s
internal.server.bolt.connection_shutdown_wait_time=0s
"""

# The first compiler alone and the serial collector: half the start, a third of the memory, enough for tests.
_JAVA = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_OPENED = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch")


class Neo4jServer:
    """A server in *home*, which is made; its jars are in *jars*. Starts when told so."""

    def __init__(self, home: Path, jars: Path) -> None:
        self.home, self._jars = home, jars
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        for folder in ("conf", "data", "logs", "run", "plugins", "import", "licenses"):
            (home / folder).mkdir(parents=True)
        (home / "conf" / "neo4j.conf").write_text(_SETTINGS.format(port=self.port))
        self._admin("dbms", "set-initial-password", PASSWORD)

    @property
    def url(self) -> str:
        """The store's URL, without the password."""
        return f"bolt://{USER}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and return once it answers. Raises `RuntimeError` with its last words where it does not."""
        log = self.home / "logs" / "neo4j.log"
        log.write_bytes(b"")
        opened = [f"--add-opens={module}=ALL-UNNAMED" for module in _OPENED]
        place = [f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}"]
        with (self.home / "logs" / "console.log").open("ab") as console:
            self._process = subprocess.Popen(
                [*self._java(*_JAVA, *opened), "org.neo4j.server.CommunityEntryPoint", *place],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                start_new_session=True, env=self._environment(),
            )  # fmt: skip
        end = time.monotonic() + START_SECONDS
        while "Started." not in log.read_text():
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(f"Neo4j did not start: {log.read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop it, and wait for its end."""
        if self._process is not None:
            self._process.send_signal(how)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def pause(self) -> None:
        """Let it answer nothing for now, without closing its connections."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def driver(self) -> neo4j.Driver:
        """A driver of the tests' own."""
        address = f"bolt://127.0.0.1:{self.port}"
        return neo4j.GraphDatabase.driver(address, auth=(USER, PASSWORD), notifications_min_severity="OFF")

    def ask(self, statement: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of *statement*, which may change anything."""
        with self.driver() as driver, driver.session() as session:
            return session.run(statement, parameters).data()

    def empty(self) -> None:
        """Take out all nodes; the constraints and indexes stay, which take long to make."""
        self.ask("MATCH ()-[r]->() CALL { WITH r DELETE r } IN TRANSACTIONS OF 5000 ROWS")
        self.ask("MATCH (n) CALL { WITH n DELETE n } IN TRANSACTIONS OF 5000 ROWS")

    def _admin(self, *words: str) -> None:
        command = [*self._java("-XX:TieredStopAtLevel=1"), "org.neo4j.cli.AdminTool", *words]
        subprocess.run(command, check=True, capture_output=True, env=self._environment())

    def _java(self, *options: str) -> list[str]:
        common = ("-Dlog4j2.disable.jmx=true", "-Dfile.encoding=UTF-8")
        return ["java", *options, *common, "-cp", f"{self._jars}/*"]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")}


def jars() -> Path:
    """The folder of Neo4j's jars, fetched where it is not there yet; skips the test where it can't be had."""
    cache = os.environ.get("GHSYNC_TEST_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(cache) / "ghsync-tests" / f"neo4j-{VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / "lib"
    with filelock.FileLock(folder / "lock"):
        if not shutil.which("java"):
            missing("a Neo4j to test with needs Java 17: there is no program java")
        if not ready.is_dir():
            _fetch(folder, ready)
    return ready


def _fetch(folder: Path, ready: Path) -> None:
    if not shutil.which("mvn"):
        missing(f"a Neo4j to test with needs its jars in {ready}, or Maven to fetch them: there is no program mvn")
    (folder / "pom.xml").write_text(_POM)
    part = folder / "lib.part"
    result = subprocess.run(
        ["mvn", "-B", "-q", "-f", folder / "pom.xml", "dependency:copy-dependencies", "-DincludeScope=runtime",
         f"-DoutputDirectory={part}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if result.returncode:
        missing(f"Neo4j's jars can't be fetched: {(result.stdout + result.stderr)[-500:]}")
    part.rename(ready)


def missing(reason: str) -> None:
    """Skip the test, or fail it where servers are required."""
    (pytest.fail if os.environ.get("GHSYNC_REQUIRE_SERVERS") else pytest.skip)(reason)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """One server for all tests of this process, which empty it."""
    server = Neo4jServer(tmp_path_factory.mktemp("neo4j") / "home", jars())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def neo4j_url(neo4j_server: Neo4jServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of that server, emptied; ledgers are kept in the test's own folder."""
    monkeypatch.setenv("GHSYNC_NEO4J_PASSWORD", PASSWORD)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    neo4j_server.empty()
    return neo4j_server.url
