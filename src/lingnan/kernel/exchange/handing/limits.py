"""How much one body may have on its way, and how long what has stopped half way is kept."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Sum

from lingnan.kernel.exchange.handing.models import Handover, Incoming

IN_FLIGHT = 4
"""Handovers of the largest size that one body may have on its way at once."""
UNDER_WAY = ("filling", "reading", "waiting")


class TooMuch(ValueError):
    """More than one handover may have, or than a body may have on its way."""


def largest() -> int:
    """Bytes of one handover (`LINGNAN_HANDED_GB`)."""
    return int(settings.HANDED_LIMIT)


def forgotten() -> timedelta:
    """After so long without a message the parts that came are removed (`LINGNAN_HANDED_DAYS`)."""
    return timedelta(days=settings.HANDED_DAYS)


def demand_size(size: int) -> None:
    """Raises TooMuch."""
    if size > largest():
        raise TooMuch(f"at most {largest():,} bytes are handed over at once; this has {size:,}")


def demand_coming(server: str, sender: str, size: int) -> None:
    """Of what a body at another node sends here. Raises TooMuch."""
    demand_size(size)
    coming = Incoming.objects.filter(server=server, sender=sender, state="open")
    _demand(sender, size, int(coming.aggregate(n=Sum("size"))["n"] or 0))


def demand_going(sender: str, size: int) -> None:
    """Of what a body of this node gives. Raises TooMuch."""
    demand_size(size)
    going = Handover.objects.filter(sender=sender, state__in=UNDER_WAY)
    _demand(sender, size, int(going.aggregate(n=Sum("size"))["n"] or 0))


def _demand(sender: str, size: int, others: int) -> None:
    most = IN_FLIGHT * largest()
    if others + size > most:
        raise TooMuch(f"{sender} has {others:,} bytes on their way, of at most {most:,}")
