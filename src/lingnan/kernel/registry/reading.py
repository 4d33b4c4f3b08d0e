"""Reading records as the holder's own official: every opening and hit is evidence first."""

from typing import Any

from lingnan.kernel.registry.records import Record, visible_to
from lingnan.kernel.runtime import keys
from lingnan.kernel.trust.api import Actor, node_evidence

PAGE = 25
PSEUDONYM = "pseudonym"


def context_of(model: type[Record]) -> str:
    return f"{model._meta.app_label}.{model._meta.model_name}"


def reference(record: Record) -> str:
    """What addresses and the API call a record: never its key."""
    return keys.veil(record.key, context_of(type(record)))


def page(
    model: type[Record], actor: Actor, search: str = "", after: str = ""
) -> tuple[list[Any], str]:
    """Up to 25 records after a reference, and the reference to go on from ("" at the end)."""
    rows = visible_to(model, actor)
    if search:
        rows = _matching(model, rows, search)
    start = keys.unveil(after, context_of(model)) if after else None
    if start is not None:
        rows = rows.filter(key__gt=start)
    found = list(rows.order_by("key")[: PAGE + 1])
    shown, more = found[:PAGE], len(found) > PAGE
    _witness("record.listed", model, actor, shown, {"search": search})
    return shown, reference(shown[-1]) if more else ""


def _matching(model: type[Record], rows: Any, search: str) -> Any:
    from django.db.models import Q

    condition = Q()
    for name in model.record.search:
        condition |= Q(**{f"{name}__startswith": search})
    return rows.filter(condition)


def opened(model: type[Record], actor: Actor, ref: str) -> Record | None:
    """One record, its opening written down before it is shown; None when not to be seen."""
    key = keys.unveil(ref, context_of(model))
    record = visible_to(model, actor).filter(key=key).first() if key is not None else None
    if record is not None:
        _witness("record.opened", model, actor, [record], {})
    return record


def _witness(
    kind: str, model: type[Record], actor: Actor, records: list[Any], more: dict[str, Any]
) -> None:
    if not records:
        return
    subject = model.record.subject or context_of(model)
    payload = {
        "record_type": context_of(model),
        "body": actor.body,
        "role": actor.role,
        "actor": actor.signature,
        "elements": sorted(model.record.elements),
    }
    subjects = [(subject, record.key) for record in records]
    concerned = model.record.concerns
    if concerned:
        subjects += [(PSEUDONYM, keys.shortened(getattr(row, concerned))) for row in records]
    entry = node_evidence.entry(kind, payload | more, subjects)
    node_evidence.write([entry])
