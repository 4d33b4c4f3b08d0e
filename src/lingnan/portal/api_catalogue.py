"""What a node offers, for programs: matters, life events, certificates to verify, resources."""

from datetime import date
from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from lingnan.kernel.exchange.api import resources
from lingnan.kernel.matters import verification
from lingnan.kernel.matters.api import (
    LifeEvent,
    Matter,
    find,
    published,
    published_events,
)
from lingnan.kernel.runtime.api import Title

matters_router = Router(tags=["matters"], auth=None)
events_router = Router(tags=["life events"], auth=None)
certificates_router = Router(tags=["certificates"], auth=None)
resources_router = Router(tags=["resources"])


class Words(Schema):
    """A text in both languages."""

    zh: str
    en: str


class Basis(Schema):
    law: str
    version: str
    article: str


class Limit(Schema):
    """Days within which something is due: as the law says, and as the body promises."""

    unit: Literal["working_day", "calendar_day"]
    statutory: int
    promised: int


class MatterBrief(Schema):
    code: str
    version: int
    title: Words
    summary: Words
    function: str
    tier: str
    fee_yuan: float


class FieldOut(Schema):
    """A question of the form; `resource` names the record that answers it, empty if none does."""

    name: str
    title: Words
    type: str
    required: bool
    element: str
    resource: str


class MaterialOut(Schema):
    code: str
    title: Words
    required: bool
    basis: str


class MatterOut(MatterBrief):
    """A matter as it is in force today."""

    system: str
    basis: list[Basis]
    limits: dict[str, Limit]
    fields: list[FieldOut]
    materials: list[MaterialOut]
    certificate: Words


class EventOut(Schema):
    """A life event: several matters applied for with one form."""

    code: str
    version: int
    title: Words
    summary: Words
    matters: list[str]
    basis: list[Basis]
    limit: Limit


class CertificateOut(Schema):
    """What is known of a code. `issued`: compare every line with the paper; `changed`: do not
    rely on it. Only the file itself shows whether a file was changed."""

    state: Literal["issued", "revoked", "changed"]
    title: Words
    number: str
    holder: str
    issued_by: Words
    valid_from: date
    sha256: str


class ResourceOut(Schema):
    """An entry of the catalogue of what is shared between bodies."""

    code: str
    system: str
    title: Words
    subject: str
    elements: dict[str, Words]
    sharing: str
    condition: Words
    basis: str


def words(title: Title | dict[str, str]) -> dict[str, str]:
    found = Title.of(title) if isinstance(title, dict) else title
    return {"zh": found.zh, "en": found.en}


def _basis(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{name: str(row[name]) for name in ("law", "version", "article")} for row in rows]


def _limits(matter: Matter) -> dict[str, dict[str, Any]]:
    """Those that the law gives whatever is answered; a variant of answers stands on the page."""
    return {name: _limit(row) for name, row in matter.limits.items() if "statutory" in row}


def _limit(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("unit", "statutory", "promised")}


def _brief(matter: Matter, version: int) -> dict[str, Any]:
    return {
        "code": matter.code,
        "version": version,
        "title": words(matter.title),
        "summary": words(matter.summary),
        "function": matter.function,
        "tier": matter.tier,
        "fee_yuan": float(matter.content["matter"].get("fee", {}).get("amount", 0)),
    }


@matters_router.get("", response=list[MatterBrief], summary="Matters in force")
def list_matters(request: HttpRequest) -> list[dict[str, Any]]:
    """Everything that one can apply for at this node today, by code."""
    return [_brief(matter, definition.number) for definition, matter in published()]


@matters_router.get("/{code}", response=MatterOut, summary="One matter")
def one_matter(request: HttpRequest, code: str) -> dict[str, Any]:
    """What it asks, on which basis, and how long it takes; 404 where it is not in force."""
    found = find(code)
    if found is None:
        raise Http404
    definition, matter = found
    return _brief(matter, definition.number) | {
        "system": matter.system,
        "basis": _basis(matter.basis),
        "limits": _limits(matter),
        "fields": [
            {
                "name": field.name,
                "title": words(field.title),
                "type": field.type,
                "required": field.required,
                "element": field.element,
                "resource": field.resource,
            }
            for field in matter.form.fields()
        ],
        "materials": [
            {"code": m.code, "title": words(m.title), "required": m.required, "basis": m.basis}
            for m in matter.materials
        ],
        "certificate": words(matter.certificate["title"]),
    }


def _event(event: LifeEvent, version: int) -> dict[str, Any]:
    return {
        "code": event.code,
        "version": version,
        "title": words(event.title),
        "summary": words(event.summary),
        "matters": event.codes,
        "basis": _basis(event.basis),
        "limit": _limit(event.limit),
    }


@events_router.get("", response=list[EventOut], summary="Life events in force")
def list_events(request: HttpRequest) -> list[dict[str, Any]]:
    """Every life event whose matters this node carries."""
    return [_event(event, definition.number) for definition, event in published_events(published())]


@events_router.get("/{code}", response=EventOut, summary="One life event")
def one_event(request: HttpRequest, code: str) -> dict[str, Any]:
    """404 where it is not in force here."""
    for definition, event in published_events(published()):
        if event.code == code:
            return _event(event, definition.number)
    raise Http404


@certificates_router.get("/{code}", response=CertificateOut, summary="Verify a certificate")
def verify(request: HttpRequest, code: str) -> dict[str, Any]:
    """By the code beneath its QR code; the stored file and its seal are checked each time."""
    verdict = verification.of_code(code)
    certificate = verdict.certificate
    if certificate is None:
        raise Http404
    return {
        "state": verdict.state if verdict.state in ("issued", "revoked") else "changed",
        "title": words(certificate.title),
        "number": certificate.number,
        "holder": certificate.holder,
        "issued_by": words(certificate.body),
        "valid_from": certificate.valid_from,
        "sha256": certificate.sha256,
    }


@resources_router.get("", response=list[ResourceOut], summary="Catalogue of shared resources")
def list_resources(request: HttpRequest) -> list[dict[str, Any]]:
    """What bodies share here, under which condition, by code; for officials."""
    return [
        {
            "code": one.code,
            "system": one.system,
            "title": words(one.title),
            "subject": one.subject,
            "elements": {code: words(title) for code, title in one.elements.items()},
            "sharing": one.sharing,
            "condition": words(one.condition),
            "basis": one.basis,
        }
        for _code, one in sorted(resources().items())
    ]
