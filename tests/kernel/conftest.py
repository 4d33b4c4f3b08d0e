"""Fixtures of the tests of the kernel's rooms."""

from dataclasses import replace

import pytest

from lingnan.systems.government.population.models import Household


@pytest.fixture
def free_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """A register like that of households, whose address is changed by hand and by file."""
    acts = {k: v for k, v in Household.record.by_act.items() if k not in ("address", "township")}
    monkeypatch.setattr(Household, "record", replace(Household.record, by_act=acts))
