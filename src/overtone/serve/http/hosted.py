"""Find the model that a request names, and follow the work that it gives to the model's thread."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from fastapi import Request

from overtone.core.errors import nearest
from overtone.serve.http.errors import ApiError
from overtone.serve.worker import Worker

USES = {
    "generate": "/v1/chat/completions",
    "classify": "/v1/classify",
    "reward": "/v1/rewards",
    "predict": "/v1/predict",
}


def hosted(request: Request, name: str, need: str | None = None) -> Worker:
    """The worker of the model called `name`; 404 where there is none, 400 where it cannot do the work."""
    workers: dict[str, Worker] = request.app.state.workers
    if name not in workers:
        message = f"The model '{name}' does not exist.{nearest(name, workers)}"
        raise ApiError(404, message, "model", "model_not_found")
    worker = workers[name]
    if need is not None and need not in worker.system.can:
        paths = [path for ability, path in USES.items() if ability in worker.system.can]
        message = f"The model '{name}' cannot {need}; it answers at {' and '.join(paths) or 'no route'}."
        raise ApiError(400, message, "model", "model_not_capable")
    return worker


async def follow(request: Request, worker: Worker, work: Callable[[], Iterator[Any]]) -> AsyncIterator[Any]:
    """Do the work in the model's thread and yield its items; it stops when the client goes away."""
    job = worker.submit(work)

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        worker.withdraw(job)

    watcher = asyncio.create_task(watch())
    try:
        async for item in job.items():
            yield item
        if job.cancelled:
            raise ApiError(499, "the client went away")
    finally:
        watcher.cancel()
        worker.withdraw(job)
