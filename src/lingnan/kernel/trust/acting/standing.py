"""Who acts in a session that acts for another: looked at anew in each request."""

from dataclasses import replace

from django.http import HttpRequest

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.trust.acting import registers, rules
from lingnan.kernel.trust.acting.models import Power
from lingnan.kernel.trust.acting.rules import Acting, Given
from lingnan.kernel.trust.actors import Actor

IN_SESSION = "acting"


def given(power: Power) -> Given:
    return Given(
        basis=power.basis,
        scope=tuple(power.scope),
        first=power.offered_at.astimezone(legal_time.CHINA).date(),
        last=power.last,
        accepted=power.accepted_at is not None,
        closed=power.closed_why,
    )


def acting_of(power: Power, own: Actor | None) -> Acting:
    """How a power stands now for its agent; without `own`, as whoever gave it sees it."""
    today, said = legal_time.today(), given(power)
    found = registers.Stands(rules.over(said, today))
    if not found.over:
        found = registers.stands(
            registers.Asked(
                power.basis,
                power.principal,
                power.principal_kind,
                power.code,
                own.subject if own is not None else "",
                today,
            )
        )
    return Acting(
        number=power.number,
        basis=power.basis,
        principal=power.principal,
        kind=power.principal_kind,
        name=power.name,
        code=power.code,
        scope=frozenset() if found.over else rules.holds_for(said, found.scope),
        agent=power.agent,
        agent_name=own.name if own is not None else power.agent_name,
        over=found.over,
    )


def of(request: HttpRequest, own: Actor) -> Actor:
    """The actor of a session: who is signed in, or for whom they chose to act.

    What is over does not make it silently one's own session again: a form that was meant for
    another would be sent in one's own name. It stays, open for nothing, until it is laid down.
    """
    number = request.session.get(IN_SESSION)
    if not number or own.kind != "resident":
        return own
    power = Power.objects.filter(number=number, agent=own.account).first()
    if power is None:
        return own
    acting = acting_of(power, own)
    if power.principal_kind != "person":
        return replace(own, acting=acting)
    return replace(
        own, account=power.account, name=power.name, subject=power.principal, acting=acting
    )


def agents_of(code: str, scope: str) -> set[int]:
    """The accounts that may act now for the firm of a code, for some things."""
    powers = Power.objects.filter(code=code, closed_at=None, ended=False).exclude(code="")
    standing = powers.exclude(accepted_at=None).filter(last__gte=legal_time.today())
    return {one.agent for one in standing if acting_of(one, None).may(scope)}
