"""What is added behind a sealed document so that it lasts: answers about revocation and a document
time-stamp over everything before (ISO 32000-2 §12.8.4.3 and §12.8.5; PAdES B-LTA).

A tail is text that this software alone writes, in one way: who reads it writes it anew from its
answers and its time-stamp, and accepts the same bytes only. So nothing else can follow a seal.

In its second form a tail also says which answers belong to which signature before it: `related`.
"""

import hashlib
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from . import related
from .texts import CannotLast, dictionary, text

ROOM = 6_000
"""Bytes kept free for a time-stamp with its certificates."""
MOST = 24
"""Tails behind one document: one comes every few years. Each is read with all before it."""
LARGEST = 20_000
"""Objects of a document that a tail can follow; ours have some hundred."""
FORMS = ("", "/2")
"""The forms of a tail, by what its first line says: without and with the answers by signature."""
_HEAD = "% lingnan.lasting{form} {certs:03d} {answers:03d} {lists:03d} {length:010d}\n"
_READ = re.compile(rb"% lingnan\.lasting(/2)? (\d{3}) (\d{3}) (\d{3}) (\d{10})\n")
_BLOB = re.compile(rb"\d+ 0 obj\n<</Length (\d{1,7})>>\nstream\n")
_END = b"\nendstream\nendobj\n"
_RANGE = 40
_TOKEN = re.compile(rb"/Contents <([0-9a-f]{%d})>" % (2 * ROOM))


class NotOurs(ValueError):
    """What follows a seal is not written as this software writes it."""


@dataclass(frozen=True, eq=False)
class Answers:
    """What a tail carries beside its time-stamp, each in DER."""

    certificates: tuple[bytes, ...]
    answers: tuple[bytes, ...]
    lists: tuple[bytes, ...]

    @classmethod
    def of(
        cls,
        certificates: Sequence[x509.Certificate],
        answers: Sequence[ocsp.OCSPResponse],
        lists: Sequence[crl.CertificateList],
    ) -> "Answers":
        return cls(*(tuple(dict.fromkeys(one.dump() for one in some))
                     for some in (certificates, answers, lists)))  # fmt: skip

    @property
    def all(self) -> tuple[bytes, ...]:
        return (*self.certificates, *self.answers, *self.lists)


@dataclass(frozen=True, eq=False)
class Tail:
    """A tail that is there: `stamped` is the SHA-256 that its token must be over."""

    carried: Answers
    token: bytes
    stamped: bytes


def add(
    pdf: bytes, carried: Answers, stamp: Callable[[bytes], bytes], form: str = FORMS[-1]
) -> bytes:
    """The tail that makes a document last longer; `stamp` gives a token over a SHA-256.

    Raises `CannotLast`, and what `stamp` raises.
    """
    draft, gap = _draft(pdf, carried, form)
    token = stamp(_digest(pdf, draft, gap))
    return _filled(draft, gap, token)


def split(pdf: bytes, end: int) -> list[Tail]:
    """The tails that follow the first `end` bytes of a document. Raises `NotOurs`."""
    found: list[Tail] = []
    while end < len(pdf):
        head = _READ.match(pdf, end)
        if head is None or len(found) >= MOST:
            raise NotOurs("something else follows the seal")
        length = int(head[5])
        tail, form = pdf[end : end + length], (head[1] or b"").decode()
        found.append(_read(pdf[:end], tail, [int(head[n]) for n in (2, 3, 4)], form))
        end += length
    return found


def _read(before: bytes, tail: bytes, counts: list[int], form: str) -> Tail:
    blobs, at = [], tail.index(b"\n") + 1
    for _ in range(sum(counts)):
        head = _BLOB.match(tail, at)
        if head is None:
            raise NotOurs("an answer is missing")
        at = head.end() + int(head[1])
        blobs.append(tail[head.end() : at])
        at += len(_END)
    first, second = counts[0], counts[0] + counts[1]
    carried = Answers(tuple(blobs[:first]), tuple(blobs[first:second]), tuple(blobs[second:]))
    digits = _TOKEN.search(tail, at)
    if digits is None:
        raise NotOurs("no time-stamp")
    token = bytes.fromhex(digits[1].decode())
    try:
        draft, gap = _draft(before, carried, form)
        token = token[: _length(token)]
        rebuilt = _filled(draft, gap, token)
    except CannotLast as problem:
        raise NotOurs(str(problem)) from problem
    if rebuilt != tail:
        raise NotOurs("written in another way")
    return Tail(carried, token, _digest(before, draft, gap))


def _length(der: bytes) -> int:
    """Of the first value in DER, all its bytes (X.690 §8.1.3)."""
    more = der[1] - 0x80
    if more <= 0:
        return 2 + der[1]
    return 2 + more + int.from_bytes(der[2 : 2 + more], "big")


def _digest(before: bytes, draft: bytes, gap: int) -> bytes:
    """Of everything but the place of the time-stamp."""
    made = hashlib.sha256(before)
    made.update(draft[:gap])
    made.update(draft[gap + 2 * ROOM + 2 :])
    return made.digest()


def _filled(draft: bytes, gap: int, token: bytes) -> bytes:
    if len(token) > ROOM:
        raise CannotLast("the time-stamp is too long")
    digits = token.hex().encode().ljust(2 * ROOM, b"0")
    return draft[: gap + 1] + digits + draft[gap + 1 + 2 * ROOM :]


