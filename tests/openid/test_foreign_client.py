"""A client library written by others, idpyoidc, signs a person in at this node."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptojwt import KeyJar
from django.conf import settings
from django.test import Client
from idpyoidc.client.defaults import DEFAULT_OIDC_SERVICES
from idpyoidc.client.rp_handler import RPHandler

from tests.openid.system import BACK, LEFT, System
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
OFFICER = "440103-police-records_officer"


def asked(method: str, url: str, data: Any = None, headers: Any = None, **_more: Any) -> Any:
    """The library's requests, led into the node under test; answers as the library expects them."""
    assert url.startswith(settings.PUBLIC_ADDRESS), url
    kind = (headers or {}).get("Content-Type", "application/json")
    path = url.removeprefix(settings.PUBLIC_ADDRESS)
    response: Any = Client().generic(
        method, path, data or "", content_type=kind, headers=dict(headers or {})
    )
    return SimpleNamespace(
        status_code=response.status_code,
        text=response.content.decode(),
        content=response.content,
        headers={name.lower(): value for name, value in response.items()}
        | {"Content-Type": response.headers.get("Content-Type", "")},
        json=response.json,
        url=url,
    )


@pytest.fixture(params=["RS256", "ES256"])
def system(request: pytest.FixtureRequest) -> System:
    return System(algorithm=request.param)


@pytest.fixture
def handler(system: System) -> RPHandler:
    config = {
        "issuer": settings.PUBLIC_ADDRESS,
        "client_id": system.row.client_id,
        "client_secret": system.secret,
        "client_type": "oidc",
        "redirect_uris": [BACK],
        "post_logout_redirect_uris": [LEFT],
        "scopes_supported": ["openid", "profile", "post"],
        "scope": ["openid", "profile", "post"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [system.row.algorithm],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "client_authn_methods": {
            "client_secret_basic": "idpyoidc.client.client_auth.ClientSecretBasic"
        },
        "add_ons": {
            "pkce": {
                "function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
                "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
            }
        },
    }
    leaving = {"end_session": {"class": "idpyoidc.client.oidc.end_session.EndSession"}}
    made = RPHandler(
        base_url="https://records.example.cn", client_configs={"": config, "node": config},
        keyjar=KeyJar(), services=DEFAULT_OIDC_SERVICES | leaving,
        httpc=asked, httpc_params={"verify": False},
    )  # fmt: skip
    made.keyjar.httpc = asked
    return made


def test_a_foreign_client_signs_in_refreshes_and_asks_who_it_is(handler: RPHandler) -> None:
    begun = handler.begin("node")
    url = (begun if isinstance(begun, str) else begun["url"]).removeprefix(settings.PUBLIC_ADDRESS)
    officer = Person(OFFICER)
    assert officer.client.get(url).status_code == 200
    response: Any = officer.client.post(url, {"answer": "yes"})
    told = {k: v[0] for k, v in parse_qs(urlsplit(response["Location"]).query).items()}
    done = handler.finalize(settings.PUBLIC_ADDRESS, told)
    assert "error" not in done, done
    info = done["userinfo"].to_dict()
    assert info["role"] == "records_officer" and info["sub"] == done["id_token"]["sub"]
    again = handler.refresh_access_token(told["state"])
    assert again["access_token"] != done["token"] and "error" not in again
    leaving = handler.logout(told["state"])
    where: Any = officer.client.get(leaving["url"].removeprefix(settings.PUBLIC_ADDRESS))
    assert where.status_code in (200, 302)
    assert officer.client.get("/openid/systems/").status_code == 302, "signed out here too"
