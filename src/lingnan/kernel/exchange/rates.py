"""How often an agreement may be used in a time: `1000 subjects/day`, `60 uses/minute`.

A process takes a share of a window from the database, in one small transaction, and counts from
it without asking again. What is left of its share is lost with it: after a restart a body may be
let through less than agreed, never more. Minutes and days are of system time, in China's zone:
what is protected is the node, and a demonstration's clock stands still.
"""

import re
import threading
from dataclasses import dataclass
from functools import lru_cache

from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.utils import timezone

from lingnan.kernel.exchange.models import Agreement, AgreementUse
from lingnan.kernel.exchange.use import Denied
from lingnan.kernel.exchange.wording import NotATerm
from lingnan.kernel.runtime.api import legal_time

_RATE = re.compile(r"([1-9][0-9]{0,9}) (uses|subjects)/(minute|day)")
SHARES, ATTEMPTS = 50, 20
_left: dict[tuple[str, str, str], int] = {}
_counting = threading.Lock()


@dataclass(frozen=True)
class Rate:
    """At most `most` of `unit` (uses or subjects) in one `span` (minute or day)."""

    most: int
    unit: str
    span: str

    def __str__(self) -> str:
        return f"{self.most} {self.unit}/{self.span}"


@lru_cache(maxsize=1024)
def read(text: str) -> Rate | None:
    """None of an empty text. Raises NotATerm."""
    if not text:
        return None
    found = _RATE.fullmatch(text)
    if found is None:
        raise NotATerm("rate")
    return Rate(int(found[1]), found[2], found[3])


def take(agreement: Agreement, subjects: int) -> None:
    """Count one use of so many subjects before it is answered. Raises Denied.

    A use that then fails stays counted.
    """
    count(agreement.number, agreement.rate, subjects)


def count(number: str, text: str, subjects: int) -> None:
    """The same for what is agreed under a number without an agreement here. Raises Denied."""
    rate = read(text)
    if rate is None:
        return
    wanted = subjects if rate.unit == "subjects" else 1
    key = (number, text, _window(rate.span))
    with _counting:
        left = _left.get(key, 0)
        if left < wanted:
            left += _share(number, rate, key[2], wanted - left)
            for old in [one for one in _left if one[:2] == key[:2] and one != key]:
                del _left[old]
        _left[key] = left - wanted


def forget() -> None:
    """As if this process had just begun: its shares are lost."""
    with _counting:
        _left.clear()


def _window(span: str) -> str:
    now = timezone.now().astimezone(legal_time.CHINA)
    return now.strftime("%Y-%m-%dT%H:%M" if span == "minute" else "%Y-%m-%d")


def _share(number: str, rate: Rate, window: str, wanted: int) -> int:
    """Take at least `wanted` of the window, and some to go on with. Raises Denied."""
    rows = AgreementUse.objects.filter(agreement=number)
    for _attempt in range(ATTEMPTS):
        found = rows.filter(window=window).aggregate(taken=Sum("count"), last=Max("ordinal"))
        open_ = rate.most - (found["taken"] or 0)
        if wanted > open_:
            raise Denied(f"more than the agreement allows: {rate} (rate)", "rate")
        share = min(open_, max(wanted, rate.most // SHARES))
        try:
            with transaction.atomic():
                AgreementUse.objects.create(
                    agreement=number, window=window,
                    ordinal=(found["last"] or 0) + 1, count=share,
                )  # fmt: skip
                if not found["last"]:
                    rows.exclude(window=window).filter(window__lt=window).delete()
        except IntegrityError:
            continue  # another process took a share at the same moment
        return share
    raise Denied("too many uses of the agreement at once (rate)", "rate")