def _draft(before: bytes, carried: Answers, form: str) -> tuple[bytes, int]:
    """The tail with an empty place for the time-stamp, and where in it that place begins."""
    document = _Document(before)
    written: dict[int, bytes] = {}
    refs, number = [], document.size
    for blob in carried.all:
        written[number] = b"<</Length %d>>\nstream\n%s\nendstream" % (len(blob), blob)
        refs.append(number)
        number += 1
    store, field, stamp = number, number + 1, number + 2
    first, second = len(carried.certificates), len(carried.certificates) + len(carried.answers)
    new = (refs[:first], refs[first:second], refs[second:])
    written[store] = document.store(new, by_signature=form != FORMS[0])
    told, fields = document.form(field)
    written[field] = (
        b"<</FT /Sig/Type /Annot/Subtype /Widget/F 132/Rect [0 0 0 0]/T (Stamp%d)/V %d 0 R>>"
        % (fields, stamp)
    )
    written[stamp] = (
        b"<</Type /DocTimeStamp/Filter /Adobe.PPKLite/SubFilter /ETSI.RFC3161/Contents <"
        + b"0" * (2 * ROOM) + b">/ByteRange " + b" " * _RANGE + b">>"
    )  # fmt: skip
    written[document.form_number] = told
    written[document.root_number] = document.root(store)
    return _assembled(before, written, stamp, document, _head_of(carried, form))


def _assembled(
    before: bytes, written: dict[int, bytes], stamp: int, document: "_Document",
    head: Callable[[int], bytes],
) -> tuple[bytes, int]:  # fmt: skip
    body, places = bytearray(head(0)), {}
    # The answers come first, in their order; then what leads to them.
    for number in sorted(written, key=lambda one: (one < document.size, one)):
        places[number] = len(before) + len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, written[number])
    table = len(before) + len(body)
    body += _table(places)
    body += b"trailer\n<</Size %d/Root %d 0 R%s/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        stamp + 1, document.root_number, document.kept, document.table, table,
    )  # fmt: skip
    body[: len(head(0))] = head(len(body))
    gap = body.index(b"/Contents <", places[stamp] - len(before)) + len(b"/Contents ")
    start, end = len(before) + gap, len(before) + gap + 2 * ROOM + 2
    told = b"[0 %d %d %d]" % (start, end, len(before) + len(body) - end)
    at = body.index(b"/ByteRange ", gap) + len(b"/ByteRange ")
    body[at : at + _RANGE] = told.ljust(_RANGE)
    return bytes(body), gap


def _head_of(carried: Answers, form: str) -> Callable[[int], bytes]:
    """The first line of a tail, by its length."""
    counts = {"certs": len(carried.certificates), "answers": len(carried.answers),
              "lists": len(carried.lists)}  # fmt: skip
    return lambda length: _HEAD.format(form=form, **counts, length=length).encode()


def _table(places: dict[int, int]) -> bytes:
    """A section of the table of places for each object (ISO 32000-2 §7.5.4)."""
    lines = (b"%d 1\n%010d 00000 n \n" % (number, places[number]) for number in sorted(places))
    return b"xref\n" + b"".join(lines)


class _Document:
    """What a tail must know of the document before it. Raises `CannotLast`."""

    def __init__(self, before: bytes) -> None:
        try:
            self._reader = PdfFileReader(io.BytesIO(before))
            trailer, root = self._reader.trailer, self._reader.root
            self.size, self.table = int(trailer["/Size"]), int(self._reader.last_startxref or 0)
            self.root_number = int(trailer.raw_get("/Root").idnum)
            self.form_number = int(root.raw_get("/AcroForm").idnum)
            self.kept = b"".join(
                name.encode() + b" " + text(trailer.raw_get(name))
                for name in ("/Info", "/ID") if name in trailer
            )  # fmt: skip
            self._root, self._form = root, root["/AcroForm"]
        except Exception as problem:  # the reader fails in many ways on what it cannot read
            raise CannotLast(f"not to be read: {problem}") from problem
        if self.size > LARGEST:
            raise CannotLast("larger than our own documents")
        if self._reader.has_xref_stream or self._reader.encrypted or before[-1:] != b"\n":
            raise CannotLast("another structure than that of our own documents")

    def form(self, field: int) -> tuple[bytes, int]:
        """The form with one field more, and how many stamps it then has."""
        fields = [*self._form.raw_get("/Fields"), generic.IndirectObject(field, 0, self._reader)]
        told = dict(self._form) | {"/Fields": generic.ArrayObject(fields)}
        return dictionary(told), len(fields) - 1

    def root(self, store: int) -> bytes:
        told = {name: self._root.raw_get(name) for name in self._root}
        return dictionary(told | {"/DSS": generic.IndirectObject(store, 0, self._reader)})

    def store(self, new: Sequence[list[int]], by_signature: bool) -> bytes:
        """The document security store: what was in it, and what is new."""
        known = self._root.get("/DSS")
        before = known.get_object() if known is not None else {}
        names = ("/Certs", "/OCSPs", "/CRLs")
        old = [[one.idnum for one in before.get(name, ())] for name in names]
        parts = [
            name.encode() + b" " + related.references([*refs, *more])
            for name, refs, more in zip(names, old, new, strict=True)
        ]
        if by_signature:
            parts.append(b"/VRI " + related.written(self._form, before, old, new))
        return b"<<" + b"".join(parts) + b">>"
