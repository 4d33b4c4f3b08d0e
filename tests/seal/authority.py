"""An authority for seals: a root, a city's issuing authority, and a body's seal."""

from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import x509

from lingnan.kernel.trust.keystore.folder import FolderKeyStore
from lingnan.kernel.trust.keystore.wrapping import WrappingKey
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.issuing import Issuer, Wanted, self_signed
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.seal.api import SealKey

BODY, CODE = "岭南省民政厅（演示）", "11440000MB2C000000"
LONG_AGO = datetime(2025, 6, 1, tzinfo=UTC)


class Authority:
    def __init__(self, folder: Path) -> None:
        self.keys = FolderKeyStore(folder, WrappingKey.read_or_make(folder / "wrapping.key"))
        key, city_key = self.keys.make("root"), self.keys.make("city")
        wanted = Wanted(Name("Lingnan demonstration root"), key.public, profiles.ROOT, at=LONG_AGO)
        self.root: x509.Certificate = self_signed(wanted, key)
        name = Name("Lingnan demonstration city")
        below = Wanted(name, city_key.public, profiles.ISSUING, at=LONG_AGO)
        self.city = Issuer(Issuer(self.root, key).issue(below), city_key)

    def seal(self, at: datetime | None = None, days: int | None = None) -> SealKey:
        key = self.keys.make(f"seal-{len(self.keys.labels())}")
        name = Name(BODY, BODY, CODE, "演示印章 demonstration seal")
        at = at or datetime.now(UTC)
        made = self.city.issue(Wanted(name, key.public, profiles.SEAL, days, at=at))
        return SealKey(made, key, (self.city.certificate, self.root))
