"""A province's authority in a folder: root, a city's issuing authority, and what they certify."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from asn1crypto import pem, x509

from lingnan.kernel.trust.keystore.folder import FolderKeyStore
from lingnan.kernel.trust.keystore.keys import SigningKey
from lingnan.kernel.trust.keystore.wrapping import WrappingKey
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.issuing import Issuer, Published, Wanted, self_signed
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.pki.profiles import Profile

PLACES = Published("http://ca.example/ca.cer", "http://ca.example/ca.crl", "http://ca.example/ocsp")


@dataclass
class Province:
    folder: Path
    keys: FolderKeyStore
    root: Issuer
    city: Issuer

    def certified(
        self, label: str, profile: Profile, days: int | None = None
    ) -> tuple[x509.Certificate, SigningKey]:
        key = self.keys.make(label)
        name = Name("张三", organisation="荔湾区市场监督管理局", serial_number=label)
        return self.city.issue(Wanted(name, key.public, profile, days)), key

    def write(self, name: str, data: bytes, kind: str = "") -> Path:
        path = self.folder / name
        path.write_bytes(pem.armor(kind, data) if kind else data)
        return path

    def openssl(self, *words: str) -> subprocess.CompletedProcess[str]:
        done = ["openssl", *words]
        return subprocess.run(done, cwd=self.folder, capture_output=True, text=True, timeout=30)

    def verified(self, certificate: x509.Certificate, *words: str) -> str:
        """What another program says of a certificate."""
        self.write("one.pem", certificate.dump(), "CERTIFICATE")
        found = self.openssl(
            "verify", "-x509_strict", "-CAfile", "root.pem", "-untrusted", "city.pem", *words,
            "one.pem",
        )  # fmt: skip
        return found.stdout + found.stderr


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Province:
    folder = tmp_path_factory.mktemp("authority")
    keys = FolderKeyStore(folder / "keys", WrappingKey.read_or_make(folder / "wrapping.key"))
    root_key, city_key = keys.make("root"), keys.make("city")
    root = self_signed(Wanted(Name("岭南根证书"), root_key.public, profiles.ROOT), root_key)
    above = Issuer(root, root_key, PLACES)
    city = above.issue(Wanted(Name("广州市签发机构"), city_key.public, profiles.ISSUING))
    found = Province(folder, keys, above, Issuer(city, city_key, PLACES))
    found.write("root.pem", root.dump(), "CERTIFICATE")
    found.write("city.pem", city.dump(), "CERTIFICATE")
    return found
