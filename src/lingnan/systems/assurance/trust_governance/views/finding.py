"""One finding: its reasons, and what the official, the head and the auditor say."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.duty.api import Clock, clocks
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import (
    OFFICIAL,
    SYSTEM,
    Actor,
    actor,
    allow,
    node_evidence,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.assurance.trust_governance import findings, scope
from lingnan.systems.assurance.trust_governance.models import Finding, FindingHit
from lingnan.systems.assurance.trust_governance.rules import unusual
from lingnan.systems.assurance.trust_governance.views import words

SHOWN = 50


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: HttpRequest, ref: str) -> HttpResponse:
    """For the official, the head who confirms, and the auditors; 404 for all others."""
    refuse_noughts_posted(request)
    who, one = actor(request), findings.found(ref)
    if one is None or not _may_see(one, who):
        raise Http404
    said = ui.Answers(request)
    refused = None
    if request.method == "POST":
        try:
            if _act(one, who, said):
                messages.success(request, _("This is on record."))
                return redirect(findings.link(one))
        except findings.NotAllowed:
            refused = _("This cannot be done, or not any more.")
    status = 409 if refused else 422 if said.wrong else 200
    return _page(request, one, who, said, refused, status)


def _may_see(one: Finding, who: Actor) -> bool:
    asked = "asked" in findings.kinds(one)
    concerned = findings.is_the_official(one, who) or who.holds("head", findings.head_above(one))
    return scope.covers(who, one.division) or (asked and concerned)


def _act(one: Finding, who: Actor, said: ui.Answers) -> bool:
    """Do what was sent; False where something has to be put right."""
    if said.act == "ask":
        findings.ask(one, who)
        return True
    text = said.text("text", findings.LONGEST)
    if said.act == "explain":
        if said.good:
            findings.explain(one, who, text)
    elif said.act == "confirm":
        choice = said.chosen("verdict", ("yes", "no"))
        if said.good:
            findings.confirm(one, who, choice == "yes", text)
    elif said.act == "close":
        choice = said.chosen("verdict", ("yes", "no"))
        articles = said.several("articles") if choice == "no" else ()
        if choice == "no" and not articles:
            said.wrong["articles"] = _("Name the articles under which it is referred.")
        if said.good:
            findings.close(one, who, choice == "yes", text, articles)
    else:
        raise findings.NotAllowed
    return said.good


def _page(
    request: HttpRequest,
    one: Finding,
    who: Actor,
    said: ui.Answers,
    refused: str | None,
    status: int,
) -> HttpResponse:
    names, audits = words.Names(), scope.covers(who, one.division)
    done = findings.events(one)
    back = ui.Link("/governance/", _("Use of data")) if audits else None
    context = {
        "title": str(findings.title(one.rule) if audits else findings.shown_title(one.rule)),
        "back": back,
        "chip": words.finding_chip([event.kind for event in done]),
        "refused": ui.Notice("late", _("This was not done"), refused) if refused else None,
        "panel": _panel(one, names, audits),
        "forms": _forms(one, who, request, said),
        "entries": _entries(one, names),
        "steps": _steps(one),
    }
    return render(request, "trust_governance/steps.html", context, status=status)


def _panel(one: Finding, names: words.Names, audits: bool) -> ui.Panel:
    why = words.fact(one)
    if not audits and findings.shown_title(one.rule) != findings.title(one.rule):
        why = _("Data were seen without a case that your body handles.")
    items = [
        ui.Item(_("Why it was found"), why),
        ui.Item(_("Official"), names.official(one.name, one.official)),
        ui.Item(_("Body"), names.body(one.body)),
        ui.Item(_("Day (system time)"), ui.legal_date(one.day)),
    ]
    if audits:
        items.append(ui.Item(_("Weight"), f"{one.score} / 100"))
    if one.rule == "after_hours" and legal_time.is_demonstration():
        items.append(
            ui.Item(
                _("Which clock"),
                _("demonstration"),
                _(
                    "A demonstration judges hours by its business clock, so that a visit at "
                    "night is no finding; a real node by the time of the evidence."
                ),
            )
        )
    if one.subject:
        items.append(ui.Item(_("Subject (reference)"), one.subject))
    for clock in Clock.objects.filter(reference=findings.reference(one)).order_by("key"):
        read = clocks.read(clock)
        title = _("To be explained by") if clock.code == "explain" else _("To be confirmed by")
        items.append(ui.Item(title, ui.legal_date(read.due) if read.due else "—"))
    note = _("Figures and days are the platform's own defaults, which no law counts: unverified.")
    items.append(ui.Item(_("Legal basis"), str(unusual.parameters()["basis"]), note))
    return ui.Panel(_("The finding"), items)


def _entries(one: Finding, names: words.Names) -> ui.Table:
    """The entries it rests on, newest first."""
    seqs = FindingHit.objects.filter(finding=one).order_by("-seq").values_list("seq", flat=True)
    reader = node_evidence.reader()
    rows = [entry for seq in seqs[:SHOWN] if (entry := reader.by_seq(seq)) is not None]
    return ui.Table(
        words.entry_columns(),
        [words.entry_row(entry, names) for entry in rows],
        _("What it rests on"),
        caption_hidden=True,
    )


def _steps(one: Finding) -> list[ui.Step]:
    steps = [ui.Step(_("found by the rule"), ui.legal_datetime(one.found_at), "", "done")]
    for event in findings.events(one):
        when = ui.legal_datetime(event.at)
        if event.by != SYSTEM.name:
            by = _quoted(event.by.partition(" (")[0])
            when = _("%(at)s by %(by)s") % {"at": when, "by": by}
        steps.append(ui.Step(event.get_kind_display(), when, _quoted(event.text), "done"))
    return steps


def _quoted(text: str) -> str:
    return f"“{text}”" if text else ""


def _forms(one: Finding, who: Actor, request: HttpRequest, said: ui.Answers) -> list[ui.Form]:
    """What this reader may do now."""
    done, forms = findings.kinds(one), []
    waits = "asked" in done and not done & {"explained", *findings.ENDS}
    if findings.is_the_official(one, who) and waits:
        answers = _of(request, said, "explain")
        label = _("Why you looked, and under which authority")
        forms.append(
            ui.Form([_text(answers, label)], _("Send the explanation"), _("Explain"), "explain")
        )
    if findings.may_confirm(one, who):
        answers = _of(request, said, "confirm")
        fields = [_verdict(answers, _("I confirm it"), _("I do not confirm it")),
                  _text(answers, pgettext("audit", "Grounds"))]  # fmt: skip
        forms.append(ui.Form(fields, _("Confirm the explanation"), _("Head"), "confirm"))
    if findings.may_close(one, who):
        if "asked" not in done:
            note = _("The official gets a task, a message and a limit.")
            forms.append(ui.Form([], _("Ask for an explanation"), act="ask", note=note))
        forms.append(_closing(_of(request, said, "close")))
    return forms


def _closing(answers: ui.Answers) -> ui.Form:
    fields = [
        _verdict(answers, _("justified"), _("not justified, referred for responsibility")),
        _text(answers, pgettext("audit", "Grounds")),
        answers.field(
            "articles",
            _("Referred under"),
            kind="checkbox",
            value=answers.several("articles"),
            options=[ui.Option(one, one) for one in findings.ARTICLES],
            required=False,
        ),
    ]
    return ui.Form(fields, _("Close the finding"), _("Verdict of the audit"), "close")


def _of(request: HttpRequest, said: ui.Answers, act: str) -> ui.Answers:
    return said if said.act == act else ui.Answers(request, act)


def _verdict(answers: ui.Answers, yes: str, no: str) -> ui.FieldView:
    choices = [ui.Option("yes", yes), ui.Option("no", no)]
    return answers.field("verdict", _("Verdict"), kind="radio", options=choices)


def _text(answers: ui.Answers, label: Any) -> ui.FieldView:
    return answers.field("text", label, kind="textarea", maxlength=findings.LONGEST)
