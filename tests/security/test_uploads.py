"""What is looked for in a file before it is taken, and in which words it is refused."""

import io
import struct
import zipfile
import zlib

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from lingnan.kernel.content import inspection
from lingnan.kernel.content.files import WORDS, FileRefused, Upload, media_type_of
from lingnan.kernel.matters.models import Attachment
from tests.people import PDF, Person, pdf


def document(*objects: bytes) -> bytes:
    body = b"".join(b"%d 0 obj%sendobj\n" % (n, one) for n, one in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def packed(inner: bytes, head: bytes = b"/Type/ObjStm/N 1/First 0") -> bytes:
    data = zlib.compress(inner)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (head, len(data), data)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 2, height: int = 2, *more: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\0\0" * 2)
    chunks = [chunk(b"IHDR", head), *more, chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def jpeg(width: int = 2, height: int = 2) -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    scan = b"\xff\xda" + struct.pack(">H", 8) + b"\1\1\0\0\x3f\0"
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0" + frame + scan + b"\x12\x34\xff\xd9"


def archive() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        file.writestr("run.exe", "MZ")
    return kept.getvalue()


EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CATALOG = b"<</Type/Catalog>>"
BOMB = packed(bytes(inspection.INFLATED + 1), b"/X 1")
FAULTY = {
    "pdf with a script": ("a.pdf", document(b"<</S/JavaScript/JS(app.alert(1))>>"), "script"),
    "pdf with an escaped script": ("a.pdf", document(b"<</S/Java#53cript>>"), "script"),
    "pdf with a packed script": ("a.pdf", document(packed(b"<</S/JavaScript>>")), "script"),
    "pdf with a packed escape": ("a.pdf", document(packed(b"<</S/#4aavaScript>>")), "script"),
    "pdf that starts a program": ("a.pdf", document(b"<</S/Launch/F(cmd.exe)>>"), "action"),
    "pdf that sends a form": ("a.pdf", document(b"<</S/SubmitForm>>"), "action"),
    "pdf with a file in it": ("a.pdf", document(b"<</Type/EmbeddedFile>>"), "embedded"),
    "pdf with named files": ("a.pdf", document(b"<</Names<</EmbeddedFiles 3 0 R>>>>"), "embedded"),
    "pdf with an XFA form": ("a.pdf", document(b"<</AcroForm<</XFA 5 0 R>>>>"), "form"),
    "locked pdf": ("a.pdf", PDF.replace(b"<</Root", b"<</Encrypt 9 0 R/Root"), "encrypted"),
    "pdf that bursts": ("a.pdf", document(CATALOG, BOMB), "bomb"),
    "pdf with a giant picture": (
        "a.pdf",
        document(packed(b"\0", b"/Subtype/Image/Width 90000/Height 90000")),
        "bomb",
    ),
    "pdf with an unknown packing": (
        "a.pdf",
        document(b"<</Type/ObjStm/Filter/LZWDecode>>stream\nabcd\nendstream"),
        "unreadable",
    ),
    "pdf that is an archive too": ("a.pdf", PDF + archive(), "archive"),
    "pdf with macros": ("a.pdf", document(packed(b"xl/vbaProject.bin")), "macro"),
    "Office document in a pdf": ("a.pdf", document(inspection.MACROS[0]), "macro"),
    "the test virus in a pdf": ("a.pdf", document(b"(" + EICAR + b")"), "virus"),
    "the test virus, packed": ("a.pdf", document(packed(EICAR, b"/X 1")), "virus"),
    "the test virus in a picture": ("a.png", png(2, 2, chunk(b"tEXt", EICAR)), "virus"),
    "picture with an archive": ("a.png", png() + archive(), "archive"),
    "picture with a cut archive": ("a.png", png() + archive()[:40], "archive"),
    "picture with a page": ("a.png", png() + b"<HTML><body>", "archive"),
    "photograph with an archive": ("a.jpg", jpeg() + archive(), "archive"),
    "photograph with a RAR": ("a.jpeg", jpeg() + b"Rar!\x1a\x07\x01", "archive"),
    "picture that bursts": ("a.png", png(60_000, 60_000), "bomb"),
    "photograph that bursts": ("a.jpg", jpeg(65_500, 65_500), "bomb"),
    "remark that bursts": (
        "a.png",
        png(2, 2, chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(1 << 24)))),
        "bomb",
    ),
    "picture without pixels": ("a.png", png()[:33] + chunk(b"IEND", b""), "unreadable"),
    "broken picture": ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "unreadable"),
    "broken photograph": ("a.jpg", b"\xff\xd8\xff" + bytes(40), "unreadable"),
    "Office document with macros": ("a.docm", archive(), "kind"),
    "a program by another name": ("a.pdf", b"MZ\x90\x00", "lies"),
}
GOOD = {
    "pdf": ("a.pdf", PDF),
    "pdf with objects packed": ("a.pdf", document(CATALOG, packed(b"1 0 <</Type/Page>>"))),
    "pdf that opens at a page": ("a.pdf", document(b"<</OpenAction[3 0 R/Fit]>>")),
    "png": ("A.PNG", png()),
    "jpeg": ("a.jpeg", jpeg()),
    "photograph with a second picture": ("a.jpg", jpeg() + jpeg()),
    "large photograph": ("a.jpg", jpeg(12_000, 8_000)),
}


