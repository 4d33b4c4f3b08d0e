"""Public pages: find an address, browse the province, see what a division was and became."""

from django.urls import path

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import PUBLIC, Place
from lingnan.systems.government.geography.views import (
    addresses,
    browsing,
    converting,
    history,
    measuring,
    overlaying,
    points,
    sources,
)

PLACES = [
    Place(
        "places",
        Title("地图和地址", "Map and addresses"),
        PUBLIC,
        Title(
            "全省行政区划的地图和沿革，标准地址查询",
            "The province's divisions by date, on the map, and its standard addresses",
        ),
    )
]

urlpatterns = [
    path("places/", browsing.province, name="places"),
    path("places/history/", history.as_of, name="places-history"),
    path("places/point/", points.point, name="places-point"),
    path("places/nearest/", measuring.nearest, name="places-nearest"),
    path("places/overlay/", overlaying.overlay, name="places-overlay"),
    path("places/convert/", converting.convert, name="places-convert"),
    path("places/sources/", sources.sources, name="places-sources"),
    path("places/address/<slug:code>/", addresses.address, name="places-address"),
    path("places/<slug:code>/", browsing.division, name="places-division"),
]
