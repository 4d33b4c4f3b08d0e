"""What bodies have published, as resources of the exchange."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from lingnan.kernel.exchange.api import Resource, Unavailable, sources
from lingnan.kernel.runtime.api import Title, keys
from lingnan.systems.government.resource_exchange.sources.connecting import connection
from lingnan.systems.government.resource_exchange.sources.models import (
    ANSWERS,
    PUBLISHED,
    KnownThing,
    Publication,
    Source,
)


def mark() -> Any:
    """Which is the newest version of any publication: one look says whether anything changed."""
    versions: Any = Publication.Version.objects
    return versions.order_by("-id").values_list("id", "key", "version").first()


def published() -> list[Resource]:
    return [offered.resource for offered in by_code().values()]


def by_code() -> dict[str, sources.Offered]:
    """What is published, or suspended for a time, by code."""
    rows = Publication.objects.filter(state__in=ANSWERS, ended=False).order_by("key")
    return {one.code: _offered(one) for one in rows}


def _offered(one: Publication) -> sources.Offered:
    table = joined(one)
    answer = sources.paged_answers(table, sources.answers(table))
    resource = Resource(
        code=one.code,
        title=one.title,
        subject=one.subject,
        keyed=False,
        elements={said["element"]: Title(said["zh"], said["en"]) for said in one.columns},
        sharing=one.sharing,
        condition=Title(one.condition_zh, one.condition_en),
        basis=one.basis,
        answer=answer,
        category=one.category,
        cycle=one.cycle,
        sensitive=[said["element"] for said in one.columns if said["sensitive"]],
        body=one.body,
        function=one.function,
    )
    if table.things is not None:
        resource = replace(resource, find=_finding(table))
    return sources.Offered(table, resource, one.asked_by)


def _finding(table: sources.Joined) -> Callable[[str], int | None]:
    def find(code: str) -> int | None:
        return sources.key_of(table, code)

    return find


def joined(one: Publication) -> sources.Joined:
    number = str(one.number)
    things = Things(one.code.partition(".")[0]) if one.subject == "thing" else None
    return sources.Joined(
        one.code, one.body, one.subject, one.elements, lambda: lookup_now(number), things
    )


def lookup_now(number: str) -> sources.Lookup:
    """How a published table is asked now. Raises Unavailable, with the reason."""
    one = Publication.objects.filter(number=number, ended=False).first()
    if one is None or one.state != PUBLISHED:
        raise Unavailable(
            f"{number}: {one.why if one is not None and one.why else 'not published'}"
        )
    return lookup(one)


def lookup(one: Publication) -> sources.Lookup:
    source = Source.objects.get(number=one.source)
    columns = tuple(said["column"] for said in one.columns)
    return sources.Lookup(connection(source), one.table, columns, one.asked_by, one.kept)


class Things:
    """The keys of what a subsystem has codes of its own for."""

    def __init__(self, subsystem: str) -> None:
        self._subsystem = subsystem

    def key_of(self, code: str) -> int:
        rows = KnownThing.objects.filter(subsystem=self._subsystem, code=code)
        found = rows.values_list("key", flat=True).first()
        if found is None:
            one = KnownThing(subsystem=self._subsystem, code=code, key=keys.new_key())
            with transaction.atomic():
                # Two may find it first at one moment: one key stays.
                KnownThing.objects.bulk_create([one], ignore_conflicts=True)
            found = rows.values_list("key", flat=True)[0]
        return int(found)

    def codes_of(self, asked: Sequence[int]) -> Mapping[int, str]:
        rows = KnownThing.objects.filter(subsystem=self._subsystem, key__in=asked)
        return dict(rows.values_list("key", "code"))