@pytest.mark.parametrize("case", FAULTY)
def test_it_is_refused_for_what_it_holds(case: str) -> None:
    name, content, why = FAULTY[case]
    with pytest.raises(FileRefused) as refused:
        media_type_of(Upload(name, content))
    assert refused.value.why == why
    assert refused.value.said, "an asker would not know what to say"


@pytest.mark.parametrize("case", GOOD)
def test_what_is_in_order_is_taken(case: str) -> None:
    name, content = GOOD[case]
    assert media_type_of(Upload(name, content))


@pytest.mark.parametrize("why", WORDS)
def test_a_refusal_says_what_and_what_to_do(why: str) -> None:
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said[language] = FileRefused(why).said
    assert said["en"] and any("\u4e00" <= letter <= "\u9fff" for letter in said["zh-hans"])
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in said["en"])


BASES = st.sampled_from([content for _name, content in GOOD.values()])


@settings(max_examples=150, deadline=None)
@given(BASES, st.binary(max_size=40), st.integers(0, 400), st.sampled_from(["pdf", "png", "jpeg"]))
def test_broken_files_are_judged_and_never_break_the_judge(
    base: bytes, noise: bytes, at: int, kind: str
) -> None:
    content = base[: at % (len(base) + 1)] + noise + base[at % (len(base) + 1) :]
    media_type = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}[kind]
    try:
        inspection.inspect(content, media_type)
    except inspection.Refused as refused:
        assert refused.reason in WORDS


@pytest.mark.parametrize("part", [b"<<>>stream\nendstream", b"<<>>stream\n"])
def test_a_file_of_beginnings_is_not_followed_for_ever(part: bytes) -> None:
    with pytest.raises(inspection.Refused, match="unreadable"):
        inspection.inspect(b"%PDF-1.7\n" + part * 200_000, "application/pdf")


@pytest.mark.django_db
def test_a_form_refuses_it_and_keeps_nothing() -> None:
    resident = Person("resident-440103", "en")
    resident.post("/matters/individual_business/begin/", body="gd-440103-market")
    content = FAULTY["pdf with a script"][1]
    page = resident.post(resident.url, **{"file-premises_proof": pdf("a.pdf", content), "go": "1"})
    assert resident.status == 422 and 'id="id_file-premises_proof-error"' in page
    assert not Attachment.objects.filter(application__reference=resident.url.split("/")[2]).exists()
