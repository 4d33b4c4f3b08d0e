"""Addresses of matters, cases and certificates."""

from django.urls import path

from lingnan.kernel.matters.joint import desk as joint_desk
from lingnan.kernel.matters.joint import pages as joint
from lingnan.kernel.matters.pages import after, apply, desk, mine, public, wallet, worklists

urlpatterns = [
    path("matters/<slug:code>/", public.matter_page, name="matter"),
    path("matters/<slug:code>/begin/", apply.begin, name="begin"),
    path("apply/<slug:reference>/", apply.apply, name="apply"),
    path("apply/<slug:reference>/keep/", apply.keep, name="apply-keep"),
    path("apply/<slug:reference>/places/<slug:name>/", apply.suggest, name="apply-places"),
    path("apply/<slug:reference>/check/", apply.check, name="apply-check"),
    path("apply/<slug:reference>/files/<slug:material>/", apply.own_file, name="apply-file"),
    path("events/<slug:code>/", joint.event_page, name="event"),
    path("events/<slug:code>/begin/", joint.begin, name="event-begin"),
    path("joint/draft/<slug:reference>/", joint.draft, name="joint-draft"),
    path("joint/draft/<slug:reference>/keep/", joint.keep, name="joint-keep"),
    path("joint/draft/<slug:reference>/check/", joint.check, name="joint-check"),
    path("joint/<slug:number>/", joint.joint_page, name="joint"),
    path("joint/<slug:number>/rate/", joint.rate, name="joint-rate"),
    path("joint/<slug:number>/again/", joint.again, name="joint-again"),
    path("cases/", mine.my_cases, name="my-cases"),
    path("cases/<slug:number>/", mine.case_page, name="case"),
    path("cases/<slug:number>/withdraw/", mine.withdraw, name="withdraw"),
    path("cases/<slug:number>/supplement/", after.supplement, name="supplement"),
    path("cases/<slug:number>/rate/", after.rate, name="rate"),
    path("certificates/", wallet.wallet, name="certificates"),
    path("certificates/<slug:code>.pdf", wallet.certificate_file, name="certificate-file"),
    path("certificates/<slug:code>.ofd", wallet.certificate_ofd, name="certificate-ofd"),
    path("verify/", public.verify_start, name="verify"),
    path("verify/<slug:code>/", public.verify_code, name="verify-code"),
    path("desk/", worklists.worklist, name="worklist"),
    path("desk/cases/", worklists.case_list, name="desk-cases"),
    path("desk/joint/", joint_desk.joint_list, name="desk-joint"),
    path("desk/joint/<slug:number>/extend/", joint_desk.extend, name="desk-joint-extend"),
    path("desk/cases/<slug:number>/", desk.case_page, name="desk-case"),
    path("desk/cases/<slug:number>/evidence/", desk.evidence, name="desk-evidence"),
    path("desk/cases/<slug:number>/powers/<slug:power>/", desk.power_file, name="desk-power"),
    path("desk/cases/<slug:number>/act/", desk.act, name="desk-act"),
    path("desk/cases/<slug:number>/files/<slug:mark>/", desk.case_file, name="desk-file"),
]
