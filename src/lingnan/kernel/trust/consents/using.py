"""Whether a consent lets a body read now, and the count of its uses.

Asked anew at each use, so that what was revoked lets nothing through any more. Days and periods are
of legal time.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.trust.actors import superiors
from lingnan.kernel.trust.consents.giving import CROSSING, PERSON, said_by
from lingnan.kernel.trust.models import Consent, ConsentUse

ATTEMPTS = 5
TOGETHER = 500


class NoConsent(Exception):
    """Nobody's consent covers the use; the text says what is lacking."""


@dataclass(frozen=True)
class Asking:
    """What a body wants to read: only a consent that covers all of it counts.

    terms      the digest of what the agreement says today: a changed one needs a new consent
    sensitive  those of the elements that need a separate consent (单独同意)
    crosses    whether what is read leaves the mainland's territory (第三十九条: separate, too)
    """

    body: str
    resource: str
    purpose: str
    basis: str
    elements: Collection[str]
    terms: str = ""
    sensitive: Collection[str] = ()
    crosses: bool = False


def covering(asking: Asking, givers: Collection[str]) -> dict[str, Consent]:
    """By giver, the consent that covers the use today and is not used up. Raises NoConsent."""
    found = covered(asking, givers)
    if set(found) != set(givers):
        raise NoConsent("no consent that is in force and not used up covers this use")
    return found


def covered(asking: Asking, givers: Collection[str]) -> dict[str, Consent]:
    """The same of those who have given one: the others are not in it."""
    today, wanted = legal_time.today(), sorted(givers)
    above = superiors(asking.body) or [asking.body]
    found: dict[str, Consent] = {}
    for start in range(0, len(wanted), TOGETHER):
        rows = Consent.objects.filter(
            giver__in=wanted[start : start + TOGETHER],
            resource=asking.resource,
            purpose=asking.purpose,
            basis=asking.basis,
            body__in=above,
            revoked_at=None,
            ended=False,
            valid_from__lte=today,
            valid_until__gte=today,
        )
        for row in rows.order_by("key"):
            if covers(row, asking) and used(row, today) < row.most:
                found.setdefault(row.giver, row)
    return found


def covers(consent: Consent, asking: Asking) -> bool:
    """Whether a consent says all that is asked for, under the agreement as it stands now.

    《个人信息保护法》（2021-08-20）第十四条第二款: a changed purpose, way or kind needs a new
    consent; 第二十九条: sensitive elements need a separate one.
    """
    whole = set(asking.elements) <= set(consent.elements)
    apart = consent.giver_kind != PERSON or (
        set(asking.sensitive) & set(asking.elements) <= set(consent.separate)
        and (not asking.crosses or CROSSING in consent.separate)
    )
    # Consents of before agreements had a digest name none: they stand by what they say.
    same = consent.terms == asking.terms or "terms" not in said_by(consent)
    return whole and apart and same


def window(period: str, day: date) -> str:
    """The period in which a use of that day counts."""
    names = {"day": day.isoformat(), "month": f"{day:%Y-%m}", "year": f"{day:%Y}"}
    return names.get(period, "once")


def used(consent: Consent, on: date) -> int:
    """How often it has been used in the period of a day."""
    rows = ConsentUse.objects.filter(consent=consent.key, window=window(consent.period, on))
    return rows.count()


def take(consents: Mapping[str, Consent]) -> None:
    """Count one use of each, or of none: before anything is answered. Raises NoConsent.

    A use that then fails stays counted: it may be counted too often, never too seldom.
    """
    with transaction.atomic():
        for consent in consents.values():
            _take(consent)


def taken(consents: Mapping[str, Consent]) -> dict[str, Consent]:
    """Count one use of each that still lets itself be used; only those are in what is returned."""
    found = {}
    for giver, consent in consents.items():
        try:
            take({giver: consent})
        except NoConsent:
            continue
        found[giver] = consent
    return found


def _take(consent: Consent) -> None:
    today = legal_time.today()
    for _attempt in range(ATTEMPTS):
        # Asked again at the last moment: revoked in between lets nothing through.
        if not Consent.objects.filter(key=consent.key, revoked_at=None).exists():
            raise NoConsent("the consent has been revoked")
        number = used(consent, today) + 1
        if number > consent.most:
            raise NoConsent("the consent is used up for this period")
        try:
            with transaction.atomic():
                ConsentUse.objects.create(
                    consent=consent.key,
                    window=window(consent.period, today),
                    ordinal=number,
                    at=legal_time.now(),
                )
        except IntegrityError:
            continue  # somebody took this number at the same moment
        return
    raise NoConsent("too many uses of the consent at once")
