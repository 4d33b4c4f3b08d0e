"""The addresses of the certification authority, and of single sign-on."""

from django.urls import path

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import OFFICIAL, OPERATOR, PUBLIC, Place
from lingnan.systems.government.trust_services.models import OFFICERS
from lingnan.systems.government.trust_services.views import (
    asking,
    ceremonies,
    desk,
    mine,
    parties,
    public,
    recoveries,
    register,
    signatures,
)

PLACES = [
    Place(
        "certification",
        Title("电子认证", "Certification authority"),
        PUBLIC,
        Title("根证书指纹、吊销列表和证书状态", "Fingerprint of the root, revocations, status"),
    ),
    Place("certification-desk", Title("证书管理", "Certification"), OFFICERS),
    Place("signing-on", Title("统一登录", "Single sign-on"), OPERATOR),
    Place("certification-mine", Title("我的证书", "My certificates"), OFFICIAL),
]

urlpatterns = [
    path("certification/", public.authorities, name="certification"),
    path("certification/signature/", signatures.verify, name="verify-signature"),
    path("certification/mine/", mine.mine, name="certification-mine"),
    path("certification/apply/resident/", asking.apply_oneself, name="certification-oneself"),
    path("certification/apply/<slug:kind>/", asking.apply, name="certification-apply"),
    path("certification/mine/<slug:number>/", mine.one, name="certification-mine-one"),
    path("certification/mine/<slug:number>/key/", mine.key, name="certification-key"),
    path(
        "certification/mine/<slug:number>/<slug:kind>.pem",
        mine.certificate_file,
        name="certification-file",
    ),
    path("desk/certification/", desk.desk, name="certification-desk"),
    path("desk/certification/register/", register.register, name="certification-register"),
    path(
        "desk/certification/register/<slug:serial>/",
        register.certificate,
        name="certification-certificate",
    ),
    path(
        "desk/certification/applications/<slug:number>/",
        desk.application,
        name="certification-application",
    ),
    path("desk/certification/recoveries/", recoveries.recoveries, name="certification-recoveries"),
    path(
        "desk/certification/recoveries/<slug:number>/",
        recoveries.recovery,
        name="certification-recovery",
    ),
    path(
        "desk/certification/recoveries/<slug:number>/key/",
        recoveries.recovered,
        name="certification-recovered",
    ),
    path("desk/certification/ceremonies/", ceremonies.ceremonies, name="certification-ceremonies"),
    path(
        "desk/certification/ceremonies/<slug:number>/",
        ceremonies.ceremony,
        name="certification-ceremony",
    ),
    path(
        "desk/certification/ceremonies/<slug:number>/minutes.pdf",
        ceremonies.minutes,
        name="certification-minutes",
    ),
    path("desk/signing-on/", parties.systems, name="signing-on"),
    path("desk/signing-on/again/", parties.again, name="signing-on-again"),
    path("desk/signing-on/<slug:client_id>/renew/", parties.renewed, name="signing-on-renew"),
    path("desk/signing-on/<slug:client_id>/end/", parties.ended, name="signing-on-end"),
]
