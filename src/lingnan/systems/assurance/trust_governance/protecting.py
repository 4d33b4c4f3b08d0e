"""Persons under protection: a list that two auditors keep, and that nobody else reads.

Basis: 《个人信息保护法》（2021-08-20）第五十一条 (measures against access without authority). No
article at hand names such a list: that there is one is the platform's own choice (unverified).
"""

from django.db import IntegrityError, transaction

from lingnan.kernel.exchange.api import UnknownSubject, subject_key
from lingnan.kernel.matters.api import Case
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.assurance.trust_governance import findings, scope, witness
from lingnan.systems.assurance.trust_governance.models import Protected, ProtectedEvent

CONTEXT = "trust_governance.protected"
LEAST, LONGEST = 5, 200
OVER = ("dropped", "ended")
NotAllowed = findings.NotAllowed


class Nobody(ValueError):
    """The reference leads to nobody."""


def reference(one: Protected) -> str:
    return keys.veil(one.key, CONTEXT)


def found(ref: str, who: Actor) -> Protected | None:
    """One of the list, for an auditor whose reach covers who entered it."""
    key = keys.unveil(ref, CONTEXT)
    one = Protected.objects.filter(key=key).first() if key is not None else None
    return one if one is not None and scope.covers(who, one.division) else None


def kinds(one: Protected) -> list[str]:
    return list(one.events.order_by("id").values_list("kind", flat=True))


def listed(who: Actor) -> list[Protected]:
    """The list within an auditor's reach, newest first. That it was read is evidence."""
    rows = Protected.objects.filter(division__startswith=scope.reach(who)).order_by("-key")
    shown = list(rows.prefetch_related("events")[:200])
    witness.write("governance.protected_read", who, {"rows": len(shown)})
    return shown


def in_force() -> set[int]:
    """The keys of who is under protection now: for the scan alone."""
    over = ProtectedEvent.objects.filter(kind__in=OVER).values("protected")
    rows = Protected.objects.filter(events__kind="confirmed").exclude(key__in=over)
    found_ = (keys.unveil(one, findings.SUBJECT) for one in rows.values_list("subject", flat=True))
    return {key for key in found_ if key is not None}


def subject_of(ref: str) -> str:
    """Whom a reference of the audit, or the number of a case, means. Raises Nobody."""
    if keys.unveil(ref, findings.SUBJECT) is not None:
        return ref
    case = Case.objects.filter(number=ref).first()
    try:
        if case is not None:
            return keys.veil(subject_key(case.applicant, case.body), findings.SUBJECT)
    except UnknownSubject:
        pass
    raise Nobody


def propose(who: Actor, ref: str, grounds: str) -> Protected:
    """Enter somebody; in force once another auditor confirms. Raises Nobody, NotAllowed."""
    if not scope.AUDITS.permits(who) or not LEAST <= len(grounds) <= LONGEST or "\x00" in grounds:
        raise NotAllowed
    subject = subject_of(ref)
    key = keys.new_key()
    said = {"protected": keys.veil(key, CONTEXT), "said": grounds}
    witness.write("governance.protected_proposed", who, said, reference=said["protected"])
    return Protected.objects.create(
        key=key, subject=subject, grounds=grounds, division=who.division, account=who.account,
        by=who.signature[:200], at=legal_time.now(),
    )  # fmt: skip


def may(one: Protected, who: Actor, kind: str) -> bool:
    """Whether an act is next, and this auditor's: what one proposed another decides."""
    done = kinds(one)
    if not scope.covers(who, one.division) or set(done) & set(OVER):
        return False
    if kind in ("confirmed", "dropped"):
        return not done and who.account != one.account
    if kind == "ending":
        return done == ["confirmed"]
    first = one.events.filter(kind="ending").values_list("account", flat=True).first()
    return kind == "ended" and first is not None and first != who.account


def act(one: Protected, who: Actor, kind: str) -> None:
    """The next step; the evidence first. Raises NotAllowed."""
    if not may(one, who, kind):
        raise NotAllowed
    ref = reference(one)
    witness.write(f"governance.protected_{kind}", who, {"protected": ref}, reference=ref)
    try:
        with transaction.atomic():
            ProtectedEvent.objects.create(
                protected=one, kind=kind, account=who.account, by=who.signature[:200],
                at=legal_time.now(),
            )  # fmt: skip
    except IntegrityError:
        raise NotAllowed from None
