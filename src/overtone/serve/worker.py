"""One thread a model: requests are done one after another, in the order they came."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from overtone.core.answer import System

if TYPE_CHECKING:
    from overtone.evaluate.safety.output_filter import Filtered


class QueueFullError(Exception):
    """As many requests wait as are allowed to."""


class StoppingError(Exception):
    """The server is going down and takes nothing new."""


@dataclass(frozen=True)
class _Failure:
    error: Exception


_END = object()


class Job:
    """Work for a model's thread whose items arrive in the event loop that made the job."""

    def __init__(self, work: Callable[[], Iterator[Any]]) -> None:
        self._work = work
        self._loop = asyncio.get_running_loop()
        self._items: asyncio.Queue[Any] = asyncio.Queue()
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the items any more."""
        return self._cancelled.is_set()

    def cancel(self, error: Exception | None = None) -> None:
        """Stop before the next item; whoever reads the items gets the error, or their end."""
        self._cancelled.set()
        self._send(_Failure(error) if error else _END)

    def run(self) -> None:
        """Do the work; called by the model's thread."""
        items = self._work()
        try:
            while not self.cancelled and (item := next(items, _END)) is not _END:
                self._send(item)
            self._send(_END)
        except Exception as error:  # told to the client by the route; the thread must live on
            self._send(_Failure(error))
        finally:
            items.close() if hasattr(items, "close") else None

    async def items(self) -> AsyncIterator[Any]:
        """Items as they come; an error in the work is raised here."""
        while (item := await self._items.get()) is not _END:
            if isinstance(item, _Failure):
                raise item.error
            yield item

    def _send(self, item: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._items.put_nowait, item)


class Worker:
    """A model, its thread and its queue of at most `capacity` waiting jobs; what it writes passes its filter."""

    def __init__(self, name: str, system: System, capacity: int, sieve: "Filtered | None" = None) -> None:
        self.name, self.system, self.sieve, self._capacity = name, system, sieve, capacity
        self._waiting: deque[Job] = deque()
        self._running: Job | None = None
        self._changed = threading.Condition()
        self._stopped = True
        self._thread: threading.Thread | None = None

    @property
    def ready(self) -> bool:
        """Whether the thread lives and takes requests."""
        return self._thread is not None and self._thread.is_alive() and not self._stopped

    @property
    def waiting(self) -> int:
        """How many jobs have not begun."""
        return len(self._waiting)

    def start(self) -> None:
        """Begin to serve, also after a stop."""
        self._stopped = False
        self._thread = threading.Thread(target=self._serve, name=f"model {self.name}", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[], Iterator[Any]]) -> Job:
        """Queue work; QueueFullError where too much waits, StoppingError where the worker goes down."""
        job = Job(work)
        with self._changed:
            if self._stopped:
                raise StoppingError
            if len(self._waiting) >= self._capacity:
                raise QueueFullError
            self._waiting.append(job)
            self._changed.notify()
        return job

    def withdraw(self, job: Job) -> None:
        """Cancel a job; one that waits gives its place in the queue back at once."""
        job.cancel()
        with self._changed:
            if job in self._waiting:
                self._waiting.remove(job)

    def close(self) -> None:
        """Take nothing new; what was taken is still done."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def stop(self) -> None:
        """Refuse what waits, stop what runs at its next item, and wait for the thread."""
        with self._changed:
            self._stopped = True
            unfinished = [*self._waiting, *([self._running] if self._running else [])]
            self._waiting.clear()
            self._changed.notify()
        for job in unfinished:
            job.cancel(StoppingError())
        if self._thread is not None:
            self._thread.join()

    def _serve(self) -> None:
        while job := self._next():
            job.run()
            self._running = None

    def _next(self) -> Job | None:
        """The oldest waiting job, as soon as there is one; None when the worker stops."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopped)
            self._running = self._waiting.popleft() if self._waiting else None
            return self._running
