"""The page of a proposal: what it would change, and the act of the second official."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.registry import display, reading, rights
from lingnan.kernel.registry.editing import previews, proposals
from lingnan.kernel.registry.editing.proposals import Closed, NotToConfirm
from lingnan.kernel.registry.editing.writing import LEAST, LONGEST, Refused
from lingnan.kernel.registry.models import Proposal
from lingnan.kernel.registry.pages import address
from lingnan.kernel.runtime.api import Conflict
from lingnan.kernel.trust.api import OFFICIAL, Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui

KINDS: dict[str, ui.Kind] = {"confirmed": "ok", "refused": "late", "stale": "warn"}


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, ref: str) -> HttpResponse:
    """One proposal; its opening by anybody who may see it is evidence. 404 for all others."""
    refuse_noughts_posted(request)
    who, found = actor(request), proposals.found(ref)
    if found is None or not proposals.may_see(found, who):
        raise Http404
    proposals.opened(found, who)
    if request.method != "POST":
        return _page(request, found, who)
    return _decided(request, found, who)


def _decided(request: HttpRequest, found: Proposal, who: Actor) -> HttpResponse:
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "").strip()
    needs_reason = act in ("confirm", "refuse")
    if needs_reason and not LEAST <= len(reason) <= LONGEST:
        error = _("Say in a few words why, up to 200 characters.")
        return _page(request, found, who, 422, error=error)
    try:
        if act == "confirm":
            proposals.confirm(found, who, reason)
        elif act == "refuse":
            proposals.refuse(found, who, reason)
        elif act == "withdraw":
            proposals.withdraw(found, who)
        else:
            return _page(request, found, who, 400, said=_("There is no such act."))
    except NotToConfirm as error:
        return _page(request, found, who, 403, said=error.words)
    except Closed:
        return _page(request, found, who, 409, said=_("It has been decided meanwhile."))
    except Conflict:
        words = _("The record was changed since this was proposed. Nothing was written.")
        return _page(request, found, who, 409, said=words)
    except Refused as error:
        words = "；".join(text for said in error.errors.values() for text in said)
        return _page(request, found, who, 422, said=words)
    return redirect(proposals.link(found))


def _page(
    request: HttpRequest,
    found: Proposal,
    who: Actor,
    status: int = 200,
    *,
    error: str = "",
    said: str = "",
) -> HttpResponse:
    model, record, closing = (
        proposals.model_of(found),
        proposals.record_of(found),
        proposals.closing(found),
    )
    hidden = rights.withheld(model, who)
    sent = request.POST.get("reason", "")
    field = ui.FieldView("reason", _("Reason"), "", sent, error=error, maxlength=LONGEST)
    why_not = "" if closing else proposals.why_not(found, who)
    named = display.named(model, record) if record else ""
    context = {
        "title": model.record.title,
        "record": named,
        "back": address(model),
        "here": f"{address(model)}{reading.reference_of(model, record.key)}/" if record else "",
        "heading": found.get_kind_display(),
        "chip": _chip(found),
        "table": previews.table(
            model, proposals.values_of(found), proposals.held_when_read(found), hidden
        ),
        "facts": previews.facts(found.kind, found),
        "steps": _steps(found),
        "field": field,
        "errors": ui.ErrorSummary.of([field]) if error else None,
        "decides": not closing and not why_not,
        "why_not": why_not,
        "own": not closing and found.account == who.account,
        "notice": ui.Notice("warn", said) if said else None,
    }
    return render(request, "registry/proposal.html", context, status=status)


def _chip(found: Proposal) -> ui.Chip:
    closing = proposals.closing(found)
    if closing is None:
        return ui.Chip("info", _("waits for a second official"))
    return ui.Chip(KINDS.get(closing.kind, "soft"), closing.get_kind_display())


def _steps(found: Proposal) -> list[ui.Step]:
    when = _("%(at)s by %(by)s")
    said = {"at": ui.legal_datetime(found.at), "by": found.by}
    steps = [ui.Step(_("proposed"), when % said, found.reason, "done")]
    closing = proposals.closing(found)
    if closing is not None:
        said = {"at": ui.legal_datetime(closing.at), "by": closing.by}
        steps.append(ui.Step(closing.get_kind_display(), when % said, closing.reason, "done"))
    return steps
