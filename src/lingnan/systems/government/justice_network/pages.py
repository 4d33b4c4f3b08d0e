"""The addresses of the justice network."""

from django.urls import path

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Place
from lingnan.systems.government.justice_network.views import (
    acts,
    case,
    clocks,
    custody,
    entering,
    mine,
    packages,
    rights,
)

PLACES = [
    Place(
        "justice",
        Title("刑事案件协同办理", "Criminal cases"),
        rights.OFFICIALS,
        Title("本机关的案件、移送和接收、羁押和办案期限",
              "Cases of the own body, what is handed over and received, and the clocks"),
    ),
    Place(
        "justice-custody",
        Title("羁押期限监督", "Supervision of custody"),
        rights.SUPERVISORS,
        Title("辖区内在押人员和即将届满的羁押期限",
              "Who is in custody in the division, and whose clock is about to end"),
    ),
]  # fmt: skip

urlpatterns = [
    path("desk/justice/", mine.mine, name="justice"),
    path("desk/justice/open/", mine.open_case, name="justice-open"),
    path("desk/justice/custody/", custody.custody, name="justice-custody"),
    path("desk/justice/<slug:ref>/", case.case, name="justice-case"),
    path("desk/justice/<slug:ref>/add/<slug:what>/", entering.add, name="justice-add"),
    path("desk/justice/<slug:ref>/acts/<slug:code>/", acts.act, name="justice-act"),
    path("desk/justice/<slug:ref>/clocks/<slug:clock>/", clocks.clock, name="justice-clock"),
    path(
        "desk/justice/<slug:ref>/documents/<slug:number>/", packages.document,
        name="justice-document",
    ),
    path("desk/justice/<slug:ref>/packages/<slug:number>/", packages.package,
         name="justice-package"),
    path("desk/justice/<slug:ref>/packages/<slug:number>.zip", packages.package_file,
         name="justice-package-file"),
]  # fmt: skip
