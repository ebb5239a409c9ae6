"""A small Gitea: one repository, ``octo/garden``, of which every state is a commit."""

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from ghsync_core import git_blob_id

PAGE = 3
"""Entries on a page of a listing: few, so that there are several pages."""


class GiteaServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.states, self.head, self.faults, self.asked = {}, "", [], []

    def hold(self, files):
        """Make *files* the newest state."""
        self.head = hashlib.sha1(repr(sorted(files.items())).encode()).hexdigest()
        self.states[self.head] = dict(files)

    def start(self):
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, path, query):
        """The answer to a path below ``/api/v1/repos/octo/garden``, or None where there is nothing."""
        kind, _, name = path.lstrip("/").removeprefix("git/").partition("/")
        if not kind:
            return {"id": 7, "full_name": "octo/garden", "default_branch": "main"}
        if kind == "commits":
            sha = self.head if name == "main" else name
            return {"sha": sha} if sha in self.states else None
        if kind == "trees" and name in self.states:
            return self.tree(self.states[name], int(query["page"][0]))
        blobs = {git_blob_id(data): data for files in self.states.values() for data in files.values()}
        if kind == "blobs" and name in blobs:
            return {"sha": name, "encoding": "base64", "content": base64.b64encode(blobs[name]).decode()}
        return None

    def tree(self, files, page):
        entries = [
            {"path": path, "mode": "100644", "type": "blob", "size": len(data), "sha": git_blob_id(data)}
            for path, data in sorted(files.items())
        ]
        folders = {path.rpartition("/")[0] for path in files} - {""}
        entries += [{"path": path, "mode": "040000", "type": "tree", "sha": "0" * 40} for path in sorted(folders)]
        shown = entries[(page - 1) * PAGE : page * PAGE]
        return {"tree": shown, "page": page, "total_count": len(entries), "truncated": page * PAGE < len(entries)}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        address = urlsplit(self.path)
        self.server.asked.append((self.path, self.headers["Authorization"]))
        found = re.fullmatch(r"/api/v1/repos/octo/garden(/.*)?", address.path)
        if self.server.faults:
            return self.reply(*self.server.faults.pop(0))
        answer = self.server.answer(found[1] or "", parse_qs(address.query)) if found else None
        return self.reply(200 if answer else 404, answer or {"message": "not found"})

    def reply(self, status, body, **headers):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), "Retry-After": "2", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass
