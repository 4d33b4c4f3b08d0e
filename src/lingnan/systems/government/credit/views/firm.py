"""A firm of one's own: on which lists of the register it stands."""

from django.utils.translation import gettext as _

from lingnan.kernel.ui import api as ui
from lingnan.systems.government.credit.registered import Listed


def list_part(found: list[Listed] | None) -> ui.Part:
    """The lists of the register of firms on which firms stand, with source and day."""
    title = _("On the lists of the register of firms")
    columns = [
        ui.Column("name", _("List")),
        ui.Column("since", _("On it since")),
        ui.Column("source", _("Source")),
    ]
    words = {
        "abnormal": _("List of abnormal operations"),
        "serious": _("List of serious breaches"),
    }
    rows: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(words[one.list], one.code),
            "since": ui.legal_date(one.since) if one.since else "—",
            "source": ui.Cell(
                _("Register of legal persons"),
                _("as of %(day)s") % {"day": ui.legal_date(one.as_of)},
            ),
        }
        for one in found or []
    ]
    silent = _("The register of firms does not answer now")
    empty = ui.Empty(silent if found is None else _("On none of these lists"))
    return ui.Part(ui.Table(columns, rows, title, empty, caption_hidden=True), title)
