"""Who compares files, with which fields, and who sees what was found."""

from lingnan.kernel.registry.linkage.models import Comparison
from lingnan.kernel.registry.records import Record, UnknownRecordType, record_type, record_types
from lingnan.kernel.registry.rights import may_merge, withheld
from lingnan.kernel.trust.api import Actor


def comparable_types(who: Actor) -> list[type[Record]]:
    """Registers with whose records an official may compare: where the official judges pairs."""
    return [model for model in record_types() if may_merge(model, who)]


def fields(model: type[Record], who: Actor) -> tuple[str, ...]:
    """What is compared for a post: a field withheld from it would be told by its agreement."""
    linkage, hidden = model.record.linkage, withheld(model, who)
    compared = linkage.compared if linkage else ()
    return tuple(one.field for one in compared if one.field not in hidden)


def model_of(one: Comparison) -> type[Record]:
    """The register of a comparison. Raises UnknownRecordType where its system is not carried."""
    system, _dot, name = one.record_type.partition(".")
    return record_type(system, name)


def may_see(one: Comparison, who: Actor) -> bool:
    """Only who sent the file, in the post in which it was sent, while the right still stands."""
    if (one.account, one.body) != (who.account, who.body):
        return False
    try:
        return may_merge(model_of(one), who)
    except UnknownRecordType:
        return False
