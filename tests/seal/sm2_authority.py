"""The SM2 hierarchy: a root, the province's issuing authority, and bodies' seals."""

from datetime import UTC, datetime
from pathlib import Path

from lingnan.kernel.trust.keystore.folder import FolderKeyStore
from lingnan.kernel.trust.keystore.keys import Algorithm
from lingnan.kernel.trust.keystore.wrapping import WrappingKey
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.issuing import Issuer, Published, Wanted, self_signed
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.seal.api import SealKey
from lingnan.standards.ofd import Document

LONG_AGO = datetime(2025, 6, 1, tzinfo=UTC)
BODY, OTHER = "荔湾区市场监督管理局（演示）", "越秀区市场监督管理局（演示）"
PAPER = Document(
    "0" * 31 + "1", "AB12CD", "食品经营许可证", "2026-03-02", BODY,
    (("名称", "早茶店"), ("编号", "演44010300001")), ("演示数据",),
)  # fmt: skip


class Sm2Authority:
    def __init__(self, folder: Path) -> None:
        self.keys = FolderKeyStore(folder, WrappingKey.read_or_make(folder / "wrapping.key"))
        key, below = (self.keys.make(name, Algorithm.SM2) for name in ("root", "issuing"))
        found = Published(*(f"http://seals.example/{one}" for one in ("cer", "crl", "ocsp")))
        wanted = Wanted(Name("国密根证书"), key.public, profiles.ROOT, at=LONG_AGO)
        self.root = self_signed(wanted, key)
        name = Wanted(Name("国密签发机构 44"), below.public, profiles.ISSUING, at=LONG_AGO)
        self.issuing = Issuer(Issuer(self.root, key, found).issue(name), below, found)

    def seal(
        self,
        body: str = BODY,
        profile: profiles.Profile = profiles.SEAL,
        at: datetime | None = None,
        days: int | None = None,
        algorithm: Algorithm = Algorithm.SM2,
    ) -> SealKey:
        key = self.keys.make(f"seal-{len(self.keys.labels())}", algorithm)
        wanted = Wanted(Name(body, body), key.public, profile, days, at=at or datetime.now(UTC))
        chain = (self.issuing.certificate, self.root)
        return SealKey(self.issuing.issue(wanted), key, chain)
