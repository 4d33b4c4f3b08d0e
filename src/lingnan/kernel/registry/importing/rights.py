"""Who may send files and take them in, see an import, and confirm another official's."""

import re

from lingnan.kernel.registry.importing.jobs import model_of
from lingnan.kernel.registry.importing.models import Import
from lingnan.kernel.registry.records import (
    Record,
    UnknownRecordType,
    record_type,
    record_types,
    significant,
)
from lingnan.kernel.registry.rights import may_merge
from lingnan.kernel.trust.api import Access, Actor

ADDRESS = re.compile(r"/desk/records/([a-z0-9_]+)/([a-z0-9_]+)/(import|compare)/")


def may_import(model: type[Record], who: Actor) -> bool:
    importers = model.record.importers
    return importers is not None and importers.permits(who) and model.record.readers.permits(who)


def takes_in(path: str, who: Actor | None) -> bool:
    """Whether an address takes files of rows, from this actor: into a register or to compare."""
    found = ADDRESS.fullmatch(path)
    if found is None or who is None:
        return False
    try:
        model = record_type(found[1], found[2])
        return (may_import if found[3] == "import" else may_merge)(model, who)
    except UnknownRecordType:
        return False


def importable_types(who: Actor) -> list[type[Record]]:
    return [model for model in record_types() if may_import(model, who)]


def confirmers_of(model: type[Record]) -> Access | None:
    """Who confirms what another entered; None where nobody need to."""
    found: Access | None = getattr(model.record, "confirmers", None)
    return found


def may_confirm(one: Import, who: Actor) -> bool:
    """Another official, in whose sight the importer's division lies."""
    confirmers = confirmers_of(model_of(one))
    if confirmers is None or not confirmers.permits(who) or who.account == one.account:
        return False
    return one.division.startswith(significant(who.division))


def may_see(one: Import, who: Actor) -> bool:
    """Importers of the body that sent the file, and those who may confirm it."""
    try:
        model = model_of(one)
    except UnknownRecordType:
        return False
    return (one.body == who.body and may_import(model, who)) or may_confirm(one, who)
