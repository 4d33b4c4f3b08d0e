"""A data catalogue as DCAT-AP 3 in JSON-LD, a page at a time. Pure: addresses are given.

The context stands in the document, so that whoever reads it fetches nothing. Texts are pairs of
Chinese and English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

MEDIA_TYPE = "application/ld+json"
Text = tuple[str, str]
_EU = "http://publications.europa.eu/resource/authority"
FREQUENCIES = {
    "realtime": f"{_EU}/frequency/UPDATE_CONT",
    "day": f"{_EU}/frequency/DAILY",
    "week": f"{_EU}/frequency/WEEKLY",
    "month": f"{_EU}/frequency/MONTHLY",
    "quarter": f"{_EU}/frequency/QUARTERLY",
    "year": f"{_EU}/frequency/ANNUAL",
    "irregular": f"{_EU}/frequency/IRREG",
}
"""dct:accrualPeriodicity (DCAT-AP 3, controlled vocabularies)."""
ACCESS = {
    "open": f"{_EU}/access-right/PUBLIC",
    "conditional": f"{_EU}/access-right/RESTRICTED",
    "closed": f"{_EU}/access-right/NON_PUBLIC",
}
LANGUAGES = (f"{_EU}/language/ZHO", f"{_EU}/language/ENG")
CONTEXT: Mapping[str, Any] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class Agent:
    """A body of government."""

    iri: str
    name: Text


@dataclass(frozen=True)
class Concept:
    """A category of the catalogue, in the scheme `scheme`."""

    iri: str
    name: Text
    scheme: str


@dataclass(frozen=True)
class Dataset:
    """One resource. `page` is where it is described and asked for, `rights` on what terms;
    `access` and `frequency` are keys of `ACCESS` and `FREQUENCIES`."""

    iri: str
    identifier: str
    title: Text
    description: Text
    publisher: Agent
    themes: Sequence[Concept]
    keywords: Sequence[Text]
    access: str
    rights: Text
    frequency: str
    issued: date
    modified: datetime
    page: str


@dataclass(frozen=True)
class Page:
    """A page of a catalogue: what it is, whose, and where the next page is ("" at the end)."""

    iri: str
    here: str
    title: Text
    description: Text
    publisher: Agent
    homepage: str
    following: str = ""


def document(page: Page, datasets: Iterable[Dataset]) -> dict[str, Any]:
    """The JSON-LD of a page: each agent, concept and right once, and datasets by their address."""
    nodes: dict[str, dict[str, Any]] = {}
    catalogue = _catalogue(page, nodes)
    for one in datasets:
        catalogue["dcat:dataset"].append({"@id": one.iri})
        nodes[one.iri] = _dataset(one, nodes)
    graph = [catalogue, *nodes.values()]
    if page.following:
        graph.append(
            {
                "@id": page.here,
                "@type": "hydra:PartialCollectionView",
                "hydra:next": {"@id": page.following},
            }
        )
    return {"@context": dict(CONTEXT), "@graph": graph}


def _catalogue(page: Page, nodes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "@id": page.iri,
        "@type": "dcat:Catalog",
        "dct:title": _texts(page.title),
        "dct:description": _texts(page.description),
        "dct:publisher": _agent(page.publisher, nodes),
        "foaf:homepage": _typed(page.homepage, "foaf:Document", nodes),
        "dct:language": [_typed(one, "dct:LinguisticSystem", nodes) for one in LANGUAGES],
        "dcat:dataset": [],
    }


def _dataset(one: Dataset, nodes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    distribution = f"{one.iri}#distribution"
    nodes[distribution] = {
        "@id": distribution,
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": one.page},
        "dct:title": _texts(one.title),
        "dct:rights": _rights(f"{one.iri}#rights", one.rights, nodes),
    }
    return {
        "@id": one.iri,
        "@type": "dcat:Dataset",
        "dct:identifier": one.identifier,
        "dct:title": _texts(one.title),
        "dct:description": _texts(one.description),
        "dct:publisher": _agent(one.publisher, nodes),
        "dcat:theme": [_concept(theme, nodes) for theme in one.themes],
        "dcat:keyword": [text for pair in one.keywords for text in _texts(pair)],
        "dct:accessRights": _typed(ACCESS[one.access], "dct:RightsStatement", nodes),
        "dct:accrualPeriodicity": _typed(FREQUENCIES[one.frequency], "dct:Frequency", nodes),
        "dct:issued": {"@value": one.issued.isoformat(), "@type": "xsd:date"},
        "dct:modified": {"@value": one.modified.isoformat(), "@type": "xsd:dateTime"},
        "dcat:landingPage": _typed(one.page, "foaf:Document", nodes),
        "dcat:distribution": {"@id": distribution},
    }


def _agent(agent: Agent, nodes: dict[str, dict[str, Any]]) -> dict[str, str]:
    nodes[agent.iri] = {
        "@id": agent.iri,
        "@type": "foaf:Agent",
        "foaf:name": _texts(agent.name),
    }
    return {"@id": agent.iri}


def _concept(concept: Concept, nodes: dict[str, dict[str, Any]]) -> dict[str, str]:
    nodes[concept.scheme] = {
        "@id": concept.scheme,
        "@type": "skos:ConceptScheme",
        "dct:title": _texts(("政务信息资源分类", "Categories of government information")),
    }
    nodes[concept.iri] = {
        "@id": concept.iri,
        "@type": "skos:Concept",
        "skos:prefLabel": _texts(concept.name),
        "skos:inScheme": {"@id": concept.scheme},
    }
    return {"@id": concept.iri}


def _rights(iri: str, text: Text, nodes: dict[str, dict[str, Any]]) -> dict[str, str]:
    nodes[iri] = {"@id": iri, "@type": "dct:RightsStatement", "rdfs:label": _texts(text)}
    return {"@id": iri}


def _typed(iri: str, kind: str, nodes: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What only has to be of its kind for who validates."""
    nodes.setdefault(iri, {"@id": iri, "@type": kind})
    return {"@id": iri}


def _texts(pair: Text) -> list[dict[str, str]]:
    zh, en = pair
    return [{"@value": zh, "@language": "zh"}, {"@value": en, "@language": "en"}]
