"""How anybody verifies a sealed document: by its number, or by the file that one holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from lingnan.kernel.ui.answers import Answers
from lingnan.kernel.ui.components import Kind, Notice, Text
from lingnan.kernel.ui.fields import FieldView
from lingnan.kernel.ui.pages import Form

MEGABYTES, LONGEST = 8, 40
KINDS: Mapping[str, Kind] = {
    "genuine": "ok",
    "issued": "ok",
    "superseded": "warn",
    "elsewhere": "warn",
}


@dataclass(frozen=True)
class Sought:
    """What is to be verified: a `file`, or a `number` in capitals and digits alone.

    Where it is neither, `form` asks for it; `status` is then 200, or why what came is of no use.
    """

    form: Form
    number: str = ""
    file: bytes | None = None
    status: int = 200


def sought(
    request: HttpRequest, number: Text, file: Text, hint: Text = "", kinds: Sequence[str] = ("pdf",)
) -> Sought:
    """Read the form whose two questions are called `number` (with a hint) and `file`, which may be
    chosen of these kinds."""
    said, uploaded, status = Answers(request), request.FILES.get("file"), 200
    if uploaded is not None and (uploaded.size or 0) <= MEGABYTES * 1024 * 1024:
        return Sought(_form(said, number, file, hint, kinds), file=uploaded.read())
    typed = "".join(one for one in said["number"].upper() if one.isalnum())[:LONGEST]
    if uploaded is not None:
        words = _("This file is larger than %(size)s MB.") % {"size": MEGABYTES}
        said.wrong["file"], status = words, 413
    elif said.posted and not typed:
        said.wrong["number"], status = _("Please give the number or choose the file."), 422
    form = _form(said, number, file, hint, kinds)
    return Sought(form, number=typed if status == 200 else "", status=status)


def _form(said: Answers, number: Text, file: Text, hint: Text, kinds: Sequence[str]) -> Form:
    asked = said.field("number", str(number), hint=hint, required=False, maxlength=LONGEST)
    upload = FieldView(
        "file",
        file,
        kind="file",
        error=said.wrong.get("file", ""),
        required=False,
        accept=kinds,
        max_megabytes=MEGABYTES,
    )
    return Form([asked, upload], _("Verify"), files=True)


def verdict(state: str, title: Text, text: Text = "") -> Notice:
    """What is known of a document: genuine, issued (by its number alone), superseded, revoked (its
    seal), ahead (of the clock), foreign, altered or unknown, or a state of its own. `text` stands
    where no common words do; of a seal that was taken back the same is said everywhere."""
    if state == "revoked":
        title = _("The seal of this document was taken back")
        text = _("Whoever had its key could have sealed it. Ask the body for a new document.")
    if state == "ahead":
        title = _("This document is of a time that has not come")
        text = _(
            "Its time is later than this node's clock: one of the two clocks is wrong. Ask the "
            "operator of this node to look at its clock, then verify it again."
        )
    words = {
        "genuine": _("The seal is intact."),
        "issued": _("Compare it with the paper in your hand, or verify the file itself."),
        "foreign": _("It was not issued here."),
        "altered": _("Do not rely on it."),
    }
    return Notice(KINDS.get(state, "late"), title, text or words.get(state, ""))
