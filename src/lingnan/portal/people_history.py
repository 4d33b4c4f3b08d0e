"""What the evidence says of an official's account and posts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Account, Appointment, Holding, appointing, node_evidence
from lingnan.kernel.ui import api as ui
from lingnan.portal import people_words as words
from lingnan.portal.evidence_words import KINDS

HISTORY = 30


def history(account: Account) -> ui.Panel:
    """What the evidence says of the account and its posts, newest first."""
    found = node_evidence.reader().by_subject(
        "trust", account.key, limit=HISTORY, kinds=list(words.HISTORY)
    )
    given = Appointment.objects.filter(account=account.key)
    held: list[Holding | Appointment] = [*Holding.objects.filter(account=account.key), *given]
    titles = {one.role: str(Title(one.title_zh, one.title_en)) for one in held}
    items = []
    for entry in found:
        told = entry.payload or {}
        by = str(told.get("by", "")).partition(" (")[0].replace(appointing.SYSTEM, _("by its day"))
        parts = [titles.get(told.get("role", ""), ""), _day_words(told), told.get("reason", ""), by]
        at = timezone.localtime(datetime.fromisoformat(entry.at))
        value = ui.Cell(
            str(KINDS.get(entry.kind, entry.kind)), " · ".join(part for part in parts if part)
        )
        items.append(ui.Item(ui.legal_datetime(at), value))
    note = _("From the evidence, in system time, newest first.")
    return ui.Panel(_("What was done with this account"), items, note)


def _day_words(told: Mapping[str, Any]) -> str:
    """The days that an entry names, as a reader writes them."""
    days = [told.get(name) for name in ("first", "last")]
    return " – ".join(ui.legal_date(date.fromisoformat(day)) for day in days if day)
