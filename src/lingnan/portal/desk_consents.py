"""A body's agreements, and the consents that some of them need: what it asks of holders and people.

For heads and data officers: to ask people for their data is an act of the body, which its head
answers for, and the data officer is who agrees with holders about data. Who handles cases cannot.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.duty.api import Reading
from lingnan.kernel.exchange.api import (
    Agreement,
    AgreementWish,
    figures_elsewhere,
    resources,
    wishes,
)
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, actor, allow, consents, official, superiors
from lingnan.kernel.ui import api as ui
from lingnan.portal.consents_words import Words, quoted, request_state

ASKS = official("head", "data_officer")
PAGE, WISHES, NUMBER = 25, 50, 40
WISH_CHIPS: dict[str, ui.Kind] = {
    "asked": "warn", "granted": "ok", "refused": "late", "withdrawn": "soft",
    "contested": "warn", "upheld": "late",
}  # fmt: skip


@allow(ASKS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The agreements by which the body reads, and what it has asked for."""
    who, words = actor(request), Words()
    page = ui.Page(
        pgettext("desk", "Agreements and consents"),
        _(
            "Your body reads what others hold under an agreement: by law, or, where the law gives "
            "no ground, while people and firms allow it. Here it asks holders for agreements, and "
            "people for consents."
        ),
        links=[
            ui.Link(reverse("desk-agreement-new"), _("Ask a holder for an agreement")),
            ui.Link(reverse("desk-consent-history"), _("All changes, to filter and sort")),
            *_figures(),
        ],
        tables=[*_to_decide(who, words),
                _agreements(who, words, request.GET.get("after", "")[:NUMBER]),
                _wishes(who, words, request.GET.get("wishes", "")[:NUMBER]),
                _requests(who, words, request.GET.get("before", "")[:NUMBER])],
    )  # fmt: skip
    return ui.shown(request, page)


def _figures() -> list[ui.Link]:
    """Where other nodes hold something there may be figures of it."""
    if not figures_elsewhere.homes():
        return []
    return [ui.Link(reverse("desk-figures-elsewhere-all"), _("Figures from other nodes"))]


def agreements_of(who: Actor, after: str = "") -> tuple[list[Agreement], str]:
    """A page of the agreements that the body may use, its own and those of bodies above, by number;
    and the number to go on from, "" at the end."""
    rows = Agreement.objects.filter(consumer__in=superiors(who.body), ended=False)
    found = list(rows.filter(number__gt=after).order_by("number")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].number) if found[PAGE:] else ""


def needs_consent(one: Agreement) -> bool:
    known = resources().get(one.resource)
    return one.consent or (known is not None and known.consent)


def ground_words(consent: bool) -> str:
    return _("with consent") if consent else pgettext("agreement", "by law")


def agreement_of(who: Actor, number: str, ended: bool = False) -> Agreement | None:
    """One of them; with `ended` also one that is over."""
    found = Agreement.objects.filter(number=number, consumer__in=superiors(who.body)).first()
    return None if found is None or (found.ended and not ended) else found


def agreement_state(one: Agreement) -> ui.Chip:
    over = one.valid_until is not None and one.valid_until < legal_time.today()
    if one.ended or over:
        return ui.Chip("soft", pgettext("agreement", "ended"))
    return ui.Chip("ok", pgettext("agreement", "in force"))


def _agreements(who: Actor, words: Words, after: str) -> ui.Part:
    found, following = agreements_of(who, after)
    rows: list[dict[str, ui.CellLike]] = [
        {
            "what": ui.Cell(
                ui.Link(reverse("desk-agreement", args=[one.number]),
                        words.purpose(one.purpose), one.number), one.number,
            ),
            "data": ui.Cell(
                words.resource(one.resource), words.elements(one.resource, one.elements)
            ),
            "who": ui.Cell(
                words.body(one.consumer),
                ground_words(needs_consent(one)),
            ),
            "until": ui.Cell(
                agreement_state(one),
                ui.legal_date(one.valid_until) if one.valid_until else _("without end"),
            ),
        }
        for one in found
    ]  # fmt: skip
    columns = [
        ui.Column("what", _("For what")),
        ui.Column("data", _("Data")),
        ui.Column("who", _("Body")),
        ui.Column("until", _("State")),
    ]
    title = _("Agreements in force for your body")
    nothing = ui.Empty(_("Your body has no agreement"))
    more = "?" + urlencode({"after": following}) if following else None
    return ui.Part(
        ui.Table(columns, rows, title, nothing, next_url=more, caption_hidden=True), title
    )


