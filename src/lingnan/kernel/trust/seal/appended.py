"""Whom the time-stamps behind a sealed document are by, and whether they could be believed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from asn1crypto import crl, ocsp, x509

from lingnan.kernel.trust.bundles import paths
from lingnan.kernel.trust.stamps import reading

from . import tails
from .tails import NotOurs, Tail


@dataclass(frozen=True, eq=False)
class Archived:
    """One time-stamp over all before it: `trusted`, whether its maker was when it was made, by the
    answers that came with it. `at` and `signing_cert` are what it tells of itself."""

    at: datetime
    signing_cert: x509.Certificate
    trusted: bool
    answers: tuple[Any, ...]
    lists: tuple[Any, ...]

    @property
    def until(self) -> datetime:
        """The end of its certificate: before then the next must be there."""
        found: datetime = self.signing_cert.not_valid_after
        return found


def read(
    pdf: bytes, end: int, own: Iterable[x509.Certificate], roots: Sequence[x509.Certificate]
) -> list[Archived]:
    """The time-stamps behind the first `end` bytes, oldest first. `own` are the certificates of the
    seal. Raises `NotOurs` for whatever else is there, whatever the bytes are."""
    found: list[Archived] = []
    known = list(own)
    try:
        for tail in tails.split(pdf, end):
            stamped = reading.read(tail.token, tail.stamped)
            known += [stamped.certificate, *stamped.others]
            answers, lists = _needed(tail, known)
            path = paths.path(
                stamped.certificate, stamped.others, roots, stamped.at, paths.SIGNS,
                frozenset({"time_stamping"}), (answers, lists),
            )  # fmt: skip
            carried = {one.dump() for one in stamped.others}
            if path and not carried <= {one.dump() for one in path}:
                raise NotOurs("a certificate in a time-stamp that vouches for nothing")
            if found and stamped.at < found[-1].at:
                raise NotOurs("a time-stamp that is older than the one before it")
            found.append(Archived(stamped.at, stamped.certificate, bool(path), answers, lists))
    except NotOurs:
        raise
    except Exception as problem:  # the parsers fail in many ways on what they cannot read
        raise NotOurs(str(problem)) from problem
    return found


def unbroken(found: Sequence[Archived]) -> bool:
    """Whether each was there before the certificate of the one before it had ended."""
    return bool(found) and all(later.at <= before.until for before, later in pairwise(found))


def _needed(
    tail: Tail, known: Sequence[x509.Certificate]
) -> tuple[tuple[ocsp.OCSPResponse, ...], tuple[crl.CertificateList, ...]]:
    """The answers of a tail. Raises `NotOurs` for any that speaks of nothing here."""
    answers = tuple(ocsp.OCSPResponse.load(one, strict=True) for one in tail.carried.answers)
    lists = tuple(crl.CertificateList.load(one, strict=True) for one in tail.carried.lists)
    ders = {one.dump() for one in known}
    serials = {one.serial_number for one in known}
    subjects = {one.subject.dump() for one in known}
    asked = [
        single["cert_id"]["serial_number"].native
        for one in answers for single in one.response_data["responses"]
    ]  # fmt: skip
    if not ders.issuperset(tail.carried.certificates) or not serials.issuperset(asked):
        raise NotOurs("a certificate or an answer that belongs to nothing here")
    if not all(one.issuer.dump() in subjects for one in lists):
        raise NotOurs("a list of revocations that belongs to nothing here")
    return answers, lists
