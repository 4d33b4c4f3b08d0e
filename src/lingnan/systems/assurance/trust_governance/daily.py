"""The day of accountability: objections that are overdue, and the message of a new quarter."""

from lingnan.systems.assurance.trust_governance import digest, objections


def daily() -> int:
    return objections.pass_on_overdue() + digest.send_due()
