"""Which models there are."""

from typing import Any

from fastapi import APIRouter, Request

from overtone.serve.http.hosted import hosted

router = APIRouter()


@router.get("/v1/models", response_model=None)
async def list_models(request: Request) -> dict[str, Any]:
    """Every model that this server answers for."""
    return {"object": "list", "data": [_card(request, name) for name in request.app.state.workers]}


@router.get("/v1/models/{name:path}", response_model=None)
async def get_model(request: Request, name: str) -> dict[str, Any]:
    """One model."""
    return _card(request, hosted(request, name).name)


def _card(request: Request, name: str) -> dict[str, Any]:
    created = int(request.app.state.clock())
    return {"id": name, "object": "model", "created": created, "owned_by": "overtone"}
