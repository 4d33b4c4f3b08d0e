"""Pages of trust services: for operators, the systems at which people sign in by this node."""

from django.urls import path

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import OPERATOR, Place
from lingnan.systems.government.trust_services.views import parties

PLACES = [
    Place("signing-on", Title("统一登录", "Single sign-on"), OPERATOR),
]

urlpatterns = [
    path("desk/signing-on/", parties.systems, name="signing-on"),
    path("desk/signing-on/<slug:client_id>/renew/", parties.renewed, name="signing-on-renew"),
    path("desk/signing-on/<slug:client_id>/end/", parties.ended, name="signing-on-end"),
]
