"""Tells a web address how each run ended: its statistics as JSON, signed where there is a secret."""

import hashlib
import hmac
import json
import os

import urllib3

from ghsync_core import Setting, get_logger, hookimpl

ghsync_api = 1


class Webhook:
    name = "webhook"
    options = {"url": "", "only_failures": False}

    def configure(self, options):
        """Called before each run, with what ``[webhook]`` in ghsync.toml says."""
        self.options = options

    def progress(self, progress):
        """Nobody is told before the end."""

    def finished(self, statistics):
        """Called once, when the run is over and recorded; it never stops a run, but it must not hold one up."""
        good = statistics.status in ("complete", "unchanged")
        if not self.options["url"] or (good and self.options["only_failures"]):
            return
        body = json.dumps(statistics.to_json()).encode()
        headers = {"Content-Type": "application/json"}
        if secret := os.environ.get("WEBHOOK_SECRET"):
            headers["X-Signature-256"] = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        try:
            answer = urllib3.request("POST", self.options["url"], body=body, headers=headers, timeout=5.0, retries=1)
        except urllib3.exceptions.HTTPError as error:
            get_logger().warning("the webhook can't be reached", error=type(error).__name__)
        else:
            if answer.status >= 300:
                get_logger().warning("the webhook was refused", status=answer.status)


@hookimpl
def register_observers():
    return [Webhook()]


@hookimpl
def register_settings():
    return [
        Setting("webhook", "url", str, "", "where each run is told of; nowhere where it is empty"),
        Setting("webhook", "only_failures", bool, False, "tell only of runs that did not end well"),
    ]
