"""What happens to residents: life events, papers, residence elsewhere, corrections; and codes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.population.basis import BASIS, LAW, PERMITS, POLICE


class LifeEvent(Record):
    """One act on a resident's record. `person` is this system's pseudonym of the resident, `parent`
    that of the parent who is named: at a birth, or whose guardianship a court withdrew.
    """

    KINDS = [
        ("birth", _("birth")),
        ("death", _("death")),
        ("death_undone", _("death entered in error, undone")),
        ("moved_in", _("moved in from elsewhere")),
        ("moved_out", _("moved out of the province")),
        ("moved", _("moved within the province")),
        ("split", _("household split")),
        ("merged", _("households merged")),
        ("head", _("change of the head of the household")),
        ("name", _("name changed")),
        ("number", _("resident number corrected")),
        ("address", _("address corrected")),
        ("guardian_off", _("guardianship of a parent withdrawn by a court")),
        ("guardian_on", _("guardianship of a parent restored by a court")),
    ]
    number = models.CharField(_("number of the registration entry"), max_length=32, unique=True)
    person = models.CharField(max_length=32, db_index=True, editable=False)
    name = models.CharField(_("name of the resident"), max_length=60, db_index=True)
    kind = models.CharField(_("kind of entry"), max_length=12, choices=KINDS)
    happened_on = models.DateField(_("happened on"))
    registered_on = models.DateField(_("day of entry"))
    late = models.BooleanField(_("later than the limit"), default=False)
    informant = models.CharField(_("told by"), max_length=60, blank=True)
    paper = models.CharField(_("paper shown"), max_length=80, blank=True, db_index=True)
    note = models.CharField(_("remark"), max_length=200, blank=True)
    division = models.CharField(_("county of the entry"), max_length=12, db_index=True)
    parent = models.CharField(max_length=32, blank=True, default="", db_index=True, editable=False)

    record = RecordType(
        title=Title("户口变动登记", "Entries of life events"),
        holder="police",
        readers=POLICE,
        elements={
            "life_event.kind": "kind",
            "life_event.happened_on": "happened_on",
            "life_event.registered_on": "registered_on",
        },
        identifier="number",
        columns=("name", "kind", "happened_on", "registered_on", "late"),
        panels=(
            PanelOf(
                Title("登记", "Entry"),
                ("number", "name", "kind", "happened_on", "registered_on", "late"),
            ),
            PanelOf(Title("申报", "Told"), ("informant", "paper", "note", "division")),
        ),
        search=("name", "number"),
        filters=("kind", "late", "happened_on"),
        sorts=("name", "number"),
        concerns="person",
        scope="division",
        basis=f"{LAW}第七条、第八条、第十条、第十三条、第十七条、第十八条、第十九条",
    )

    def __str__(self) -> str:
        return self.number


class FormerIdentity(Record):
    """A number or name that somebody had: it stays findable, and is nobody else's number."""

    KINDS = [("number", _("resident number")), ("name", pgettext_lazy("person", "name"))]
    person = models.CharField(max_length=32, db_index=True, editable=False)
    kind = models.CharField(_("what was former"), max_length=8, choices=KINDS)
    value = models.CharField(_("former number or name"), max_length=60, db_index=True)
    replaced_on = models.DateField(_("corrected on"))
    grounds = models.CharField(_("grounds of the correction"), max_length=200)
    division = models.CharField(_("county of the entry"), max_length=12, db_index=True)

    record = RecordType(
        title=Title("曾用姓名和号码", "Former names and numbers"),
        holder="police",
        readers=POLICE,
        elements={},
        identifier="value",
        columns=("value", "kind", "replaced_on"),
        panels=(
            PanelOf(
                Title("曾用", "Former"), ("value", "kind", "replaced_on", "grounds", "division")
            ),
        ),
        search=("value",),
        filters=("kind",),
        concerns="person",
        scope="division",
        basis=f"{LAW}第十七条、第十八条",
        masked=frozenset({"value"}),
    )

    def __str__(self) -> str:
        return self.value


