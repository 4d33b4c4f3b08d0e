"""What stages, acts, clocks and refusals are called."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Body
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.justice_network.clocking import Reading
from lingnan.systems.government.justice_network.models import Measure
from lingnan.systems.government.justice_network.rules import stages

STAGES: Mapping[str, ui.Text] = {
    "investigation": gettext_lazy("investigation"),
    "arrest_review": gettext_lazy("decision on arrest"),
    "prosecution_review": gettext_lazy("review for prosecution"),
    "supplementary": gettext_lazy("supplementary investigation"),
    "first_instance": gettext_lazy("first instance"),
    "trial_supplementary": gettext_lazy("supplementary investigation during trial"),
    "judged": gettext_lazy("judged, may be appealed"),
    "appealed": gettext_lazy("appealed, to be sent up"),
    "second_instance": gettext_lazy("second instance"),
    "effective": gettext_lazy("in effect, to be executed"),
    "execution": pgettext_lazy("criminal case", "execution"),
    "closed": pgettext_lazy("criminal case", "closed"),
    "not_prosecuted": gettext_lazy("not prosecuted"),
    "dropped": gettext_lazy("case dropped"),
}
STANDINGS: Mapping[str, ui.Text] = {
    "holding": gettext_lazy("the file is here"),
    "passed": gettext_lazy("handed on"),
    "returned": gettext_lazy("handed back"),
    "offered": gettext_lazy("to be received"),
    "none": gettext_lazy("supervised"),
}
VOLUMES: Mapping[str, ui.Text] = {
    "file": gettext_lazy("case file"),
    "inner": gettext_lazy("investigation volume"),
    "review": gettext_lazy("procuratorate's own volume"),
    "side": gettext_lazy("court's own volume"),
    "verdict": gettext_lazy("judgments and execution"),
    "execution": gettext_lazy("record of execution"),
}
OUTCOMES: Mapping[str, ui.Text] = {
    "correction": gettext_lazy("public surveillance or suspended sentence: community correction"),
    "prison": gettext_lazy("imprisonment: prison"),
    "other": gettext_lazy("criminal detention or another punishment: police"),
    "acquitted": gettext_lazy("acquitted, or exempted from punishment"),
}
PROCEDURES: Mapping[str, ui.Text] = {
    "ordinary": gettext_lazy("ordinary procedure"),
    "summary": gettext_lazy("summary procedure"),
    "fast": gettext_lazy("fast track"),
}
REFUSALS: Mapping[str, ui.Text] = {
    "stage": gettext_lazy("This cannot be done at this stage, or not by your post."),
    "reasons": gettext_lazy("Please give the reasons."),
    "nobody": gettext_lazy("Name at least one person of the case."),
    "no_verdict": gettext_lazy("There is no judgment in the file to be handed over."),
    "no_body": gettext_lazy("There is no body on this node that it could go to."),
    "file": gettext_lazy("Please give a text, or a PDF or picture of at most 4 MB."),
    "outcome": gettext_lazy("Please choose what the judgment was."),
    "volume": gettext_lazy("Your body does not write this volume."),
    "measure": gettext_lazy("This measure cannot be taken or ended now."),
    "measure_runs": gettext_lazy("The person is under this measure already."),
    "moment": gettext_lazy("The moment lies in the future, or before what it follows."),
    "identity": gettext_lazy("It is known already who the person is."),
    "clock": gettext_lazy("This clock does not allow it now."),
    "over": gettext_lazy("The clock is over: it can no longer be prolonged."),
    "length": gettext_lazy("Please give the days or the day that the law allows."),
    "difference": gettext_lazy(
        "Something on the list is missing: receive it with a reservation, or refuse it."
    ),
    "reservation": gettext_lazy("Say what is missing, and leave it unticked."),
    "keeping": gettext_lazy("Your body does not hold this piece of evidence."),
    "large": gettext_lazy("The package is larger than 64 MB: take documents out of it."),
}
OTHERWISE = gettext_lazy("The package is not in order and was not taken.")


def refusal(code: str) -> str:
    return str(REFUSALS.get(code, OTHERWISE))


def quoted(text: str) -> str:
    """What somebody wrote or is called, as it stands."""
    return f"“{text}”" if text else ""


def act_title(code: str) -> str:
    one = stages.acts().get(code)
    return str(Title(one.zh, one.en)) if one is not None else code


EVENTS: Mapping[str, ui.Text] = {
    "open": gettext_lazy("case opened"),
    "arrived": gettext_lazy("case came from another node"),
    "person": gettext_lazy("person entered"),
    "document": gettext_lazy("document added"),
    "evidence": gettext_lazy("evidence added"),
    "sent_back": gettext_lazy("not approved by the head"),
    "refused_package": gettext_lazy("package refused"),
    "procedure": gettext_lazy("procedure chosen"),
    "fast_review": gettext_lazy("reviewed by the fast track"),
    "new_crime": gettext_lazy("another serious crime found, custody counted anew"),
    "identity_found": gettext_lazy("identity found, custody counted from now on"),
}


def event_title(kind: str) -> str:
    """What an event is called."""
    if kind in EVENTS:
        return str(EVENTS[kind])
    if kind in stages.acts():
        words = _("%(act)s: received") if stages.acts()[kind].receiver else _("%(act)s: done")
        return words % {"act": act_title(kind)}
    for start, words in (("prepared_", _("%(act)s: prepared")), ("sent_", _("%(act)s: sent"))):
        if kind.startswith(start):
            return words % {"act": act_title(kind.removeprefix(start))}
    kinds = dict(Measure.KINDS)
    if kind.startswith("ended_"):
        return _("%(measure)s ended") % {"measure": kinds[kind.removeprefix("ended_")]}
    return str(kinds.get(kind.removeprefix("measure_"), kind))


def clock_title(read: Reading) -> str:
    return str(Title(read.rule.zh, read.rule.en))


def body_title(code: str, known: Mapping[str, Body]) -> str:
    body = known.get(code)
    return str(body.title) if body is not None else code


def due_words(read: Reading) -> str:
    """The last day of a clock, or the moment where it is counted by hours."""
    due = timezone.localtime(read.due)
    if read.rule.by_hours:
        return ui.legal_datetime(due)
    return ui.legal_date((due - timedelta(seconds=1)).date())


def left_words(read: Reading, now: datetime) -> str:
    """How far it is to the end, in hours or days."""
    left = read.due - now
    if read.rule.by_hours:
        hours = int(abs(left).total_seconds() // 3600)
        words = _("%(n)s hours left") if left >= timedelta() else _("%(n)s hours overdue")
        return words % {"n": hours}
    last = timezone.localtime(read.due - timedelta(seconds=1)).date()
    return ui.days_left((last - timezone.localtime(now).date()).days, "calendar")


def clock_chip(read: Reading, now: datetime) -> ui.Chip:
    """Red where it was overrun, for good; yellow where it is near."""
    if read.overrun:
        return ui.Chip("late", _("overrun"))
    if read.ended is not None:
        return ui.Chip("soft", pgettext("clock", "ended"))
    if read.since is not None:
        return ui.Chip("info", pgettext("clock", "suspended"))
    if read.due <= now:
        if read.rule.who == "parties":
            return ui.Chip("soft", pgettext("clock", "ended"))
        return ui.Chip("late", left_words(read, now))
    unit = timedelta(hours=1) if read.rule.by_hours else timedelta(days=1)
    near = read.due - now <= max(read.rule.warn) * unit
    return ui.Chip("warn" if near else "ok", left_words(read, now))


def stage_chip(stage: str) -> ui.Chip:
    return ui.Chip("soft" if stage in stages.ENDED else "info", STAGES[stage])
