"""What is sent, and when. Run it with ``python -m pytest`` in this folder."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import ghsync_webhook
import pytest

from ghsync_core import Syncer


class Listener(HTTPServer):
    """Takes down what it is told."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.told, self.status = [], 204
        self.url = f"http://127.0.0.1:{self.server_port}/hook"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((json.loads(body), body, self.headers["X-Signature-256"]))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def listener(monkeypatch):
    monkeypatch.delenv("WEBHOOK_SECRET", raising=False)
    with Listener() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def sync(tmp_path, listener):
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text("# A\n")

    def run(**table):
        settings = {"webhook": {"url": listener.url, **table}}
        to = f"sqlite:{tmp_path / 'graph.db'}"
        return Syncer(notes, to=to, name="notes", plugins=[ghsync_webhook], settings=settings).run()

    run.notes = notes
    return run


def test_each_run_is_told_with_its_statistics(sync, listener):
    done = sync()
    [(told, _, signature)] = listener.told
    assert told == json.loads(json.dumps(done.to_json()))
    assert (told["source"], told["status"], signature) == ("notes", "complete", None)


def test_a_body_is_signed_where_there_is_a_secret(sync, listener, monkeypatch):
    monkeypatch.setenv("WEBHOOK_SECRET", "sesame")
    sync()
    [(_, body, signature)] = listener.told
    assert signature == "sha256=" + hmac.new(b"sesame", body, hashlib.sha256).hexdigest()


def test_only_failures_are_told_where_that_is_wanted(sync, listener):
    sync(only_failures=True)
    assert listener.told == []
    (sync.notes / "bad.md").write_bytes(b"\xff")
    sync(only_failures=True)
    assert [told["status"] for told, _, _ in listener.told] == ["partial"]


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9/nobody"])
def test_no_address_and_one_that_is_dead_stop_nothing(sync, listener, url):
    assert sync(url=url).status == "complete"
    assert listener.told == []


def test_a_refusal_stops_nothing(sync, listener):
    listener.status = 500
    assert [sync().status, sync().status] == ["complete", "unchanged"]
    assert len(listener.told) == 2
