"""Clocks that differ: five minutes are borne, and what is more is said with both clocks' times."""

from datetime import UTC, datetime, timedelta

import pytest

from lingnan.kernel.trust import clocks
from lingnan.kernel.trust.bundles.api import verify_bundle
from lingnan.kernel.trust.explaining import explained
from lingnan.kernel.trust.seal.api import SealKey, seal_pdf, verify_pdf
from tests.seal.authority import Authority
from tests.seal.test_bundles import failed, made, store
from tests.seal.test_seal import authority, key, plain

__all__ = ["authority", "key", "made", "plain", "store"]


@pytest.mark.parametrize(("minutes", "problem"), [(4, None), (20, "ahead")])
def test_a_time_stamp_of_a_time_that_has_not_come(
    plain: bytes, authority: Authority, minutes: int, problem: str | None
) -> None:
    then = datetime.now(UTC) + timedelta(minutes=minutes)
    key = authority.seal()
    document = seal_pdf(plain, key, "", "", "", authority.lasting(key, at=then))
    report = verify_pdf(document, [authority.root])
    assert report.problem == problem and report.intact
    (clock,) = (one for one in report.checks if one.code == "clock")
    assert clock.outcome == ("failed" if problem else "passed")
    (words,) = (one.words for one in explained([clock]))
    assert (f"{then + timedelta(hours=8):%H:%M}" in words) == bool(problem)


def test_a_seal_that_says_itself_that_it_is_of_tomorrow(
    plain: bytes, made: bytes, key: SealKey, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And an evidence bundle: as if this machine's clock had been set back by a day since."""
    document = seal_pdf(plain, key, "", "", "")
    assert verify_pdf(document, [authority.root]).problem is None
    monkeypatch.setattr(clocks, "TOLERANCE", timedelta(days=-1))
    assert verify_pdf(document, [authority.root]).problem == "ahead"
    assert failed(verify_bundle(made, [authority.root]))[0] == "clock"
