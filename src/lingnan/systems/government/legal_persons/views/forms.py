"""The registrar's forms: each reads what was said and notes what is wrong with it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons.models import (
    Enterprise,
    Holding,
    ListEntry,
    Publication,
)
from lingnan.systems.government.legal_persons.rules.registration import parameters

# 10,000 yuan: what the column holds.
MOST_CAPITAL, MOST_YUAN = 2_000_000_000, 20_000_000_000_000


def reference(said: ui.Answers) -> ui.FieldView:
    said.text("reference", 60)
    return said.field("reference", _("Number of the decision"), maxlength=60)


def change(company: Enterprise, said: ui.Answers) -> ui.Form:
    names = {
        "name": (_("Name"), 120),
        "premises": (_("Registered premises"), 200),
        "scope": (_("Business scope"), 200),
        "supervisors": (_("Supervisors"), 120),
    }
    field = said.chosen("field", list(names))
    said.text("value", names.get(field, ("", 200))[1])
    options = [ui.Option(code, words) for code, (words, _most) in names.items()]
    note = _("A move to another county is registered there (《市场主体登记管理条例》第二十七条).")
    fields = [
        said.field("field", _("What changes"), kind="select", options=options),
        said.field("value", _("What holds from today"), maxlength=200),
        reference(said),
    ]
    return ui.Form(fields, _("Register the change"), _("Register a change"), said.act, note)


def capital(company: Enterprise, said: ui.Answers, rows: Sequence[Holding]) -> ui.Form:
    said.chosen("holder", [row.number for row in rows])
    said.whole("capital", MOST_CAPITAL)
    said.whole("paid", MOST_YUAN)
    options = [ui.Option(row.number, row.holder_name) for row in rows]
    hint = _("The difference is subscribed, or taken back, by one shareholder")
    fields = [
        said.field("capital", _("New registered capital"), unit=_("10,000 yuan"),
                   inputmode="numeric", width="medium"),
        said.field("holder", _("Whose part changes"), hint=hint, kind="select", options=options),
        said.field("paid", _("Of this part paid afterwards"), unit=_("yuan"),
                   inputmode="numeric", width="medium"),
        reference(said),
    ]  # fmt: skip
    words = _("Register another capital")
    return ui.Form(fields, words, words, said.act)


def appoint(company: Enterprise, said: ui.Answers) -> ui.Form:
    said.text("person", 60)
    note = _("It holds once they have signed in and confirmed it by the number that you give them "
             "(《市场主体登记管理条例》第十五条).")  # fmt: skip
    fields = [said.field("person", _("Who is named"), maxlength=60), reference(said)]
    words = _("Name another legal representative")
    return ui.Form(fields, words, words, said.act, note)


def dispute(company: Enterprise, said: ui.Answers, rows: Sequence[Holding]) -> ui.Form:
    said.chosen("holder", [row.number for row in rows])
    said.text("words", 200, required=False)
    options = [ui.Option(row.number, _with_dispute(row)) for row in rows]
    hint = _("Nothing of it is transferred while it is noted; empty lifts it")
    fields = [
        said.field("holder", _("Shareholder"), kind="select", options=options),
        said.field("words", _("Dispute"), hint=hint, required=False, maxlength=200),
    ]
    return ui.Form(fields, _("Save"), _("Note or lift a dispute about shares"), said.act)


def _with_dispute(row: Holding) -> str:
    return f"{row.holder_name} · {row.dispute}" if row.dispute else row.holder_name


def branch(company: Enterprise, said: ui.Answers) -> ui.Form:
    labels = {
        "name": (_("Name of the branch"), 120),
        "head": (_("Person in charge"), 60),
        "scope": (_("Business scope"), 200),
        "premises": (_("Premises in this county"), 200),
    }
    fields = []
    for name, (label, most) in labels.items():
        said.text(name, most)
        fields.append(said.field(name, label, maxlength=most))
    words = _("Register a branch")
    return ui.Form([*fields, reference(said)], words, words, said.act)


def revoke(company: Enterprise, said: ui.Answers) -> ui.Form:
    said.text("why", 200)
    fields = [
        said.field("why", _("Decision and what it is for"), maxlength=200),
        said.field("answerable", _("The representative bears personal responsibility"),
                   kind="checkbox", required=False),
    ]  # fmt: skip
    note = _("It exists until it is cancelled (《公司法》第二百二十九条、第二百三十二条).")
    words = _("Revoke the licence")
    return ui.Form(fields, words, words, said.act, note)


def note(company: Enterprise, said: ui.Answers) -> ui.Form:
    said.text("hindrance", 200, required=False)
    hint = _("A dispute over who owns it, or a court's freeze. Empty lifts the note.")
    fields = [said.field("hindrance", _("Hindrance"), hint=hint, required=False, maxlength=200)]
    return ui.Form(fields, _("Save"), _("Note or lift a hindrance"), said.act)


def forced(company: Enterprise, said: ui.Answers) -> ui.Form:
    said.text("cause", 200)
    fields = [said.field("cause", _("Decision and cause"), maxlength=200)]
    note_ = _("Published for 60 days, three years after revocation (《公司法》第二百四十一条).")
    return ui.Form(fields, _("Make it public"), _("Cancel by force"), said.act, note_)


def notice(company: Enterprise, said: ui.Answers) -> ui.Form:
    codes = ("hidden_facts", "not_found")
    said.chosen("reason", codes)
    said.text("found", 300)
    options = [ui.Option(code, str(w)) for code, w in ListEntry.REASONS if code in codes]
    back = _("Only for who cannot be reached: two letters, at least 15 days apart (unverified)")
    fields = [
        said.field("reason", _("Reason of the entry"), kind="select", options=options),
        said.field("found", _("Findings"), kind="textarea", maxlength=300),
        said.field("letter_1", _("First letter came back"), hint=back, kind="date",
                   required=False),
        said.field("letter_2", _("Second letter came back"), kind="date", required=False),
    ]  # fmt: skip
    return ui.Form(fields, _("Give notice"), _("Give notice of an entry on the list"), said.act)


def order(company: Enterprise, said: ui.Answers) -> ui.Form:
    """What a firm is late in publishing, and is ordered to publish."""
    said.chosen("kind", [code for code, _words in Publication.KINDS])
    said.text("subject", 120)
    said.day("came_about_on", legal_time.today())
    said.text("found", 300)
    words = _("Order it to publish")
    note = _("It has %(days)s days from today (a number of days that is unverified). What is not "
             "published by then leads to a notice of an entry on the list "
             "(《企业信息公示暂行条例》第十条第二款、第十七条第一款第一项).")  # fmt: skip
    days = {"days": parameters()["publication"]["order_days"]}
    fields = [
        said.field("kind", _("Kind of information"), kind="select",
                   options=ui.options(Publication.KINDS)),
        said.field("subject", _("Whom or what it concerns"), maxlength=120),
        said.field("came_about_on", _("Came about on"), kind="date"),
        said.field("found", _("How it was found"), kind="textarea", maxlength=300),
        reference(said),
    ]  # fmt: skip
    return ui.Form(fields, words, words, said.act, note % days)


def identifier(company: Enterprise, said: ui.Answers) -> ui.Form:
    said.text("value", 20, required=False)
    hint = _("15 digits or 9 characters. Empty: merge those on record into the credit code.")
    fields = [
        said.field("value", _("Former identifier"), hint=hint, required=False, maxlength=20),
        reference(said),
    ]
    return ui.Form(fields, _("Save"), _("Former identifiers"), said.act)
