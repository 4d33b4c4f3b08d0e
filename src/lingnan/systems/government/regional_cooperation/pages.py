"""The addresses of regional cooperation."""

from django.urls import path

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Place
from lingnan.systems.government.regional_cooperation import purposes
from lingnan.systems.government.regional_cooperation.views import (
    arrangement,
    ask,
    asked,
    draft,
    mine,
    partner,
    rights,
)

# Named when the pages are: whoever reads of such a use reads its title.
PURPOSES = purposes.PURPOSES
PLACES = [
    Place(
        "cooperation",
        Title("区域信息合作", "Regional cooperation"),
        rights.OFFICIALS,
        Title("与其他省（区）、香港、澳门核验信息，合作安排的签订和终止",
              "Verify with other provinces, Hong Kong and Macao; sign and end arrangements"),
        order=1,
    ),
]  # fmt: skip

urlpatterns = [
    path("desk/cooperation/", mine.mine, name="cooperation"),
    path("desk/cooperation/draft/", draft.draft, name="cooperation-draft"),
    path("desk/cooperation/asked/", asked.asked, name="cooperation-asked"),
    path("desk/cooperation/ask/<slug:number>/", ask.ask, name="cooperation-ask"),
    path("desk/cooperation/partners/<slug:instance>/", partner.partner, name="cooperation-partner"),
    path("desk/cooperation/arrangements/<slug:number>/", arrangement.arrangement,
         name="cooperation-arrangement"),
    path("desk/cooperation/arrangements/<slug:number>/document.json", arrangement.document,
         name="cooperation-document"),
]  # fmt: skip
