"""The addresses: the police counter, tables for any day, and a resident's own record."""

from django.urls import path

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import PUBLIC, Place
from lingnan.systems.government.population.basis import POLICE
from lingnan.systems.government.population.views import (
    addressing,
    deciding,
    desk,
    entering,
    mine,
    tables,
)

PLACES = [
    Place("population-mine", Title("本人户口登记", "Own registration"), mine.OWN),
    Place("population-desk", Title("户口登记", "Household registration"), POLICE),
    Place(
        "population-public",
        Title("人口统计和我的户口", "Population, and my own registration"),
        PUBLIC,
        Title(
            "按地区、年龄和性别查看任一日的人口；登录后查看本人登记",
            "Residents by place, age and sex on any day; signed in, your own record",
        ),
    ),
]

HOME = "desk/population/households/<slug:ref>/"
ONE = "desk/population/residents/<slug:ref>/"
urlpatterns = [
    path("population/", tables.public, name="population-public"),
    path("population/mine/", mine.mine, name="population-mine"),
    path("population/mine/doubt/", mine.doubt, name="population-doubt"),
    path("desk/population/", desk.desk, name="population-desk"),
    path("desk/population/tables/", tables.official, name="population-tables"),
    path(
        "desk/population/corrections/<slug:number>/",
        deciding.correction,
        name="population-correction",
    ),
    path("desk/population/addresses/", addressing.suggest, name="population-addresses"),
    path(HOME, desk.household, name="population-household"),
    path(f"{HOME}address/", addressing.household, name="population-household-address"),
    path(f"{HOME}<slug:deed>/", entering.household, name="population-household-deed"),
    path(ONE, desk.resident, name="population-resident"),
    path(f"{ONE}address/", addressing.resident, name="population-resident-address"),
    path(f"{ONE}<slug:deed>/", entering.resident, name="population-resident-deed"),
]
