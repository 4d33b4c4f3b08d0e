"""The node's API, composed of the rooms' routers."""

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI

from lingnan.kernel.registry.http import router as records
from lingnan.kernel.trust.api import OFFICIAL, PUBLIC, allow


def signed_in(request: HttpRequest) -> Any:
    return getattr(request, "actor", None)


api = NinjaAPI(
    title="Lingnan",
    version="0.1.0",
    description="Registers of a node. Every hit and every opening is written down first.",
    auth=signed_in,
    docs_url=None,
)
api.add_router("/records", records)

urls = api.urls
described = ("openapi-json", "api-root")
patterns: Any = urls[0]
for pattern in patterns:
    # The documents describe what exists; each operation checks its record type's readers.
    allow(PUBLIC if pattern.name in described else OFFICIAL)(pattern.callback)
