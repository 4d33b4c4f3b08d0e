"""What a source, a failure and a published table are called."""

from collections.abc import Mapping

from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lingnan.kernel.exchange.api import sources
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.ui import api as ui
from lingnan.standards import resource_code
from lingnan.systems.government.resource_exchange.models import Entry
from lingnan.systems.government.resource_exchange.sources.models import (
    DRAFT,
    PUBLISHED,
    RETRACTED,
    SUSPENDED,
    WAITS,
    Publication,
    Source,
)

HOPS: Mapping[str, object] = {
    "address": lazy("The address is not known here, or the operator does not allow it."),
    "reach": lazy("The address is known, but nobody answers on this port."),
    "sign_in": lazy("The server answers, but refuses this user, password or database."),
    "rights": lazy("The user may sign in, but may not read this."),
    "table": lazy("There is no such table, or no file of that name."),
    "changed": lazy("The table is not what was published: a column is gone or has another type."),
    "index": lazy("No index leads to the rows by this column; all would have to be read."),
    "limit": lazy("There is more than may be read at once, or too many ask at the same time."),
    "slow": lazy("It took too long to answer."),
    "answer": lazy("What it answered cannot be read."),
}
ASK_OF: Mapping[str, object] = {
    "address": lazy("Check how it is spelt; ask the operator to allow it."),
    "reach": lazy("Check the port, whether the server runs, and the firewall between."),
    "sign_in": lazy("Check user, password and database with who runs the database."),
    "rights": lazy("Ask who runs the database to let the user read it."),
    "index": lazy("Ask who runs the database for an index on this column, or choose another."),
}
CHIPS: Mapping[str, ui.Kind] = {
    DRAFT: "soft", WAITS: "warn", PUBLISHED: "ok", SUSPENDED: "late", RETRACTED: "soft",
}  # fmt: skip
SUBJECTS: Mapping[str, object] = {
    "person": lazy("People, by their identity number"),
    "organisation": lazy("Organisations, by their credit code"),
    "thing": lazy("Something else, by a code of its own"),
}
KINDS: Mapping[str, object] = {
    "text": pgettext_lazy("kind of column", "text"),
    "integer": pgettext_lazy("kind of column", "whole number"),
    "number": pgettext_lazy("kind of column", "number"),
    "date": pgettext_lazy("kind of column", "day"),
    "instant": pgettext_lazy("kind of column", "day and time"),
    "boolean": pgettext_lazy("kind of column", "yes or no"),
    "other": pgettext_lazy("kind of column", "cannot be published"),
}


def failed(failure: sources.SourceFailure) -> ui.Notice:
    """On which hop it broke off, what that means and what one can do."""
    return ui.Notice(
        "late",
        _("The connection breaks off: %(hop)s") % {"hop": hop(failure.hop)},
        str(HOPS[failure.hop]),
        items=[str(ASK_OF[failure.hop])] if failure.hop in ASK_OF else [],
    )


def hop(code: str) -> str:
    names = {
        "address": pgettext("hop", "finding the address"),
        "reach": pgettext("hop", "reaching the port"),
        "sign_in": pgettext("hop", "signing in"),
        "rights": pgettext("hop", "the right to read"),
        "table": pgettext("hop", "finding the table"),
        "changed": pgettext("hop", "comparing the columns"),
        "index": pgettext("hop", "finding an index"),
        "limit": pgettext("hop", "the limits"),
        "slow": pgettext("hop", "the limit of time"),
        "answer": pgettext("hop", "reading the answer"),
    }
    return names.get(code, code)


def why(one: Publication) -> str:
    """Why it is suspended, for readers: the hop in words, and the column."""
    code, _blank, detail = one.why.partition(" ")
    said = hop(code)
    return f"{said} (“{detail}”)" if detail else said


def state(one: Publication) -> ui.Chip:
    return ui.Chip(CHIPS[one.state], one.get_state_display())


def name(text: str) -> str:
    """What a department has called something: in quotes where the page speaks another language."""
    chinese = (get_language() or "").startswith("zh")
    return text if chinese or text.isascii() else f"“{text}”"


def place(source: Source) -> str:
    """Where a source is, without what opens it."""
    said = source.place
    if source.kind in ("postgresql", "mysql"):
        port = f":{said['port']}" if said["port"] else ""
        return f"{said['host']}{port} / {said['database']}"
    if source.kind == "folder":
        return f"{said['path']} / {said['pattern']}"
    return str(said.get("path") or said.get("url", ""))


def categories() -> dict[str, str]:
    """Codes of 类 and 项 with their names, each with the first 目."""
    found: dict[str, str] = {}
    for kind, known in (
        (resource_code.BASE, resource_code.BASES),
        (resource_code.THEME, resource_code.THEMES),
    ):
        of = Title(*resource_code.CLASSES[kind])
        found |= {f"{kind}{item}001": f"{of} · {Title(*names)}" for item, names in known.items()}
    own = Title(*resource_code.CLASSES[resource_code.DEPARTMENT])
    return found | {f"{resource_code.DEPARTMENT}01001": str(own)}


def sharing() -> dict[str, str]:
    return {code: str(words) for code, words in Entry.SHARING if code != "refused"}


def cycles() -> dict[str, str]:
    return {code: str(words) for code, words in Entry.CYCLES}
