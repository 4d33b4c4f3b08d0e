"""The tables of a case: people, clocks, documents, evidence, packages; and what happened."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.trust.api import SYSTEM
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.justice_network import (
    clocking,
    ledger,
    measures,
    prolonging,
    sights,
)
from lingnan.systems.government.justice_network.ledger import Hand
from lingnan.systems.government.justice_network.models import (
    Document,
    Evidence,
    Package,
    Suspect,
    Term,
)
from lingnan.systems.government.justice_network.sights import Seen
from lingnan.systems.government.justice_network.views import wording

SHOWN = 60


def parts(seen: Seen, hand: Hand) -> list[ui.Part]:
    """Only the tables whose part of the file is seen."""
    found = []
    if "measures" in seen or "persons" in seen:
        found.append(_part(_persons(seen), _("Persons")))
    if "measures" in seen or "execution" in seen:
        found.append(_part(_clocks(seen, hand.at), pgettext("criminal", "Clocks")))
    documents = sights.documents(seen)
    if documents or seen.standing == "holding":
        found.append(_part(_documents(seen, documents), _("Documents")))
    if "file" in seen:
        found.append(_part(_evidence(seen), pgettext("criminal", "Evidence")))
    packages = sights.packages(seen)
    if packages:
        found.append(_part(_packages(seen, packages), _("Handed over")))
    return found


def _part(table: ui.Table, heading: str) -> ui.Part:
    return ui.Part(table, heading)


def _persons(seen: Seen) -> ui.Table:
    full = "persons" in seen
    columns = [ui.Column("name", pgettext("criminal", "Name")), ui.Column("charge", _("Charge"))]
    if "measures" in seen:
        columns.append(ui.Column("measure", pgettext("criminal", "Measure")))
    rows = [_person(one, seen, full) for one in sights.persons(seen)]
    return ui.Table(columns, rows, _("Persons"), _("Nobody is entered."), caption_hidden=True)


def _person(one: Suspect, seen: Seen, full: bool) -> dict[str, ui.CellLike]:
    number = one.identity_number if full else ""
    note = _("identity unknown") if one.unknown and not measures.identified(one) else number
    row: dict[str, ui.CellLike] = {
        "name": ui.Cell(wording.quoted(one.name), note),
        "charge": ui.Cell(wording.quoted(one.charge), wording.quoted(one.charge_basis)),
    }
    if "measures" in seen:
        now = measures.open_measures(one)
        last = now[-1] if now else None
        words = last.get_kind_display() if last else _("none")
        since = ui.legal_datetime(last.started_at) if last else ""
        row["measure"] = ui.Cell(words, since)
    return row


def _clocks(seen: Seen, now: datetime) -> ui.Table:
    columns = [
        ui.Column("clock", pgettext("criminal", "Clock")),
        ui.Column("of", _("Of whom")),
        ui.Column("from", pgettext("criminal clock", "Runs from")),
        ui.Column("due", _("Until, inclusive")),
        ui.Column("state", _("Standing")),
    ]
    read = dict(clocking.readings(seen.case))
    terms = sights.clocks(seen, reversed(list(read)))
    rows = [_clock(one, read[one], seen, now) for one in terms[:SHOWN]]
    return ui.Table(columns, rows, _("Clocks"), _("No clock runs."), caption_hidden=True)


def _clock(one: Term, read: clocking.Reading, seen: Seen, now: datetime) -> dict[str, ui.CellLike]:
    url = f"{ledger.link(seen.case)}clocks/{prolonging.reference(one)}/"
    return {
        "clock": ui.Link(url, wording.clock_title(read)),
        "of": wording.quoted(one.suspect.name) if one.suspect else _("the case"),
        "from": ui.legal_datetime(one.started_at),
        "due": wording.due_words(read),
        "state": wording.clock_chip(read, now),
    }


def _documents(seen: Seen, documents: list[Document]) -> ui.Table:
    columns = [
        ui.Column("title", pgettext("criminal", "Document")),
        ui.Column("volume", _("Volume")),
        ui.Column("body", _("Made by")),
        ui.Column("at", _("Made")),
    ]
    known = sights.bodies(one.body for one in documents)
    rows: list[dict[str, ui.CellLike]] = [
        {
            "title": ui.Cell(
                ui.Link(f"{ledger.link(seen.case)}documents/{one.number}/",
                        wording.quoted(one.title)), one.number),
            "volume": str(wording.VOLUMES[one.volume]),
            "body": wording.body_title(one.body, known),
            "at": ui.legal_datetime(one.made_at),
        }
        for one in documents[:SHOWN]
    ]  # fmt: skip
    empty = _("No document of yours, and none was handed to you.")
    return ui.Table(columns, rows, _("Documents"), empty, caption_hidden=True)


def _evidence(seen: Seen) -> ui.Table:
    columns = [
        ui.Column("name", _("Piece of evidence")),
        ui.Column("kind", pgettext("criminal", "Kind")),
        ui.Column("quantity", _("Quantity")),
        ui.Column("holder", _("With whom")),
        ui.Column("seal", _("Seal")),
        ui.Column("digest", _("Digest (SHA-256)")),
    ]
    items = sights.evidence(seen)
    rows = [_item(one) for one in items[:SHOWN]]
    return ui.Table(columns, rows, _("Evidence"), _("No evidence is listed."), caption_hidden=True)


def _item(one: Evidence) -> dict[str, ui.CellLike]:
    steps = list(one.keeping.order_by("id"))
    last = steps[-1]
    known = sights.bodies([last.body])
    seals = [step.seal for step in steps if step.seal]
    return {
        "name": ui.Cell(wording.quoted(one.name), one.number),
        "kind": one.get_kind_display(),
        "quantity": wording.quoted(one.quantity),
        "holder": ui.Cell(wording.body_title(last.body, known), last.get_kind_display()),
        "seal": wording.quoted(seals[-1]) if seals else "—",
        "digest": one.sha256[:16].upper(),
    }


def _packages(seen: Seen, packages: list[Package]) -> ui.Table:
    columns = [
        ui.Column("number", _("Package")),
        ui.Column("what", pgettext("criminal", "What for")),
        ui.Column("from", pgettext("package", "From")),
        ui.Column("to", pgettext("package", "To")),
        ui.Column("at", pgettext("package", "Sent")),
        ui.Column("state", _("Standing")),
    ]
    known = sights.bodies(code for one in packages for code in (one.sender, one.receiver))
    rows: list[dict[str, ui.CellLike]] = [
        {
            "number": ui.Link(f"{ledger.link(seen.case)}packages/{one.number}/", one.number),
            "what": wording.act_title(one.act),
            "from": wording.body_title(one.sender, known),
            "to": wording.body_title(one.receiver, known),
            "at": ui.legal_datetime(one.sent_at),
            "state": package_chip(one),
        }
        for one in packages
    ]
    return ui.Table(columns, rows, _("Handed over"), caption_hidden=True)


def package_chip(one: Package) -> ui.Chip:
    receipt = getattr(one, "receipt", None)
    if receipt is None:
        return ui.Chip("info", _("to be received"))
    kinds: dict[str, ui.Kind] = {"received": "ok", "reserved": "warn", "refused": "late"}
    return ui.Chip(kinds[receipt.verdict], receipt.get_verdict_display())


def steps(seen: Seen) -> list[ui.Step]:
    """What was done by the own body, or with it, the newest first."""
    rows = sights.events(seen)[:SHOWN]
    known = sights.bodies(one.body for one in rows)
    return [
        ui.Step(
            wording.event_title(one.kind),
            ui.legal_datetime(one.at),
            SYSTEM.name if not one.body else wording.body_title(one.body, known),
            "done",
        )
        for one in rows
    ]
