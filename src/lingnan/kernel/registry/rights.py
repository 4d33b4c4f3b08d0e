"""What of a record a post sees: one place decides for every page, file and answer."""

from collections.abc import Iterator

from lingnan.kernel.registry.records import Record
from lingnan.kernel.trust.api import Actor


def sees(model: type[Record], actor: Actor | None, field: str) -> bool:
    """Whether a reader of the register sees a field, or it is withheld from the reader's post."""
    rule = model.record.withheld.get(field)
    return rule is None or rule.permits(actor)


def withheld(model: type[Record], actor: Actor | None) -> frozenset[str]:
    """The fields that a reader's post does not see."""
    return frozenset(name for name in model.record.withheld if not sees(model, actor, name))


def seen_elements(model: type[Record], actor: Actor | None) -> list[str]:
    """The codes of the data elements that a reader's post sees, in order."""
    found = model.record.elements.items()
    return sorted(code for code, name in found if sees(model, actor, name))


def may_merge(model: type[Record], actor: Actor | None) -> bool:
    """Whether an official judges pairs of a register: declared apart from entering, or nobody."""
    mergers = model.record.mergers
    return mergers is not None and mergers.permits(actor) and model.record.readers.permits(actor)


def faults(model: type[Record]) -> Iterator[str]:
    """Fields that cannot be withheld: by them a record is known or found."""
    record = model.record
    for name in record.withheld:
        model._meta.get_field(name)
        if name in (record.identifier, record.columns[0], record.scope, record.concerns):
            yield f"{model.__name__}.{name} names or places the record: it cannot be withheld"
    for name in (*record.entered, *(record.confirmed - {"*"})):
        if not model._meta.get_field(name).editable:
            yield f"{model.__name__}.{name} is not editable: it cannot be entered"
    for name in record.by_act:
        model._meta.get_field(name)
        if name in record.confirmed:
            yield f"{model.__name__}.{name} changes by an act: no second official confirms it here"
    if bool(record.confirmed) != (record.confirmers is not None):
        yield f"{model.__name__} says what is confirmed, or by whom, but not both"
    if record.entered and record.editors is None:
        yield f"{model.__name__} has a form but nobody to fill it in"
    if record.mergers is not None and record.linkage is None:
        yield f"{model.__name__} says who merges, but not how duplicates are found"
