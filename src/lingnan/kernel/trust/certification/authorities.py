"""The authorities of this node: a root, and below it an authority for the province and each city.

`authorities/<label>.cer` holds the certificate of `root`, of `issuing-44` for the province's own
bodies and of `issuing-4401` and so on for each city's; their keys lie wrapped in `store/`. A later
generation of an authority is `issuing-4401-g2`; the SM2 hierarchy has `sm2-` before each label.
"""

import hashlib
import re
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from asn1crypto import pem, x509
from django.conf import settings

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.trust import node_evidence
from lingnan.kernel.trust.evidence.api import EvidenceUnavailable
from lingnan.kernel.trust.keystore.escrow import Escrow
from lingnan.kernel.trust.keystore.files import alone, write_whole
from lingnan.kernel.trust.keystore.folder import FolderKeyStore
from lingnan.kernel.trust.keystore.hardware import HardwareKeyStore, Token
from lingnan.kernel.trust.keystore.keys import Algorithm, KeyDamaged, KeyMissing, KeyStore
from lingnan.kernel.trust.keystore.wrapping import WrappingKey
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.issuing import Issuer, Published, Wanted, self_signed
from lingnan.kernel.trust.pki.names import Name

ROOT = "root"
PROVINCE = "issuing-44"
SM2 = "sm2-"
LABEL = re.compile(r"(?:sm2-)?(?:root|issuing-44(?:\d\d)?)(?:-g[1-9]\d{0,2})?")
MADE = "authority.made"
FIRST = "node"
"""Who makes an authority that is made at first need."""


def label_for(division: str, algorithm: Algorithm = Algorithm.P256) -> str:
    """Which authority certifies what is of a division now: the newest of the city's, or the
    province's own. A real node's city has one from its ceremony on."""
    mark, city = SM2 if algorithm is Algorithm.SM2 else "", division[:4]
    own = f"{mark}issuing-{city}" if len(city) == 4 and city[2:] != "00" else mark + PROVINCE
    there = own in {family(label) for label in labels()}
    return newest(own if there or may_be_made(own) else mark + PROVINCE)


def family(label: str) -> str:
    """The label of an authority's first generation."""
    return re.sub(r"-g\d+$", "", label)


def generation(label: str) -> int:
    found = re.search(r"-g(\d+)$", label)
    return int(found[1]) if found else 1


def newest(own: str) -> str:
    """The latest generation of an authority that there is; the first where there is none."""
    there = [label for label in labels() if family(label) == own]
    return max(there, key=generation, default=own)


def province() -> str:
    return newest(PROVINCE)


def is_root(label: str) -> bool:
    return family(label).removeprefix(SM2) == ROOT


def root_of(label: str) -> str:
    """The root above an authority: whose name its certificate says; for one that is not made yet
    the newest."""
    if is_root(label):
        return label
    own = newest(SM2 + ROOT if label.startswith(SM2) else ROOT)
    path = _folder() / "authorities" / f"{label}.cer"
    if own == family(own) or not path.exists():
        return own
    return _signed_by(path, family(own))


def roots(own: str = ROOT) -> list[str]:
    """The generations of a root that there are, the first where there is none; any may be
    trusted until it ends."""
    there = [one for one in labels() if family(one) == own]
    return sorted(there, key=generation) or [own]


def may_be_made(label: str) -> bool:
    """Whether first need makes it: roots, the province's own, and in a demonstration every
    first generation; any other is opened in a ceremony."""
    if not LABEL.fullmatch(label):
        return False
    plain = label.removeprefix(SM2)
    return plain in (ROOT, PROVINCE) or (legal_time.is_demonstration() and generation(label) == 1)


def issuer(label: str) -> Issuer:
    """An authority of this node. Raises `KeyStoreUnavailable`, `EvidenceUnavailable`, and
    KeyError for a label that names none."""
    return _opened(_folder(), label)


def open_in_ceremony(label: str, by: str) -> Issuer:
    """An authority that first need does not make; done once, however often it is asked for.
    Raises as `issuer`."""
    if not LABEL.fullmatch(label) or is_root(label):
        raise KeyError(label)
    _make_where_missing(_folder(), label, by)
    return issuer(label)


def open_root_in_ceremony(label: str, by: str) -> Issuer:
    """The next generation of a root; done once, however often it is asked for. Raises KeyError
    where the one before is not there, and as `issuer`."""
    before = f"{family(label)}-g{generation(label) - 1}".removesuffix("-g1")
    if not is_root(label) or generation(label) < 2 or before not in labels():
        raise KeyError(label)
    _make_where_missing(_folder(), label, by)
    return issuer(label)


def keys() -> KeyStore:
    """Where this node's own keys are: a folder, or the module that `LINGNAN_KEYSTORE` names."""
    return _keys(_folder())


def labels() -> list[str]:
    """The authorities that there are by now."""
    found = (_folder() / "authorities").glob("*.cer")
    return sorted(path.stem for path in found)


def chain(label: str) -> tuple[x509.Certificate, ...]:
    """An authority's certificate and those above it."""
    own, root = issuer(label).certificate, root_of(label)
    return (own,) if label == root else (own, issuer(root).certificate)


