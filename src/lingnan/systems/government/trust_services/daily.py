"""What this system does once on each legal day."""

from lingnan.systems.government.trust_services import actions


def daily() -> int:
    return actions.follow()
