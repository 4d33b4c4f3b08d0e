"""Uses of the exchange, as a body makes them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from lingnan.kernel.exchange import catalogue
from lingnan.kernel.exchange.api import Use, give, introduce
from lingnan.kernel.exchange.pseudonyms import resolve
from lingnan.kernel.trust.api import Account, EvidenceUnavailable, node_evidence
from lingnan.kernel.trust.evidence.api import StoredEntry

MARKET, FIRE = "gd-440103-market", "gd-440103-fire"
BASIS = "《市场主体登记管理条例》（2021-07-27）第十五条、第十六条第三款"
BUSINESSES_BASIS = (
    "《行政许可法》（2019-04-23）第三十三条；《市场主体登记管理条例》（2021-07-27）第七条"
)
IDENTITY, BUSINESSES = "population.identity", "legal_persons.businesses_of_person"


def resident(county: str = "440103") -> Account:
    return Account.objects.get(login=f"resident-{county}")


def key_of(account: Account) -> int:
    return resolve("person", "trust", [account.subject])[account.subject]


def identity(**changes: Any) -> Use:
    """The market regulator asks for an applicant's identity, as its agreement lets it."""
    plain = Use(
        resource=IDENTITY,
        consumer=MARKET,
        purpose="individual_business",
        basis=BASIS,
        case="test-case",
        actor="a test",
        subjects=(introduce(resident().subject, to=MARKET),),
        elements=("person.name", "person.identity_number"),
    )
    return replace(plain, **changes)


def introduced(keys: Iterable[int], to: str) -> tuple[str, ...]:
    return tuple(give("person", to, list(keys)).values())


def entries_about(key: int) -> Iterator[StoredEntry]:
    """All the evidence about a person, newest first: a run of tests writes more than one page."""
    before: int | None = None
    while found := node_evidence.reader().by_subject("person", key, before, limit=1000):
        yield from found
        before = found[-1].seq


def about(key: int) -> list[int]:
    """The numbers of the evidence about a person, newest first."""
    return [entry.seq for entry in entries_about(key)]


def size() -> int:
    return node_evidence.reader().size()


@contextmanager
def evidence_down(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The evidence store does not answer."""

    def refuse(entries: Any) -> None:
        raise EvidenceUnavailable("down")

    with monkeypatch.context() as patch:
        patch.setattr(node_evidence, "write", refuse)
        yield


def answering(monkeypatch: pytest.MonkeyPatch, code: str, answer: Any) -> None:
    """Let a resource of the catalogue answer in another way."""
    changed = replace(catalogue.resource(code), answer=answer)
    monkeypatch.setitem(catalogue.resources(), code, changed)
