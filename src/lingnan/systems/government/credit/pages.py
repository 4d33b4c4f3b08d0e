"""The addresses of credit."""

from django.urls import path

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import PUBLIC, Place
from lingnan.systems.government.credit.models import READERS
from lingnan.systems.government.credit.views import desk, mine, public, sources

PLACES = [
    Place(
        "credit",
        Title("信用查询", "Credit of firms"),
        PUBLIC,
        Title("查询企业的公开信用信息、联合奖惩名单，核验信用报告",
              "What is public of a firm, the joint lists, and credit reports verified"),
    ),
    Place("credit-mine", Title("本人信用", "My own credit"), mine.OWN),
    Place("credit-desk", Title("信用管理", "Credit"), READERS),
    Place("credit-collect", Title("信用信息报送", "Report credit events"), sources.SOURCES,
          order=2),
]  # fmt: skip

urlpatterns = [
    path("credit/", public.search, name="credit"),
    path("credit/lists/<slug:name>/", public.joint_list, name="credit-list"),
    path("credit/report/", public.report, name="credit-report"),
    path("credit/report/<slug:number>.pdf", public.report_file, name="credit-report-file"),
    path("credit/verify/", public.verify, name="credit-verify"),
    path("credit/verify/<slug:number>/", public.verify_number, name="credit-verify-number"),
    path("credit/mine/", mine.mine, name="credit-mine"),
    # Where it stood before; who has kept the address is led on.
    path("credit/mine/firms/<slug:code>/looked/", mine.looked_elsewhere, name="credit-mine-looked"),
    path("credit/mine/report/", mine.report, name="credit-mine-report"),
    path("credit/mine/defence/", mine.defence, name="credit-mine-defence"),
    path("credit/mine/report/<slug:number>.pdf", mine.report_file, name="credit-mine-report-file"),
    path("credit/mine/events/<slug:number>/", mine.event, name="credit-mine-event"),
    path("desk/credit/", desk.desk, name="credit-desk"),
    path("desk/credit/collect/", sources.collect, name="credit-collect"),
    path("desk/credit/events/<slug:number>/", sources.event, name="credit-source-event"),
    path("desk/credit/objections/<slug:number>/", sources.objection, name="credit-objection"),
    path("desk/credit/repairs/<slug:number>/", desk.repair, name="credit-repair"),
]
