"""The resident register: one person, one record, with its history; and households."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.registry.api import Act, Dimension, PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.population import duplicates, quality
from lingnan.systems.government.population.basis import (
    BASIS,
    EMERGENCY,
    OFFICER,
    POLICE,
    POLICE_HEAD,
)
from lingnan.systems.government.population.proceedings import (
    Correction,
    CountyCode,
    FormerIdentity,
    LifeEvent,
    MigrationPaper,
    Residence,
)

__all__ = [
    "Correction",
    "CountyCode",
    "FormerIdentity",
    "Household",
    "LifeEvent",
    "MigrationPaper",
    "Residence",
    "Resident",
]
# GB/T 4761, groups only; the table is unverified.
RELATIONS = [
    ("02", _("head of the household")),
    ("10", _("spouse")),
    ("20", _("son")),
    ("30", _("daughter")),
    ("40", _("grandchild")),
    ("50", _("parent")),
    ("60", _("grandparent")),
    ("70", _("sibling")),
    ("80", _("other relation")),
    ("97", _("other relative")),
    ("99", _("not related")),
]
# GB 3304, the most frequent; another code is shown as it is.
NATIONS = [
    ("01", _("Han")),
    ("03", _("Hui")),
    ("06", _("Miao")),
    ("08", _("Zhuang")),
    ("09", _("Buyei")),
    ("12", _("Dong")),
    ("13", _("Yao")),
    ("15", _("Tujia")),
    ("22", _("She")),
]
COUNTER = Title("户口登记：出生、迁入", "Counter: birth, moving in")
LEAVING = Act(Title("户口登记：死亡、迁出", "Counter: death, moving out"), "population-resident")
CORRECTION = Act(Title("户口登记：更正姓名、号码", "Counter: correct a name or number"),
                 "population-resident-deed", ("correction",))  # fmt: skip
ADDRESS = Act(Title("户口登记：更正地址", "Counter: correct an address"),
              "population-resident-address")  # fmt: skip
HOME_ADDRESS = Act(ADDRESS.title, "population-household-address")
MOVE = Act(
    Title("户口登记：迁移、分户、并户", "Counter: move, split, merge"), "population-resident"
)
BY_ACT = {
    "resident_number": CORRECTION,
    "name": CORRECTION,
    # Sex and date of birth follow the number (GB 11643).
    "sex": CORRECTION,
    "birth_date": CORRECTION,
    "address": ADDRESS,
    "township": ADDRESS,
    "division": MOVE,
    "domicile": MOVE,
    "household": MOVE,
    "relation": Act(Title("户口登记：与户主关系", "Counter: relation to the head"),
                    "population-resident-deed", ("relation",)),
}  # fmt: skip
MEMBERS = Act(Title("户口登记：户内人员变动", "Counter: who lives in the household"),
              "population-household")  # fmt: skip


def lived_in(home: "Household") -> str:
    """Why a household does not end by hand: its members leave it at the counter."""
    if not home.size:
        return ""
    said = _("%(n)s members are on record in this household: they leave it at the counter.")
    return str(said) % {"n": home.size}


class Resident(Record):
    """A resident. Sex is coded after GB/T 2261.1, places after GB/T 2260, nations after GB 3304.

    `division` and `township` say where somebody lives, `domicile` where they are registered.
    """

    SEXES = [("1", _("male")), ("2", _("female"))]
    LEVELS = [
        ("college", _("college and above")),
        ("senior", _("senior secondary school")),
        ("junior", _("junior secondary school")),
        ("primary", _("primary school")),
    ]
    resident_number = models.CharField(_("resident number"), max_length=18, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60, db_index=True)
    sex = models.CharField(_("sex"), max_length=1, choices=SEXES)
    birth_date = models.DateField(_("date of birth"))
    division = models.CharField(_("county of residence"), max_length=12, db_index=True)
    township = models.CharField(_("township"), max_length=12, blank=True)
    address = models.CharField(_("address"), max_length=200)
    urban = models.BooleanField(_("urban"), default=False)
    domicile = models.CharField(_("county of registration"), max_length=12)
    household = models.CharField(_("household number"), max_length=20, db_index=True)
    relation = models.CharField(
        _("relation to the head"), max_length=2, blank=True, choices=RELATIONS
    )
    nation = models.CharField(_("nation"), max_length=2, blank=True, choices=NATIONS)
    education = models.CharField(_("education"), max_length=10, blank=True, choices=LEVELS)

    record = RecordType(
        title=Title("居民", "Residents"),
        holder="police",
        readers=POLICE,
        elements={
            "person.identity_number": "resident_number",
            "person.name": "name",
            "person.sex": "sex",
            "person.birth_date": "birth_date",
            "person.residence_address": "address",
            "person.residence_division": "division",
        },
        identifier="resident_number",
        columns=("name", "sex", "birth_date", "resident_number", "address"),
        panels=(
            PanelOf(
                Title("身份", "Identity"),
                ("name", "resident_number", "sex", "birth_date", "nation", "education"),
            ),
            PanelOf(
                Title("居住", "Residence"),
                ("address", "township", "division", "urban", "domicile", "household", "relation"),
            ),
        ),
        search=("name", "resident_number"),
        text=("name", "address"),
        pinned=("birth_date",),
        filters=("sex", "nation", "education", "urban", "birth_date"),
        sorts=("name", "resident_number"),
        exporters=POLICE_HEAD,
        importers=POLICE,
        imported=(
            "resident_number",
            "name",
            "sex",
            "birth_date",
            "division",
            "township",
            "address",
            "urban",
            "domicile",
            "household",
            "nation",
            "education",
        ),
        subject="person",
        scope="division",
        basis=BASIS,
        masked=frozenset({"resident_number"}),
        projected=(
            "resident_number",
            "name",
            "sex",
            "birth_date",
            "division",
            "township",
            "urban",
            "domicile",
            "household",
            "nation",
            "education",
        ),
        counted=(
            Dimension("division", "division"),
            Dimension("township", "township", within="division"),
            Dimension("birth_date", "age"),
            Dimension("sex"),
            Dimension("urban"),
            Dimension("nation"),
            Dimension("education"),
            Dimension("domicile", "division"),
        ),
        rules=quality.RESIDENT,
        editors=OFFICER,
        entered=("nation", "education", "urban"),
        by_act=BY_ACT,
        begun_by=Act(COUNTER, "population-desk"),
        ended_by=LEAVING,
        confirmed=frozenset({"nation"}),
        # What a head decides on needs no schooling (《个人信息保护法》（2021-08-20）第三十四条).
        withheld={"education": OFFICER},
        confirmers=POLICE_HEAD,
        linkage=duplicates.RESIDENT,
        mergers=POLICE,
        break_glass=EMERGENCY,
    )

    def __str__(self) -> str:
        return self.name


class Household(Record):
    """Who lives together: a family, or a collective household (workers, students)."""

    KINDS = [("family", _("family household")), ("collective", _("collective household"))]
    number = models.CharField(_("household number"), max_length=20, unique=True)
    division = models.CharField(_("county"), max_length=12, db_index=True)
    township = models.CharField(_("township"), max_length=12)
    address = models.CharField(_("address"), max_length=200)
    size = models.PositiveIntegerField(_("members"), default=0)
    kind = models.CharField(_("kind of household"), max_length=10, choices=KINDS)

    record = RecordType(
        title=Title("户", "Households"),
        holder="police",
        readers=POLICE,
        elements={
            "household.number": "number",
            "household.address": "address",
            "household.size": "size",
        },
        identifier="number",
        columns=("number", "kind", "size", "address"),
        panels=(
            PanelOf(Title("户", "Household"), ("number", "kind", "size", "address", "township")),
        ),
        search=("number",),
        text=("address",),
        filters=("kind",),
        sorts=("number",),
        importers=POLICE,
        imported=("number", "division", "township", "address", "size", "kind"),
        scope="division",
        basis=BASIS,
        projected=("number", "division", "township", "address", "size", "kind"),
        counted=(
            Dimension("division", "division"),
            Dimension("township", "township", within="division"),
            Dimension("kind"),
        ),
        rules=quality.HOUSEHOLD,
        editors=OFFICER,
        entered=("number", "kind", "address", "township", "division"),
        by_act={
            "number": MEMBERS,
            "division": MEMBERS,
            "size": MEMBERS,
            # Members have it too: by hand the two would not agree.
            "address": HOME_ADDRESS,
            "township": HOME_ADDRESS,
        },
        kept=lived_in,
    )

    def __str__(self) -> str:
        return self.number
