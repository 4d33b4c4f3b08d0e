"""Joining a source: its kind, where it is, a trial, and its tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import sources
from lingnan.kernel.trust.api import (
    KeyStoreUnavailable,
    actor,
    allow,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.resource_exchange.sources import connecting, words
from lingnan.systems.government.resource_exchange.sources.models import Source
from lingnan.systems.government.resource_exchange.sources.views.desk import (
    JOINS,
    SEES,
    source_of,
    trail,
)

LONG = {"title": 60, "host": 200, "database": 80, "user": 80, "path": 200, "pattern": 80,
        "url": 500, "pointer": 100, "sample": 100, "secret": 200}  # fmt: skip


@allow(JOINS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose the kind, then say where it is; it is tried before it is kept."""
    refuse_noughts_posted(request)
    kind = request.GET.get("kind", "")
    if kind not in dict(Source.KINDS):
        return ui.shown(request, _choosing())
    said, broken = ui.Answers(request), None
    title, wanted = _read(said, kind)
    if said.good:
        try:
            made = connecting.join(title, wanted, actor(request))
            messages.success(request, _("The connection works and is kept."))
            return redirect("source", number=made.number)
        except sources.SourceFailure as failure:
            broken = failure
    page = _form_page(_("Join a source"), said, kind, broken, trail(_("Join a source")))
    return ui.shown(request, page, 422 if said.wrong or broken else 200)


def _choosing() -> ui.Page:
    tiles = [ui.Option(code, str(title)) for code, title in Source.KINDS]
    field = ui.FieldView("kind", _("What is it?"), kind="select", options=tiles)
    return ui.Page(
        _("Join a source"),
        _("First say what it is. A user that can only read is enough, and better."),
        first=[ui.Find(field, _("Go on"))],
        trail=trail(_("Join a source")),
    )


def _read(said: ui.Answers, kind: str) -> tuple[str, sources.Connection]:
    """What was typed of a connection of the kind."""
    title = said.text("title", LONG["title"])
    parts = connecting.PARTS[kind]
    optional = {"pointer", "port", "newest"}
    texts = {
        name: said.text(name, LONG[name], name not in optional)
        for name in parts
        if name not in ("port", "newest")
    }
    port = said.whole("port", 65535, required=False) if "port" in parts else 0
    secret = ""
    if kind in connecting.WITH_PASSWORD:
        secret = said.text("secret", LONG["secret"], False)
    newest = said["newest"] != "all"
    return title, sources.Connection(kind, port=port, secret=secret, newest=newest, **texts)


def _form_page(
    title: str,
    said: ui.Answers,
    kind: str,
    broken: sources.SourceFailure | None,
    above: ui.Trail,
    old: Source | None = None,
) -> ui.Page:
    fields = [_field(said, "title", pgettext("source", "Name"), old,
                     hint=_("As your colleagues call it."))]  # fmt: skip
    fields += _fields(said, kind, old)
    form = ui.Form(fields, _("Try and keep"), note=_(
        "It is tried at once: the address, the port, the sign-in, and what can be read."
    ))  # fmt: skip
    top = [words.failed(broken)] if broken is not None else []
    return ui.Page(title, str(dict(Source.KINDS)[kind]), top=top, forms=[form], trail=above)


def _fields(said: ui.Answers, kind: str, old: Source | None) -> list[ui.FieldView]:
    if kind in ("postgresql", "mysql"):
        usual = "5432" if kind == "postgresql" else "3306"
        return [
            _field(said, "host", _("Host"), old, hint=_("A name or an address of your network.")),
            _field(said, "port", _("Port"), old, required=False, width="short",
                   hint=_("Empty: %(port)s") % {"port": usual}),
            _field(said, "database", _("Database"), old),
            _field(said, "user", pgettext("source", "User"), old, autocomplete="off"),
            _secret(said, _("Password"), old),
        ]  # fmt: skip
    if kind == "sqlite":
        return [_field(said, "path", _("File"), old, hint=_(
            "Within the folder that the operator has named for sources."))]  # fmt: skip
    if kind == "folder":
        which = [ui.Option("newest", _("the newest alone")), ui.Option("all", _("all together"))]
        chosen = said["newest"] or ("newest" if old is None or old.place["newest"] else "all")
        return [
            _field(said, "path", _("Folder"), old, hint=_(
                "Within the folder that the operator has named for sources.")),
            _field(said, "pattern", _("Names of the files"), old,
                   hint=_("An asterisk stands for anything: *.csv")),
            said.field("newest", _("Which of them"), kind="radio", options=which, value=chosen),
        ]  # fmt: skip
    return [
        _field(said, "url", _("Address"), old,
               hint=_("{value} stands where the number asked for goes.")),
        _field(said, "pointer", _("Where the rows stand in the answer"), old, required=False,
               hint=_("Such as /data/rows; empty: the whole answer.")),
        _field(said, "sample", _("A value to look with"), old,
               hint=_("A number of which the service has something to say.")),
        _secret(said, pgettext("source", "Token"), old),
    ]  # fmt: skip


