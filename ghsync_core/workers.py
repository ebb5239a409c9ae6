"""Threads that work, each of which can be given up: another takes its place, and the process never waits for it.

The standard pool can't do that: it joins its threads when the process ends, so that one which hangs holds it for ever.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial

Task = Callable[[], object]


class Workers:
    """At most *count* threads, begun as they are needed, that do what is submitted. A task must not raise."""

    def __init__(self, count: int, name: str = "ghsync-worker") -> None:
        self._count = count
        self._name = name
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._threads: set[threading.Thread] = set()
        self._changing = threading.Lock()

    def submit(self, work: Callable[..., object], *arguments: object) -> None:
        """Have a thread call *work* with *arguments*, when one is free."""
        self._tasks.put(partial(work, *arguments))
        with self._changing:
            if len(self._threads) < self._count:
                self._begin()

    def give_up(self, thread: threading.Thread) -> None:
        """Count no more on *thread*, which hangs; where it comes back after all, it ends."""
        with self._changing:
            if thread in self._threads:
                self._threads.remove(thread)
                self._begin()

    def shutdown(self, *, wait: bool) -> None:
        """Begin none of the tasks that are left; with *wait*, until those in hand are done."""
        with self._changing:
            threads, self._threads = self._threads, set()
        for thread in threads:
            self._tasks.put(None)
            if wait:
                thread.join()

    def _begin(self) -> None:
        # Daemons: when the process ends, it ends, whatever they are at.
        thread = threading.Thread(target=self._work, name=self._name, daemon=True)
        self._threads.add(thread)
        thread.start()

    def _work(self) -> None:
        own = threading.current_thread()
        while own in self._threads:
            task = self._tasks.get()
            if own not in self._threads:
                # It was given up, or all are told to end: the task is for another, or for nobody.
                self._tasks.put(task)
                return
            if task is not None:
                task()
