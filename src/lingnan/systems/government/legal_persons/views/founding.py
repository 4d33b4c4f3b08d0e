"""The form by which somebody applies to set up an enterprise."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.trust.api import RESIDENT, Actor, Body, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import setting_up
from lingnan.systems.government.legal_persons.setting_up import Holder, Refused
from lingnan.systems.government.legal_persons.views.forms import MOST_CAPITAL, MOST_YUAN
from lingnan.systems.government.legal_persons.views.frame import refused

LINES = 4
TEXTS = {"name": 120, "scope": 200, "premises": 200, "supervisors": 120}


@allow(RESIDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Apply: the applicant is to be the legal representative, and may be a shareholder."""
    who = actor(request)
    refuse_noughts_posted(request)
    said, top, status = ui.Answers(request, "file"), list[ui.Notice](), 200
    form, values = _read(said)
    if said.posted:
        status = 422
        holders, why = _holders(said, who, values["division"])
        if said.good:
            try:
                if why:
                    raise Refused(*why)
                made = setting_up.file(who, values, holders)
                words = _("Filed as %(number)s. The registrar decides within three working days.")
                messages.success(request, words % {"number": made.number})
                return redirect("enterprises-mine")
            except Refused as refusal:
                top = [refused(refusal)]
            except IntegrityError:
                top, status = [ui.Notice("warn", _("Please send it again."))], 409
        form, values = _read(said)
    back = ui.Link(reverse("enterprises-mine"), _("My enterprises"))
    lead = _("You are to be its legal representative. Each shareholder is named with what it "
             "subscribes; together that is the capital.")  # fmt: skip
    title = _("Set up an enterprise")
    page = ui.Page(title, lead, top=top, forms=[form], trail=ui.Trail([back], title))
    return ui.shown(request, page, status)


def _read(said: ui.Answers) -> tuple[ui.Form, dict[str, Any]]:
    counties = Body.objects.filter(function="market", tier="county", ended=False)
    named = [ui.Option(one.division, one.name_zh) for one in counties.order_by("division")]
    values: dict[str, Any] = {"division": said.chosen("division", [one.value for one in named])}
    labels = {
        "name": _("Name"),
        "scope": _("Business scope"),
        "premises": _("Registered premises"),
        "supervisors": _("Supervisors"),
    }
    fields = [
        said.field("division", _("Registrar"), kind="select", options=named),
    ]
    for name, label in labels.items():
        values[name] = said.text(name, TEXTS[name])
        fields.append(said.field(name, label, maxlength=TEXTS[name]))
    values["capital"] = said.whole("capital", MOST_CAPITAL)
    fields.append(said.field("capital", _("Registered capital"), unit=_("10,000 yuan"),
                             inputmode="numeric", width="medium"))  # fmt: skip
    for line in range(LINES):
        fields += _line(said, line)
    return ui.Form(fields, _("Apply"), "", "file"), values


def _line(said: ui.Answers, line: int) -> list[ui.FieldView]:
    number = {"count": line + 1}
    hint = _("A credit code of this register, or a name; “me” or “本人” for yourself")
    own: dict[str, Any] = {"required": line == 0, "unit": _("yuan"), "width": "medium"}
    own["inputmode"] = "numeric"
    if said.posted and (line == 0 or said[f"holder-{line}"]):
        said.text(f"holder-{line}", 120)
        said.whole(f"subscribed-{line}", MOST_YUAN)
        said.whole(f"paid-{line}", MOST_YUAN, required=False)
    return [
        said.field(f"holder-{line}", _("Shareholder %(count)s") % number, hint=hint,
                   required=line == 0, maxlength=120),
        said.field(f"subscribed-{line}", _("Subscribed by shareholder %(count)s") % number, **own),
        said.field(f"paid-{line}", _("Of it paid (%(count)s)") % number,
                   **(own | {"required": False})),
    ]  # fmt: skip


def _holders(said: ui.Answers, who: Actor, division: str) -> tuple[list[Holder], list[str]]:
    """The holders that the form names, and why some cannot be."""
    found: list[Holder] = []
    wrong: list[str] = []
    for line in range(LINES):
        named = said[f"holder-{line}"]
        if not named:
            continue
        amounts = [
            said.whole(f"subscribed-{line}", MOST_YUAN),
            said.whole(f"paid-{line}", MOST_YUAN, required=False),
        ]
        try:
            if named.lower() in ("me", "本人", who.name):
                mark = introduce(who.subject, to="legal_persons")
                known = (mark, "person", who.name, "")
            else:
                known = setting_up.named_holder(named, division)
        except Refused as why:
            wrong += why.codes
            continue
        found.append(Holder(*known, *amounts))
    return found, wrong
