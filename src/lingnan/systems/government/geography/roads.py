"""The list of roads that is made from the addresses."""

from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum

from lingnan.systems.government.geography.models import Address, Road

Place = tuple[str, str, str]  # division, township, road
BATCH = 2000


def add(counted: Counter[Place]) -> None:
    """Count new addresses in."""
    wanted = {division for division, _township, _name in counted}
    with transaction.atomic():
        held = {
            (road.division, road.township, road.name): road
            for road in Road.objects.select_for_update().filter(division__in=wanted)
        }
        known = [held[place] for place in counted if place in held]
        for road in known:
            road.addresses += counted[(road.division, road.township, road.name)]
        Road.objects.bulk_update(known, ["addresses"], batch_size=BATCH)
        new = (_road(place, count) for place, count in counted.items() if place not in held)
        Road.objects.bulk_create(new, batch_size=BATCH)


def _road(place: Place, count: int) -> Road:
    division, township, name = place
    return Road(division=division, township=township, name=name, addresses=count)


def rebuild() -> int:
    """Make the list anew from the addresses; returns the number of roads."""
    rows = (
        Address.objects.filter(ended=False)
        .order_by()
        .values_list("division", "township", "street")
        .annotate(count=Count("key"))
    )
    with transaction.atomic():
        Road.objects.all().delete()
        made = Road.objects.bulk_create(
            (
                _road((division, township, street), count)
                for division, township, street, count in rows.iterator()
            ),
            batch_size=BATCH,
        )
    return len(made)


def counts(field: str, **within: Any) -> dict[str, int]:
    """Addresses by "division" or "township"."""
    rows = Road.objects.filter(**within).order_by().values_list(field)
    return dict(rows.annotate(count=Sum("addresses")))
