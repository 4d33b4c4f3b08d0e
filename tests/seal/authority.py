"""An authority for seals: a root, a city's issuing authority, and a body's seal."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import ocsp, x509

from lingnan.kernel.trust.keystore.folder import FolderKeyStore
from lingnan.kernel.trust.keystore.keys import SigningKey
from lingnan.kernel.trust.keystore.wrapping import WrappingKey
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.issuing import Issuer, Published, Wanted, self_signed
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.pki.revoking import Reason, Revoked, revocation_list
from lingnan.kernel.trust.pki.status import Responder
from lingnan.kernel.trust.seal.api import Lasting, SealKey
from lingnan.kernel.trust.stamps.answering import Stamper

BODY, CODE = "岭南省民政厅（演示）", "11440000MB2C000000"
LONG_AGO = datetime(2025, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Clock(Stamper):
    """A stamper whose clock stands at a moment."""

    at: datetime | None = None

    def stamp(self, digest: bytes, algorithm: str = "sha256", now: datetime | None = None) -> bytes:
        return Stamper.stamp(self, digest, algorithm, now or self.at)


class Authority:
    def __init__(self, folder: Path) -> None:
        self.keys = FolderKeyStore(folder, WrappingKey.read_or_make(folder / "wrapping.key"))
        key, city_key = self.keys.make("root"), self.keys.make("city")
        wanted = Wanted(Name("Lingnan demonstration root"), key.public, profiles.ROOT, at=LONG_AGO)
        self.root: x509.Certificate = self_signed(wanted, key)
        name = Name("Lingnan demonstration city")
        below = Wanted(name, city_key.public, profiles.ISSUING, at=LONG_AGO)
        found = Published(*(f"http://seals.example/{one}" for one in ("cer", "crl", "ocsp")))
        self.city = Issuer(Issuer(self.root, key, found).issue(below), city_key, found)

        self.above = (self.city.certificate, self.root)
        self.revoked: dict[int, Revoked] = {}

    def revoke(self, certificate: x509.Certificate, reason: Reason = Reason.KEY_COMPROMISE) -> None:
        serial = certificate.serial_number
        self.revoked[serial] = Revoked(serial, datetime.now(UTC), reason)

    def certified(
        self, what: str, profile: profiles.Profile, at: datetime | None = None
    ) -> tuple[x509.Certificate, SigningKey]:
        key = self.keys.make(f"{what}-{len(self.keys.labels())}")
        return self.city.issue(
            Wanted(Name(what), key.public, profile, at=at or datetime.now(UTC))
        ), key

    def stamper(self) -> Stamper:
        return Stamper(*self.certified("stamps", profiles.TIME_STAMP), self.above)

    def lasting(self, seal: SealKey, at: datetime | None = None) -> Lasting:
        """What a seal of now, or of a moment before, is made to last with."""
        now = at or datetime.now(UTC)
        own = self.certified("stamps", profiles.TIME_STAMP, at)
        stamper = Clock(*own, self.above, at=at)
        responder = Responder(self.city.certificate, *self.certified("status", profiles.STATUS, at))
        answers = tuple(
            ocsp.OCSPResponse.load(responder.about(one, self.revoked.get, now))
            for one in (seal.certificate, stamper.certificate)
        )
        root = Issuer(self.root, self.keys.open("root"))
        listed = revocation_list(root, (), 1, now, timedelta(days=1))
        return Lasting(stamper, (*self.above, stamper.certificate), answers, (listed,))

    def seal(self, at: datetime | None = None, days: int | None = None) -> SealKey:
        key = self.keys.make(f"seal-{len(self.keys.labels())}")
        name = Name(BODY, BODY, CODE, "演示印章 demonstration seal")
        at = at or datetime.now(UTC)
        made = self.city.issue(Wanted(name, key.public, profiles.SEAL, days, at=at))
        return SealKey(made, key, self.above)
