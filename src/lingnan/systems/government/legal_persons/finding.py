"""Finding an enterprise by what people know it by, today or before 2015."""

from django.db.models import QuerySet

from lingnan.standards.organisation_code import IdentifierKind, recognise
from lingnan.systems.government.legal_persons.models import Enterprise, FormerIdentifier

MOST = 25


def find(among: QuerySet[Enterprise], said: str) -> list[Enterprise]:
    """At most 25: the one with this identifier, else those whose name begins so."""
    known = recognise(said)
    if known is not None:
        kind, value = known
        code = value if kind is IdentifierKind.CREDIT_CODE else _replaced(value)
        exact = list(among.filter(credit_code=code)[:1])
        if exact:
            return exact
    return list(among.filter(name__startswith=said).order_by("name", "key")[:MOST])


def _replaced(value: str) -> str:
    found = FormerIdentifier.objects.filter(value=value).values_list("company", flat=True)
    return found.first() or ""


def former_identifiers(code: str) -> list[FormerIdentifier]:
    """What an enterprise was known by, the registration number first."""
    rows = FormerIdentifier.objects.filter(company=code, ended=False)
    return list(rows.order_by("-kind", "value"))
