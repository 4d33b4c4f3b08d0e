"""Pseudonyms: each pair of members names a subject otherwise.

128 bits of an HMAC over the key, made by the holder of the mapping, in the same process
too. The mapping is kept, so that a pseudonym is read back without trying keys.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.conf import settings
from django.db import connection

from lingnan.kernel.exchange.models import Pseudonym
from lingnan.kernel.registry.api import merged_into, survivors
from lingnan.kernel.runtime import statements

TOGETHER = 900
KINDS = ("person", "organisation", "place", "thing")


class UnknownSubject(LookupError):
    """A pseudonym that this member was never given."""


def make(kind: str, member: str, key: int) -> str:
    """The pseudonym of a key for a member: 32 hexadecimal digits."""
    return mark(f"{kind}|{member}", str(key))


def mark(context: str, text: str) -> str:
    """What stands for a text where only likeness may be told: 32 hexadecimal digits."""
    keyed = _keyed(settings.SECRET_KEY).copy()
    keyed.update(f"{context}|{text}".encode())
    return keyed.hexdigest()[:32]


@lru_cache(maxsize=2)
def _keyed(secret: str) -> hmac.HMAC:
    return hmac.new(f"pseudonym|{secret}".encode(), digestmod=hashlib.sha256)


def give(kind: str, member: str, keys: Iterable[int]) -> dict[int, str]:
    """The pseudonyms by which `member` knows these subjects, made where there is none."""
    wanted = [(kind, member, key) for key in keys]
    return {key: name for (_kind, _member, key), name in give_all(wanted).items()}


def give_all(wanted: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str, int], str]:
    """The same for many members at once: of (kind, member, key), in one writing."""
    made = {row: make(*row) for row in wanted}
    # Most have been given before: a look is cheaper than a transaction that writes nothing.
    known = _given_before(list(made.values()))
    rows = [
        Pseudonym(pseudonym=name, kind=kind, member=member, key=key)
        for (kind, member, key), name in made.items()
        if name not in known
    ]
    if rows:
        Pseudonym.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    return made


def _given_before(names: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(names), TOGETHER):
        some = names[start : start + TOGETHER]
        found |= {name for (name,) in statements.rows(_given_sql(len(some)), some)}
    return found


@lru_cache(maxsize=8)
def _given_sql(count: int) -> str:
    table = connection.ops.quote_name(Pseudonym._meta.db_table)
    marks = ", ".join(["%s"] * count)
    return f"SELECT pseudonym FROM {table} WHERE pseudonym IN ({marks})"


def resolve(kind: str, member: str, names: Sequence[str]) -> dict[str, int]:
    """The keys behind a member's pseudonyms, of merged subjects those of the survivors.

    Raises UnknownSubject when one is not its own.
    """
    found = known(kind, member, names)
    absent = [name for name in names if name not in found]
    if absent:
        raise UnknownSubject(absent[0])
    return _standing(kind, found)


def known(kind: str, member: str, names: Sequence[str]) -> dict[str, int]:
    """The keys, as they were given, behind those of the names that are this member's."""
    found: dict[str, int] = {}
    # In order: of many, those that stand together are found together.
    ordered = sorted(names) if len(names) > TOGETHER else names
    for start in range(0, len(names), TOGETHER):
        some = list(ordered[start : start + TOGETHER])
        rows = statements.rows(_known_sql(len(some)), [kind, member, *some])
        found |= {name: key for name, key in rows if key is not None}
    return found


def given(kind: str, member: str, keys: Sequence[int]) -> list[str]:
    """What a member was told of these keys, in their order. Raises UnknownSubject."""
    found: dict[int, str] = {}
    for start in range(0, len(keys), TOGETHER):
        rows = Pseudonym.objects.filter(
            kind=kind, member=member, key__in=keys[start : start + TOGETHER]
        )
        for key, name in rows.values_list("key", "pseudonym"):
            # Two of one key are of two secrets of the node: today's stands.
            if key not in found or name == make(kind, member, key):
                found[key] = name
    if absent := next((key for key in keys if key not in found), None):
        raise UnknownSubject(str(absent))
    return [found[key] for key in keys]


@lru_cache(maxsize=8)
def _known_sql(count: int) -> str:
    """Written out: a use asks it each time, and the ORM takes longer to say it than to hear it.

    Kind and member stand outside the condition: a database that knows little of the table would go
    through all that the member knows.
    """
    marks = ", ".join(["%s"] * count)
    table = connection.ops.quote_name(Pseudonym._meta.db_table)
    return (
        "SELECT pseudonym, CASE WHEN kind = %s AND member = %s"
        f" THEN {connection.ops.quote_name('key')} END FROM {table}"
        f" WHERE pseudonym IN ({marks})"
    )


def _standing(kind: str, found: dict[str, int]) -> dict[str, int]:
    """An alias leads to the subject that it was merged into."""
    now = survivors(kind, found.values())
    return {name: now[key] for name, key in found.items()}


def translate(kind: str, source: str, target: str, names: Sequence[str]) -> dict[str, str]:
    """From one member's pseudonyms to another's, for the same subjects."""
    if source == target:
        resolve(kind, source, names)
        return {name: name for name in names}
    keys = resolve(kind, source, names)
    given = give(kind, target, keys.values())
    return {name: given[key] for name, key in keys.items()}


def held_here(member: str, names: Sequence[str]) -> tuple[str, dict[str, int]] | None:
    """(kind, keys by name) when this node holds the mapping of all these names."""
    rows = Pseudonym.objects.filter(member=member, pseudonym__in=names)
    found = {row.pseudonym: row for row in rows}
    if not names or set(found) != set(names):
        return None
    kind = next(iter(found.values())).kind
    return kind, _standing(kind, {name: row.key for name, row in found.items()})


def names_of(kind: str, key: int) -> list[str]:
    """Every pseudonym that was given of a subject, aliases too."""
    rows = Pseudonym.objects.filter(kind=kind, key__in=[key, *merged_into(kind, key)])
    return list(rows.values_list("pseudonym", flat=True))
