"""Finding an enterprise by what people know it by."""

from django.db.models import QuerySet

from lingnan.systems.government.legal_persons.models import Enterprise

MOST = 25


def find(among: QuerySet[Enterprise], said: str) -> list[Enterprise]:
    """At most 25: the one with this credit code, else those whose name begins so."""
    code = said.replace(" ", "").upper()
    exact = list(among.filter(credit_code=code)[:1])
    return exact or list(among.filter(name__startswith=said).order_by("name", "key")[:MOST])
