"""Which posts there are at a body."""

from django.conf import settings

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.models import Body, Holding
from lingnan.kernel.trust.people.duties import HEAD


def roles(body: Body) -> dict[str, Title]:
    """The posts that bodies of the same function and tier have, by the jurisdiction's list or
    because somebody holds them, and that of a head."""
    alike = Body.objects.filter(function=body.function, tier=body.tier, ended=False)
    held = Holding.objects.filter(body__in=alike.values("code"), ended=False)
    rows = held.values_list("role", "title_zh", "title_en").distinct().order_by("role")
    listed = {
        one["role"]: Title(one["title_zh"], one["title_en"])
        for one in settings.POSTS
        if one["function"] == body.function and body.tier in one["tiers"]
    }
    found = listed | {role: Title(zh, en) for role, zh, en in rows}
    return {HEAD: Title("负责人", "Head")} | dict(sorted(found.items()))
