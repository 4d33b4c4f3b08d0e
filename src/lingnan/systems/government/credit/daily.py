"""The day of credit: what is kept no more goes, and the joint lists are brought up to date."""

from lingnan.systems.government.credit import joint, retention


def daily() -> int:
    return retention.sweep() + joint.round_of_day()
