"""Entering, changing and ending a record: a form, what it would do, and then the act."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.registry import display, reading
from lingnan.kernel.registry.doubts import answering, raising
from lingnan.kernel.registry.editing import elsewhere, previews, proposals, questions, writing
from lingnan.kernel.registry.editing.entry import Errors
from lingnan.kernel.registry.editing.writing import Entered, Kind, Refused, Typed
from lingnan.kernel.registry.pages import address, readable
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import Conflict, legal_time
from lingnan.kernel.trust.api import OFFICIAL, Actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui

TITLES = {
    "new": lambda: _("Enter a new record"),
    "change": lambda: _("Change"),
    "end": lambda: _("End this record"),
}


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, system: str, name: str) -> HttpResponse:
    """A record that is not yet in the register."""
    return _Editing(request, system, name, "", "new").answer()


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, system: str, name: str, ref: str) -> HttpResponse:
    """What holds otherwise from a day on, or had held in an interval of the past."""
    return _Editing(request, system, name, ref, "change").answer()


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, system: str, name: str, ref: str) -> HttpResponse:
    """The record holds no more from a day on."""
    return _Editing(request, system, name, ref, "end").answer()


class _Editing:
    """One request of one of the three acts. Raises PermissionDenied and Http404 at the door."""

    def __init__(self, request: HttpRequest, system: str, name: str, ref: str, kind: Kind) -> None:
        refuse_noughts_posted(request)
        self.request, self.kind, self.ref = request, kind, ref
        self.model, self.who = editable(request, system, name)
        self.names = writing.entered_by(self.model, self.who, kind)
        self.record: Any = None
        if kind != "new":
            self.record = reading.opened(self.model, self.who, ref)
            if self.record is None:
                raise Http404
        self.doubt = raising.named(request.GET.get("doubt", ""), self.model, self.record)

    def answer(self) -> HttpResponse:
        if self.request.method != "POST":
            return self._form(self._as_it_stands(), {})
        told = questions.typed(self.names, self.model, self.request.POST)
        if elsewhere.instead(self.model, self.kind):
            return self._form(told, elsewhere.refused(self.model, self.kind, {}, self.record), 422)
        if self.request.POST.get("step") == "edit":
            return self._form(told, {})
        if self.record is not None and told.version != self.record.version:
            return self._overtaken(told)
        try:
            entered = writing.checked(self.model, self.who, self.kind, told, self.record)
            if self.request.POST.get("step") != "do":
                return self._preview(told, entered)
            return redirect(self._do(entered))
        except Refused as error:
            return self._form(told, error.errors, 422)
        except Conflict:
            self.record = reading.opened(self.model, self.who, self.ref)
            return self._overtaken(told)

    def _as_it_stands(self) -> Typed:
        if self.record is None:
            return Typed(valid_from=legal_time.today().isoformat())
        base = self.request.GET.get("on", "")
        row = writing.base_of(self.record, base)
        base = base if row is not self.record else ""
        return questions.of_record(self.names, row, self.record.version, base)

    def _do(self, entered: Entered) -> str:
        """Write it, or keep it for a second official; where its outcome is shown."""
        if writing.needs_confirming(self.model, entered):
            doubt = self.doubt.key if self.doubt else None
            made = proposals.propose(self.model, self.who, entered, self.record, doubt)
            return proposals.link(made)
        by, why = self.who.signature, entered.reason
        record = writing.enter(self.model, self.who, entered, self.record)
        if self.doubt:
            answering.corrected(self.doubt, list(entered.values), self.who.account, by, why)
            return raising.link(self.doubt)
        waits = self.kind == "new" and entered.valid_from > legal_time.today()
        if waits or self.kind == "end":
            return address(self.model)
        return f"{address(self.model)}{reading.reference_of(self.model, record.key)}/"

    def _overtaken(self, told: Typed) -> HttpResponse:
        """Somebody changed the record since the form was opened: what, and the form again."""
        if self.record is None:
            raise Http404
        notice = previews.meanwhile(self.model, self.who, self.record, told.version)
        return self._form(replace(told, version=self.record.version), {}, 409, notice)

    def _form(
        self, told: Typed, errors: Errors, status: int = 200, notice: ui.Notice | None = None
    ) -> HttpResponse:
        fields = questions.fields(self.model, self.names, self.kind, told, errors)
        context = self._context() | {
            "fields": fields,
            "errors": questions.summary(fields, errors),
            "notice": notice,
            "confirmed": bool(self.model.record.confirmed),
            "elsewhere": elsewhere.links(self.model, self.record, [self.kind])
            if elsewhere.instead(self.model, self.kind)
            else [],
            "by_act": self._by_act(told),
            "hidden": [("version", str(told.version)), ("base", told.base)],
        }
        return render(self.request, "registry/entry.html", context, status=status)

    def _by_act(self, told: Typed) -> ui.Panel | None:
        if self.kind != "change":
            return None
        row = writing.base_of(self.record, told.base)
        return elsewhere.panel(self.model, self.who, self.record, row)

    def _preview(self, told: Typed, entered: Entered) -> HttpResponse:
        base = None if self.record is None else writing.base_of(self.record, told.base)
        context = self._context() | {
            "table": previews.table(self.model, entered.values, base),
            "facts": previews.facts(entered.kind, entered),
            "confirming": writing.needs_confirming(self.model, entered),
            "hidden": questions.hidden(told),
        }
        return render(self.request, "registry/preview.html", context)

    def _context(self) -> dict[str, Any]:
        here = f"{address(self.model)}{self.ref}/" if self.record is not None else ""
        return {
            "title": self.model.record.title,
            "kind": self.kind,
            "heading": TITLES[self.kind](),
            "record": display.named(self.model, self.record) if self.record is not None else "",
            "back": address(self.model),
            "here": here,
            "basis": self.model.record.basis,
        }


def editable(request: HttpRequest, system: str, name: str) -> tuple[type[Record], Actor]:
    """The register and who edits it. Raises Http404 and PermissionDenied."""
    model, who = readable(request, system, name)
    if not writing.may_edit(model, who):
        raise PermissionDenied
    return model, who
