"""All addresses of a node."""

from django.urls import include, path

from lingnan.kernel.exchange import http as exchange_http
from lingnan.kernel.exchange.emergency import pages as emergency
from lingnan.kernel.registry.statistics import pages as statistics
from lingnan.portal import (
    acting,
    acting_giving,
    acting_power,
    api,
    authority,
    consents,
    consents_asked,
    consents_giving,
    consents_notices,
    desk_consents,
    desk_consents_agreement,
    desk_consents_history,
    desk_consents_requests,
    desk_consents_wishes,
    looked,
    looked_file,
    operating,
    operators,
    operators_dead,
    operators_evidence,
    operators_givers,
    operators_witnesses,
    pages,
    people,
    people_opening,
    shapes,
)

handler400 = "lingnan.portal.errors.bad_request"
handler403 = "lingnan.portal.errors.forbidden"
handler404 = "lingnan.portal.errors.not_found"
handler500 = "lingnan.portal.errors.failure"

urlpatterns = [
    path("", pages.home, name="home"),
    path("looked/", looked.looked, name="looked"),
    path("looked/file/", looked_file.take, name="looked-file"),
    path("consents/", consents.consent_list, name="consents"),
    path("consents/give/<slug:number>/", consents_giving.give, name="consent-give"),
    path("consents/asked/<slug:number>/", consents_asked.asked, name="consent-asked"),
    path("consents/notices/", consents_notices.choose, name="consent-notices"),
    path("desk/consents/", desk_consents.overview, name="desk-consents"),
    path("desk/consents/new/", desk_consents_wishes.ask, name="desk-agreement-new"),
    path("desk/consents/history/", desk_consents_history.history, name="desk-consent-history"),
    path(
        "desk/consents/wishes/<slug:number>/",
        desk_consents_wishes.wish,
        name="desk-agreement-wish",
    ),
    path(
        "desk/consents/requests/<slug:number>/",
        desk_consents_requests.one_request,
        name="desk-consent-request",
    ),
    path("desk/consents/<slug:number>/", desk_consents_agreement.agreement, name="desk-agreement"),
    path("consents/<slug:number>/", consents.consent, name="consent"),
    path("acting/", acting.page, name="acting"),
    path("acting/stop/", acting.stop, name="acting-stop"),
    path("acting/give/", acting_giving.give, name="power-give"),
    path("acting/<slug:number>/", acting_power.power, name="power"),
    path("acting/<slug:number>/text.json", acting_power.file, name="power-file"),
    path("messages/", pages.messages, name="messages"),
    path("language/", pages.language, name="language"),
    path("healthz", operating.healthz, name="healthz"),
    path("operating/clock/", operating.clock, name="clock"),
    path("desk/emergency/", emergency.overview, name="emergency"),
    path("desk/emergency/open/", emergency.declare, name="emergency-open"),
    path("desk/emergency/<slug:number>/", emergency.one, name="emergency-one"),
    path("desk/authority/", authority.page, name="authority"),
    path("desk/people/", people.people, name="people"),
    path("desk/people/open/", people_opening.opening, name="people-open"),
    path("desk/people/appoint/", people_opening.appointing_known, name="people-appoint"),
    path("desk/people/appointments/<slug:number>/", people.appointment, name="people-appointment"),
    path("desk/people/<slug:reference>/", people.person, name="people-one"),
    path("operating/", operators.overview, name="operating"),
    path("operating/check/", operators.check, name="evidence-check"),
    path("operating/evidence/", operators_evidence.entries, name="evidence"),
    path("operating/evidence/<int:seq>/", operators_evidence.entry, name="evidence-entry"),
    path("operating/witnesses/", operators_witnesses.page, name="witnesses"),
    path("operating/givers/", operators_givers.page, name="givers"),
    path("operating/dead-letters/", operators_dead.letters, name="dead-letters"),
    path("operating/dead-letters/<int:telling>/", operators_dead.letter, name="dead-letter"),
    path("operating/dead-letters/<int:telling>/again/", operators_dead.again, name="tell-again"),
    path("operating/dead-letters/<int:telling>/give-up/", operators_dead.give_up, name="give-up"),
    path("exchange/consents", exchange_http.consents_of, name="exchange-consents"),
    path("exchange/single", exchange_http.single, name="exchange-single"),
    path("api/", api.urls),
    path("", include("lingnan.kernel.trust.urls")),
    # Before its room's other addresses: its maps are drawn with the shapes of a room above.
    path(
        "desk/records/<slug:system>/<slug:name>/statistics/",
        statistics.statistics,
        {"shapes": shapes.regions},
        name="record-statistics",
    ),
    path("", include("lingnan.kernel.registry.urls")),
    path("", include("lingnan.kernel.matters.urls")),
    path("", include("lingnan.kernel.insight.urls")),
    *pages.of_systems(),
]
