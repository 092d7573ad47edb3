"""A server that goes in two steps: first it refuses new work while it can still be heard, then it ends."""

import signal
from collections.abc import Collection
from types import FrameType

from uvicorn import Config, Server

from overtone.serve.worker import Worker

REFUSING_SECONDS = (
    3.0  # how long new requests are told 503 after SIGTERM, so that whoever sends them learns it
)
TICK_SECONDS = 0.1  # between two calls of `on_tick`


class DrainingServer(Server):
    """After SIGTERM new requests get 503 for a moment, then the listener closes; Ctrl-C closes it at once.

    Either way what is under way is finished. A second signal cuts the moment short, one more all that is left.
    """

    def __init__(self, config: Config, workers: Collection[Worker]) -> None:
        super().__init__(config)
        self._workers = workers
        self._ticks_left: int | None = None  # None until a signal asks to end

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Note the first signal only: it may come while the event loop holds a worker's lock."""
        if self._ticks_left is not None:
            return super().handle_exit(sig, frame)
        self._ticks_left = round(REFUSING_SECONDS / TICK_SECONDS) if sig == signal.SIGTERM else 0

    async def on_tick(self, counter: int) -> bool:
        """Refuse new work from the signal on, and end when the moment is over."""
        if self._ticks_left is not None:
            for worker in self._workers:
                worker.close()
            self.should_exit = self.should_exit or self._ticks_left == 0
            self._ticks_left = max(0, self._ticks_left - 1)
        return await super().on_tick(counter)
