"""What a first sync is held against: a loop that fetches every blob of a commit by itself.

``python -m tests.benchmarks.loops URL SHA THREADS`` prints how many seconds it takes with so many threads.
"""

from __future__ import annotations

import base64
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import requests


def main(url: str, sha: str, threads: int) -> None:
    """Fetch, decode, and keep nothing."""
    local = threading.local()

    def get(path: str) -> requests.Response:
        if not hasattr(local, "session"):
            local.session = requests.Session()
        return local.session.get(url + path, timeout=60)  # type: ignore[no-any-return]

    began = time.perf_counter()
    get("")
    get(f"/commits/{sha}")
    entries = get(f"/git/trees/{sha}?recursive=1").json()["tree"]
    blobs = [entry["sha"] for entry in entries if entry["type"] == "blob"]
    with ThreadPoolExecutor(threads) as pool:
        for answer in pool.map(lambda blob: get(f"/git/blobs/{blob}"), blobs):
            base64.b64decode(answer.json()["content"])
    print(f"{time.perf_counter() - began:.3f}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
