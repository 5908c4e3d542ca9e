"""The worker processes of one handler: started when needed, used again, ended with the engine."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from multiprocessing.connection import Connection
from typing import Any

from veltrix.errors import WorkerDiedError
from veltrix.processes import wire
from veltrix.processes.failures import rebuild

in_worker = False  # this process is a worker itself

START_SECONDS = 60.0  # for imports
END_SECONDS = 2.0  # for idle workers to leave their lifespan
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0  # between starts that came to nothing
FENCE_SECONDS = 0.05  # so long after its deadline the engine has given the attempt up itself

_BOOT = (
    "import json, signal, sys\n"
    "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    "from multiprocessing.connection import Connection\n"
    "connection = Connection(int(sys.argv[1]))\n"
    "first = connection.recv_bytes()\n"
    "sys.path[:] = json.loads(first)['path']\n"
    "from veltrix.processes.worker import main\n"
    "main(connection, first)\n"
)


class Gone(Exception):  # noqa: N818 - an end, not an error
    """The worker's side of the socket is closed."""


class Worker:
    """One process and the socket to it; used by one thread at a time.

    Args:
        first: The frame that says what to run.
    """

    def __init__(self, first: bytes) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.connection: Connection[Any, Any] = Connection(ours.detach())
            self.process = subprocess.Popen(  # noqa: S603 - this very interpreter
                [sys.executable, "-c", _BOOT, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                process_group=0,  # Ctrl-C is for the parent
            )
        self._first: bytes | None = first

    def start(self, until: float) -> wire.Answer:
        """Waits until the handler is imported; the answer says so, or why not."""
        first, self._first = self._first, None
        assert first is not None
        return self.ask(first, until)

    def ask(self, frame: bytes, until: float | None) -> wire.Answer:
        """Sends a frame and waits for the answer, without the GIL.

        Args:
            frame: What to run.
            until: When to give up, as ``time.monotonic()`` counts; None: never.

        Raises:
            Gone: The process has ended.
            TimeoutError: The time is over.
        """
        try:
            self.connection.send_bytes(frame)
            left = None if until is None else max(0.0, until - time.monotonic())
            answered = self.connection.poll(left)
            frame = self.connection.recv_bytes() if answered else b""
        except (EOFError, OSError):
            raise Gone from None
        if not answered:
            raise TimeoutError
        return wire.decode_answer(frame)

    def idle_end(self) -> bool:
        """Whether it has ended while nobody asked it anything."""
        return self.process.poll() is not None or self.connection.poll(0)

    def fate(self) -> str:
        """Says how the process ended; kills it if it has not."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(END_SECONDS)
        self.kill()
        code = self.process.returncode
        if code >= 0:
            return f"it exited with status {code}"
        with contextlib.suppress(ValueError):
            name = signal.Signals(-code).name
            hint = "; out of memory?" if name == "SIGKILL" else ""
            return f"it was killed by {name}{hint}"
        return f"it was killed by signal {-code}"

    def kill(self) -> None:
        """Ends it at once and forgets it."""
        self.process.kill()
        self.process.wait()
        self.connection.close()


class WorkerPool:
    """As many workers as were ever needed at the same time.

    Args:
        first: The frame that every worker gets first.
        name: What messages call the handler.
    """

    def __init__(self, first: bytes, name: str) -> None:
        self._first, self._name = first, name
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._in_vain = 0  # workers that ended before they did anything of use
        self._not_before = 0.0
        _pools.add(self)

    def take(self, until: float | None) -> Worker:
        """Gives a worker that is ready to run something.

        Args:
            until: When the attempt is over; None: never.

        Raises:
            WorkerDiedError: None can be started; the message says why.
        """
        while True:
            with self._lock:
                self._refuse_closed()
                if not self._idle:
                    break
                worker = self._idle.pop()
                self._busy.add(worker)
            if not worker.idle_end():
                return worker
            self.lose(worker)  # nobody's event: another one takes its place
        return self._started(until)

    def give(self, worker: Worker) -> None:
        """Takes a worker back that has answered."""
        with self._lock:
            self._in_vain = 0
            self._busy.discard(worker)
            if not self._closing.is_set():
                self._idle.append(worker)
                return
        worker.kill()

    def lose(self, worker: Worker) -> str:
        """Gives up a worker that has ended or shall end; says how."""
        with self._lock:
            self._busy.discard(worker)
            self._in_vain += 1
            if self._in_vain > 1:
                pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._in_vain - 2, 10))
                self._not_before = time.monotonic() + pause
        return worker.fate()

    def close(self) -> None:
        """Ends all workers, those at work at once; threads that wait for one get an error."""
        with self._lock:
            self._closing.set()
            idle, self._idle = self._idle, []
            for worker in self._busy:
                worker.process.kill()
        until = time.monotonic() + END_SECONDS
        for worker in idle:
            worker.connection.close()
        for worker in idle:
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.process.wait(max(0.0, until - time.monotonic()))
            worker.kill()

    def forget(self) -> None:
        """In a forked child: the workers are the parent's, and so are their sockets."""
        self._lock = threading.Lock()
        for worker in [*self._idle, *self._busy]:
            worker.process.returncode = 0  # not ours to wait for
            with contextlib.suppress(OSError):
                worker.connection.close()
        self._idle, self._busy = [], set()
        self._closing.set()

    def _refuse_closed(self) -> None:
        if self._closing.is_set():
            raise WorkerDiedError(f"handler {self._name!r}: its engine stops, and its workers too")

    def _started(self, until: float | None) -> Worker:
        if in_worker:
            message = (
                f"handler {self._name!r}: a worker process starts no workers; start engines under "
                "if __name__ == '__main__': in a module that handlers are imported from"
            )
            raise WorkerDiedError(message)
        pause = self._not_before - time.monotonic()
        if until is not None:
            pause = min(pause, until - time.monotonic())
        if pause > 0:
            self._closing.wait(pause)
        worker = Worker(self._first)
        with self._lock:
            closed = self._closing.is_set()
            if not closed:
                self._busy.add(worker)
        if closed:
            worker.kill()
            self._refuse_closed()
        limit = time.monotonic() + START_SECONDS
        try:
            answer = worker.start(limit if until is None else min(limit, until))
        except (Gone, TimeoutError) as end:
            late = isinstance(end, TimeoutError)
            if late:
                worker.process.kill()
            fate = self.lose(worker)
            why = "it was not ready in time" if late else fate
            message = f"the worker process of handler {self._name!r} did not start: {why}"
            raise WorkerDiedError(message) from None
        if answer.failure is None:
            return worker
        self.lose(worker)
        name = answer.failure.classes[0].rpartition(":")[2]
        message = (
            f"the worker process of handler {self._name!r} cannot start: {name}: "
            f"{answer.failure.text}"
        )
        raise WorkerDiedError(message) from rebuild(answer.failure).__cause__


_pools: weakref.WeakSet[WorkerPool] = weakref.WeakSet()


def _after_fork() -> None:
    for pool in list(_pools):
        pool.forget()


os.register_at_fork(after_in_child=_after_fork)
