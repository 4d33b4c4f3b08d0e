"""Who can do what here, and why: a body's posts, who holds or borrows them, what each may do."""

from collections import defaultdict
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.duty.api import messages
from lingnan.kernel.runtime.api import Title, keys, legal_time
from lingnan.kernel.trust.api import (
    OFFICIAL,
    Account,
    Actor,
    Holding,
    actor,
    allow,
    lending,
    refuse_noughts_posted,
    separation,
)
from lingnan.kernel.ui import api as ui
from lingnan.portal import authority_rights as rights

REASON, CONTEXT = 200, "portal.authority"
MOST_AHEAD = timedelta(days=365)


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The body of the post: lend one, end a loan, read what a role may do."""
    refuse_noughts_posted(request)
    who = actor(request)
    if request.POST.get("act") == "end":
        lending.end(who, keys.unveil(request.POST.get("loan", ""), CONTEXT) or 0)
        return redirect("authority")
    said = ui.Answers(request, "lend")
    people = _people(who)
    fields = _fields(said, who, people)
    if said.posted and _lent(said, who):
        return redirect("authority")
    if said.posted:
        fields = _fields(said, who, people)
    shown = _page(who, fields, people, request.GET.get("role", "")[:40])
    return ui.shown(request, shown, 422 if said.wrong else 200)


def _people(who: Actor) -> dict[int, str]:
    held = Holding.objects.filter(body=who.body, ended=False).values_list("account", flat=True)
    rows = Account.objects.filter(key__in=list(held), is_active=True).order_by("key")
    return dict(rows.values_list("key", "name"))


def _posts(who: Actor) -> list[Holding]:
    return list(Holding.objects.filter(body=who.body, ended=False).order_by("key"))


def _fields(said: ui.Answers, who: Actor, people: dict[int, str]) -> list[ui.FieldView]:
    head, today = who.role == lending.HEAD, legal_time.today()
    posts = [one for one in _posts(who) if head or one.account == who.account]
    post_options = [
        ui.Option(keys.veil(one.key, CONTEXT), f"{one.title} · {people.get(one.account, '—')}")
        for one in posts
    ]
    takers = [
        ui.Option(keys.veil(key, CONTEXT), name) for key, name in people.items()
        if key != who.account or head
    ]  # fmt: skip
    latest = (today + MOST_AHEAD).isoformat()
    return [
        said.field("post", _("Post"), kind="select", options=post_options),
        said.field("taker", _("Who acts under it"), kind="select", options=takers),
        said.field("first", _("First day"), kind="date", minimum=today.isoformat(), maximum=latest),
        said.field("last", _("Last day (included)"), kind="date", maximum=latest,
                   hint=_("At most %(days)s days (a value of the platform, unverified).")
                   % {"days": lending.MOST_DAYS}),
        said.field("reason", _("Reason"), hint=_("It stands in the evidence.")),
    ]  # fmt: skip


def _lent(said: ui.Answers, who: Actor) -> bool:
    """Lend as was answered; what is wrong stands in the answers."""
    latest = legal_time.today() + MOST_AHEAD
    first, last = said.day("first", latest), said.day("last", latest)
    reason = said.text("reason", REASON)
    post, taker = (keys.unveil(said[name], CONTEXT) for name in ("post", "taker"))
    for name, value in (("post", post), ("taker", taker)):
        if value is None:
            said.wrong[name] = _("Please choose.")
    if said.wrong or first is None or last is None or post is None or taker is None:
        return False
    try:
        lending.lend(who, lending.Wanted(post, taker, first, last, reason))
    except lending.NotPossible as fault:
        field, words = _words(fault)
        said.wrong[field] = words
        return False
    _tell(who, taker, first, last)
    return True


def _words(fault: lending.NotPossible) -> tuple[str, str]:
    return {
        "not_yours": ("post", _("Only its holder and the head of the body lend a post.")),
        "onwards": ("post", _("A post that is lent to you cannot be lent on.")),
        "oneself": ("taker", _("This is who holds the post.")),
        "elsewhere": ("taker", _("A post is lent within its body only.")),
        "days": ("first", _("From today on, and the last day not before the first.")),
        "long": ("last", _("That is longer than %(days)s days.") % {"days": fault.why}),
        "apart": ("taker", _("These posts are kept apart: %(why)s.") % {"why": fault.why}),
    }[fault.code]


def _tell(who: Actor, taker: int, first: date, last: date) -> None:
    subject = Title("您可以代行一个岗位", "A post is lent to you")
    text = Title(
        f"{first.isoformat()} 至 {last.isoformat()}，由 {who.name} 授权，可在“岗位”中选用。",
        f"From {first.isoformat()} to {last.isoformat()}, by {who.name}. Choose it under “Posts”.",
    )
    messages.send(taker, subject, text, reverse("posts"))


def _page(who: Actor, fields: list[ui.FieldView], people: dict[int, str], role: str) -> ui.Page:
    form = ui.Form(fields, pgettext("post", "Lend"), _("Lend a post"), act="lend")
    lead = _("Every post of %(body)s, who holds it or acts under it, since when and why.")
    posts = _posts(who)
    top = [*_apart(posts, people)]
    tables = [
        ui.Part(_held(posts, people), pgettext("authority", "Posts")),
        ui.Part(_loans(who, posts, people), _("Lent posts")),
        *rights.parts(who, role or who.role, _called(posts, role or who.role)),
    ]
    links = [ui.Link(reverse("posts"), _("Act under another post"))]
    title = _("Posts and authority")
    return ui.Page(title, lead % {"body": who.body_title}, top=top, links=links, tables=tables,
                   forms=[form] if not who.acting_for else [])  # fmt: skip


def _apart(posts: list[Holding], people: dict[int, str]) -> list[ui.Notice]:
    """Posts that one person should not hold together."""
    roles: dict[int, set[str]] = defaultdict(set)
    for one in posts:
        roles[one.account].add(one.role)
    found = [
        f"{people.get(account, '—')}: {one} · {other} ({why})"
        for account, held in roles.items()
        for one, other, why in separation.conflicts(held)
    ]
    return [ui.Notice("warn", _("Posts that are kept apart"), items=found)] if found else []


def _called(posts: list[Holding], role: str) -> str:
    return next((str(one.title) for one in posts if one.role == role), role)


def _held(posts: list[Holding], people: dict[int, str]) -> ui.Table:
    columns = [
        ui.Column("post", _("Post")),
        ui.Column("who", pgettext("post", "Held by")),
        ui.Column("since", pgettext("post", "Since")),
        ui.Column("may", _("What it may do")),
    ]
    rows: list[dict[str, ui.CellLike]] = [
        {
            "post": str(one.title),
            "who": people.get(one.account, "—"),
            "since": ui.legal_date(one.valid_from),
            "may": ui.Link(f"{reverse('authority')}?role={one.role}#rights", _("Show")),
        }
        for one in posts
    ]
    return ui.Table(columns, rows, pgettext("authority", "Posts"), caption_hidden=True)


def _loans(who: Actor, posts: list[Holding], people: dict[int, str]) -> ui.Table:
    titles = {one.key: str(one.title) for one in posts}
    columns = [
        ui.Column("post", _("Post")),
        ui.Column("taker", _("Who acts under it")),
        ui.Column("days", _("From when to when")),
        ui.Column("why", _("Reason")),
        ui.Column("act", pgettext("post", "End it")),
    ]
    rows: list[dict[str, ui.CellLike]] = []
    for one in lending.of_body(who.body):
        mine = who.account in (one.giver, one.taker) or who.role == lending.HEAD
        sent = {"act": "end", "loan": keys.veil(one.key, CONTEXT)}
        rows.append(
            {
                "post": ui.Cell(titles.get(one.post, "—"), people.get(one.giver, "—")),
                "taker": people.get(one.taker, "—"),
                "days": f"{ui.legal_date(one.first)} – {ui.legal_date(one.last)}",
                "why": ui.Cell(one.why, str(dict(one.KINDS)[one.kind])),
                "act": ui.Act(reverse("authority"), pgettext("post", "End it"), sent)
                if mine
                else "",
            }
        )
    nothing = ui.Empty(_("No post is lent"))
    return ui.Table(columns, rows, _("Lent posts"), nothing, caption_hidden=True)
