"""Whether the keys of a node open, and how long its authorities hold. Looked at, not written."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lingnan.node.doctor import Finding, fault, ok, remark

NAME = "证书与密钥 · certificates and keys"
SOON = timedelta(days=60)


def keys(data: Path) -> Iterator[Finding]:
    """The wrapping key, the keys that it wraps, the authorities and when they end."""
    folder = data / "keys"
    if not (folder / "authorities" / "root.cer").exists():
        remedy = "丢失则旧证照无法核验；从备份恢复 · restore keys/, or old ones verify no more"
        yield fault(NAME, "没有根证书 · no root certificate", remedy)
        return
    bad = [*_that_do_not_open(folder), *_unreadable(folder)]
    if bad:
        yield fault(NAME, f"不可读 · cannot be read: {', '.join(bad[:5])}", "从备份恢复 · restore")
    ending = _ending(folder)
    if ending:
        remedy = "签发机构到期后其印章失效 · seals end with their authority: make new ones in time"
        yield fault(NAME, f"即将或已经到期 · ended or about to: {', '.join(ending[:5])}", remedy)
    if not bad and not ending:
        count = len(list((folder / "store").glob("*.key")))
        yield ok(NAME, f"{count} 把密钥可用 · keys open")
    yield from _beside(data)


def _beside(data: Path) -> Iterator[Finding]:
    """What wraps the keys of a real node does not lie among them."""
    from django.conf import settings

    place = settings.WRAPPING_KEY
    if settings.MODE == "real" and data in place.parents:
        said = f"封装密钥与密钥同处 · the wrapping key lies among the keys: {place}"
        remedy = "以 LINGNAN_WRAPPING_KEY 另置 · put it elsewhere by LINGNAN_WRAPPING_KEY"
        yield remark(NAME, said, remedy)


def _that_do_not_open(folder: Path) -> list[str]:
    from django.conf import settings

    from lingnan.kernel.trust.keystore.folder import FolderKeyStore
    from lingnan.kernel.trust.keystore.keys import KeyStoreUnavailable
    from lingnan.kernel.trust.keystore.wrapping import WrappingKey

    try:
        store = FolderKeyStore(folder / "store", WrappingKey.read(settings.WRAPPING_KEY))
    except KeyStoreUnavailable:
        return [settings.WRAPPING_KEY.name]
    bad = []
    for label in store.labels():
        try:
            store.open(label)
        except KeyStoreUnavailable:
            bad.append(label)
    return bad


def _ends(path: Path) -> datetime | None:
    from asn1crypto import x509

    try:
        found: datetime = x509.Certificate.load(path.read_bytes(), strict=True).not_valid_after
    except (OSError, ValueError):
        return None
    return found


def begun() -> Iterator[tuple[str, datetime]]:
    """From when the certificate of each authority is valid."""
    from asn1crypto import x509
    from django.conf import settings

    for path in _authorities(Path(settings.DATA) / "keys"):
        with contextlib.suppress(OSError, ValueError):
            found = x509.Certificate.load(path.read_bytes(), strict=True)
            yield path.name, found.not_valid_before


def _authorities(folder: Path) -> list[Path]:
    return sorted((folder / "authorities").glob("*.cer"))


def _unreadable(folder: Path) -> list[str]:
    return [path.name for path in _authorities(folder) if _ends(path) is None]


def _ending(folder: Path) -> list[str]:
    found, soon = [], datetime.now(UTC) + SOON
    for path in _authorities(folder):
        end = _ends(path)
        if end is not None and end < soon:
            found.append(f"{path.name} {end:%Y-%m-%d}")
    return found
