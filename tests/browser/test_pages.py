"""Every page, at desktop and phone width in Chinese and at phone width in English."""

import re

import pytest

from tests.browser.conftest import Seen
from tests.browser.scenes import SCENES

pytestmark = pytest.mark.browser

# What a Chinese page may say in Latin letters: forms of files, units, numbers and codes.
ALLOWED = re.compile(
    r"[MG]B/(file|day)|files/day"
    r"|[0-9]{6}-[a-z]+-\w+|JSON-LD|DCAT-AP|English|Shift|Esc|GeoJSON|GEOJSON|JSON|TXT|PDF|CSV|XLSX|PARQUET|PNG|JPE?G|MB|QR|SHA-256|[\w-]+\.(pdf|png|jpg|csv)|[a-z_]+\.[a-z_]+|[0-9A-Z-]{6,}"
    r"|GD-[0-9-]+|https://[\w.]+|ASICE|OFD|PKCS#10|PEM|CSR|DER|OCSP|SM2|SM3|GM/T|ECDSA"
    r"|KB|OpenSSL|Debian"
    # Standards by their numbers, terms of other schemes, formats of values.
    r"|(GB|GB/T|WS|WS/T|HJ|ISO|ISO/IEC|RFC|OGC|GS|GA/T) [\d.r-]+|BPMN|SDMX|PAdES \(ETSI EN|CGCS|GCJ"
    r"|FHIR R4|vCard|Patient(\.\w+)+|FN|BDAY|GENDER|ADR|ORG|GEO|dct:\w+|→ (fe)?male|\ban?\d+"
    # As an agreement's limits are written.
    r"|subjects/day|uses/minute|under|today|territory"
    r"|X-Road-Id"
    r"|KB|OpenSSL|Debian|SQLite|PostgreSQL|MySQL|MariaDB|\*\.csv|/data/rows|\{value\}"
    # Files as bodies hand them over: sizes and media types.
    r"|GB|(text|application)/[a-z0-9.+-]+"
)
LATIN = re.compile(r"[A-Za-z]{2,}")
# What an English page may say in Chinese: a law is cited by its own name.
CITATION = re.compile(
    r"《[^《》]*(?:《[^《》]*》[^《》]*)*》(（[0-9-]+）)?(第[一二三四五六七八九十百零]+[条款项、]*)*"
)
# … and what somebody declared or is called stands in quotes, or at the end of its sentence.
DATA = re.compile(r"“[^”]*”|: [\u4e00-\u9fff]{2,4}(?=\.)")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
EVERY = [
    pytest.param(name, language, id=f"{name}-{language}")
    for name in SCENES
    for language in ("zh", "en")
]
every = pytest.mark.parametrize(("name", "language"), EVERY)


@every
def test_the_server_answers_as_it_should(seen: Seen, name: str, language: str) -> None:
    assert seen(name, language).status == SCENES[name].status


@every
def test_axe_finds_nothing(seen: Seen, name: str, language: str) -> None:
    found = seen(name, language).violations
    assert {width: lines for width, lines in found.items() if lines} == {}


@every
def test_nothing_is_wider_than_a_phone(seen: Seen, name: str, language: str) -> None:
    assert seen(name, language).wider == []


@every
def test_the_console_is_silent(seen: Seen, name: str, language: str) -> None:
    assert seen(name, language).said == []


@every
def test_the_page_speaks_its_language(seen: Seen, name: str, language: str) -> None:
    words = seen(name, language).words
    assert words
    if language == "zh":
        stray = [text for text in words if LATIN.search(ALLOWED.sub("", text))]
    else:
        stray = [text for text in words if CHINESE.search(DATA.sub("", CITATION.sub("", text)))]
    assert stray == []
