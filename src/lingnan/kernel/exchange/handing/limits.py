"""How much one body may have on its way, how much an agreement lets pass in a day, and how long
what has stopped half way is kept.

Days are of system time, in China's zone. The sender counts what was begun on a day, the receiver
what was announced; there a full day is no refusal: it goes on by itself on the next.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from lingnan.kernel.exchange import volumes
from lingnan.kernel.exchange.handing import store
from lingnan.kernel.exchange.handing.manifests import Manifest
from lingnan.kernel.exchange.handing.models import Handover, Incoming
from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.runtime.api import legal_time

IN_FLIGHT = 4
"""Handovers of the largest size that one body may have on its way at once."""
UNDER_WAY = ("filling", "reading", "waiting")


class TooMuch(ValueError):
    """More than one handover may have, than a body may have on its way, or than was agreed."""


class FullToday(store.NoRoom):
    """What was agreed for this day has come: the rest comes on the next."""


def largest() -> int:
    """Bytes of one handover (`LINGNAN_HANDED_GB`)."""
    return int(settings.HANDED_LIMIT)


def forgotten() -> timedelta:
    """After so long without a message the parts that came are removed (`LINGNAN_HANDED_DAYS`)."""
    return timedelta(days=settings.HANDED_DAYS)


def returning() -> timedelta:
    """For so long after the last attempt an operator may have it tried again; then it comes back
    to its sender (`LINGNAN_HANDED_RETURN_DAYS`)."""
    return timedelta(days=settings.HANDED_RETURN_DAYS)


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


def demand_agreed(agreement: Agreement, sizes: Sequence[int]) -> None:
    """At the sender's node; call it in the writing that begins the handover, so that two at the
    same moment do not both pass. Raises TooMuch."""
    Agreement.objects.select_for_update().filter(key=agreement.key).first()
    given = Handover.objects.filter(agreement=agreement.number, begun_at__gte=_morning())
    lasting = given.exclude(state__in=("dropped", "refused", "returned")).values_list(
        "files", flat=True
    )
    _demand_agreed(agreement, sizes, lasting)


def demand_agreed_coming(server: str, said: Manifest) -> None:
    """At the receiver's node, where it knows the agreement. Raises TooMuch, FullToday."""
    agreement = Agreement.objects.filter(number=said.agreement, ended=False).first()
    if not said.agreement or agreement is None:
        return
    came = Incoming.objects.filter(
        manifest__agreement=said.agreement, begun_at__gte=_morning(), state__in=("open", "taken")
    )
    others = came.exclude(server=server, **said.key).values_list("manifest__files", flat=True)
    sizes = [file.size for file in said.files]
    try:
        _demand_agreed(agreement, sizes, others)
    except TooMuch as much:
        try:
            _demand_agreed(agreement, sizes, ())
        except TooMuch:
            raise much from None
        raise FullToday(str(much)) from much


def _demand_agreed(
    agreement: Agreement, sizes: Sequence[int], others: Iterable[Sequence[dict[str, int]]]
) -> None:
    terms = volumes.read(agreement.volume)
    if terms.largest is not None and max(sizes) > terms.largest:
        raise TooMuch(f"the agreement {agreement.number} lets no file pass of {max(sizes):,} bytes")
    if terms.daily is None and terms.files is None:
        return
    before = [int(file["size"]) for files in others for file in files]
    if terms.files is not None and len(before) + len(sizes) > terms.files:
        raise TooMuch(f"the agreement {agreement.number} lets {terms.files:,} files pass in a day")
    if terms.daily is not None and sum(before) + sum(sizes) > terms.daily:
        raise TooMuch(f"the agreement {agreement.number} lets {terms.daily:,} bytes pass in a day")


def _morning() -> datetime:
    now = timezone.now().astimezone(legal_time.CHINA)
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
