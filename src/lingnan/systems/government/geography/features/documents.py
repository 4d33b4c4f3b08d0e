"""The documents of OGC API - Features: landing page, collections, pages of features."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from lingnan.kernel.runtime.api import Title
from lingnan.standards import ogc_features as ogc
from lingnan.systems.government.geography import layers
from lingnan.systems.government.geography.features import tiles
from lingnan.systems.government.geography.features.collections import (
    COLLECTIONS,
    FIRST_DAY,
    Collection,
    Feature,
    Page,
)
from lingnan.systems.government.geography.models import Layer

TITLE = Title("行政区划和标准地址", "Divisions and standard addresses")
ABOUT = "Boundaries by date and doors of the province, as OGC API - Features (OGC 17-069r4)."
EXTENT = [109.0, 20.0, 118.0, 26.0]  # the province with its coastal waters, generously


def landing(base: str) -> dict[str, Any]:
    """/req/core/root-success."""
    return {
        "title": f"{TITLE.zh} {TITLE.en}",
        "description": ABOUT,
        "links": [
            ogc.link(base, "self", ogc.JSON, "this document"),
            ogc.link(f"{base}/api", "service-desc", ogc.OPENAPI, "the API"),
            ogc.link(f"{base}/conformance", "conformance", ogc.JSON, "what it conforms to"),
            ogc.link(f"{base}/collections", "data", ogc.JSON, "the collections"),
        ],
    }


def collections(base: str) -> dict[str, Any]:
    """/req/core/fc-md-success, fc-md-links, fc-md-items."""
    here = ogc.link(f"{base}/collections", "self", ogc.JSON)
    held = [collection(base, one) for one in COLLECTIONS.values()]
    return {"links": [here], "collections": held}


def collection(base: str, one: Collection) -> dict[str, Any]:
    """/req/core/sfc-md-success; extent after /req/core/fc-md-extent.

    The link of relation `license` leads to where its layers come from; `attribution` names them.
    """
    url = f"{base}/collections/{one.id}"
    extent: dict[str, Any] = {"spatial": {"bbox": [EXTENT], "crs": ogc.CRS84}}
    if one.dated:
        extent["temporal"] = {"interval": [[f"{FIRST_DAY.isoformat()}T00:00:00Z", None]]}
    made_of = layers.of_collection(one.id)
    named = "; ".join(dict.fromkeys(layer.attribution for layer in made_of))
    return ({"attribution": named} if named else {}) | {
        "id": one.id,
        "title": one.title,
        "description": one.description,
        "itemType": "feature",
        "extent": extent,
        "crs": [ogc.CRS84],
        "links": [
            ogc.link(url, "self", ogc.JSON, one.title),
            ogc.link(f"{url}/items", "items", ogc.GEOJSON, one.title),
            ogc.link(f"{url}/tiles", tiles.TILESETS, ogc.JSON, one.title),
            *([_origin(base, made_of)] if made_of else []),
        ],
    }


def _origin(base: str, made_of: list[Layer]) -> dict[str, Any]:
    title = "; ".join(f"{one.name_en}: {one.licence or 'no licence is stated'}" for one in made_of)
    return ogc.link(f"{base.partition('/api/')[0]}/places/sources/", "license", "text/html", title)


def page(
    base: str, one: Collection, found: Page, asked: dict[str, str], now: str
) -> dict[str, Any]:
    """/req/core/fc-response, fc-links, fc-timeStamp, fc-numberMatched, fc-numberReturned."""
    url = f"{base}/collections/{one.id}"
    links = [
        ogc.link(_with(f"{url}/items", asked), "self", ogc.GEOJSON),
        ogc.link(url, "collection", ogc.JSON, one.title),
    ]
    if found.after:
        following = asked | {"after": found.after}
        links.insert(1, ogc.link(_with(f"{url}/items", following), "next", ogc.GEOJSON))
    document: dict[str, Any] = {"type": "FeatureCollection", "links": links, "timeStamp": now}
    if found.matched is not None:
        document["numberMatched"] = found.matched
    document["numberReturned"] = len(found.features)
    return document | {"features": [plain(feature) for feature in found.features]}


def _with(url: str, asked: dict[str, str]) -> str:
    return f"{url}?{urlencode(asked)}" if asked else url


def feature(base: str, one: Collection, held: Feature) -> dict[str, Any]:
    """/req/core/f-success, f-links."""
    url = f"{base}/collections/{one.id}"
    code, root = held["properties"]["code"], base.partition("/api/")[0]
    html = f"{root}/places/{'' if one.dated else 'address/'}{code}/"
    links = [
        ogc.link(f"{url}/items/{held['id']}", "self", ogc.GEOJSON),
        ogc.link(html, "alternate", "text/html"),
        ogc.link(url, "collection", ogc.JSON, one.title),
    ]
    return plain(held) | {"links": links}


def plain(held: Feature) -> Feature:
    """The feature with its geometry as GeoJSON."""
    area = held["geometry"]
    if area is None or isinstance(area, dict):
        return dict(held)
    from shapely import to_geojson

    return held | {"geometry": json.loads(to_geojson(area))}


def openapi(base: str) -> dict[str, Any]:
    """/req/oas30/oas-definition-1: every resource with its parameters and answers."""
    paths: dict[str, Any] = {
        "/": _get("landing", "Landing page", ogc.JSON),
        "/conformance": _get("conformance", "Conformance classes", ogc.JSON),
        "/collections": _get("collections", "The collections", ogc.JSON),
    }
    item = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
    for one in COLLECTIONS.values():
        url = f"/collections/{one.id}"
        paths[url] = _get(f"{one.id}_collection", one.title, ogc.JSON)
        asked = ogc.parameters(one.queryables)
        paths[f"{url}/items"] = _get(f"{one.id}_items", one.title, ogc.GEOJSON, asked)
        paths[f"{url}/items/{{featureId}}"] = _get(
            f"{one.id}_item", f"One of: {one.title}", ogc.GEOJSON, [item], missing=True
        )
        paths |= _tiles(url, one)
    return {
        "openapi": "3.0.3",
        "info": {"title": TITLE.en, "description": ABOUT, "version": "1.0.0"},
        "servers": [{"url": base}],
        "paths": paths,
    }


def _tiles(url: str, one: Collection) -> dict[str, Any]:
    places = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "integer"}}
        for name in ("tileMatrix", "tileRow", "tileCol")
    ]
    each = "/".join(f"{{{place['name']}}}" for place in places)
    scheme = f"{url}/tiles/{tiles.web_mercator.IDENTIFIER}"
    return {
        f"{url}/tiles": _get(f"{one.id}_tilesets", f"Tilesets: {one.title}", ogc.JSON),
        scheme: _get(f"{one.id}_tileset", f"Tileset: {one.title}", ogc.JSON),
        f"{scheme}/{each}": _get(
            f"{one.id}_tile", f"A tile: {one.title}", tiles.MVT, places, missing=True
        ),
    }


def _get(
    name: str, summary: str, kind: str, parameters: list[Any] | None = None, missing: bool = False
) -> dict[str, Any]:
    problem = {ogc.JSON: {"schema": {"type": "object"}}}
    responses: dict[str, Any] = {
        "200": {"description": summary, "content": {kind: {"schema": {"type": "object"}}}},
        "400": {"description": "a parameter is unknown or invalid", "content": problem},
        "429": {"description": "asked too often", "content": problem},
    }
    if missing:
        responses["404"] = {"description": "no such feature", "content": problem}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters or [],
            "responses": responses,
        }
    }
