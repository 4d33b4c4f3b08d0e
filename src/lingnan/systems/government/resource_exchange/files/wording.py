"""How files on their way are shown: states, sizes, tables."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lingnan.kernel.exchange.api import Agreement, handing, resources, volumes
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.resource_exchange import listing
from lingnan.systems.government.resource_exchange.files import acts

KINDS: dict[str, ui.Kind] = {"taken": "ok", "refused": "late", "dead": "late", "expired": "late",
                             "returned": "late", "withdrawn": "soft",
                             "dropped": "soft"}  # fmt: skip
FAILED = ("refused", "dead", "returned", "dropped")
UNITS = ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB"))


def chip(state: str) -> ui.Chip:
    words = {
        "filling": pgettext("files", "being added"),
        "reading": pgettext("files", "being prepared"),
        "waiting": pgettext("files", "on its way"),
        "open": pgettext("files", "coming"),
        "taken": pgettext("files", "handed over"),
        "refused": pgettext("files", "refused"),
        "dead": pgettext("files", "did not arrive"),
        "returned": pgettext("files", "came back unanswered"),
        "dropped": pgettext("files", "given up"),
        "expired": pgettext("files", "broken off"),
        "withdrawn": pgettext("files", "taken back"),
    }
    return ui.Chip(KINDS.get(state, "info"), words[state])


def size(count: int) -> str:
    """Bytes in the largest unit that gives at least one."""
    for unit, name in UNITS:
        if count >= unit:
            return f"{number_format(count / unit, 1)} {name}"
    return _("%(n)s bytes") % {"n": count}


def progress(one: handing.Handover) -> ui.CellLike:
    """How much of it the receiver has."""
    if one.state != "waiting" or not one.part:
        return chip(one.state)
    parts = -(-one.size // one.part)
    share = _("%(done)s of %(all)s") % {
        "done": size(min(one.size, one.acknowledged * one.part)),
        "all": size(one.size),
    }
    return ui.Cell((chip(one.state), ui.Bar(one.acknowledged, parts, "info", share)))


def problem(one: handing.Handover) -> str:
    """What is in the way, in the reader's words; the other node's own words in quotes."""
    why = one.problem
    if not why:
        return ""
    if one.agreement and why.startswith(f"the agreement {one.agreement} "):
        return _("The agreement has ended, or does not allow files to this body any more.")
    words = {
        "waiting": _("The receiver's node does not answer. It is tried again by itself."),
        "dead": _dead(one),
        "returned": _(
            "The receiver's node did not answer and has acknowledged nothing. It can be handed "
            "over anew."
        ),
        "refused": _("The receiver's node refuses it: “%(why)s”") % {"why": why},
        "dropped": _("Given up: “%(why)s”") % {"why": why},
    }
    if one.state == "waiting" and why.endswith(" pass in a day"):
        return _("What is agreed for this day has come there. It goes on by itself tomorrow.")
    if one.state == "waiting" and "disk" in why:
        return _("The receiver's node has no room now. It goes on by itself when there is.")
    return words.get(one.state, f"“{why}”")


def _dead(one: handing.Handover) -> str:
    at = handing.ending.comes_back(one)
    if at is None:
        return _("The receiver's node did not answer for a week.")
    told = _("The receiver's node did not answer for a week. The operator can have it tried again; "
             "else it comes back on %(day)s.")  # fmt: skip
    return told % {"day": ui.legal_date(at)}


def count(files: Sequence[Any]) -> str:
    return ngettext("%(n)s file", "%(n)s files", len(files)) % {"n": f"{len(files):,}"}


def given(rows: Sequence[handing.Handover], following: str | None) -> ui.Table:
    names = acts.titles(one.receiver for one in rows)
    lines: list[dict[str, ui.CellLike]] = [
        {
            "number": ui.Cell(ui.Link(f"{acts.HERE}{one.number}/", one.number), one.case),
            "whom": str(names.get(one.receiver, one.receiver)),
            "what": ui.Cell(count(one.files), size(one.size)),
            "state": progress(one),
        }
        for one in rows
    ]
    columns = [
        ui.Column("number", pgettext("files", "Number")),
        ui.Column("whom", pgettext("files", "To")),
        ui.Column("what", pgettext("files", "What")),
        ui.Column("state", pgettext("files", "State")),
    ]
    empty = ui.Empty(_("Your body has handed over no files"))
    return ui.Table(columns, lines, _("Given by your body"), empty, next_url=following,
                    caption_hidden=True)  # fmt: skip


def came(
    coming: Sequence[handing.Incoming], rows: Sequence[handing.HandedIn], following: str | None
) -> ui.Table:
    """What is coming first, then what came."""
    names = acts.titles([*(one.sender for one in coming), *(one.sender for one in rows)])
    lines: list[dict[str, ui.CellLike]] = [
        {
            "number": ui.Cell(one.number, one.problem),
            "whom": str(names.get(one.sender, one.sender)),
            "what": size(one.size),
            "state": _coming(one),
        }
        for one in coming
    ]
    lines += [
        {
            "number": ui.Cell(ui.Link(f"{acts.HERE}received/{one.pk}/", one.number), one.case),
            "whom": str(names.get(one.sender, one.sender)),
            "what": ui.Cell(count(one.files), size(one.size)),
            "state": ui.Cell(ui.Chip("ok", pgettext("files", "checked and there")),
                             ui.legal_datetime(one.at)),
        }
        for one in rows
    ]  # fmt: skip
    columns = [
        ui.Column("number", pgettext("files", "Number")),
        ui.Column("whom", pgettext("files", "From")),
        ui.Column("what", pgettext("files", "What")),
        ui.Column("state", pgettext("files", "State")),
    ]
    empty = ui.Empty(_("No files came for your body"))
    return ui.Table(columns, lines, _("Came for your body"), empty, next_url=following,
                    caption_hidden=True)  # fmt: skip


def _coming(one: handing.Incoming) -> ui.CellLike:
    if one.state != "open":
        return chip(one.state)
    there = handing.receiving.arrived_of(one)
    share = _("%(done)s of %(all)s") % {"done": size(there), "all": size(one.size)}
    return ui.Cell((chip("open"), ui.Bar(there, one.size, "info", share)))


def listed(files: Iterable[dict[str, Any]], base: str = "") -> ui.Table:
    """The files of a batch; with a base each is a link."""
    lines: list[dict[str, ui.CellLike]] = []
    for at, file in enumerate(files):
        name: ui.Piece = ui.Link(f"{base}{at}/", file["name"]) if base else str(file["name"])
        lines.append({"name": ui.Cell(name, file["media"]), "size": size(file["size"]),
                      "digest": str(file.get("sha256", ""))[:16].upper() or "—"})  # fmt: skip
    columns = [
        ui.Column("name", pgettext("files", "File")),
        ui.Column("size", pgettext("files", "Size")),
        ui.Column("digest", _("Digest (SHA-256)")),
    ]
    return ui.Table(columns, lines, pgettext("files", "Files"), caption_hidden=True)


def agreement(one: Agreement) -> str:
    """An agreement as one chooses it: whom, what, for what."""
    names = acts.titles([one.consumer])
    resource = resources().get(one.resource)
    what = str(resource.title) if resource else one.resource
    whom = str(names.get(one.consumer, one.consumer))
    most = "".join(f" · {said}" for said in volumes.said(one.volume))
    return f"{whom} · {what} · {purpose_words(one.purpose)} ({one.number}){most}"


def most(number: str) -> list[ui.Item]:
    """How much an agreement lets pass, where it says so and this node knows it."""
    found = Agreement.objects.filter(number=number).first() if number else None
    said = volumes.said(found.volume) if found is not None else []
    return [ui.Item(_("Most by the agreement"), ui.listed(said))] if said else []


def purpose_words(code: str) -> str:
    return listing.purposes().get(code, code)


def refused(why: str) -> str:
    """Why files cannot be handed over so."""
    words = {
        "files": _("Choose at least one file, none of them empty of all content."),
        "name": _("Two files have one name, or a name has signs that a file may not have."),
        "size": _("This is more than a body may have on its way: hand it over in several batches."),
        "volume": _("This is more than the agreement lets pass, of one file or in a day."),
        "room": _("There is no room on this node's disk now. Nothing was changed."),
        "agreement": _("The agreement is over, or does not allow files."),
        "state": _("Somebody else has done it meanwhile."),
    }
    return words.get(why, _("Somebody else has done it meanwhile."))


def trail(here: str) -> ui.Trail:
    return ui.Trail([ui.Link(acts.HERE, _("Files between bodies"))], here)
