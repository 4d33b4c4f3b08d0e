"""The authorities of this node: made the first time each is needed, read from disk afterwards.

`authorities/<label>.cer` holds the certificate of `root`, of `issuing-44` for the province's own
bodies and of `issuing-4401` and so on for each city's; their keys lie wrapped in `store/`.
"""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from asn1crypto import x509
from django.conf import settings

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.trust.keystore.files import alone, write_whole
from lingnan.kernel.trust.keystore.folder import FolderKeyStore
from lingnan.kernel.trust.keystore.keys import KeyDamaged, KeyMissing
from lingnan.kernel.trust.keystore.wrapping import WrappingKey
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.issuing import Issuer, Published, Wanted, self_signed
from lingnan.kernel.trust.pki.names import Name

ROOT = "root"
PROVINCE = "issuing-44"


def label_for(division: str) -> str:
    """Which authority certifies the bodies of a division: the city's, or the province's own."""
    city = division[:4]
    return f"issuing-{city}" if len(city) == 4 and city[2:] != "00" else PROVINCE


def issuer(label: str) -> Issuer:
    """An authority of this node. Raises `KeyStoreUnavailable`, and KeyError for another label."""
    return _opened(Path(settings.DATA) / "keys", label)


def keys() -> FolderKeyStore:
    return _keys(Path(settings.DATA) / "keys")


def labels() -> list[str]:
    """The authorities that there are by now."""
    found = (Path(settings.DATA) / "keys" / "authorities").glob("*.cer")
    return sorted(path.stem for path in found)


def chain(label: str) -> tuple[x509.Certificate, ...]:
    """An authority's certificate and those above it."""
    own = issuer(label).certificate
    return (own,) if label == ROOT else (own, issuer(ROOT).certificate)


@lru_cache(maxsize=4)
def _keys(folder: Path) -> FolderKeyStore:
    with alone(folder):
        wrapping = WrappingKey.read_or_make(settings.WRAPPING_KEY)
    return FolderKeyStore(folder / "store", wrapping)


@lru_cache(maxsize=64)
def _opened(folder: Path, label: str) -> Issuer:
    if label != ROOT and not label.startswith("issuing-44"):
        raise KeyError(label)
    path = folder / "authorities" / f"{label}.cer"
    if label != ROOT:
        _opened(folder, ROOT)
    with alone(folder / "authorities"):
        if not path.exists():
            write_whole(path, _made(folder, label).dump(), 0o644)
        certificate = x509.Certificate.load(path.read_bytes(), strict=True)
    key = _keys(folder).open(label)
    if key.public.der != certificate.public_key.dump():
        raise KeyDamaged(f"The certificate of {label} is not that of its key.")
    return Issuer(certificate, key, _published(label))


def _made(folder: Path, label: str) -> x509.Certificate:
    """The certificate of an authority whose key may be there from a making that was cut off."""
    store = _keys(folder)
    try:
        key = store.open(label)
    except KeyMissing:
        key = store.make(label)
    mark = "演示 " if legal_time.is_demonstration() else ""
    if label == ROOT:
        name = Name(f"{mark}Lingnan 岭南根证书 {datetime.now(UTC):%Y}", "Lingnan 岭南")
        return self_signed(Wanted(name, key.public, profiles.ROOT), key)
    place = label.removeprefix("issuing-")
    name = Name(f"{mark}Lingnan 岭南签发机构 {place}", "Lingnan 岭南", unit=place)
    return _opened(folder, ROOT).issue(Wanted(name, key.public, profiles.ISSUING))


def _published(label: str) -> Published:
    base = f"{settings.PUBLIC_ADDRESS}/trust/authorities/{label}"
    return Published(f"{base}.cer", f"{base}.crl", f"{settings.PUBLIC_ADDRESS}/trust/ocsp/{label}")
