"""Agreements: no use without one that covers it."""

from collections.abc import Sequence
from datetime import date

from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.exchange.use import Denied, Use
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import superiors


def conclude(
    number: str,
    resource: str,
    consumer: str,
    purpose: str,
    basis: str,
    elements: Sequence[str],
    by: str,
    valid_until: date | None = None,
    consent: bool = False,
) -> Agreement:
    """Put an agreement into force from today's legal date.

    With `consent` each use needs the consent of whom it is about.
    """
    with action(by=by, reason=f"agreement {number}") as act:
        return act.create(
            Agreement,
            number=number,
            resource=resource,
            consumer=consumer,
            purpose=purpose,
            basis=basis,
            elements=list(elements),
            valid_until=valid_until,
            consent=consent,
        )


def covering(use: Use) -> Agreement:
    """The agreement that covers a use. Raises Denied.

    An agreement of a body covers the bodies below it, for its purpose, basis and elements only.
    """
    today = legal_time.today()
    candidates = Agreement.objects.filter(
        resource=use.resource,
        purpose=use.purpose,
        consumer__in=superiors(use.consumer) or [use.consumer],
        ended=False,
        valid_from__lte=today,
    )
    if not use.basis:
        raise Denied("a use without a legal basis")
    for agreement in candidates:
        if agreement.basis != use.basis:
            continue
        in_time = agreement.valid_until is None or agreement.valid_until >= today
        if in_time and set(use.elements) <= set(agreement.elements):
            return agreement
    raise Denied(
        f"no agreement lets {use.consumer} read {use.resource} for {use.purpose} "
        f"on the basis {use.basis}"
    )
