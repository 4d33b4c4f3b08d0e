"""What is thrown at the API at random: no failure, and answers as the document says.

Schemathesis makes the requests from the document, positive and negative, and checks status,
content type and shape of each answer, for somebody unknown, a resident and two officials.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lingnan.kernel.trust.counts import counts
from lingnan.portal.api import api as node_api
from tests.conftest import FULL
from tests.kernel.govstack import REPORT, enrolled, headers
from tests.people import Person

pytestmark = pytest.mark.django_db
WHO = {
    "nobody": "",
    "resident": "resident-440103",
    "records officer": "440103-police-records_officer",
    "operator": "440000-data-operator",
}
LET_IN = ("records officer", "operator")
# What the second database can say otherwise is how it takes a value: fewer sets of values show it.
# The sets are the same in each run, the first the simplest; all the others come with --full.
MANY, FEW = (30, 12) if FULL else (12, 6)
EXAMPLES = MANY if connection.vendor == "sqlite" else FEW
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


GOVSTACK = "/api/govstack/"


@pytest.fixture
def cookies(settings: Any, tmp_path: Path) -> Iterator[dict[str, dict[str, str]]]:
    """A session for each; nobody has none. Beside them a client of GovStack's interface."""
    enrolled(settings, tmp_path)
    yield {
        who: {"sessionid": Person(login).client.cookies["sessionid"].value} if login else {}
        for who, login in WHO.items()
    }


document: Any = schemathesis.openapi.from_dict(
    dict(node_api.get_openapi_schema(path_prefix="/api/"))
)
node = get_wsgi_application()


def served(environ: Any, start: Any) -> Any:
    """The node as a WSGI server calls it, within the test's own transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        answer = node(environ, start)
        body = [b"".join(answer)]
        answer.close()
        return body
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


document.app = served


@document.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_described(case: Any, cookies: dict[str, dict[str, str]]) -> None:
    # Who is turned away asks no database: on the second only those who are let in.
    for who in WHO if connection.vendor == "sqlite" else LET_IN:
        counts.forget()
        response = case.call(cookies=cookies[who])
        case.validate_response(response, checks=CHECKS)
    if case.path.startswith(GOVSTACK):
        counts.forget()
        if "registryName" in case.path_parameters:
            case.path_parameters |= {"registryName": "population.household", "versionNumber": "1.0"}
        case.headers.update(headers(REPORT))
        response = case.call()
        case.validate_response(response, checks=CHECKS)


def test_an_answer_that_is_not_described_is_found() -> None:
    """The same checks on a document that lies."""
    lying = json.loads(json.dumps(node_api.get_openapi_schema(path_prefix="/api/")))
    briefs = lying["components"]["schemas"]["MatterBrief"]
    briefs["properties"]["title"] = {"type": "integer"}
    planted: Any = schemathesis.openapi.from_dict(lying)
    planted.app = served
    case = planted["/api/matters"]["GET"].Case()
    with pytest.raises(FailureGroup):
        case.validate_response(case.call(), checks=CHECKS)
