"""What a page says of a part that waits for a record which was not made."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from lingnan.kernel.matters import procedure
from lingnan.kernel.matters.definition import matter_of
from lingnan.kernel.matters.joint import submission
from lingnan.kernel.matters.joint.definition import event_of
from lingnan.kernel.matters.models import Application, Case, JointApplication
from lingnan.kernel.ui import api as ui

Parts = Mapping[str, tuple[Application, Case]]


def lost(parts: Parts, application: Application) -> list[str]:
    """The matters that it waits for and that ended without a grant; filed again, none is lost."""
    makers = dict.fromkeys(application.awaits.values())
    ended = [parts[maker][1] for maker in makers if maker in parts]
    return [str(matter_of(c.definition).title) for c in ended if submission.may_file_again(c)]


def words(names: list[str]) -> str:
    said = _(
        "It waits for this, which was not granted: %(names)s. File that again, and it goes on by "
        "itself; or withdraw it."
    )
    return said % {"names": ui.listed(names)}


def deferred_words(names: list[str]) -> str:
    said = _(
        "It is not filed, because this was not granted: %(names)s. File that again, and it is "
        "filed by itself."
    )
    return said % {"names": ui.listed(names)}


def in_vain(joint: JointApplication, parts: Parts) -> list[str]:
    """The parts that wait for what was not granted."""
    rows = joint.applications.filter(awaiting=True).select_related("definition")
    ended = {case.number for _a, case in parts.values() if case.state in procedure.FINISHED}
    order = event_of(joint.definition).codes
    waiting = [part for part in rows if part.case_number not in ended and lost(parts, part)]
    waiting.sort(key=lambda part: order.index(part.definition.code))
    return [str(matter_of(part.definition).title) for part in waiting]


def notice(case: Case) -> ui.Notice | None:
    """The card at the top of a case that waits in vain; a correction comes first."""
    joint = JointApplication.objects.filter(number=case.joint or None).first()
    if joint is None or case.state == "correction" or case.state in procedure.FINISHED:
        return None
    names = lost(submission.parts(joint), case.application)
    if not names:
        return None
    link = ui.Link(f"/joint/{joint.number}/", _("The whole application"))
    return ui.Notice("warn", _("The record that it waits for was not made"), words(names), link)