def _signed_by(path: Path, own: str) -> str:
    """Which generation of a root signed a certificate, by its key's number."""
    said = x509.Certificate.load(path.read_bytes(), strict=True).authority_key_identifier
    for root in roots(own):
        if said == issuer(root).certificate.key_identifier:
            return root
    raise KeyDamaged(f"No root signed {path.stem}.")


def forget() -> None:
    """Read every authority from disk anew when it is next asked for."""
    _opened.cache_clear()
    _keys.cache_clear()


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 over the certificate's DER, as people compare it."""
    digest = hashlib.sha256(certificate.dump()).hexdigest().upper()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def _folder() -> Path:
    return Path(settings.DATA) / "keys"


def escrow() -> Escrow:
    """Where the key-management centre keeps encryption keys."""
    return Escrow(_folder() / "escrow", _wrapping(_folder()))


@lru_cache(maxsize=4)
def _keys(folder: Path) -> KeyStore:
    if settings.KEYSTORE:
        token = Token.read(settings.KEYSTORE)
        return HardwareKeyStore(token, settings.KEYSTORE_PIN, folder / "store")
    return FolderKeyStore(folder / "store", _wrapping(folder))


def _wrapping(folder: Path) -> WrappingKey:
    with alone(folder):
        return WrappingKey.read_or_make(settings.WRAPPING_KEY)


@lru_cache(maxsize=128)
def _opened(folder: Path, label: str) -> Issuer:
    path = folder / "authorities" / f"{label}.cer"
    if not LABEL.fullmatch(label) or not (path.exists() or may_be_made(label)):
        raise KeyError(label)
    _make_where_missing(folder, label, FIRST)
    certificate = x509.Certificate.load(path.read_bytes(), strict=True)
    key = _keys(folder).open(label)
    if key.public.der != certificate.public_key.dump():
        raise KeyDamaged(f"The certificate of {label} is not that of its key.")
    return Issuer(certificate, key, _published(label))


def _make_where_missing(folder: Path, label: str, by: str) -> None:
    if not is_root(label):
        _opened(folder, root_of(label))
    path = folder / "authorities" / f"{label}.cer"
    with alone(folder / "authorities"):
        if path.exists():
            return
        made = _found_again(folder, label)
        if made is None:
            made = _made(folder, label)
            told = {"label": label, "fingerprint": fingerprint(made), "by": by}
            told["serial"] = f"{made.serial_number:x}"
            told["pem"] = pem.armor("CERTIFICATE", made.dump()).decode()
            node_evidence.write([node_evidence.entry(MADE, told)])
        write_whole(path, made.dump(), 0o644)


def _found_again(folder: Path, label: str) -> x509.Certificate | None:
    """What a making signed and told before it was cut off: no second certificate is signed for the
    same key. None where there is none, or its key is not here."""
    try:
        entries = node_evidence.reader().entries(MADE, limit=1_000)
    except EvidenceUnavailable:
        # A store that is not there yet has nothing; one that fails lets nothing be made.
        return None
    for entry in entries:
        told = entry.payload or {}
        if told.get("label") != label or "pem" not in told:
            continue
        made = x509.Certificate.load(pem.unarmor(told["pem"].encode())[2], strict=True)
        try:
            own = _keys(folder).open(label).public.der == made.public_key.dump()
        except KeyMissing:
            return None
        return made if own and _is_by(made, label) else None
    return None


def _is_by(made: x509.Certificate, label: str) -> bool:
    """Whether a root that is here signed it."""
    if is_root(label):
        return True
    root = issuer(root_of(label)).certificate
    return bool(made.authority_key_identifier == root.key_identifier)


def _made(folder: Path, label: str) -> x509.Certificate:
    """The certificate of an authority whose key may be there from a making that was cut off."""
    store = _keys(folder)
    try:
        key = store.open(label)
    except KeyMissing:
        key = store.make(label, Algorithm.SM2 if label.startswith(SM2) else Algorithm.P256)
    mark = "演示 " if legal_time.is_demonstration() else ""
    kind = "国密" if label.startswith(SM2) else ""
    if is_root(label):
        # As with issuing authorities: of two roots of one year none is taken for the other.
        later = f" 第{generation(label)}代" if generation(label) > 1 else ""
        year = f"{datetime.now(UTC):%Y}"
        name = Name(f"{mark}Lingnan 岭南{kind}根证书 {year}{later}", "Lingnan 岭南")
        return self_signed(Wanted(name, key.public, profiles.ROOT), key)
    place, number = family(label).rpartition("-")[2], generation(label)
    which = f"{place} 第{number}代" if number > 1 else place
    # Each generation has a name of its own, so that a list is never taken for another's.
    name = Name(f"{mark}Lingnan 岭南{kind}签发机构 {which}", "Lingnan 岭南", unit=place)
    return _opened(folder, root_of(label)).issue(Wanted(name, key.public, profiles.ISSUING))


def _published(label: str) -> Published:
    base = f"{settings.PUBLIC_ADDRESS}/trust/authorities/{label}"
    return Published(f"{base}.cer", f"{base}.crl", f"{settings.PUBLIC_ADDRESS}/trust/ocsp/{label}")