class MigrationPaper(Record):
    """A migration paper. Inside the province its bearer stays registered until it is used."""

    STATES = [("issued", _("issued")), ("used", _("used")), ("left", _("left the province"))]
    number = models.CharField(_("number of the paper"), max_length=32, unique=True)
    person = models.CharField(max_length=32, db_index=True, editable=False)
    subject = models.BigIntegerField(editable=False)
    name = models.CharField(_("name of the resident"), max_length=60, db_index=True)
    from_division = models.CharField(_("county moved from"), max_length=12, db_index=True)
    to_place = models.CharField(_("place moved to"), max_length=120)
    purpose = models.CharField(_("reason of the move"), max_length=200)
    issued_on = models.DateField(_("paper issued on"))
    valid_until = models.DateField(_("last day of validity"))
    state = models.CharField(_("state"), max_length=8, choices=STATES)

    record = RecordType(
        title=Title("迁移证", "Migration papers"),
        holder="police",
        readers=POLICE,
        elements={"migration_paper.number": "number"},
        identifier="number",
        columns=("number", "name", "to_place", "issued_on", "valid_until", "state"),
        panels=(
            PanelOf(
                Title("迁移证", "Paper"), ("number", "name", "issued_on", "valid_until", "state")
            ),
            PanelOf(Title("迁移", "Move"), ("from_division", "to_place", "purpose")),
        ),
        search=("number", "name"),
        filters=("state", "issued_on"),
        concerns="person",
        scope="from_division",
        basis=f"{LAW}第十条、第十三条",
    )

    def __str__(self) -> str:
        return self.number


class Residence(Record):
    """Where somebody lives who is registered elsewhere, and their residence permit."""

    GROUNDS = [
        ("work", _("steady work")),
        ("dwelling", _("steady dwelling")),
        ("study", _("continuous study")),
    ]
    number = models.CharField(_("number of the residence registration"), max_length=32, unique=True)
    person = models.CharField(max_length=32, db_index=True, editable=False)
    subject = models.BigIntegerField(editable=False)
    name = models.CharField(_("name of the resident"), max_length=60, db_index=True)
    domicile = models.CharField(_("county of registration"), max_length=12)
    division = models.CharField(_("county of residence"), max_length=12, db_index=True)
    address = models.CharField(_("address"), max_length=200)
    registered_on = models.DateField(_("residence registered on"))
    grounds = models.CharField(_("grounds of the permit"), max_length=10, choices=GROUNDS)
    asked_on = models.DateField(_("permit asked for on"), null=True, blank=True)
    permit = models.CharField(_("number of the permit"), max_length=32, blank=True)
    counted_from = models.DateField(_("years of residence count from"), null=True, blank=True)
    permit_until = models.DateField(_("permit endorsed until"), null=True, blank=True)
    left_on = models.DateField(_("residence ended on"), null=True, blank=True)

    record = RecordType(
        title=Title("流动人口居住登记", "Residence of people registered elsewhere"),
        holder="police",
        readers=POLICE,
        elements={
            "residence.division": "division",
            "residence.registered_on": "registered_on",
            "residence_permit.number": "permit",
            "residence_permit.until": "permit_until",
        },
        identifier="number",
        columns=("name", "address", "registered_on", "permit", "permit_until"),
        panels=(
            PanelOf(
                Title("居住", "Residence"),
                ("number", "name", "domicile", "division", "address", "registered_on", "left_on"),
            ),
            PanelOf(
                Title("居住证", "Permit"),
                ("grounds", "asked_on", "permit", "counted_from", "permit_until"),
            ),
        ),
        search=("name", "number"),
        filters=("grounds", "registered_on"),
        sorts=("name", "number"),
        concerns="person",
        scope="division",
        basis=PERMITS,
    )

    def __str__(self) -> str:
        return self.number


