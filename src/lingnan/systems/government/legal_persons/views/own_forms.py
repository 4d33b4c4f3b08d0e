"""The forms on a firm's own page."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import reporting
from lingnan.systems.government.legal_persons.firms import closing_of
from lingnan.systems.government.legal_persons.models import AnnualReport, Enterprise
from lingnan.systems.government.legal_persons.reporting import FIGURES
from lingnan.systems.government.legal_persons.views.forms import MOST_YUAN

TEXTS = {"address": 200, "phone": 20, "email": 80, "website": 120}
NEGATIVE = ("profit",)


def figure_words() -> dict[str, str]:
    return {
        "employees": _("Employees"),
        "assets": _("Total assets"),
        "debts": _("Total debts"),
        "revenue": _("Revenue"),
        "profit": _("Profit"),
        "taxes": _("Taxes paid"),
    }


def report(company: Enterprise, said: ui.Answers) -> ui.Form:
    """The report with what is public and, for each figure, whether all may see it."""
    years = [str(year) for year in reporting.years_due(company, legal_time.today())]
    said.chosen("year", years)
    labels = {
        "address": _("Address for letters"),
        "phone": _("Telephone"),
        "email": _("E-mail"),
        "website": _("Website or online shop"),
    }
    fields = [
        said.field("year", _("Year"), kind="select", options=[ui.Option(y, y) for y in years]),
    ]  # fmt: skip
    for name, label in labels.items():
        needed = name in ("address", "phone")
        said.text(name, TEXTS[name], required=needed)
        fields.append(said.field(name, label, required=needed, maxlength=TEXTS[name]))
    said.chosen("condition", [code for code, _words in AnnualReport.CONDITIONS])
    options = [ui.Option(code, str(words)) for code, words in AnnualReport.CONDITIONS]
    fields.append(said.field("condition", _("Condition"), kind="select", options=options))
    for name, label in figure_words().items():
        said.whole(name, MOST_YUAN if name != "employees" else 10_000_000,
                   negative=name in NEGATIVE)  # fmt: skip
        unit = _("persons") if name == "employees" else _("yuan")
        fields.append(said.field(name, label, unit=unit, inputmode="numeric", width="medium"))
        show = _("Show to all: %(name)s") % {"name": label}
        fields.append(said.field(f"show-{name}", show, kind="checkbox", required=False))
    note = _("All but the figures is public; of each figure you choose "
             "(《企业信息公示暂行条例》第九条). It can be corrected until 30 June.")  # fmt: skip
    return ui.Form(fields, _("Publish the report"), _("Annual report"), said.act, note)


def report_values(said: ui.Answers) -> tuple[int, dict[str, Any]]:
    values: dict[str, Any] = {name: said[name] for name in (*TEXTS, "condition")}
    values |= {name: int(said[name]) for name in FIGURES}
    shown = [name for name in FIGURES if said.ticked(f"show-{name}")]
    return int(said["year"]), values | {"shown": ",".join(shown)}


def simple(company: Enterprise, said: ui.Answers) -> ui.Form:
    said.text("cause", 200)
    if said.posted and not said.ticked("promise"):
        said.wrong["promise"] = _("Without this promise only the ordinary procedure is open.")
    promise = _("All shareholders promise in writing that nothing is owed "
                "(《公司法》第二百四十条)")  # fmt: skip
    fields = [
        said.field("cause", _("Why it is closed"), maxlength=200),
        said.field("promise", promise, kind="checkbox"),
    ]
    note = _("Published for 20 days; whoever it concerns may object.")
    return ui.Form(fields, _("Make it public"), _("Close by the simple procedure"), said.act, note)


def ordinary(company: Enterprise, said: ui.Answers) -> ui.Form:
    labels = {
        "cause": (_("Why it is closed"), 200),
        "leader": (_("Head of the liquidation team"), 60),
        "team": (_("Members of the liquidation team"), 200),
    }
    fields = []
    for name, (label, most) in labels.items():
        said.text(name, most)
        fields.append(said.field(name, label, maxlength=most))
    note = _("The team and the call to creditors are published; claims can be made for 45 days "
             "(《公司法》第二百三十五条).")  # fmt: skip
    return ui.Form(fields, _("Make it public"), _("Close it"), said.act, note)


def apply(company: Enterprise, said: ui.Answers) -> ui.Form:
    closing = closing_of(company.credit_code)
    fields = []
    if closing is not None and closing.way == "ordinary":
        said.day("ended_on", legal_time.today())
        fields.append(said.field("ended_on", _("The liquidation ended on"), kind="date"))
    words = _("Apply for the cancellation")
    return ui.Form(fields, words, words, said.act)


def _words(title: str, label: str) -> Callable[[Enterprise, ui.Answers], ui.Form]:
    def form(company: Enterprise, said: ui.Answers) -> ui.Form:
        said.text("words", 400)
        field = said.field("words", _(label), kind="textarea", maxlength=400)
        return ui.Form([field], _("Send"), _(title), said.act)

    return form


FORMS: dict[str, Callable[[Enterprise, ui.Answers], ui.Form]] = {
    "report": report,
    "simple": simple,
    "ordinary": ordinary,
    "apply": apply,
    "give_up": _words("Give up closing it", "Why"),
    "say": _words("Say something against the entry", "What you want to say"),
    "remedy": _words("Ask to be removed from the list", "Remedy"),
}