def _field(
    said: ui.Answers, name: str, label: str, old: Source | None, **more: object
) -> ui.FieldView:
    known = ""
    if old is not None and not said.posted:
        known = str((old.title if name == "title" else old.place.get(name)) or "")
    return said.field(name, label, value=said[name] or known, maxlength=LONG.get(name, 5), **more)


def _secret(said: ui.Answers, label: str, old: Source | None) -> ui.FieldView:
    """Never shown again: the field is empty, whatever is known or was typed."""
    hint = _("Kept under seal, never shown again.")
    if old is not None:
        hint = _("Empty: the one that is known, where host and port stay.")
    error = said.wrong.get("secret", "")
    return SecretField("secret", label, hint, required=False, error=error,
                       maxlength=LONG["secret"], autocomplete="off")  # fmt: skip


@dataclass(frozen=True)
class SecretField(ui.FieldView):
    """A field whose content is not shown, nor sent back."""

    template: ClassVar[str] = "resource_exchange/secret.html"


@allow(SEES)
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, number: str) -> HttpResponse:
    """One connection: whether it works, and its tables; a data officer takes it off."""
    who = actor(request)
    found, broken = source_of(who, number), None
    if request.method == "POST" and JOINS.permits(who):
        try:
            connecting.leave(found, who)
        except connecting.InUse:
            messages.error(request, _("Something is still published from it: retract that first."))
        else:
            messages.success(request, _("The source is taken off, its password forgotten."))
            return redirect("sources")
    names: Sequence[str] = ()
    try:
        names = sources.tables(connecting.connection(found))
    except sources.SourceFailure as failure:
        broken = failure
    except KeyStoreUnavailable:
        broken = sources.SourceFailure("sign_in")
    return ui.shown(request, _page(found, names, broken, JOINS.permits(who)))


def _page(
    found: Source, names: Sequence[str], broken: sources.SourceFailure | None, joins: bool
) -> ui.Page:
    works = (
        ui.Chip("ok", pgettext("source", "works"))
        if broken is None
        else ui.Chip("late", words.hop(broken.hop))
    )
    panel = ui.Panel(_("Connection"), [
        ui.Item(pgettext("source", "Kind"), found.get_kind_display()),
        ui.Item(pgettext("source", "Where"), words.place(found)),
        ui.Item(_("State"), works),
        ui.Item(pgettext("source", "Number"), found.number),
    ])  # fmt: skip
    where = reverse("source-choose", args=[found.number])
    rows = [{"name": ui.Link(f"{where}?{urlencode({'name': one})}", one)} for one in names]
    nothing = ui.Empty(_("There is nothing that can be read"))
    named = [ui.Column("name", _("Table"))]
    table = ui.Table(named, rows, _("Tables"), nothing, caption_hidden=True)
    change = ui.Link(reverse("source-change", args=[found.number]), _("Change the connection"))
    return ui.Page(
        pgettext("source", "Source"),
        name=found.title,
        top=[*([words.failed(broken)] if broken is not None else []), panel],
        links=[change] if joins else [],
        tables=[ui.Part(table, _("Tables"))] if broken is None else [],
        forms=[ui.Form([], _("Take the source off"))] if joins else [],
        trail=trail(words.name(found.title)),
    )


@allow(JOINS)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: str) -> HttpResponse:
    """Another place or password; tried before it is kept."""
    refuse_noughts_posted(request)
    who = actor(request)
    old = source_of(who, number)
    said, broken = ui.Answers(request), None
    title, wanted = _read(said, old.kind)
    if said.good:
        try:
            connecting.change(old, title, wanted, who)
            messages.success(request, _("The connection works and is kept."))
            return redirect("source", number=number)
        except sources.SourceFailure as failure:
            broken = failure
    above = trail(
        pgettext("source", "Change"),
        ui.Link(reverse("source", args=[number]), words.name(old.title)),
    )
    page = _form_page(_("Change the connection"), said, old.kind, broken, above, old)
    return ui.shown(request, page, 422 if said.wrong or broken else 200)
