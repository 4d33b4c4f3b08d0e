"""Whoever else had read what was corrected is told: found in the evidence, told once."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from lingnan.kernel.duty.api import messages
from lingnan.kernel.exchange.api import (
    Resource,
    UnknownSubject,
    resources,
    sets_about,
    subject_key,
)
from lingnan.kernel.registry.api import raising
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import Holding, node_evidence
from lingnan.systems.government.resource_exchange.corrections import acts
from lingnan.systems.government.resource_exchange.corrections.models import CorrectionTold

AT_ONCE, READINGS = 50, 1000
"""Corrections of a round; uses of one subject that are looked through, the newest."""
CORRECTED = Title("您单位读取过的记录已更正", "A record that your body had read was corrected")


def spread() -> int:
    """Tell of the corrections since the last round; how many bodies were told. To be repeated."""
    done = CorrectionTold.objects.filter(body="").aggregate(last=Max("event"))["last"] or 0
    told = 0
    for event in raising.corrections(done, AT_ONCE):
        readers = set(_readers(event))
        with transaction.atomic():
            for body, case, resource in sorted(readers):
                told += _tell(event, body, case, resource)
            CorrectionTold.objects.get_or_create(
                event=event.pk, body="", case="", defaults={"at": legal_time.now()}
            )
    return told


def _readers(event: Any) -> Iterator[tuple[str, str, str]]:
    """(body, case, resource) of every use that was answered with what was wrong. The body that
    raised the doubt has its answer by itself."""
    doubt = event.doubt
    try:
        model = raising.model_of(doubt)
    except LookupError:
        return
    record = model.objects.filter(key=doubt.record).first()
    if record is None:
        return
    since = _written(model, record, doubt)
    for resource in resources().values():
        declared = acts.declares(resource)
        if declared is None or declared[0] is not model or doubt.element not in resource.elements:
            continue
        for payload in _uses(resource, _key(resource, declared[1], record)):
            read = datetime.fromisoformat(payload["legal_time"])
            said = doubt.element in payload.get("elements", ())
            if said and since <= read <= event.at and payload["consumer"] != doubt.body:
                why = str(payload.get("case") or payload.get("purpose", ""))
                yield payload["consumer"], why[:80], resource.code


def _written(model: Any, record: Any, doubt: Any) -> datetime:
    """When what was doubted was written: reads before it were answered otherwise."""
    row = model.Version.objects.filter(key=doubt.record, version=doubt.version).first()
    at: datetime = row.recorded_at if row else record.recorded_at
    return at


def _key(resource: Resource, field: str, record: Any) -> int | None:
    """Under which key the evidence knows whom the record is about."""
    if field == "key":
        return int(record.key)
    try:
        return subject_key(getattr(record, field), resource.system, resource.subject)
    except UnknownSubject:
        return None


def _uses(resource: Resource, key: int | None) -> Iterator[dict[str, Any]]:
    if key is None:
        return
    reader = node_evidence.reader()
    read = reader.by_subject(resource.subject, key, None, READINGS, ["exchange.read"])
    for entry in [*read, *sets_about([(resource.subject, key)], None, READINGS)]:
        payload = entry.payload or {}
        if payload.get("resource") == resource.code:
            yield payload


def _tell(event: Any, body: str, case: str, code: str) -> int:
    _row, fresh = CorrectionTold.objects.get_or_create(
        event=event.pk, body=body, case=case, defaults={"at": legal_time.now()}
    )
    if not fresh:
        return 0
    element = resources()[code].elements[event.doubt.element]
    text = Title(
        f"“{element.zh}”已由源头部门更正。读取时的办件或者事由：“{case}”。请核对依据它作出的处理。",
        f"“{element.en}” was corrected by its holder. It was read for “{case}”: "
        "please check what rests on it.",
    )
    held = Holding.objects.filter(body=body, role="data_officer", ended=False)
    link = f"/catalogue/{code}/"
    whom = sorted(set(held.values_list("account", flat=True)))
    messages.send_all((account, CORRECTED, text, link) for account in whom)
    return 1
