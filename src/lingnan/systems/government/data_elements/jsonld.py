"""Elements as JSON-LD: SKOS concepts with what ISO/IEC 11179-3 tells of an administered item.

11179 has no vocabulary of its own here; its attributes stand under the node's own address
(`/data-elements/terms#`), SKOS and Dublin Core say the rest. The context stands in the document.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

from lingnan.systems.government.data_elements.models import DataElement, ElementMapping
from lingnan.systems.government.data_elements.rules import domains

MATCHES = {
    "exact": "skos:exactMatch",
    "close": "skos:closeMatch",
    "broad": "skos:broadMatch",
    "narrow": "skos:narrowMatch",
    "related": "skos:relatedMatch",
}


def document(
    root: str, rows: Iterable[DataElement], mapped: Iterable[ElementMapping], following: str
) -> dict[str, Any]:
    """The JSON-LD of some elements. `following`: the identifier after which the next page is."""
    by_element: dict[str, list[ElementMapping]] = {}
    for one in mapped:
        by_element.setdefault(one.element, []).append(one)
    said: dict[str, Any] = {
        "@context": _context(root),
        "@graph": [_element(root, row, by_element.get(row.code, [])) for row in rows],
    }
    if following:
        here = f"{root}/data-elements/register.jsonld"
        said["@graph"].append(
            {
                "@id": here,
                "@type": "hydra:PartialCollectionView",
                "hydra:next": {"@id": f"{here}?{urlencode({'from': following})}"},
            }
        )
    return said


def _context(root: str) -> dict[str, str]:
    return {
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "dct": "http://purl.org/dc/terms/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "hydra": "http://www.w3.org/ns/hydra/core#",
        "mdr": f"{root}/data-elements/terms#",
    }


def _pair(zh: str, en: str) -> list[dict[str, str]]:
    told = (("zh-Hans", zh), ("en", en))
    return [{"@language": language, "@value": text} for language, text in told if text]


def _element(root: str, row: DataElement, mapped: list[ElementMapping]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "@id": f"{root}/data-elements/{quote(row.code)}/",
        "@type": ["skos:Concept", "mdr:DataElement"],
        "dct:identifier": row.code,
        "skos:prefLabel": _pair(row.name_zh, row.name_en),
        "skos:definition": _pair(row.definition_zh, row.definition_en),
        "mdr:objectClass": row.object_class,
        "mdr:property": _pair(row.property_zh, row.property_en),
        "mdr:valueDomain": _domain(row),
        "mdr:registrationStatus": row.status,
        "mdr:version": str(row.edition),
        "mdr:registrationAuthority": row.registrar,
        "mdr:submittingOrganization": row.submitter,
        "dct:modified": {"@type": "xsd:dateTime", "@value": row.recorded_at.isoformat()},
    }
    if row.replaced_by:
        there = f"{root}/data-elements/{quote(row.replaced_by)}/"
        said["dct:isReplacedBy"] = {"@id": there}
    if row.standards:
        said["dct:conformsTo"] = [one.strip() for one in row.standards.split(",")]
    for one in mapped:
        said.setdefault(MATCHES[one.match], []).append(_target(one))
    return {name: value for name, value in said.items() if value not in ("", [], None)}


def _domain(row: DataElement) -> dict[str, Any]:
    said: dict[str, Any] = {
        "@type": "mdr:EnumeratedValueDomain" if row.values else "mdr:DescribedValueDomain",
        "mdr:datatype": row.datatype,
        "mdr:maximumCharacterQuantity": row.length,
        "mdr:unitOfMeasure": row.unit,
        "mdr:format": row.shape,
        "mdr:permissibleValue": [
            {"mdr:value": one.code, "mdr:valueMeaning": _pair(one.zh, one.en)}
            for one in domains.read_values(row.values)
        ],
    }
    return {name: value for name, value in said.items() if value not in ("", [], None)}


def _target(one: ElementMapping) -> dict[str, Any]:
    """The term of the other scheme. It has no address here, so it is told by scheme and name."""
    said: dict[str, Any] = {
        "@type": "skos:Concept",
        "skos:notation": one.target,
        "skos:inScheme": {"@type": "skos:ConceptScheme", "dct:title": one.scheme},
    }
    if one.pairs:
        said["mdr:valueMap"] = [{"mdr:value": own, "mdr:there": there} for own, there in one.pairs]
    return said
