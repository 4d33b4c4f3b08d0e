"""To which division subjects belong: what bounds the sight of officials, asked for supervision."""

from collections.abc import Collection

from lingnan.kernel.registry.records import record_types


def divisions_of(kind: str, keys: Collection[int]) -> dict[int, str]:
    """Key → division code, of the subjects of a kind whose register bounds sight by division.

    `kind` is what evidence calls a subject's holder: person, organisation or a record type
    (`system.name`). Who is in no such register here is left out.
    """
    found: dict[int, str] = {}
    for model in record_types():
        named = f"{model._meta.app_label}.{model._meta.model_name}"
        if model.record.scope and kind in (model.record.subject or named, named):
            rows = model.objects.filter(key__in=list(keys))
            found |= dict(rows.values_list("key", model.record.scope))
    return found
