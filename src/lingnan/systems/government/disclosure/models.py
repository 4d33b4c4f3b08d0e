"""The catalogue of government information, and the register of requests answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lingnan.kernel.registry.api import PanelOf, Record, RecordType
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import official

READERS = official("clerk", "head", "data_officer", functions=("data",))


class Entry(Record):
    """One piece of government information, as the body that made it publishes it."""

    SECTIONS = [
        ("rules", _("Rules and normative documents")),
        ("body", _("Functions and structure of the body")),
        ("plans", _("Plans and policies")),
        ("statistics", pgettext_lazy("information", "Statistics")),
        ("licensing", _("Licensing and public services")),
        ("penalties", _("Penalties and coercion")),
        ("budget", _("Budget and final accounts")),
        ("fees", _("Administrative fees")),
        ("procurement", _("Government procurement")),
        ("projects", _("Major construction projects")),
        ("welfare", _("Welfare, health, schools and work")),
        ("emergencies", _("Emergencies and warnings")),
        ("inspection", _("Inspection of environment, food and safety")),
        ("recruitment", _("Recruitment of civil servants")),
        ("other", _("Other information by law")),
    ]
    STATES = [
        ("proposed", _("waits for the disclosure review")),
        ("published", _("published")),
        ("withheld", _("not published after the review")),
    ]
    index_number = models.CharField(_("index number"), max_length=40, unique=True)
    name = models.CharField(_("name of the information"), max_length=200, db_index=True)
    section = models.CharField(_("section of the catalogue"), max_length=12, choices=SECTIONS)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    outline = models.CharField(_("outline of the contents"), max_length=400)
    text = models.TextField(_("full text"), max_length=20000)
    made_on = models.DateField(_("made or changed on"))
    state = models.CharField(_("state of publication"), max_length=10, choices=STATES)
    published_on = models.DateField(_("published on"), null=True, blank=True, db_index=True)
    grounds = models.CharField(_("result of the review"), max_length=400, blank=True)
    body = models.CharField(max_length=40, editable=False)
    body_zh = models.CharField(_("publishing body"), max_length=80)
    body_en = models.CharField(_("publishing body in English"), max_length=120)
    division = models.CharField(_("division of the publishing body"), max_length=12, db_index=True)

    record = RecordType(
        title=Title("政府信息公开目录", "Catalogue of government information"),
        holder="data",
        readers=READERS,
        elements={
            "disclosed_information.index_number": "index_number",
            "disclosed_information.published_on": "published_on",
        },
        identifier="index_number",
        columns=("index_number", "name", "section", "state", "published_on"),
        panels=(
            PanelOf(
                Title("目录", "Catalogue"),
                ("index_number", "name", "section", "document_number", "outline", "made_on"),
            ),
            PanelOf(
                Title("公开", "Publication"),
                ("state", "published_on", "grounds", "body_zh", "division"),
            ),
        ),
        search=("name", "index_number"),
        text=("name",),
        scope="division",
        basis="《政府信息公开条例》（2019-04-03）第十二条第三款",
    )

    def __str__(self) -> str:
        return self.name

    @property
    def publisher(self) -> str:
        """Who publishes it, in the reader's language."""
        return str(Title(self.body_zh, self.body_en))


class AnsweredRequest(Record):
    """A request whose answer gave information. `person` is this system's pseudonym."""

    number = models.CharField(_("number of the request"), max_length=40, unique=True)
    person = models.CharField(max_length=32, db_index=True, editable=False)
    applicant = models.CharField(_("who requested it"), max_length=60, db_index=True)
    wanted = models.CharField(_("information requested"), max_length=200, db_index=True)
    form_wanted = models.CharField(_("form of the information"), max_length=20)
    answered_on = models.DateField(_("request answered on"))
    division = models.CharField(_("division of the answering body"), max_length=12, db_index=True)

    record = RecordType(
        title=Title("依申请公开答复登记", "Requests for information answered"),
        holder="data",
        readers=READERS,
        elements={
            "information_request.number": "number",
            "information_request.wanted": "wanted",
            "information_request.answered_on": "answered_on",
        },
        identifier="number",
        columns=("number", "applicant", "wanted", "answered_on"),
        panels=(
            PanelOf(
                Title("申请", "Request"),
                ("number", "applicant", "wanted", "form_wanted", "answered_on", "division"),
            ),
        ),
        search=("number", "wanted", "applicant"),
        concerns="person",
        scope="division",
        masked=frozenset({"applicant"}),
        basis="《政府信息公开条例》（2019-04-03）第四十五条",
    )

    def __str__(self) -> str:
        return self.number
