"""Addresses of matters, cases and certificates."""

from django.urls import path

from lingnan.kernel.matters.pages import apply, desk, mine, public, worklists

urlpatterns = [
    path("matters/<slug:code>/", public.matter_page, name="matter"),
    path("matters/<slug:code>/begin/", apply.begin, name="begin"),
    path("apply/<slug:reference>/", apply.apply, name="apply"),
    path("apply/<slug:reference>/keep/", apply.keep, name="apply-keep"),
    path("apply/<slug:reference>/check/", apply.check, name="apply-check"),
    path("apply/<slug:reference>/files/<slug:material>/", apply.own_file, name="apply-file"),
    path("cases/", mine.my_cases, name="my-cases"),
    path("cases/<slug:number>/", mine.case_page, name="case"),
    path("cases/<slug:number>/withdraw/", mine.withdraw, name="withdraw"),
    path("certificates/", mine.wallet, name="certificates"),
    path("certificates/<slug:code>.pdf", mine.certificate_file, name="certificate-file"),
    path("verify/", public.verify_start, name="verify"),
    path("verify/<slug:code>/", public.verify_code, name="verify-code"),
    path("desk/", worklists.worklist, name="worklist"),
    path("desk/cases/", worklists.case_list, name="desk-cases"),
    path("desk/cases/<slug:number>/", desk.case_page, name="desk-case"),
    path("desk/cases/<slug:number>/act/", desk.act, name="desk-act"),
    path("desk/cases/<slug:number>/files/<slug:mark>/", desk.case_file, name="desk-file"),
]
