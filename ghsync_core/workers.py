"""A pool of threads, each of which can be given up: another takes its place, and the process never waits for it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import thread as pool_threads
from contextlib import suppress
from functools import partial

Task = Callable[[], object]


class Workers:
    """At most *count* threads, begun as they are needed, that do what is submitted. A task must not raise.

    Tasks wait in one queue, and what is submitted to the pools are tickets, each for whichever task is next: so no task
    is bound to a pool all of whose threads hang.
    """

    def __init__(self, count: int, name: str = "ghsync-worker") -> None:
        self._name = name
        self._tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
        self._pools: Sequence[ThreadPoolExecutor] = (ThreadPoolExecutor(count, thread_name_prefix=name),)
        self._lost: set[threading.Thread] = set()
        self._changing = threading.Lock()

    def submit(self, work: Callable[..., object], *arguments: object) -> None:
        """Have a thread call *work* with *arguments*, when one is free."""
        self._tasks.put(partial(work, *arguments))
        self._as_daemon(self._send_tickets, self._pools, 1)

    def give_up(self, thread: threading.Thread) -> None:
        """Count no more on *thread*, which hangs; where it comes back after all, it goes on as one more."""
        with self._changing:
            if thread in self._lost:
                return
            self._lost.add(thread)
            # The standard library joins the threads of all pools when the process ends, and has no other way to say no.
            pool_threads._threads_queues.pop(thread, None)  # type: ignore[attr-defined]
            another = ThreadPoolExecutor(1, thread_name_prefix=self._name)
            self._pools = (*self._pools, another)
        self._as_daemon(self._send_tickets, (another,), self._tasks.qsize())

    def shutdown(self, *, wait: bool) -> None:
        """Begin none of the tasks that are left; with *wait*, until those in hand are done, unless a thread hangs."""
        for pool in self._pools:
            pool.shutdown(wait=wait and not self._lost, cancel_futures=True)

    def _send_tickets(self, pools: Sequence[ThreadPoolExecutor], count: int) -> None:
        with suppress(RuntimeError):  # shut down meanwhile
            for pool in pools:
                for _ in range(count):
                    pool.submit(self._work)

    @staticmethod
    def _as_daemon(call: Callable[..., None], *arguments: object) -> None:
        """Call from a daemon thread: those that a pool begins then are daemons too, which no process waits for."""
        if threading.current_thread().daemon:
            call(*arguments)
        else:
            threading.Thread(target=call, args=arguments, daemon=True).start()

    def _work(self) -> None:
        try:
            task = self._tasks.get_nowait()
        except queue.Empty:
            return  # another pool's thread took it
        task()
