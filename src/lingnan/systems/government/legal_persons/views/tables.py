"""Lists of enterprises and of their holders, as desk and public see them."""

from fractions import Fraction

from django.utils.translation import gettext as _

from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import wording
from lingnan.systems.government.legal_persons.holdings import YUAN, Held, cancelled
from lingnan.systems.government.legal_persons.models import Enterprise, Holding
from lingnan.systems.government.legal_persons.rules.control import Effective
from lingnan.systems.government.legal_persons.rules.paths import round_about, ways


def holders(enterprise: Enterprise, rows: list[Holding]) -> ui.Table:
    """Who is registered with what: subscribed, paid, and the share of the capital."""
    whole = enterprise.capital * YUAN
    gone = cancelled(row.holder_code for row in rows)
    return ui.Table(
        [
            ui.Column("name", _("Shareholder")),
            ui.Column("subscribed", _("Subscribed"), True),
            ui.Column("paid", _("Paid"), True),
            ui.Column("share", _("Share"), True),
        ],
        [
            {
                "name": ui.Cell(row.holder_name, _kind(row, gone)),
                "subscribed": ui.money(row.subscribed),
                "paid": ui.money(row.paid),
                "share": wording.percent(Fraction(row.subscribed, whole)) if whole else "",
            }
            for row in rows
        ],
        _("Shareholders and their capital"),
        ui.Empty(_("No shareholder is on record")),
        caption_hidden=True,
    )


def _kind(row: Holding, gone: frozenset[str]) -> str:
    return _("registration cancelled") if row.holder_code in gone else wording.kind(row.kind)


def ends(held: Held, shares: Effective) -> ui.Table:
    """The end holders with what they own, the unknown last."""
    rows: list[dict[str, ui.CellLike]] = [
        {"name": _end(held, mark), "share": wording.percent(share)}
        for mark, share in shares.ranked()
    ]
    if shares.unknown:
        rows.append({"name": _("unknown"), "share": wording.percent(shares.unknown)})
    return ui.Table(
        [
            ui.Column("name", _("End holder")),
            ui.Column("share", _("Share, all ways together"), True),
        ],
        rows,
        _("Who owns it in the end"),
        caption_hidden=True,
    )


def _end(held: Held, mark: str) -> ui.Cell:
    party = held.parties[mark]
    if party.kind != "enterprise":
        return ui.Cell(party.name, wording.kind(party.kind))
    note = _("not read further") if held.cut else _("its own holders are not on record")
    return ui.Cell(party.name, note)


def ways_table(held: Held, shares: Effective) -> ui.Table:
    """Each way with its product; what goes round rings stands apart."""
    found = ways(held.graph, held.company.mark)
    rows: list[dict[str, ui.CellLike]] = [
        {
            "way": ui.Cell(wording.way(one, held), _("direct") if one.direct else _("indirect")),
            "share": wording.percent(one.share),
        }
        for one in found
    ]
    rows += [
        {
            "way": ui.Cell(held.parties[mark].name, _("through circular holdings")),
            "share": wording.percent(share),
        }
        for mark, share in round_about(shares.shares, found).items()
    ]
    return ui.Table(
        [ui.Column("way", _("Way")), ui.Column("share", _("Share on this way"), True)],
        rows,
        _("On which ways"),
        ui.Empty(_("No shareholder is on record")),
        caption_hidden=True,
    )


def enterprises(rows: list[tuple[Enterprise, str]]) -> ui.Table:
    """Enterprises with the address of their page."""
    return ui.Table(
        [ui.Column("name", _("Enterprise")), ui.Column("code", _("Credit code"))],
        [
            {"name": ui.Cell(ui.Link(url, row.name), row.premises), "code": row.credit_code}
            for row, url in rows
        ],
        _("Enterprises found"),
        ui.Empty(_("No enterprise found"), _("Try the beginning of its name, or its whole code.")),
        caption_hidden=True,
    )
