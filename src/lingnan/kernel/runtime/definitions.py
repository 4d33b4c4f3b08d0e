"""Definitions (matters, forms, processes, parameters, rules) as versioned records.

Files in folders are the first version and the export format. A file that changed after an
edit in the desk becomes a new draft beside it, never an overwrite.
"""

import hashlib
import json
from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.runtime.models import Definition, Publication


def digest(content: Any) -> str:
    """SHA-256 of the canonical JSON of a definition's content."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def published(kind: str, code: str, on: date | None = None) -> Definition | None:
    """The definition in force on a day (default: today's legal date)."""
    publication = (
        Publication.objects.filter(
            definition__kind=kind,
            definition__code=code,
            in_force_from__lte=on or legal_time.today(),
        )
        .select_related("definition")
        .order_by("-in_force_from", "-id")
        .first()
    )
    return publication.definition if publication and _carried(publication.definition) else None


def _carried(definition: Definition) -> bool:
    """Whether this node carries the system that a definition belongs to, where it names one."""
    named = definition.content.get("system") if isinstance(definition.content, dict) else None
    return not named or any(config.label == named for config in apps.get_app_configs())


def all_published(kind: str, on: date | None = None) -> list[Definition]:
    """The definitions of a kind in force on a day, one per code, by code."""
    newest: dict[str, Definition] = {}
    publications = (
        Publication.objects.filter(
            definition__kind=kind, in_force_from__lte=on or legal_time.today()
        )
        .select_related("definition")
        .order_by("in_force_from", "id")
    )
    for publication in publications:
        newest[publication.definition.code] = publication.definition
    return [newest[code] for code in sorted(newest) if _carried(newest[code])]


def import_file(kind: str, code: str, content: Any, in_force_from: date) -> Definition:
    """Take a file's content in. Publishes it unless the desk has edited this definition."""
    mark = digest(content)
    with transaction.atomic():
        versions = Definition.objects.filter(kind=kind, code=code)
        edited = versions.filter(source="desk").exists()
        known = versions.filter(digest=mark).order_by("-number").first()
        if known is not None:
            if not edited and _last_published(kind, code) != known:
                publish(known, in_force_from, by="file")
            return known
        newest = versions.order_by("-number").first()
        definition = Definition.objects.create(
            kind=kind,
            code=code,
            number=newest.number + 1 if newest else 1,
            content=content,
            digest=mark,
            source="file",
            recorded_at=legal_time.now(),
        )
        if not edited:
            publish(definition, in_force_from, by="file")
    return definition


def _last_published(kind: str, code: str) -> Definition | None:
    publications = Publication.objects.filter(definition__kind=kind, definition__code=code)
    last = publications.select_related("definition").order_by("-id").first()
    return last.definition if last else None


def edit(kind: str, code: str, content: Any) -> Definition:
    """Keep an edit made in the desk as a new draft."""
    with transaction.atomic():
        newest = Definition.objects.filter(kind=kind, code=code).order_by("-number").first()
        return Definition.objects.create(
            kind=kind,
            code=code,
            number=newest.number + 1 if newest else 1,
            content=content,
            digest=digest(content),
            source="desk",
            recorded_at=legal_time.now(),
        )


def publish(definition: Definition, in_force_from: date, by: str) -> Publication:
    return Publication.objects.create(
        definition=definition,
        in_force_from=in_force_from,
        recorded_at=legal_time.now(),
        by=by,
    )
