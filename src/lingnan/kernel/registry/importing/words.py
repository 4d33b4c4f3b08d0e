"""Why a file or a row is not taken, in the reader's words."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lingnan.kernel.registry.display import label
from lingnan.kernel.registry.importing.checking import Problem
from lingnan.kernel.registry.records import Record

FILES = {
    "empty": lazy("The file is empty."),
    "ending": lazy("Please choose a CSV, Excel (.xlsx) or Parquet file."),
    "binary": lazy("The file is not what its name says: it is no table."),
    "is_csv": lazy("The file is not what its name says: it is a text. Save it as .csv."),
    "is_xlsx": lazy("The file is not what its name says: it is an Excel workbook (.xlsx)."),
    "is_parquet": lazy("The file is not what its name says: it is a Parquet file (.parquet)."),
    "old_excel": lazy("This is an old (.xls) or locked workbook. Save it as .xlsx without a lock."),
    "no_workbook": lazy("The file is an archive, no Excel workbook."),
    "locked": lazy("The workbook is locked with a password. Save it without."),
    "damaged": lazy("The file is damaged or breaks off, and cannot be read to its end."),
    "bomb": lazy("The file unpacks to more than can be read safely. Split it, or save it as CSV."),
    "too_large": lazy("The file is larger than this node takes."),
    "columns": lazy("The file has more than 500 columns."),
    "too_many": lazy("The file has more than ten million rows. Split it."),
    "broke_off": lazy("The file could not be worked at to its end. Tell your operator."),
    "database": lazy("What stands on record does not go with the file. What is taken in stays."),
    "overtaken": lazy("Records were changed since the check, so the file was checked again."),
    "no_name": lazy("Choose a file."),
}
VALUES = {
    "missing": lazy("is missing"),
    "excel": lazy("Excel made a number of it; format the column as text and enter it again"),
    "formula": lazy("a formula stands here; paste its value"),
    "nested": lazy("a list stands where one value should"),
    "nought": lazy("holds a nought character"),
    "unreadable": lazy("cannot be read in any encoding; enter it again"),
    "long": lazy("is longer than %(more)s characters"),
    "choice": lazy("“%(more)s” is none of the choices"),
    "yes_no": lazy("“%(more)s” is neither yes nor no"),
    "day": lazy("“%(more)s” is no day; write 2011-06-30"),
    "future": lazy("lies in the future"),
    "number": lazy("“%(more)s” is no number"),
    "integer": lazy("“%(more)s” is no whole number"),
    "unfit": lazy("cannot be read"),
    "quotes": lazy("a quotation mark is opened and not closed"),
    "wide": lazy("the row has more cells than there are columns"),
    "sight": lazy("not your county"),
    "same_row": lazy("the same as row %(more)s"),
    "repeated": lazy("row %(more)s has it too, with other particulars"),
    "on_record": lazy("is on record already; only new ones are taken"),
    "elsewhere": lazy("is on record in a division that is not yours"),
    "ended": lazy("is on record and has ended"),
    "several": lazy("several records have it"),
    "of_another": lazy("another record has it"),
    "meanwhile": lazy("was recorded or ended by somebody else since the check"),
    "by_act": lazy("is changed by an act alone: %(more)s"),
    "withheld": lazy("is not for your post"),
    "holder": lazy("is held by another body today"),
    "invalid": lazy("does not hold"),
}


def of_file(code: str) -> str:
    return str(FILES[code]) if code in FILES else _("The file cannot be read.")


def of_value(code: str, more: str) -> str:
    """Without its field. What was said in both languages stands Chinese first."""
    chinese, newline, english = more.partition("\n")
    if newline:
        more = english if english and (get_language() or "").startswith("en") else chinese
    if code == "invalid" and more:
        return more
    text = str(VALUES[code]) if code in VALUES else str(VALUES["unfit"])
    return text % {"more": more} if "%(" in text else text


def of_kind(code: str) -> str:
    """A kind of fault, without the value that it was found in."""
    return of_value(code, "…")


def of_problem(model: type[Record], problem: Problem) -> str:
    said = of_value(problem.code, problem.more)
    if not problem.field:
        return said
    return _("%(field)s: %(error)s") % {"field": label(model, problem.field), "error": said}


def of_row(model: type[Record], problems: list[Problem]) -> str:
    mark = "; " if (get_language() or "").startswith("en") else "；"
    return mark.join(of_problem(model, one) for one in problems)
