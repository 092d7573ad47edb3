"""Is the server alive, and does it take requests: the two routes without a key."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

router = APIRouter()


@router.get("/health", response_model=None)
async def health() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@router.get("/ready", response_model=None)
async def ready(request: Request) -> JSONResponse:
    """Every model takes requests."""
    prepared = all(worker.ready for worker in request.app.state.workers.values())
    return JSONResponse({"status": "ready" if prepared else "not ready"}, 200 if prepared else 503)
