"""The register of seals: each body's seal, the certificate it really seals with, nothing secret."""

import pytest

from lingnan.kernel.trust.api import Body, key_certificates, node_seals
from lingnan.systems.government.trust_services.models import ElectronicSeal
from tests.clockwork import advance
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
ADDRESS = "/desk/records/trust_services/electronicseal/"


def test_every_body_has_one_valid_seal_and_seals_with_its_certificate() -> None:
    for body in Body.objects.filter(code__in=["gd-440103-market", "gd-440103-fire"]):
        seal = ElectronicSeal.objects.get(body=body.code)
        assert seal.serial == node_seals.key_of(body).serial
        assert seal.state == "valid" and seal.not_before < seal.not_after


def test_the_register_follows_what_was_issued_and_taken_back() -> None:
    late = Body.objects.get(code="gd-441302-market")
    assert not ElectronicSeal.objects.filter(body=late.code).exists()
    old = node_seals.key_of(Body.objects.get(code="gd-440103-market")).serial
    new = node_seals.key_of(late).serial
    key_certificates.set_state(old, "revoked", key_certificates.Reason.SUPERSEDED, "tests")
    advance("1d")
    assert ElectronicSeal.objects.get(serial=old).state == "revoked"
    assert ElectronicSeal.objects.get(serial=new).body == late.code


def test_the_data_body_finds_a_seal_by_its_body() -> None:
    operator = Person("440000-data-operator")
    name = Body.objects.get(code="gd-440103-market").name_zh
    page = operator.post(ADDRESS, q=name)
    serial = ElectronicSeal.objects.get(body="gd-440103-market").serial
    assert operator.status == 200 and serial[-4:] in page and name in page


def test_no_other_body_reads_the_register() -> None:
    clerk = Person("440103-market-clerk")
    clerk.get(ADDRESS)
    assert clerk.status == 403
