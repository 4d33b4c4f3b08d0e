"""Seals in a second of one core (processor time), beside pyHanko alone doing the same."""

import asyncio
import io
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import typst
from asn1crypto import cms, crl, ocsp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from benchmarks.figure import Figure
from lingnan.kernel.trust.keystore.folder import FolderKeyStore
from lingnan.kernel.trust.keystore.wrapping import WrappingKey
from lingnan.kernel.trust.pki import profiles
from lingnan.kernel.trust.pki.issuing import Issuer, Wanted, self_signed
from lingnan.kernel.trust.pki.names import Name
from lingnan.kernel.trust.pki.revoking import revocation_list
from lingnan.kernel.trust.pki.status import Responder
from lingnan.kernel.trust.seal import tails
from lingnan.kernel.trust.seal.api import Lasting, SealKey, seal_many, seal_pdf, verify_pdf
from lingnan.kernel.trust.stamps.answering import Stamper

TURNS = 60
PAGE = b"= Certificate\n#lorem(200)"
RESERVED = 16_384
LEAST = 0.9
FIGURES = ("seal.b_b", "seal.b_lt", "seal.verify", "seal.b_lta", "seal.later", "seal.verify_lta")


@dataclass(frozen=True)
class Province:
    root: Issuer
    key: SealKey
    lasting: Lasting
    responder: Responder


def measure() -> list[Figure]:
    """The baseline is pyHanko's signer with the same keys, time-stamps and answers."""
    with tempfile.TemporaryDirectory(prefix="lingnan-bench-") as folder:
        made = province(Path(folder))
        plain = bytes(typst.compile(PAGE, pdf_standards="a-2b"))
        size = f"{len(plain):,} bytes"
        figures = []
        for name, lasting in (("b_b", None), ("b_lt", made.lasting)):
            own = _rate(partial(_sealed, plain, made.key, lasting))
            bare = _rate(partial(_pyhanko, plain, made.key, lasting))
            figures.append(
                Figure(
                    f"seal.{name}",
                    own,
                    "seals/s",
                    size,
                    bare,
                    round(LEAST * bare, 1),
                    at_least=True,
                )
            )
        sealed = seal_pdf(plain, made.key, "", "", "", made.lasting)
        roots = [made.root.certificate]
        checked = _rate(lambda: [verify_pdf(sealed, roots) for _ in range(TURNS)])
        return [*figures, Figure("seal.verify", checked, "checks/s", size), *_for_long(plain, made)]


def _for_long(plain: bytes, made: Province) -> list[Figure]:
    """Sealed and archived at once; stamped later as the worker does it, which checks the document
    before and after; checked with its archive time-stamp."""
    roots, size = [made.root.certificate], f"{len(plain):,} bytes"
    bare = seal_pdf(plain, made.key, "", "", "")

    def archived(sealed: bytes) -> bytes:
        told = made.lasting
        carried = tails.Answers.of(told.certificates, told.answers, told.lists)
        return sealed + tails.add(sealed, carried, told.stamp)

    def later() -> None:
        for _ in range(TURNS):
            verify_pdf(bare, roots)
            verify_pdf(archived(bare), roots)

    def at_once() -> None:
        for one in seal_many([plain] * TURNS, made.key, "", "", "", made.lasting):
            archived(one)

    whole = archived(bare)
    found = {
        "seal.b_lta": (_rate(at_once), "seals/s"),
        "seal.later": (_rate(later), "documents/s"),
        "seal.verify_lta": (_rate(lambda: [verify_pdf(whole, roots) for _ in range(TURNS)]),
                            "checks/s"),
    }  # fmt: skip
    return [Figure(name, value, unit, size) for name, (value, unit) in found.items()]


def _sealed(plain: bytes, key: SealKey, lasting: Lasting | None) -> None:
    for _ in seal_many([plain] * TURNS, key, "", "", "", lasting):
        pass


def _rate(work: Callable[[], object]) -> float:
    work()
    start = time.process_time()
    work()
    return TURNS / (time.process_time() - start)


def province(folder: Path) -> Province:
    keys = FolderKeyStore(folder, WrappingKey.read_or_make(folder / "wrapping.key"))
    root_key, city_key = keys.make("root"), keys.make("city")
    root = Issuer(self_signed(Wanted(Name("root"), root_key.public, profiles.ROOT), root_key),
                  root_key)  # fmt: skip
    city = Issuer(root.issue(Wanted(Name("city"), city_key.public, profiles.ISSUING)), city_key)
    above = (city.certificate, root.certificate)

    def certified(profile: profiles.Profile) -> SealKey:
        key = keys.make(profile.name)
        made = city.issue(Wanted(Name(profile.name), key.public, profile))
        return SealKey(made, key, above)

    seal, stamp, status = map(certified, (profiles.SEAL, profiles.TIME_STAMP, profiles.STATUS))
    responder = Responder(city.certificate, status.certificate, status.key)
    answers = tuple(
        ocsp.OCSPResponse.load(responder.about(one.certificate, lambda _serial: None))
        for one in (seal, stamp)
    )
    made = revocation_list(root, (), 1, datetime.now(UTC), timedelta(days=1))
    listed = crl.CertificateList.load(made.dump())
    stamper = Stamper(stamp.certificate, stamp.key, above)
    lasting = Lasting(stamper, (*above, stamp.certificate), answers, (listed,))
    return Province(root, seal, lasting, responder)


class _Signer(signers.Signer):
    def __init__(self, key: SealKey) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(key.chain)
        super().__init__(signing_cert=key.certificate, cert_registry=store)
        self._key = key.key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        return self._key.sign(data)


class _Stamps(TimeStamper):
    def __init__(self, stamper: Stamper) -> None:
        super().__init__(include_nonce=False)
        self._stamper = stamper

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        return cms.ContentInfo.load(self._stamper.stamp(message_digest, md_algorithm))


def _pyhanko(plain: bytes, key: SealKey, lasting: Lasting | None) -> None:
    """As many seals by the library's own signer, in one event loop."""
    signer = signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name="Seal",
            md_algorithm="sha256",
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            subfilter=fields.SigSeedSubFilter.PADES,
        ),
        signer=_Signer(key),
        timestamper=_Stamps(lasting.stamper) if lasting else None,
    )

    async def work() -> None:
        for _ in range(TURNS):
            writer = IncrementalPdfFileWriter(io.BytesIO(plain))
            if lasting:
                lasting.store_in(writer)
            await signer.async_sign_pdf(writer, bytes_reserved=RESERVED, output=io.BytesIO())

    asyncio.run(work())
