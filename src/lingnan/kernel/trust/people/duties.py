"""Which posts an account holds or is to hold, and who answers for it by them."""

from lingnan.kernel.trust.actors import superiors
from lingnan.kernel.trust.models import Account, Appointment, Body, Holding

HEAD = "head"


def of(account: Account) -> set[tuple[str, str]]:
    """(body, role) of the posts that an account holds or is to hold; where there is none any more,
    of those that it held: who answered for it last can still unlock it."""
    held = Holding.objects.filter(account=account.key)
    coming = Appointment.objects.filter(account=account.key, state__in=Appointment.OPEN)
    names = ("body", "role")
    now = {*held.filter(ended=False).values_list(*names), *coming.values_list(*names)}
    return now or set(held.values_list(*names))


def alone_under(body: str, account: Account) -> bool:
    """Whether the head of a body answers for an account alone: no post is elsewhere, none of a
    head. What another body entrusts is not opened or closed from here."""
    posts = of(account)
    return bool(posts) and all(one == body and role != HEAD for one, role in posts)


def recovers(body: str, account: Account) -> bool:
    """Whether the head of a body opens the way back for an account that has lost every other: for
    each of its posts the own body's head does, and for a head the head of a body above."""
    posts = of(account)
    return bool(posts) and all(
        body in above(one) or (one == body and role != HEAD) for one, role in posts
    )


def above(code: str) -> list[str]:
    """The bodies whose heads answer for a body: those above it, nearest first, then the people's
    government of the province; for that the province's data body."""
    rows = Body.objects.filter(tier="province", ended=False).exclude(code=code)
    top = list(rows.filter(function="government").values_list("code", flat=True))
    found = [*superiors(code)[1:], *top]
    return found or list(rows.filter(function="data").values_list("code", flat=True))