class Correction(Record):
    """A name, number or address to be put right: proposed by one officer, decided by another.

    An address: on the days from `since` until before `until` (None: as far as it was on record),
    of one resident, or with `household` of it and of everybody whose address was its.
    """

    FIELDS = FormerIdentity.KINDS
    KINDS = [*FIELDS, ("address", _("address"))]
    STATES = [
        ("proposed", _("waits for the decision")),
        ("granted", _("granted")),
        ("refused", _("not granted")),
    ]
    number = models.CharField(_("number of the proposal"), max_length=32, unique=True)
    person = models.CharField(max_length=32, db_index=True, blank=True, editable=False)
    subject = models.BigIntegerField(editable=False)
    name = models.CharField(_("name of the resident"), max_length=60, db_index=True)
    kind = models.CharField(_("what is to be changed"), max_length=8, choices=KINDS)
    before = models.CharField(_("as it stands"), max_length=200)
    after = models.CharField(_("as it shall be"), max_length=200)
    household = models.CharField(_("household number"), max_length=20, blank=True)
    place = models.CharField(_("code of the standard address"), max_length=20, blank=True)
    township = models.CharField(_("township"), max_length=12, blank=True)
    since = models.DateField(_("wrong since"), null=True, blank=True)
    until = models.DateField(_("wrong until before"), null=True, blank=True)
    grounds = models.CharField(_("grounds of the correction"), max_length=200)
    papers = models.CharField(_("papers that show it"), max_length=200)
    proposed_on = models.DateField(_("proposed on"))
    proposed_by = models.CharField(_("proposed by"), max_length=200)
    account = models.BigIntegerField(editable=False)
    state = models.CharField(_("state"), max_length=8, choices=STATES)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.CharField(_("decision by"), max_length=200, blank=True)
    words = models.CharField(_("reasons of the decision"), max_length=200, blank=True)
    division = models.CharField(_("county of the entry"), max_length=12, db_index=True)

    record = RecordType(
        title=Title("姓名、号码、地址变更更正", "Corrections of names, numbers and addresses"),
        holder="police",
        readers=POLICE,
        elements={},
        identifier="number",
        columns=("number", "name", "kind", "state", "proposed_on"),
        panels=(
            PanelOf(
                Title("申请", "Proposal"),
                ("number", "name", "household", "kind", "before", "after", "place", "since",
                 "until", "grounds", "papers", "proposed_on", "proposed_by"),
            ),
            PanelOf(Title("决定", "Decision"), ("state", "decided_on", "decided_by", "words")),
        ),
        search=("number", "name"),
        filters=("kind", "state"),
        concerns="person",
        scope="division",
        basis=f"{LAW}第十七条、第十八条",
        masked=frozenset({"before", "after"}),
    )  # fmt: skip

    def __str__(self) -> str:
        return self.number


class CountyCode(Record):
    """A code of GB/T 2260 with the name it bore from a day to a day: by what numbers are read."""

    code = models.CharField(_("code of a division"), max_length=6, db_index=True)
    name = models.CharField(_("name of a division"), max_length=60)
    name_en = models.CharField(_("English name of a division"), max_length=80, blank=True)
    level = models.CharField(_("level"), max_length=8)
    parent = models.CharField(_("code above it"), max_length=6, blank=True)
    since = models.DateField(_("in force since"), null=True, blank=True)
    until = models.DateField(_("in force until"), null=True, blank=True)

    record = RecordType(
        title=Title("编号用区划代码", "Codes of divisions in numbers"),
        holder="police",
        readers=POLICE,
        elements={},
        identifier="code",
        columns=("code", "name", "since", "until"),
        panels=(
            PanelOf(Title("代码", "Code"), ("code", "name", "level", "parent", "since", "until")),
        ),
        search=("code",),
        sorts=("code",),
        basis=BASIS,
    )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
