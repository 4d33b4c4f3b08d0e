"""What systems, queues, endings and alerts are called, and the notice of open alerts."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lingnan import systems
from lingnan.kernel.exchange.api import federation
from lingnan.kernel.exchange.operating import Alert, rules
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators_words import Named


def system_titles() -> dict[str, str]:
    """What the plan calls systems, and bodies the services that they have entered here."""
    named = {code: str(title) for code, title in _of_the_plan().items()}
    entered = {one.subsystem: one.title for one in federation.systems.addresses()}
    return named | entered | {"exchange": _("Between nodes")}


@lru_cache(maxsize=1)
def _of_the_plan() -> Mapping[str, Title]:
    """Also of systems that this node does not carry."""
    plan = tomllib.loads((Path(systems.__path__[0]) / "catalogue.toml").read_text("utf-8"))
    return {
        row["id"]: Title(row["title_zh"], row["title_en"])
        for group in plan["group"]
        for row in group["system"]
    }


def queue_name(code: str) -> str:
    texts = {
        "outbox": _("Changes not yet spread to those who follow"),
        "tellings": _("Changes on their way to followers"),
        "dead": _("Dead letters"),
        "followings": _("Followings to be taken or ended by another node"),
        "handovers": _("Handovers on their way to another node"),
        "not_taken": _("Handovers that another node did not take"),
        "unstamped": _("Heads of the evidence without a time-stamp"),
    }
    return texts.get(code, code)


def ending_name(kind: str) -> str:
    texts = {
        "root": _("Root of this node"),
        "issuing": pgettext("ending", "Issuing authority"),
        "message_key": _("Key by which this node signs messages"),
        "directory_key": _("Key by which the directory is signed"),
        "log_key": _("Key of the evidence's heads"),
        "channel": _("Certificate of the channel to other nodes"),
        "client": _("Certificate of an information system"),
        "foreign_root": _("Root of another node"),
        "giver": _("Root of a node whose consents count here"),
        "directory": pgettext("ending", "Directory of the instance"),
        "terms": _("Term of an agreement"),
    }
    return texts.get(kind, kind)


def what(row: Alert, named: Named) -> str:
    """The rule with whom or what it is about."""
    rule = rules.RULES.get(row.rule)
    title = str(rule.title) if rule else row.rule
    about = _about(row, named)
    return f"{title} · {about}" if about else title


def _about(row: Alert, named: Named) -> str:
    if row.rule in ("errors", "slow"):
        return named.service(row.about)
    if row.rule in ("silent", "clock"):
        return named.node(row.about)
    if row.rule == "queue":
        return queue_name(row.about)
    if row.rule == "key":
        kind, _blank, days = row.about.partition(" ")
        within = ngettext("within %(n)s day", "within %(n)s days", int(days or 0))
        return f"{ending_name(kind)} · {within % {'n': days}}"
    return row.about


def notices() -> list[ui.Notice]:
    """For the operators' first page: how many are open, and a way to them."""
    count = Alert.objects.filter(state="open").count()
    if not count:
        return []
    newest = Alert.objects.filter(state="open").order_by("-opened_at")[:5]
    title = ngettext("%(n)s alert is open", "%(n)s alerts are open", count) % {"n": f"{count:,}"}
    named = Named()
    todo = [
        f"{what(row, named)}: {rules.RULES[row.rule].todo}" for row in newest
        if row.rule in rules.RULES
    ]  # fmt: skip
    link = ui.Link(reverse("alerts"), pgettext("operating", "Alerts"))
    seen = all(row.said for row in newest)
    return [ui.Notice("info" if seen else "late", title, "", link, todo)]
