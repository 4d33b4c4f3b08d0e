"""The node's API: the rooms' routers, and that of each system that has an `http.py`.

A system's `router` is mounted at `/api/<system id>/`. Its `ACCESS` says who may call it; without
one it is public where the router asks for no account (`auth=None`), else for officials.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from lingnan.kernel.insight.http import router as indicators
from lingnan.kernel.registry.govstack.http import router as govstack
from lingnan.kernel.registry.http import router as records
from lingnan.kernel.runtime.api import read_json
from lingnan.kernel.runtime.apps import System
from lingnan.kernel.trust.api import OFFICIAL, PUBLIC, Access, EvidenceUnavailable, allow
from lingnan.portal import api_catalogue, api_document, errors

VERSION = "0.1.0"
ABOUT = (
    "Public facts and services of a node, and its registers for the posts that may read them. "
    "Every hit and every opening of a record is written down before it is answered. "
    "An account is known by the session of its browser."
)


def signed_in(request: HttpRequest) -> Any:
    return getattr(request, "actor", None)


class Bodies(Parser):
    """Bodies of requests, which anybody may have written."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = read_json(request.body)
        return found


class NodeAPI(NinjaAPI):
    """Its document says what each operation may answer, and names what stands beside it. It is
    drawn once in a process."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._documents: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: Any = None
    ) -> OpenAPISchema:
        asked = f"{path_prefix} {path_params}"
        if asked not in self._documents:
            found = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            api_document.complete(found, rules)
            self._documents[asked] = found
        return self._documents[asked]


api = NodeAPI(
    title="岭南 Lingnan",
    version=VERSION,
    description=ABOUT,
    auth=signed_in,
    docs_url=None,
    parser=Bodies(),
)
# First path of a router → who may call it.
rules: dict[str, Access] = {}


def mount(prefix: str, router: Router, access: Access) -> None:
    api.add_router(f"/{prefix}", router)
    rules[prefix] = access


def of_systems() -> dict[str, tuple[Router, Access]]:
    """System id → its router and who may call it."""
    found = {}
    for config in apps.get_app_configs():
        if isinstance(config, System) and find_spec(f"{config.name}.http"):
            module = import_module(f"{config.name}.http")
            open_ = module.router.auth is None
            found[config.label] = (
                module.router,
                getattr(module, "ACCESS", PUBLIC if open_ else OFFICIAL),
            )
    return found


mount("records", records, OFFICIAL)
# Open to nobody without a client's key, which the router asks for.
mount("govstack", govstack, PUBLIC)
mount("resources", api_catalogue.resources_router, OFFICIAL)
mount("matters", api_catalogue.matters_router, PUBLIC)
mount("events", api_catalogue.events_router, PUBLIC)
mount("certificates", api_catalogue.certificates_router, PUBLIC)
mount("indicators", indicators, PUBLIC)
for label, (router_of_system, access_of_system) in of_systems().items():
    mount(label, router_of_system, access_of_system)


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, error: Exception) -> HttpResponse:
    return errors.forbidden(request)


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Exception) -> HttpResponse:
    return errors.not_found(request)


@api.exception_handler(EvidenceUnavailable)
@api.exception_handler(OperationalError)
def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    return errors.unavailable(request)


urls = api.urls
described = ("openapi-json", "api-root")
patterns: Any = urls[0]
for pattern in patterns:
    first = str(pattern.pattern).partition("/")[0]
    # The document describes what exists; a register's operations ask its own readers besides.
    allow(PUBLIC if pattern.name in described else rules[first])(pattern.callback)
