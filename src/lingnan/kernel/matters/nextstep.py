"""What a case's page says first: where the case stands, what comes next and by when."""

from django.utils.translation import gettext as _

from lingnan.kernel.duty.api import Reading, Task
from lingnan.kernel.matters import wording
from lingnan.kernel.matters.models import Case
from lingnan.kernel.trust.api import Body
from lingnan.kernel.ui import api as ui


def notice(case: Case, readings: dict[str, Reading], outcome: str) -> ui.Notice:
    """One card at the top of the applicant's page."""
    if case.state in ("decided", "delivered"):
        return _decided(case, outcome)
    if case.state in ("not_accepted", "withdrawn"):
        return _ended(case)
    if case.state == "correction":
        return _correction(case)
    return _under_way(case, readings, body_title(case.body))


def body_title(code: str) -> str:
    found = Body.objects.filter(code=code).first()
    return str(found.title) if found else code


def asked_of(case: Case) -> ui.Notice:
    """The one notice of what to correct, where the applicant corrects."""
    asked = case.events.filter(kind="correction_asked").latest("number")
    title = _("The body asks you to correct this, all at once")
    return ui.Notice("warn", title, items=asked.data["items"])


def _under_way(case: Case, readings: dict[str, Reading], body: str) -> ui.Notice:
    reading = readings.get("decision") or wording.running(readings)
    if case.state == "suspended":
        return _suspended(reading)
    if reading is not None and reading.left < 0:
        title = _("The limit has passed: %(left)s") % {"left": wording.left_words(reading)}
        text = _("%(body)s should have answered you by now.") % {"body": body}
        return ui.Notice("late", title, text)
    due = wording.due_words(reading) if reading else ""
    if case.state == "received":
        text = _("%(body)s tells you %(due)s whether something is missing.")
        title = _("Your papers are being checked")
    else:
        text = _("%(body)s decides %(due)s.")
        title = _("Next: %(step)s") % {"step": _step(case)}
    wait = _("You need not do anything now.")
    return ui.Notice("info", title, " ".join([text % {"body": body, "due": due}, wait]))


def _step(case: Case) -> str:
    """The open task of the review, in its own words."""
    task = Task.objects.filter(reference=case.number, done_at=None).order_by("key").first()
    return str(task.title) if task else _("Decision")


def _suspended(reading: Reading | None) -> ui.Notice:
    day = ui.legal_date(reading.expected_until) if reading else ""
    text = _(
        "Expected until %(day)s. This time does not count towards the limit. "
        "You need not do anything now."
    )
    return ui.Notice("soft", _("Paused for a special procedure"), text % {"day": day})


def _correction(case: Case) -> ui.Notice:
    asked = case.events.filter(kind="correction_asked").latest("number")
    link = ui.Link(f"/apply/{case.application_id}/", _("Correct my application"))
    text = _("The clock waits for you. Please mend all of this at once:")
    title = _("Please complete your application")
    return ui.Notice("warn", title, text, link, items=asked.data["items"])


def _decided(case: Case, outcome: str) -> ui.Notice:
    if outcome == "refused":
        text = _("The reasons and your remedies are below.")
        return ui.Notice("late", _("Your application was refused"), text)
    if case.state == "decided":
        text = _("Your certificate is being sealed. Please look again in a moment.")
        return ui.Notice("info", _("Granted"), text)
    text = _("Your certificate is ready: below, and at any time under “Certificates”.")
    return ui.Notice("ok", _("Your application was granted"), text)


def _ended(case: Case) -> ui.Notice:
    again = ui.Link(f"/matters/{case.matter}/", _("Apply again"))
    if case.state == "withdrawn":
        text = _("Nothing more will happen with it.")
        return ui.Notice("soft", _("You have withdrawn this application"), text, again)
    event = case.events.filter(kind="not_accepted").latest("number")
    title = _("Your application was not accepted")
    return ui.Notice("late", title, event.data.get("reasons", ""), again)
