"""Addresses of accountability."""

from django.urls import path

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Place
from lingnan.systems.assurance.trust_governance import purposes, scope
from lingnan.systems.assurance.trust_governance.views import (
    consents,
    evidence,
    finding,
    objections,
    overview,
    protected,
    trace,
)

# Named here, so that pages know them wherever this system is carried.
PURPOSES = (purposes.REMINDING, purposes.ADVICE)
PLACES = [
    Place("governance", Title("用数审计", "Use of data"), scope.AUDITS, order=1),
    Place(
        "governance-evidence", Title("查看记录检索", "Search of accesses"), scope.AUDITS, order=1
    ),
    Place("governance-trace", Title("责任认定", "Responsibility"), scope.AUDITS, order=1),
]

urlpatterns = [
    path("governance/", overview.overview, name="governance"),
    path("governance/scan/", overview.scan, name="governance-scan"),
    path("governance/findings/<slug:ref>/", finding.finding, name="governance-finding"),
    path("governance/consents/", consents.consent, name="governance-consent"),
    path("governance/protected/", protected.protected, name="governance-protected"),
    path("governance/evidence/", evidence.search, name="governance-evidence"),
    path("governance/trace/", trace.trace, name="governance-trace"),
    path("governance/trace/proofs.json", trace.proofs_file, name="governance-proofs"),
    path("objections/raise/", objections.raise_objection, name="objection-raise"),
    path("objections/<slug:ref>/", objections.objection, name="objection"),
]
