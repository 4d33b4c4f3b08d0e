"""Nodes of an instance for the browser, all of them real: the province's, which founded it,
Shenzhen's, which joined it, and Hong Kong's, which is another one. Brought up for the scenes that
stand before them, and only where one is looked at.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.node import Node
from tests.browser.states import Province
from tests.node import pair
from tests.node.test_abroad_through import CITY, SYSTEMS, Three

HERE = f"{SYSTEMS},resource_exchange"
PURPOSE, FEW = "population_statistics", "tax_confirmation"
CAME_BACK, COUNTED, ONCE = "XY-2026-0101", "XY-2026-0102", "XY-2026-0103"
# What a tax bureau of the city is to get as files; what its market regulator may have counted, the
# second of them once a day.
AGREED = f"""
import django; django.setup()
from lingnan.kernel.exchange.api import conclude
basis = "《统计法》（2024-09-13）第十八条"
conclude("{CAME_BACK}", "legal_persons.businesses_of_person", "gd-440300-tax", "tax_confirmation",
         basis, ["business.name"], "a test", uses=["files"], volume="500 MB/file, 2 GB/day")
counted = ["person.sex", "person.birth_date", "person.residence_division"]
for number, purpose, rate in (("{COUNTED}", "{PURPOSE}", ""), ("{ONCE}", "{FEW}", "1 uses/day")):
    conclude(number, "population.identity", "{CITY}", purpose, basis, counted, "a test",
             uses=["aggregate"], rate=rate)
"""
# A week in which the receiver's node is silent, in a moment: the attempts of it, and the days in
# which an operator might have had it tried again.
SILENCE = """
import sys, time, django; django.setup()
from datetime import timedelta
from django.utils import timezone
from lingnan.kernel.exchange.handing import ending, parting
from lingnan.kernel.exchange.models import Handover
rows = Handover.objects.filter(number=sys.argv[1])
while rows.get().state != "dead":
    rows.filter(state="waiting").update(attempts=parting.MOST, next_at=timezone.now())
    parting.run()
    time.sleep(0.1)
ending.return_due(timezone.now() + timedelta(days=30))
assert rows.get().state == "returned", rows.get().state
"""


class Instance:
    """The nodes as scenes name them: `founder` and `inner`."""

    def __init__(self, three: Three, to_city: pair.Way, browser: Browser) -> None:
        self._three, self._to_city = three, to_city
        self.provinces = {
            name: Province(Node(node.url, node.data), browser)
            for name, node in (("founder", three.province), ("inner", three.city))
        }
        for one in self.provinces.values():
            one.instance = self
            one.codes |= {"asks": three.asks}

    def come_back(self, number: str) -> None:
        """What is on its way to the city does not arrive, and comes back."""
        self._three.province.python(SILENCE, number)

    def city_away(self) -> AbstractContextManager[None]:
        return _cut(self._to_city)

    def founder_away(self) -> AbstractContextManager[None]:
        return _cut(self._three.way)


@contextmanager
def _cut(way: pair.Way) -> Iterator[None]:
    way.cut = True
    try:
        yield
    finally:
        way.cut = False


@contextmanager
def joined(folder: Path, browser: Browser) -> Iterator[Instance]:
    ways = [pair.Way(), pair.Way(), pair.Way()]
    gd, sz, hk = ways
    nodes = (
        pair.Node(
            folder / "gd",
            1,
            "province",
            f"population,geography,{HERE}",
            "--instance",
            "CN-GD",
            way=gd,
        ),
        pair.Node(folder / "sz", 2, "shenzhen", HERE, way=sz),
        pair.Node(folder / "hk", 1, "harbour", SYSTEMS, "--instance", "HK", way=hk),
    )
    try:
        for node in nodes:
            node.start()
        for node in nodes:
            node.up()
        three = Three(*nodes, gd)
        three.prepare()
        three.province.python(AGREED)
        yield Instance(three, sz, browser)
    finally:
        for node in nodes:
            node.end()
        for way in ways:
            way.close()
