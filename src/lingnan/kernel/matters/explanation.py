"""How a decision came about, as the page shows it: enough to recompute it."""

from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.matters.formviews import demonstration_mark, limit_words, resource_title
from lingnan.kernel.matters.models import Decision
from lingnan.kernel.ui import api as ui


def explanation_panel(decision: Decision) -> ui.Panel:
    """Articles, rules in force, limit, records read with their versions, materials, signer."""
    parameters = decision.parameters
    limit = parameters["limit"]
    version = _("%(matter)s, version %(n)s") % {
        "matter": parameters["matter"],
        "n": parameters["definition"],
    }
    items = [
        ui.Item(_("Articles"), ui.listed(decision.articles)),
        ui.Item(_("Rules in force"), version, _mark(parameters["digest"])),
        ui.Item(
            _("Limit"),
            limit_words(
                limit["promised"], limit["statutory"], limit["unit"], demonstration_mark(limit)
            ),
            limit["basis"],
        ),
        *(_read(read) for read in decision.reads),
        *(
            ui.Item(_("Material"), row["name"], _mark(row["sha256"]))
            for row in parameters.get("materials", [])
        ),
        ui.Item(_("Signed by"), decision.signed_name, ui.legal_datetime(decision.decided_at)),
    ]
    return ui.Panel(_("How this decision came about"), items)


def _mark(digest: str) -> str:
    return f"SHA-256 {digest[:16]}…"


def _read(read: dict[str, Any]) -> ui.Item:
    note = _("Evidence no. %(n)s") % {"n": read["evidence"]} if read["evidence"] else ""
    value = ui.Cell(ui.listed(read["records"]), read["basis"])
    return ui.Item(resource_title(read["resource"]), value, note)
