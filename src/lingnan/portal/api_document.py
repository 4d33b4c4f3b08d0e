"""The document of the API (OpenAPI 3.1), completed: refusals, who may call, what stands beside."""

from collections.abc import Mapping
from typing import Any

from lingnan.kernel.trust.api import Access

PROBLEM = "#/components/schemas/Problem"
SCHEMAS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "description": "Why a request was refused; a list names each wrong parameter.",
        "required": ["detail"],
        "properties": {
            "detail": {"anyOf": [{"type": "string"}, {"type": "array", "items": {}}]},
            "what_next": {"type": "string"},
        },
    },
    "Health": {
        "type": "object",
        "required": ["ready", "checks", "demonstration", "business_date"],
        "properties": {
            "ready": {"type": "boolean"},
            "checks": {"type": "object", "additionalProperties": {"type": "boolean"}},
            "demonstration": {"type": "boolean"},
            "business_date": {"type": "string", "format": "date"},
        },
    },
    "FederationRefusal": {
        "type": "object",
        "description": "Why a node was refused: a word, and where.",
        "required": ["why"],
        "properties": {"why": {"type": "string"}, "detail": {"type": "string"}},
    },
}  # fmt: skip
SECURITY = {
    "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
    "client": {"type": "apiKey", "in": "header", "name": "Authorization"},
}
# Routers whose callers show a key of their own, and no session.
BY_KEY = {"govstack"}
ALWAYS = {
    "400": "The request cannot be understood.",
    "413": "More was sent than is taken.",
    "429": "Asked too often; Retry-After says when again.",
    "503": "A part of the node does not answer; Retry-After says when again.",
}
CLOSED = {"401": "Nobody is signed in.", "403": "Not open to this account or post."}


def complete(document: dict[str, Any], rules: Mapping[str, Access]) -> None:
    """Add to the generated document what its routers do not say."""
    components = document["components"]
    components.setdefault("schemas", {}).update(SCHEMAS)
    components["securitySchemes"] = SECURITY
    for path, operations in document["paths"].items():
        first = path.removeprefix("/api/").partition("/")[0]
        for operation in operations.values():
            _operation(operation, rules[first], first in BY_KEY)
    document["paths"] |= {"/healthz": HEALTH} | FEDERATION


def _operation(operation: dict[str, Any], access: Access, by_key: bool) -> None:
    # Keys are statuses: numbers where ninja wrote them.
    responses = {str(status): said for status, said in operation["responses"].items()}
    refusals = dict(ALWAYS)
    if access.kind != "public" or by_key:
        refusals |= CLOSED
    if operation.get("parameters"):
        refusals["422"] = "A parameter is not of its kind."
        refusals["404"] = "There is no such thing, or it is not yours to see."
    operation["responses"] = responses | {s: problem(t) for s, t in refusals.items()}
    operation["security"] = [] if access.kind == "public" else [{"session": []}]
    if by_key:
        operation["security"] = [{"client": []}]
    operation["x-access"] = {
        "kind": access.kind, "roles": sorted(access.roles), "functions": sorted(access.functions)
    }  # fmt: skip


def problem(text: str) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": {"$ref": PROBLEM}}}}


def _answer(text: str, schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": text, "content": content}


PUBLIC_ACCESS = {"kind": "public", "roles": [], "functions": []}
HEALTH: dict[str, Any] = {
    "get": {
        "operationId": "healthz",
        "summary": "Health of the node",
        "description": "Database, its write guards and evidence answer; asked for by monitors.",
        "tags": ["node"],
        "parameters": [],
        "responses": {
            "200": _answer("Ready.", "Health"),
            "503": _answer("Not ready; `checks` says what is missing.", "Health"),
            "400": problem(ALWAYS["400"]),
            "413": problem(ALWAYS["413"]),
        },
        "security": [],
        "x-access": PUBLIC_ACCESS,
    }
}


def _of_federation(
    method: str, code: str, title: str, about: str, refusals: Mapping[str, str]
) -> dict[str, Any]:
    """What nodes of an instance ask of a portal, before they have a channel."""
    told = {"type": "object"}
    body = {"required": True, "content": {"application/json": {"schema": told}}}
    refused = {status: _answer(text, "FederationRefusal") for status, text in refusals.items()}
    common = {status: problem(ALWAYS[status]) for status in ("413", "429")}
    refused = {"400": problem(ALWAYS["400"])} | refused | common
    operation = {
        "operationId": code,
        "summary": title,
        "description": about,
        "tags": ["exchange"],
        "parameters": [],
        **({"requestBody": body} if method == "post" else {}),
        "responses": {
            "200": {"description": title, "content": {"application/json": {"schema": told}}},
            **refused,
            **({"411": problem("The body has no length.")} if method == "post" else {}),
        },
        "security": [],
        "x-access": PUBLIC_ACCESS,
    }
    return {method: operation}


_REFUSED = {
    "400": "Not a question.",
    "404": "This node belongs to no instance.",
    "403": "Refused; `why` is a word, `detail` says where.",
    "502": "The node through which it is passed on does not reach the founder.",
    "503": "It cannot be written down or signed now.",
}
FEDERATION = {
    "/exchange/directory": _of_federation(
        "get",
        "exchange_directory",
        "The directory of the instance",
        "Nodes, the bodies they speak for, systems and keys, signed by who founded the instance.",
        {status: _REFUSED[status] for status in ("404", "503")},
    ),
    "/exchange/join": _of_federation(
        "post",
        "exchange_join",
        "Join the instance by an invitation",
        "The application is signed by the joining node; the proof shows that it has the "
        "invitation's word, which is not sent.",
        _REFUSED,
    ),
    "/exchange/join/terms": _of_federation(
        "post",
        "exchange_join_terms",
        "Which bodies and systems an invitation names",
        "Asked by the name of the invitation, before joining.",
        _REFUSED,
    ),
    "/exchange/renew": _of_federation(
        "post",
        "exchange_renew",
        "Tell another address, key or system of a node that has joined",
        "Signed under the root by which the node is known.",
        _REFUSED,
    ),
}
