"""A room of this node that listens: what it was told, and how it fails when asked to."""

import sys
from types import ModuleType
from typing import Any

import pytest

from lingnan.kernel.exchange.api import Told, follow, introduce
from lingnan.kernel.exchange.models import Follower
from lingnan.kernel.runtime.api import action
from lingnan.systems.government.population.models import Resident
from tests.kernel import uses
from tests.kernel.uses import key_of, resident

LISTENER = "duty"
NAME, ADDRESS, NUMBER = "person.name", "person.residence_address", "person.identity_number"


class Listener:
    """Stands where the room's `told.py` would; `failures` are raised one at a call."""

    def __init__(self, outside: bool) -> None:
        self.heard: list[Told] = []
        self.failures: list[BaseException] = []
        self.module = ModuleType(f"lingnan.kernel.{LISTENER}.told")
        vars(self.module).update(told=self.told, OUTSIDE=outside)

    def told(self, change: Told) -> None:
        self.heard.append(change)
        if self.failures:
            raise self.failures.pop(0)


def listening(patch: pytest.MonkeyPatch, outside: bool = False) -> Listener:
    listener = Listener(outside)
    patch.setitem(sys.modules, listener.module.__name__, listener.module)
    return listener


def followed(reference: str = "440103-26-000001", **changes: Any) -> Follower:
    """The market regulator of Liwan follows the address of a resident, for a case."""
    plain: dict[str, Any] = {
        "resource": uses.IDENTITY,
        "consumer": uses.MARKET,
        "subject": introduce(resident().subject, to=uses.MARKET),
        "purpose": "individual_business",
        "basis": uses.BASIS,
        "elements": [NAME, ADDRESS],
        "reference": reference,
        "listener": LISTENER,
    }
    made = follow(**(plain | changes))
    assert made is not None
    return made


def moved(address: str, **changes: Any) -> None:
    """The resident moves, in the register."""
    with action(by="a test", reason="a removal") as act:
        act.change(Resident.objects.get(key=key_of(resident())), address=address, **changes)
