"""Which bodies handle a matter."""

from django.db.models import Q, QuerySet

from lingnan.kernel.matters.definition import Matter
from lingnan.kernel.trust.api import Body


def handling(matter: Matter) -> QuerySet[Body]:
    """The bodies that handle a matter.

    In a city without counties the city's own body handles what is a county's elsewhere.
    """
    here = Q(tier=matter.tier)
    if matter.tier == "county":
        here |= Q(tier="city", undivided=True)
    return Body.objects.filter(here, function=matter.function, ended=False)


def bodies(matter: Matter) -> list[Body]:
    """The bodies that handle a matter, by division."""
    return list(handling(matter).order_by("division"))
