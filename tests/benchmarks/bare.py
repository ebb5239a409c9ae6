"""What the engine is held against: bare loops that do the least that must be done for the same rows.

``python -m tests.benchmarks.bare github URL SHA TREE DATABASE COPY`` makes the same requests, reads the archive, and
stores the rows of DATABASE, which a sync has made, into COPY. ``… local ARCHIVE DATABASE COPY`` does so with a
file. Both print how long they took themselves, without start-up and without reading DATABASE.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import sqlite3
import sys
import tarfile
import time
from pathlib import Path
from typing import IO, Any

LINK = re.compile(r"\[\[([^\[\]|#\n]+)(?:\|([^\]\n]*))?\]\]")


def main(arguments: list[str]) -> None:
    """Run one of the two loops."""
    kind, *rest, database, copy = arguments
    tables, schema = read_rows(Path(database))
    began = time.perf_counter()
    if kind == "github":
        import requests

        url, sha, tree = rest
        session = requests.Session()
        for path in ("", f"/commits/{sha}", f"/git/trees/{tree}?recursive=1"):
            session.get(url + path, timeout=60).json()
        answer = session.get(f"{url}/tarball/{sha}", timeout=60, stream=True)
        links = read_archive(answer.raw)
    else:
        with Path(rest[0]).open("rb") as stream:
            links = read_archive(stream)
    insert_rows(Path(copy), tables, schema)
    print(f"{time.perf_counter() - began:.3f} {links}")


def read_archive(stream: IO[bytes]) -> int:
    """Untar, hash and split out the links of every file; the number of links."""
    links = 0
    with tarfile.open(fileobj=gzip.GzipFile(fileobj=stream), mode="r|") as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is None:
                continue
            data = file.read()
            hashlib.sha1(b"blob %d\x00" % len(data) + data).hexdigest()
            links += sum(1 for _ in LINK.finditer(data.decode()))
    return links


def read_rows(path: Path) -> tuple[dict[str, list[tuple[Any, ...]]], list[str]]:
    """All rows by table, and the statements that made the tables and indexes; but for the index of words, which only a
    sync makes."""
    connection = sqlite3.connect(path)
    made = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'view' "
        "AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_index%' ORDER BY type DESC"
    ).fetchall()
    names = [name for type_, name, _ in made if type_ == "table"]
    tables = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    connection.close()
    return tables, [sql for _, _, sql in made]


def insert_rows(path: Path, tables: dict[str, list[tuple[Any, ...]]], schema: list[str]) -> None:
    """The same rows under the same indexes, by executemany in one transaction."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -64000")
    connection.execute("BEGIN")
    for statement in schema:
        connection.execute(statement)
    for name, rows in tables.items():
        if rows:
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    connection.execute("COMMIT")
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1:])
