"""OGC API - Features over HTTP: every address answers GET, and 400 to what it does not know."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from lingnan.standards import ogc_features as ogc
from lingnan.systems.government.geography.features import documents, tiles
from lingnan.systems.government.geography.features.collections import COLLECTIONS, Asked

router = Router(tags=["geography, OGC API - Features"], auth=None)
CORE = ("bbox", "datetime", "limit", "after")
LONGEST = 100  # characters of a value
QUERYABLES = {name: about for one in COLLECTIONS.values() for name, about in one.queryables.items()}


def answers(kind: str, parameters: Iterable[Any] = ()) -> dict[str, Any]:
    """What an operation takes and answers, for the node's OpenAPI document."""
    content = {kind: {"schema": {"type": "object"}}}
    absent = {"description": "There is no such thing.", "content": {ogc.JSON: {}}}
    extra: dict[str, Any] = {"responses": {200: {"description": "OK", "content": content}}}
    extra["responses"][404] = absent
    return extra | ({"parameters": list(parameters)} if parameters else {})


def _answer(document: dict[str, Any], kind: str = ogc.JSON, status: int = 200) -> HttpResponse:
    body = json.dumps(document, ensure_ascii=False)
    return HttpResponse(body, content_type=kind, status=status)


def _refused(status: int, text: str) -> HttpResponse:
    """An exception as the standard has it (7.5.1), with the node's own word beside."""
    code = "NotFound" if status == 404 else "InvalidParameterValue"
    return _answer({"code": code, "description": text, "detail": text}, status=status)


def _base(request: HttpRequest) -> str:
    path = request.path.partition("/ogc")[0]
    return request.build_absolute_uri(f"{path}/ogc")


def _bare(request: HttpRequest, document: Any, kind: str = ogc.JSON) -> HttpResponse:
    """A document that takes no parameter."""
    try:
        ogc.only(request.GET, ())
    except ogc.InvalidParameter as error:
        return _refused(400, str(error))
    return _answer(document(_base(request)), kind)


def _of(request: HttpRequest, collection: str, document: Any) -> HttpResponse:
    """A document about a collection, which takes no parameter."""
    one = COLLECTIONS.get(collection)
    if one is None:
        return _refused(404, "no such collection")
    return _bare(request, lambda base: document(base, one))


@router.get("", openapi_extra=answers(ogc.JSON))
def features_landing(request: HttpRequest) -> HttpResponse:
    """Where everything of this interface is found (OGC 17-069r4, 7.2)."""
    return _bare(request, documents.landing)


@router.get("/api", openapi_extra=answers(ogc.OPENAPI))
def features_definition(request: HttpRequest) -> HttpResponse:
    """The definition of this interface alone, in OpenAPI 3.0 (OGC 17-069r4, 7.3)."""
    return _bare(request, documents.openapi, ogc.OPENAPI)


@router.get("/conformance", openapi_extra=answers(ogc.JSON))
def features_conformance(request: HttpRequest) -> HttpResponse:
    """The conformance classes that are kept (OGC 17-069r4, 7.4)."""
    return _bare(request, lambda base: {"conformsTo": [*ogc.CONFORMS, *tiles.CONFORMS]})


@router.get("/collections", openapi_extra=answers(ogc.JSON))
def features_collections(request: HttpRequest) -> HttpResponse:
    """The collections: cities and counties by date, standard addresses (OGC 17-069r4, 7.13)."""
    return _bare(request, documents.collections)


@router.get("/collections/{collection}", openapi_extra=answers(ogc.JSON))
def features_collection(request: HttpRequest, collection: str) -> HttpResponse:
    """One collection (OGC 17-069r4, 7.14)."""
    return _of(request, collection, documents.collection)


@router.get("/collections/{collection}/tiles", openapi_extra=answers(ogc.JSON))
def features_tilesets(request: HttpRequest, collection: str) -> HttpResponse:
    """In which schemes a collection is tiled (OGC 20-057, tilesets list)."""
    return _of(request, collection, tiles.tilesets)


@router.get("/collections/{collection}/tiles/WebMercatorQuad", openapi_extra=answers(ogc.JSON))
def features_tileset(request: HttpRequest, collection: str) -> HttpResponse:
    """The tiles of a collection in the scheme of everybody's maps (OGC 20-057, tileset)."""
    return _of(request, collection, tiles.tileset)


@router.get(
    "/collections/{collection}/tiles/WebMercatorQuad/{level}/{row}/{column}",
    openapi_extra=answers(tiles.MVT),
)
def features_tile(
    request: HttpRequest, collection: str, level: int, row: int, column: int
) -> HttpResponse:
    """One tile as a Mapbox vector tile; without features it is empty (OGC 20-057, mvt)."""
    one = COLLECTIONS.get(collection)
    if one is None or not tiles.there(one, (level, row, column)):
        return _refused(404, "no such tile")
    try:
        ogc.only(request.GET, ())
    except ogc.InvalidParameter as error:
        return _refused(400, str(error))
    return HttpResponse(tiles.tile(one, (level, row, column)), content_type=tiles.MVT)


@router.get(
    "/collections/{collection}/items",
    openapi_extra=answers(ogc.GEOJSON, ogc.parameters(QUERYABLES)),
)
def features_items(request: HttpRequest, collection: str) -> HttpResponse:
    """Features of a collection by place, time and properties, by pages (OGC 17-069r4, 7.15)."""
    one = COLLECTIONS.get(collection)
    if one is None:
        return _refused(404, "no such collection")
    try:
        asked = _asked(request, one.queryables)
        found = one.items(asked)
    except ogc.InvalidParameter as error:
        return _refused(400, str(error))
    given = {name: request.GET[name] for name in request.GET}
    # Technical time, not legal: when the answer was made.
    now = ogc.stamp(datetime.now(UTC))
    return _answer(documents.page(_base(request), one, found, given, now), ogc.GEOJSON)


def _asked(request: HttpRequest, queryables: Iterable[str]) -> Asked:
    """The parameters of a request for items. Raises InvalidParameter."""
    given = request.GET
    ogc.only(given, (*CORE, *queryables))
    for name in given:
        if len(given.getlist(name)) > 1 or len(given[name]) > LONGEST or "\x00" in given[name]:
            raise ogc.InvalidParameter(f"{name}: one value of at most {LONGEST} characters")
    return Asked(
        ogc.limit(given.get("limit")),
        ogc.bbox(given.get("bbox")),
        ogc.period(given.get("datetime")),
        given.get("after", ""),
        {name: given[name] for name in queryables if name in given},
    )


@router.get("/collections/{collection}/items/{feature}", openapi_extra=answers(ogc.GEOJSON))
def features_item(request: HttpRequest, collection: str, feature: str) -> HttpResponse:
    """One feature (OGC 17-069r4, 7.16)."""
    one = COLLECTIONS.get(collection)
    held = one.item(feature) if one and "\x00" not in feature else None
    if one is None or held is None:
        return _refused(404, "no such feature")
    try:
        ogc.only(request.GET, ())
    except ogc.InvalidParameter as error:
        return _refused(400, str(error))
    return _answer(documents.feature(_base(request), one, held), ogc.GEOJSON)
