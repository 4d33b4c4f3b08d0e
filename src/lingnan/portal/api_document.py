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
    "Use": {
        "type": "object",
        "required": ["resource", "consumer", "purpose", "basis", "case", "actor", "subjects",
                     "elements"],
        "properties": {
            **{name: {"type": "string", "maxLength": 200}
               for name in ("resource", "consumer", "purpose", "basis", "case", "actor")},
            "subjects": {"type": "array", "items": {"type": "string"}},
            "elements": {"type": "array", "items": {"type": "string"}},
            "deadline": {"type": "number"},
        },
    },
    "ExchangeFailure": {
        "type": "object",
        "required": ["failure", "detail"],
        "properties": {
            "failure": {"enum": ["denied", "unavailable", "stale"]},
            "detail": {"type": "string"},
        },
    },
}  # fmt: skip
SECURITY = {
    "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
    "node": {"type": "http", "scheme": "bearer"},
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
    document["paths"] |= {
        "/healthz": HEALTH, "/exchange/single": SINGLE,
        "/exchange/consents": _between_nodes(
            "exchange_consents",
            "Whether a consent given here is in force",
            "Asked by the holder's node at each use under a consent of this node's people. A yes "
            "is counted and written down for the giver before it is answered, a refusal is written "
            "down too; the answer is signed. Nodes know each other by a token.",
            "A signed text: the state, for this question alone.",
        ),
        "/exchange/agreements": _between_nodes(
            "exchange_agreements",
            "What agreements about a system ask of people",
            "Asked by a node that does not carry the system, so that its people can read there "
            "what they may allow. Nodes know each other by a token.",
            "A signed text: the agreements in force that need consent, for this question alone.",
        ),
    }  # fmt: skip


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
SINGLE: dict[str, Any] = {
    "post": {
        "operationId": "exchange_single",
        "summary": "One use, asked by another node",
        "description": "Answered after the use is durably written down. Nodes know each other by "
        "a token.",
        "tags": ["exchange"],
        "parameters": [],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["use"],
                        "properties": {
                            "use": {"$ref": "#/components/schemas/Use"},
                            "known_as": {
                                "type": ["object", "null"],
                                "additionalProperties": {"type": "string"},
                            },
                            "consents": {
                                "type": "object",
                                "description": "Signed consents of the subjects, by subject.",
                            },
                        },
                    }
                }
            },
        },
        "responses": {
            "200": {
                "description": "Rows for each subject, with the number of its evidence.",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["answers"],
                            "properties": {
                                "answers": {"type": "array"},
                                "consents": {"type": "array", "items": {"type": "string"}},
                            },
                        }
                    }
                },
            },
            **{
                status: _answer(text, "ExchangeFailure")
                for status, text in (
                    ("400", "Not a use."),
                    ("401", "Unknown node."),
                    ("403", "No agreement permits it."),
                    ("409", "The holder's answer is stale."),
                    ("503", "The holder does not answer."),
                )
            },
            "411": problem("The body has no length."),
            "413": problem(ALWAYS["413"]),
            "429": problem(ALWAYS["429"]),
        },
        "security": [{"node": []}],
        "x-access": PUBLIC_ACCESS,
    }
}


def _between_nodes(code: str, title: str, about: str, answer: str) -> dict[str, Any]:
    """A question of another node that is answered by a signed text."""
    signed = {
        "type": "object",
        "required": ["answer"],
        "properties": {"answer": {"type": "object"}},
    }
    refusals = (
        ("400", "Not a question."),
        ("401", "Unknown node."),
        ("503", "Nothing can be written down or signed now."),
    )
    responses: dict[str, Any] = {
        "200": {"description": answer, "content": {"application/json": {"schema": signed}}},
        **{status: _answer(text, "ExchangeFailure") for status, text in refusals},
        "411": problem("The body has no length."),
        "413": problem(ALWAYS["413"]),
        "429": problem(ALWAYS["429"]),
    }
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "post": {
            "operationId": code,
            "summary": title,
            "description": about,
            "tags": ["exchange"],
            "parameters": [],
            "requestBody": {"required": True, "content": content},
            "responses": responses,
            "security": [{"node": []}],
            "x-access": PUBLIC_ACCESS,
        }
    }
