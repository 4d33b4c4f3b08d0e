"""Being told of records that know their subject by pseudonym, and what can be followed."""

import pytest
from django.db import transaction

from lingnan.kernel.exchange.api import (
    InsideTransaction,
    followable,
    introduce,
    tell,
)
from lingnan.kernel.runtime.api import action
from lingnan.systems.government.legal_persons.models import IndividualBusiness
from lingnan.systems.government.population.models import Resident
from tests.kernel import uses
from tests.kernel.listening import NUMBER, Listener, followed, listening
from tests.kernel.uses import FIRE, resident

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    return listening(monkeypatch)


def business_of(owner: str) -> IndividualBusiness:
    name = introduce(owner, to="legal_persons")
    return IndividualBusiness.objects.get(operator=name)


def follow_businesses(subject: str) -> None:
    followed(
        resource=uses.BUSINESSES,
        consumer=FIRE,
        subject=introduce(subject, to=FIRE),
        purpose="fire_safety_permit",
        basis=uses.BUSINESSES_BASIS,
        elements=["business.name", "business.premises"],
    )


def test_a_record_that_knows_its_subject_by_pseudonym_is_told_of(listener: Listener) -> None:
    owner = uses.Account.objects.get(login="owner-440103")
    business = business_of(owner.subject)
    follow_businesses(owner.subject)
    with action(by="a test", reason="a removal") as act:
        act.change(business, premises="花地大道1号")
    tell()
    (change,) = listener.heard
    assert change.elements == {"business.premises": (business.premises, "花地大道1号")}
    assert str(business.key) not in str(change) and business.operator not in str(change)


def test_a_record_that_passes_to_another_is_gone_for_one_and_new_for_the_other(
    listener: Listener,
) -> None:
    owner = uses.Account.objects.get(login="owner-440103")
    business = business_of(owner.subject)
    follow_businesses(owner.subject)
    follow_businesses(resident().subject)
    with action(by="a test", reason="a transfer") as act:
        act.change(business, operator=introduce(resident().subject, to="legal_persons"))
    tell()
    pairs = {change.elements["business.name"] for change in listener.heard}
    assert pairs == {(business.name, None), (None, business.name)}
    assert {change.elements["business.name"][0] for change in listener.heard if change.gone} == {
        business.name
    }


def test_telling_is_not_part_of_another_transaction(listener: Listener) -> None:
    with pytest.raises(InsideTransaction), transaction.atomic():
        tell()


def test_what_answers_from_records_can_be_followed() -> None:
    assert followable(uses.IDENTITY) and followable(uses.BUSINESSES)
    assert not followable("nobody.nothing")
    assert NUMBER in Resident.record.elements
