"""What this system does once on each legal day."""

from lingnan.kernel.trust.api import key_reconciling
from lingnan.systems.government.trust_services import actions
from lingnan.systems.government.trust_services.acts.reminding import remind


def daily() -> int:
    lost = key_reconciling.reconcile()
    entered = key_reconciling.enter_authorities()
    return len(lost) + entered + actions.follow() + remind()
