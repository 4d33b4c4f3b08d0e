"""What an official does with an import, and in which state it may be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.registry.display import label
from lingnan.kernel.registry.importing import columns, rights, texts, words, work
from lingnan.kernel.registry.importing.examining import begin_anew
from lingnan.kernel.registry.importing.jobs import model_of
from lingnan.kernel.registry.importing.models import Import, ImportedPart, SentFile
from lingnan.kernel.registry.importing.sending import find_columns, told
from lingnan.kernel.registry.importing.sheets import Unfit
from lingnan.kernel.registry.importing.taking import WHOLE_MOST
from lingnan.kernel.registry.records import Record
from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui

FIELD = "column_"


@dataclass(frozen=True)
class Way:
    """Something that can be done: a button with a sentence."""

    do: str
    text: str
    about: str
    quiet: bool = False


def do(one: Import, who: Actor, posted: Mapping[str, str]) -> str:
    """Do what is asked; "" or why it cannot be. What the state does not allow is left undone."""
    asked, model = posted.get("do", ""), model_of(one)
    if one.state == "uploaded" and asked in ("show", "check"):
        return _set_up(one, who, model, posted, asked == "check")
    if asked not in {way.do for way in ways(one, model, who)} | {"drop"}:
        return ""
    if asked in ("take_all", "take_good"):
        state = "awaiting" if rights.confirmers_of(model) else "taking"
        told("import.taking", one, who, {"whole": asked == "take_all"})
        _move(one, state, whole=asked == "take_all")
    elif asked == "confirm":
        told("import.confirmed", one, who, {"sent_by": one.who})
        _move(one, "taking", confirmed_by=who.signature)
    elif asked == "columns":
        begin_anew(one)
        _move(one, "uploaded")
    elif asked in ("drop", "refuse") and _may_drop(one, who, asked):
        told("import.dropped", one, who, {})
        if _move(one, "dropped"):
            work.remove(one.ref)
    return ""


def _may_drop(one: Import, who: Actor, asked: str) -> bool:
    if asked == "refuse":
        return one.state == "awaiting" and rights.may_confirm(one, who)
    taken = ImportedPart.objects.filter(imported=one).exists()
    return one.state in ("uploaded", "checked", "failed") and one.body == who.body and not taken


def _move(one: Import, state: str, **more: object) -> bool:
    """From the state that the page showed, and from no other."""
    rows = Import.objects.filter(pk=one.ref, state=one.state)
    return bool(rows.update(state=state, **more))


def _set_up(
    one: Import, who: Actor, model: type[Record], posted: Mapping[str, str], check: bool
) -> str:
    """Encoding, delimiter and columns as chosen by hand; then the check, when asked for."""
    reading = read_as(one, posted)
    one.changes = posted.get("changes") == "1"
    try:
        if reading != one.reading:
            one.reading = reading
            find_columns(one, model)
        else:
            one.mapping = mapped(one, model.record.imported, posted)
    except Unfit as unfit:
        return words.of_file(unfit.code)
    one.save(update_fields=["reading", "mapping", "changes"])
    if not check:
        return ""
    absent = columns.missing(model, one.mapping)
    if absent:
        names = ui.listed(label(model, name) for name in absent)
        return _("Say which column gives: %(names)s") % {"names": names}
    told("import.checking", one, who, {"columns": sorted(one.mapping.values())})
    begin_anew(one)
    _move(one, "checking")
    return ""


def read_as(one: SentFile, posted: Mapping[str, str]) -> dict[str, Any]:
    """Encoding and delimiter as the form says, where it says them."""
    reading = dict(one.reading)
    for name, known in (("encoding", texts.ENCODINGS), ("delimiter", tuple(texts.DELIMITERS))):
        if posted.get(name) in known and name in reading:
            reading[name] = posted[name]
    return reading


def mapped(one: SentFile, names: Sequence[str], posted: Mapping[str, str]) -> dict[str, str]:
    """Place → field as the form says; a column gives one field only, the first."""
    if not any(name.startswith(FIELD) for name in posted):
        return dict(one.mapping)
    found: dict[str, str] = {}
    width = len(one.reading.get("names") or [])
    for name in names:
        place = posted.get(f"{FIELD}{name}", "")
        if place.isdecimal() and len(place) < 5 and int(place) < width:
            found.setdefault(str(int(place)), name)
    return found


def ways(one: Import, model: type[Record], who: Actor) -> list[Way]:
    """What this official may do now."""
    if one.state == "awaiting":
        return _confirming() if rights.may_confirm(one, who) else []
    if one.body != who.body or not rights.may_import(model, who):
        return []
    again = Way("columns", _("Choose the columns again"), "", True)
    drop = Way("drop", _("Drop the file"), "", True)
    if one.state == "checked":
        return [*_taking(one), again, drop]
    return [again, drop] if one.state == "failed" and not one.taken else []


def _confirming() -> list[Way]:
    return [
        Way("confirm", _("Confirm the file"), _("The file is taken in, in your name too.")),
        Way("refuse", _("Refuse the file"), _("Nothing is taken in."), True),
    ]


def _taking(one: Import) -> list[Way]:
    good = one.counts.get("new", 0) + one.counts.get("changed", 0)
    if not good:
        return []
    bad = one.counts.get("bad", 0)
    if bad:
        return [Way("take_good", _("Take in the good rows only"), _("Part by part."))]
    if good > WHOLE_MOST:
        said = _("More than %(most)s rows are taken in part by part.") % {"most": f"{WHOLE_MOST:,}"}
        return [Way("take_good", _("Take in"), said)]
    return [Way("take_all", _("Take in"), _("All rows in one act, or none."))]
