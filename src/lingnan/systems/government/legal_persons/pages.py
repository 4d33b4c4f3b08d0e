"""The addresses: enterprises for everybody, their holders and controllers for the regulators."""

from django.urls import path

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import PUBLIC, Place
from lingnan.systems.government.legal_persons.models import MARKET
from lingnan.systems.government.legal_persons.views import (
    acts,
    answering,
    appointments,
    desk,
    enquiries,
    founding,
    licence,
    lists,
    mine,
    orders,
    public,
    published,
    registrar,
)
from lingnan.systems.government.legal_persons.views.transfer import transfer

PLACES = [
    Place(
        "enterprises",
        Title("查企业", "Enterprises"),
        PUBLIC,
        Title("企业登记事项、股东及出资", "Registered particulars, shareholders, capital"),
    ),
    Place(
        "enterprises-mine",
        Title("我的企业", "My enterprises"),
        mine.FIRMS,
        Title(
            "设立企业、报送年度报告、公示信息、申请注销",
            "Set up an enterprise, report, publish and close it",
        ),
    ),
    Place(
        "registration-desk",
        Title("企业登记", "Registration of enterprises"),
        MARKET,
        Title("设立、变更、注销登记和名录", "Set-ups, changes, cancellations and the lists"),
    ),
    Place(
        "legal-persons-desk",
        Title("股权与控制", "Shareholders and control"),
        MARKET,
        Title("谁持有、谁最终控制一家企业", "Who holds and who controls an enterprise"),
    ),
]

urlpatterns = [
    path("enterprises/", public.search, name="enterprises"),
    path("enterprises/lists/<slug:name>/", lists.public, name="enterprise-list"),
    path("enterprises/set-up/", founding.set_up, name="enterprise-set-up"),
    path("enterprises/appointments/", appointments.find, name="enterprise-appointments"),
    path(
        "enterprises/appointments/<slug:number>/",
        appointments.answer,
        name="enterprise-appointment",
    ),
    path("enterprises/licences/", licence.verify, name="enterprise-licence-verify"),
    path("enterprises/licences/<slug:number>/", licence.found, name="enterprise-licence-number"),
    path("enterprises/enquiries/", enquiries.find, name="enterprise-enquiries"),
    path("enterprises/enquiries/<slug:number>/", enquiries.trace, name="enterprise-enquiry-number"),
    path("enterprises/mine/", mine.mine, name="enterprises-mine"),
    path("enterprises/mine/<str:code>/", mine.firm, name="enterprise-mine"),
    path("enterprises/mine/<str:code>/licence/", licence.own, name="enterprise-licence"),
    path("enterprises/mine/<str:code>/publish/", published.publish, name="enterprise-publish"),
    path(
        "enterprises/mine/<str:code>/publish/<slug:number>/",
        published.publish,
        name="enterprise-correct",
    ),
    path("enterprises/<str:code>/objection/", public.objection, name="enterprise-objection"),
    path("enterprises/<str:code>/enquiry/", enquiries.ask, name="enterprise-enquiry"),
    path("enterprises/<str:code>/", public.enterprise, name="enterprise"),
    path("desk/enterprises/", desk.search, name="legal-persons-desk"),
    path("desk/enterprises/<str:code>/", desk.control, name="legal-persons-control"),
    path("desk/enterprises/<str:code>/transfer/", transfer, name="legal-persons-transfer"),
    path("desk/enterprises/<str:code>/acts/", acts.acts, name="registration-acts"),
    path("desk/registration/", registrar.desk, name="registration-desk"),
    path("desk/registration/filings/<slug:number>/", registrar.filing, name="registration-filing"),
    path(
        "desk/registration/closings/<slug:number>/", registrar.closing, name="registration-closing"
    ),
    path("desk/registration/entries/<slug:number>/", lists.entry, name="registration-entry"),
    path(
        "desk/registration/enquiries/<slug:number>/",
        answering.enquiry,
        name="registration-enquiry",
    ),
    path("desk/registration/orders/<slug:number>/", orders.order, name="registration-order"),
    path("desk/registration/branches/<slug:code>/", acts.branch, name="registration-branch"),
]
