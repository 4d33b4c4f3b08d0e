"""Addresses of supervision. None of them changes a clock, a card or a standing."""

from django.urls import path

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Place
from lingnan.systems.government.supervision import scope
from lingnan.systems.government.supervision.views import case, console, lists, opinions, scores

PLACES = [
    Place("supervision", Title("监察", "Supervision"), scope.SEES),
    Place("supervision-cases", Title("在办件", "Open cases"), scope.SEES),
    Place("supervision-cards", Title("红黄牌", "Cards"), scope.SEES),
    Place("supervision-opinions", Title("监察建议", "Opinions"), scope.SEES),
    Place("supervision-scores", Title("评分与评价", "Scores and ratings"), scope.SEES),
    Place("received-opinions", Title("监察建议", "Supervision opinions"), opinions.HEADS),
]

urlpatterns = [
    path("supervision/", console.console, name="supervision"),
    path("supervision/cases/", lists.case_list, name="supervision-cases"),
    path("supervision/cases/<slug:number>/", case.case_page, name="supervision-case"),
    path("supervision/cards/", lists.card_list, name="supervision-cards"),
    path("supervision/cards/<slug:card>/opinion/", opinions.write, name="supervision-write"),
    path("supervision/opinions/", opinions.opinion_list, name="supervision-opinions"),
    path("supervision/scores/", scores.scores, name="supervision-scores"),
    path("desk/opinions/", opinions.received, name="received-opinions"),
    path("desk/opinions/<slug:opinion>/", opinions.answer, name="answer-opinion"),
]
