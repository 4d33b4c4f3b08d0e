"""How a decision came about, as the page shows it: enough to recompute it."""

from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.matters.definition import matter_of
from lingnan.kernel.matters.formviews import resource_title
from lingnan.kernel.matters.models import Decision
from lingnan.kernel.matters.timeviews import demonstration_mark, limit_words
from lingnan.kernel.registry.api import record_type
from lingnan.kernel.ui import api as ui


def explanation_panel(decision: Decision) -> ui.Panel:
    """Articles, rules in force, limit, records read with their versions, materials, signer."""
    parameters = decision.parameters
    limit = parameters["limit"]
    version = _("%(matter)s, version %(n)s") % {
        "matter": matter_of(decision.case.definition).title,
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


def _record(reference: str) -> str:
    """system.type@version in the reader's words; as it is where this node lacks the system."""
    kind, _at, number = reference.partition("@")
    system, _dot, name = kind.partition(".")
    try:
        title = str(record_type(system, name).record.title)
    except LookupError:
        return reference
    return _("%(matter)s, version %(n)s") % {"matter": title, "n": number}


def _mark(digest: str) -> str:
    return f"SHA-256 {digest[:16]}…"


def _read(read: dict[str, Any]) -> ui.Item:
    note = _("Evidence no. %(n)s") % {"n": read["evidence"]} if read["evidence"] else ""
    value = ui.Cell(ui.listed(_record(row) for row in read["records"]), read["basis"])
    return ui.Item(resource_title(read["resource"]), value, note)
