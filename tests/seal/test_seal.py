"""Seals: made, checked, broken in every place, and checked by other people's software."""

import asyncio
import hashlib
import logging
import multiprocessing
import re
import shutil
import socket
import subprocess
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
import typst
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st

from lingnan.kernel.trust.seal.api import (
    Authority,
    SealKey,
    SealReport,
    SealUnavailable,
    seal_pdf,
    verify_pdf,
)

BODY, CODE = "岭南省民政厅（演示）", "11440000MB2C000000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def authority(folder: Path) -> Authority:
    return Authority.open(folder)


@pytest.fixture(scope="module")
def key(authority: Authority) -> SealKey:
    return authority.ensure(BODY, CODE)


@pytest.fixture(scope="module")
def plain() -> bytes:
    return bytes(typst.compile(b"= Certificate", pdf_standards="a-2b"))


@pytest.fixture(scope="module")
def sealed(plain: bytes, key: SealKey) -> bytes:
    return seal_pdf(plain, key, "签发证照", "广州", "12345")


def test_a_sealed_document_is_intact(sealed: bytes, authority: Authority) -> None:
    report = verify_pdf(sealed, [authority.root])
    assert report.problem is None
    assert report.intact and report.trusted and report.covers_whole_document
    assert report.signer_name == BODY and report.signed_at
    assert abs(report.signed_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_the_seal_permits_no_change_and_keeps_the_archive_format(sealed: bytes) -> None:
    assert b"/ETSI.CAdES.detached" in sealed and b"/DocMDP" in sealed
    assert re.search(rb"/P 1\b", sealed)
    assert b"<pdfaid:part>2</pdfaid:part>" in sealed


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_changed_byte_is_found(
    sealed: bytes, authority: Authority, data: st.DataObject
) -> None:
    """Half of the tries fall into the signature's own container."""
    _, start, end, _ = byte_range(sealed)
    whole, container = st.integers(0, len(sealed) - 1), st.integers(start, end - 1)
    position = data.draw(whole | container)
    broken = bytearray(sealed)
    broken[position] ^= data.draw(st.integers(1, 255))
    assert verify_pdf(bytes(broken), [authority.root]).problem is not None


def test_the_issuer_named_in_the_container(sealed: bytes, authority: Authority) -> None:
    """Names compare without regard to letter case, and this copy of the name is not signed."""
    name = b"Lingnan demonstration root".hex().upper().encode()
    position = sealed.rindex(name, 0, sealed.rindex(name))  # the last copy is a signed attribute
    other = b"LINGNAN demonstration root".hex().upper().encode()
    broken = sealed[:position] + other + sealed[position + len(name) :]
    assert verify_pdf(broken, [authority.root]).problem == "unusual_container"


def test_letter_case_and_padding_of_the_container(sealed: bytes, authority: Authority) -> None:
    _, start, end, _ = byte_range(sealed)
    lower = sealed[:start] + sealed[start:end].lower() + sealed[end:]
    padded = sealed[: end - 2] + b"1" + sealed[end - 1 :]
    for broken in (lower, padded):
        report = verify_pdf(broken, [authority.root])
        assert report.problem == "unusual_container" and not report.intact


@given(tail=st.binary(min_size=1, max_size=40))
def test_anything_appended_is_found(sealed: bytes, authority: Authority, tail: bytes) -> None:
    report = verify_pdf(sealed + tail, [authority.root])
    assert report.problem is not None and not report.covers_whole_document


def test_a_second_revision_is_appended(sealed: bytes, authority: Authority, key: SealKey) -> None:
    from io import BytesIO

    from pyhanko.pdf_utils.generic import pdf_name, pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    writer.root[pdf_name("/Note")] = pdf_string("later")
    writer.update_root()
    output = BytesIO()
    writer.write(output)
    assert verify_pdf(output.getvalue(), [authority.root]).problem == "appended"
    with pytest.raises(ValueError):
        seal_pdf(sealed, key, "again", "", "")


def test_another_authority_is_not_trusted(sealed: bytes, tmp_path: Path) -> None:
    for roots in ([Authority.open(tmp_path / "other").root], []):
        report = verify_pdf(sealed, roots)
        assert report.problem == "untrusted" and report.intact and not report.trusted


def test_a_certificate_must_hold_when_the_seal_was_made(
    tmp_path: Path, plain: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority.open(tmp_path)

    class Past(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Past":
            return cls(2026, 1, 1, tzinfo=tz)

    monkeypatch.setattr("lingnan.kernel.trust.seal.authority.datetime", Past)
    ended = authority.issue("短期机构（演示）", "BRIEF", days=1)
    monkeypatch.undo()
    assert not ended.usable(datetime.now(UTC))
    report = verify_pdf(seal_pdf(plain, ended, "", "", ""), [authority.root])
    assert report.problem == "untrusted" and report.intact
    assert authority.ensure("短期机构（演示）", "BRIEF").usable(datetime.now(UTC))


def test_an_unsigned_document(plain: bytes, authority: Authority) -> None:
    assert verify_pdf(plain, [authority.root]).problem == "no_signature"


@given(garbage=st.binary(max_size=200), header=st.booleans())
def test_garbage_is_reported(authority: Authority, garbage: bytes, header: bool) -> None:
    report = verify_pdf(b"%PDF-1.7\n" * header + garbage, [authority.root])
    assert isinstance(report, SealReport) and report.problem in ("not_a_pdf", "changed")


@given(share=st.floats(0, 1, exclude_max=True))
def test_a_cut_document_is_reported(sealed: bytes, authority: Authority, share: float) -> None:
    assert verify_pdf(sealed[: int(share * len(sealed))], [authority.root]).problem is not None


def test_what_cannot_be_sealed(key: SealKey) -> None:
    with pytest.raises(ValueError):
        seal_pdf(b"%PDF-1.7 nothing", key, "", "", "")


def test_quiet_without_network_and_inside_an_event_loop(
    plain: bytes, key: SealKey, authority: Authority, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def refuse(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)

    async def both() -> SealReport:
        return verify_pdf(seal_pdf(plain, key, "", "", ""), [authority.root])

    with caplog.at_level(logging.DEBUG):
        assert asyncio.run(both()).problem is None
        verify_pdf(b"%PDF-1.7 /ByteRange broken", [authority.root])
    assert not [record for record in caplog.records if record.name.startswith("pyhanko")]


def test_certificates_say_what_they_are(authority: Authority, key: SealKey) -> None:
    root = authority.root.extensions
    assert "demonstration" in authority.root.subject.rfc4514_string()
    assert "演示印章" in key.certificate.subject.rfc4514_string()
    constraints = root.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical and constraints.value.ca and constraints.value.path_length == 0
    seal = key.certificate.extensions
    usage = seal.get_extension_for_class(x509.KeyUsage)
    assert usage.critical and usage.value.digital_signature and usage.value.content_commitment
    assert not usage.value.key_cert_sign
    assert not seal.get_extension_for_class(x509.BasicConstraints).value.ca
    above = seal.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    own = root.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert above.key_identifier == own.digest
    with pytest.raises(x509.ExtensionNotFound):
        seal.get_extension_for_class(x509.SubjectAlternativeName)
    key.certificate.verify_directly_issued_by(authority.root)


def test_keys_on_disk(folder: Path, authority: Authority, key: SealKey) -> None:
    again = Authority.open(folder)
    assert again.root == authority.root and again.seal(CODE).certificate == key.certificate
    assert again.ensure(BODY, CODE).certificate == key.certificate
    assert again.seal(CODE) is again.seal(CODE)
    for path in (folder / "root.pem", folder / CODE / "seal.pem"):
        assert path.stat().st_mode & 0o777 == 0o600
    issued = folder / "issued" / f"{key.certificate.serial_number:x}.crt"
    assert x509.load_pem_x509_certificate(issued.read_bytes()) == key.certificate
    renamed = again.ensure("岭南省民政局（演示）", CODE)
    assert renamed.certificate != key.certificate
    assert again.ensure(BODY, CODE).name == BODY


def test_missing_and_broken_keys(tmp_path: Path) -> None:
    authority = Authority.open(tmp_path)
    with pytest.raises(SealUnavailable):
        authority.seal("NONE")
    for wrong in ("../x", "", "issued", "a" * 65, "a/b"):
        with pytest.raises(ValueError):
            authority.seal(wrong)
    (tmp_path / "root.pem").write_bytes(b"broken")
    with pytest.raises(SealUnavailable):
        Authority.open(tmp_path)


def _race(folder: str) -> bytes:
    authority = Authority.open(Path(folder))
    return authority.root.signature + (authority.ensure(BODY, CODE).certificate.signature)


def test_processes_race_for_one_root_and_one_seal(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_race, [str(tmp_path)] * 8))) == 1


def byte_range(pdf: bytes) -> tuple[int, int, int, int]:
    found = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\s*\]", pdf)
    assert found
    first, start, end, rest = (int(number) for number in found.groups())
    return first, start, end, rest


def tool(name: str) -> str:
    path = shutil.which(name)
    if not path:
        pytest.skip(f"{name} is not installed")
    return path


def test_poppler_accepts_the_seal(sealed: bytes, tmp_path: Path) -> None:
    (tmp_path / "sealed.pdf").write_bytes(sealed)
    command = [tool("pdfsig"), "-nocert", str(tmp_path / "sealed.pdf")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in answer and "Total document signed" in answer
    assert BODY in answer and "ETSI.CAdES.detached" in answer


def test_openssl_accepts_the_seal(sealed: bytes, authority: Authority, tmp_path: Path) -> None:
    openssl = tool("openssl")
    _, start, end, _ = byte_range(sealed)
    (tmp_path / "seal.der").write_bytes(bytes.fromhex(sealed[start + 1 : end - 1].decode()))
    root = authority.root.public_bytes(serialization.Encoding.PEM)
    (tmp_path / "root.pem").write_bytes(root)
    content = sealed[:start] + sealed[end:]

    def verify(data: bytes) -> int:
        (tmp_path / "content").write_bytes(data)
        command = [openssl, "cms", "-verify", "-binary", "-inform", "DER", "-in", "seal.der"]
        command += ["-content", "content", "-CAfile", "root.pem", "-purpose", "any"]
        command += ["-out", "verified"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert verify(content) == 0
    assert hashlib.sha256((tmp_path / "verified").read_bytes()).digest() == (
        hashlib.sha256(content).digest()
    )
    assert verify(content[:-1]) != 0
