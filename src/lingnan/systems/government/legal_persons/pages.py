"""The addresses: enterprises for everybody, their holders and controllers for the regulators."""

from django.urls import path

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import PUBLIC, Place
from lingnan.systems.government.legal_persons.models import MARKET
from lingnan.systems.government.legal_persons.views import desk, public
from lingnan.systems.government.legal_persons.views.transfer import transfer

PLACES = [
    Place(
        "enterprises",
        Title("查企业", "Enterprises"),
        PUBLIC,
        Title("企业登记事项、股东及出资", "Registered particulars, shareholders, capital"),
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
    path("enterprises/<str:code>/", public.enterprise, name="enterprise"),
    path("desk/enterprises/", desk.search, name="legal-persons-desk"),
    path("desk/enterprises/<str:code>/", desk.control, name="legal-persons-control"),
    path("desk/enterprises/<str:code>/transfer/", transfer, name="legal-persons-transfer"),
]
