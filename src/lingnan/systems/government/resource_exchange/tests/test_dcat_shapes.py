"""The catalogue for other catalogues holds to DCAT-AP 3: judged by the profile's own shapes."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lingnan.systems.government.resource_exchange import dcat_pages
from lingnan.systems.government.resource_exchange.models import Entry

# Both databases give the same document, and judging it takes seconds: once is enough.
pytestmark = pytest.mark.django_db
BESIDE = Path(__file__).parents[6].parent / "shared" / "testdata"
REJECTING = ("dcat-ap-SHACL.ttl", "html/shacl/shapes.ttl")
"""Breach of one of these is a reason to reject; the other two files of the set only warn."""
SHACL, DCT = "http://www.w3.org/ns/shacl#", "http://purl.org/dc/terms/"
Judge = Callable[[Any], list[str]]


@pytest.fixture(scope="module")
def shapes() -> Any:
    """The rejecting shapes as one graph."""
    rdflib = pytest.importorskip("rdflib", reason="rdflib judges RDF and is not installed")
    folder = Path(os.environ.get("LINGNAN_TESTDATA", BESIDE)) / "dcat"
    found = rdflib.Graph()
    for name in REJECTING:
        if not (folder / name).is_file():
            pytest.skip(f"public vectors dcat/{name} are absent; set LINGNAN_TESTDATA")
        found.parse(folder / name, format="turtle")
    return found


@pytest.fixture
def judge(shapes: Any, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """What breaches the shapes: constraint, path and node of each result. Nothing is fetched."""
    pyshacl = pytest.importorskip("pyshacl", reason="pyshacl judges shapes and is not installed")
    from rdflib import URIRef

    def refuse(*said: Any) -> None:
        raise AssertionError("judging a catalogue fetches nothing")

    monkeypatch.setattr(socket.socket, "connect", refuse)

    def judged(data: Any) -> list[str]:
        _holds, results, _text = pyshacl.validate(data, shacl_graph=shapes, inference="none")
        parts = [URIRef(SHACL + one) for one in (
            "sourceConstraintComponent", "resultPath", "focusNode")]  # fmt: skip
        rows = results.subjects(URIRef(SHACL + "resultSeverity"), URIRef(SHACL + "Violation"))
        return sorted(" ".join(str(results.value(row, part)) for part in parts) for row in rows)

    return judged


def exported() -> Any:
    from rdflib import Graph

    answer = Client().get("/catalogue/dcat.jsonld")
    assert answer.status_code == 200
    return Graph().parse(data=answer.content, format="json-ld")


def test_the_export_breaches_no_shape_and_a_lost_title_does(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rdflib import URIRef

    whole = exported()
    assert len(list(datasets(whole))) == Entry.objects.filter(ended=False).count()
    assert judge(whole) == []
    monkeypatch.setattr(dcat_pages, "PAGE", 1)
    less = exported()
    (one,) = datasets(less)
    less.remove((one, URIRef(DCT + "title"), None))
    told = {tuple(breach.split()[1:]) for breach in judge(less)}
    assert told == {(DCT + "title", str(one))}


def datasets(data: Any) -> Iterator[Any]:
    from rdflib import RDF, URIRef

    yield from data.subjects(RDF.type, URIRef("http://www.w3.org/ns/dcat#Dataset"))
