"""Seals: made, checked, broken in every place, and checked by other people's software."""

import asyncio
import hashlib
import logging
import re
import shutil
import socket
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typst
from asn1crypto import pem
from hypothesis import given, settings
from hypothesis import strategies as st

from lingnan.kernel.trust.seal.api import SealKey, SealReport, seal_pdf, verify_pdf
from tests.seal.authority import BODY, Authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def key(authority: Authority) -> SealKey:
    return authority.seal()


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
    name = b"Lingnan demonstration city".hex().upper().encode()
    position = sealed.rindex(name)
    other = b"LINGNAN demonstration city".hex().upper().encode()
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
    for roots in ([Authority(tmp_path / "other").root], []):
        report = verify_pdf(sealed, roots)
        assert report.problem == "untrusted" and report.intact and not report.trusted


def test_a_certificate_must_hold_when_the_seal_was_made(plain: bytes, authority: Authority) -> None:
    ended = authority.seal(at=datetime(2026, 1, 1, tzinfo=UTC), days=1)
    assert not ended.usable(datetime.now(UTC))
    report = verify_pdf(seal_pdf(plain, ended, "", "", ""), [authority.root])
    assert report.problem == "untrusted" and report.intact


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
    (tmp_path / "root.pem").write_bytes(pem.armor("CERTIFICATE", authority.root.dump()))
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
