"""Two counters at once: no number is given twice, and no member is lost from a size."""

from datetime import date
from typing import Any

import pytest

from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.runtime.testing import CommittedTestCase, at_once
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.population.acts import births
from lingnan.systems.government.population.acts.births import Birth
from lingnan.systems.government.population.models import Household, Resident

pytestmark = pytest.mark.kernel
BY = Actor(account=1, name="two", kind="official", body="gd-440103-police", division="440103",
           function="police", role="records_officer")  # fmt: skip


class TestTwoCounters(CommittedTestCase):
    def lay_out(self) -> None:
        with action(by="a test", reason="a household") as act:
            self.home = act.create(
                Household, number="44010399999999", division="440103", township="440103001",
                address="演示路1号", size=1, kind="family",
            )  # fmt: skip
            self.parent = act.create(
                Resident, resident_number="440193199001010017", name="陈母", sex="1",
                birth_date=date(1990, 1, 1), division="440103", township="440103001",
                address="演示路1号", domicile="440103", household="44010399999999",
            )  # fmt: skip

    def test_children_of_one_day_have_numbers_of_their_own(self) -> None:
        def enter(place: int) -> Any:
            told = Birth(f"宝{place}", "2", legal_time.today(), self.home, self.parent, "30",
                         f"K{place}", "")  # fmt: skip
            return lambda: births.enter(told, BY).resident_number

        given = at_once(*map(enter, range(4)))
        assert all(isinstance(one, str) for one in given), given
        assert len(set(given)) == 4
        assert Household.objects.get(number=self.home.number).size == 5
