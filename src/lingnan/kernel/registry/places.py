"""What places are called: by the register that is the home of names of divisions."""

from collections.abc import Iterable

from lingnan.kernel.registry.records import elements

CODE, NAME = "division.code", "division.name"


def names_of_places(codes: Iterable[str]) -> dict[str, str]:
    """Code of GB/T 2260 → name, as far as this node has the register; the latest name wins."""
    known = elements()
    if CODE not in known or NAME not in known:
        return {}
    model, code = known[CODE]
    name = known[NAME][1]
    rows = model.objects.filter(ended=False, **{f"{code}__in": list(codes)}).order_by("key")
    return dict(rows.values_list(code, name))
