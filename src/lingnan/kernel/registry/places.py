"""What places are called: by the register that is the home of names of divisions."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Case, Q, When

from lingnan.kernel.registry.records import Record, elements, significant

CODE, NAME = "division.code", "division.name"


def names_of_places(codes: Iterable[str], day: date | None = None) -> dict[str, str]:
    """Code of GB/T 2260 or GB/T 10114 → name in the reader's language, where the register has one.

    The latest name wins; given a day, that of the day, also of a code that has been given up since.
    """
    home = _home()
    if home is None:
        return {}
    model, code, name = home
    rows = model.objects.filter(**{f"{code}__in": list(codes)})
    if day is None:
        return _called(rows.filter(ended=False).order_by("key"), code, name)
    begun = Case(When(valid_from__lte=day, then=1), default=0)
    known = list(rows.annotate(begun=begun).order_by("begun", "valid_from", "key"))
    return _called(known, code, name) | _renamed_since(model, known, (code, name), day)


def _renamed_since(
    model: type[Record], known: Sequence[Record], fields: tuple[str, str], day: date
) -> dict[str, str]:
    """Code → the name of a day, of those whose record has said another one since."""
    covering = model.Version.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day, key__in=[r.key for r in known]
    )
    rows = covering.order_by("version").values_list("key", *fields, "ended")
    told = {key: (code, name, ended) for key, code, name, ended in rows}
    now = {row.key: getattr(row, fields[1]) for row in known}
    return {
        code: name for key, (code, name, ended) in told.items() if not ended and name != now[key]
    }


def places_below(division: str) -> dict[str, str]:
    """The cities and counties below a division, itself among them: code → name, in order."""
    home = _home()
    if home is None:
        return {}
    model, code, name = home
    rows = model.objects.filter(
        ended=False, **{f"{code}__startswith": significant(division), f"{code}__regex": "^.{6}$"}
    )
    return _called(rows.order_by(code), code, name)


def _home() -> tuple[type[Record], str, str] | None:
    known = elements()
    if CODE not in known or NAME not in known:
        return None
    model, code = known[CODE]
    return model, code, known[NAME][1]


def _called(rows: Iterable[Record], code: str, name: str) -> dict[str, str]:
    """A register whose records have a title in both languages is read by that."""
    return {
        str(getattr(row, code)): str(getattr(row, "title", "") or getattr(row, name))
        for row in rows
    }