def wish_state(wish: AgreementWish) -> ui.Chip:
    return ui.Chip(WISH_CHIPS[wish.state], str(dict(wish.STATES)[wish.state]))


def _to_decide(who: Actor, words: Words) -> list[ui.Part]:
    """What other bodies ask of this post as a holder's data officer."""
    found = wishes.to_decide(who, WISHES)
    if not found:
        return []
    title = _("To decide as holder")
    return [ui.Part(_wish_table(found, words, title), title)]


def _wishes(who: Actor, words: Words, before: str) -> ui.Part:
    """What the body asked holders for, the newest first; paged by number."""
    rows = AgreementWish.objects.filter(consumer=who.body, ended=False).order_by("-key")
    start = rows.filter(number=before).first() if before else None
    if start is not None:
        rows = rows.filter(key__lt=start.key)
    found = list(rows[: PAGE + 1])
    more = "?" + urlencode({"wishes": found[PAGE - 1].number}) if found[PAGE:] else None
    title = _("Agreements asked for")
    return ui.Part(_wish_table(found[:PAGE], words, title, more), title)


def _wish_table(
    found: list[AgreementWish], words: Words, title: str, more: str | None = None
) -> ui.Table:
    columns = [
        ui.Column("what", _("For what")),
        ui.Column("data", _("Data")),
        ui.Column("who", pgettext("consent", "Who asks")),
        ui.Column("state", _("State")),
    ]
    readings = wishes.wish_duty.readings(found)
    rows: list[dict[str, ui.CellLike]] = [
        {
            "what": ui.Cell(
                ui.Link(reverse("desk-agreement-wish", args=[one.number]),
                        words.purpose(one.purpose), one.number), one.number,
            ),
            "data": ui.Cell(
                words.resource(one.resource), words.elements(one.resource, one.elements)
            ),
            "who": words.body(one.consumer),
            "state": ui.Cell(wish_state(one), _due(readings.get(str(one.number)))),
        }
        for one in found
    ]  # fmt: skip
    nothing = ui.Empty(_("No agreement has been asked for"))
    return ui.Table(columns, rows, title, nothing, next_url=more, caption_hidden=True)


def _due(reading: Reading | None) -> str:
    if reading is None or reading.due is None:
        return ""
    return _("To be answered by") + " " + ui.legal_date(reading.due)


def _requests(who: Actor, words: Words, before: str) -> ui.Part:
    """Requests to people and firms, the newest first; paged by number."""
    rows = consents.ConsentRequest.objects.filter(body=who.body, ended=False).order_by("-key")
    start = rows.filter(number=before).first() if before else None
    if start is not None:
        rows = rows.filter(key__lt=start.key)
    found = list(rows[: PAGE + 1])
    purposes = dict(Agreement.objects.values_list("number", "purpose"))
    lines: list[dict[str, ui.CellLike]] = [
        {
            "who": ui.Cell(
                ui.Link(reverse("desk-consent-request", args=[one.number]), one.reference,
                        one.number), one.number,
            ),
            "what": ui.Cell(words.purpose(purposes.get(one.agreement, "")), quoted(one.why)),
            "by": ui.legal_date(one.answer_by),
            "state": request_state(one),
        }
        for one in found[:PAGE]
    ]  # fmt: skip
    columns = [
        ui.Column("who", _("Whom")),
        ui.Column("what", _("For what")),
        ui.Column("by", _("Answer by")),
        ui.Column("state", _("State")),
    ]
    title = _("Asked of people and firms")
    nothing = ui.Empty(_("Nobody has been asked"), _("Open an agreement to ask somebody."))
    more = f"?before={found[PAGE - 1].number}" if found[PAGE:] else None
    return ui.Part(
        ui.Table(columns, lines, title, nothing, next_url=more, caption_hidden=True), title
    )


def trail(here: str = "") -> ui.Trail:
    title = pgettext("desk", "Agreements and consents")
    return ui.Trail([ui.Link(reverse("desk-consents"), title)], here)
