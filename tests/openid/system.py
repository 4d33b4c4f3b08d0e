"""A department's system as the tests play it: it asks who somebody is, and changes the code."""

import base64
import hashlib
import json
import secrets
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client

from lingnan.kernel.trust.openid import parties
from tests.people import Person

BACK, LEFT = "https://records.example.cn/back", "https://records.example.cn/left"


class System:
    """A registered system; `code` is what it was last handed, `answer` all that came with it."""

    def __init__(self, body: str = "gd-440103-police", **more: Any) -> None:
        wanted = parties.Wanted(body, "档案系统", "Records system", [BACK], [LEFT], **more)
        self.row, self.secret = parties.register(wanted, "test")
        self.http, self.verifier = Client(), secrets.token_urlsafe(48)
        self.answer: dict[str, str] = {}

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def question(self, **changed: str | None) -> str:
        """The address to which it sends a person."""
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.row.client_id,
            "redirect_uri": BACK,
            "scope": "openid profile post",
            "state": "s-1",
            "nonce": "n-1",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        }
        told = {name: value for name, value in (asked | changed).items() if value is not None}
        return f"/openid/authorize?{urlencode(told)}"

    def sent(self, person: Person | Client, url: str, answer: str = "yes") -> dict[str, str]:
        """Where a person is led from the question: what comes back to the system."""
        client = person.client if isinstance(person, Person) else person
        response: Any = client.get(url)
        if response.status_code == 200:
            response = client.post(url, {"answer": answer})
        assert response.status_code == 302, response.content.decode()
        assert response["Location"].startswith(BACK), response["Location"]
        query = parse_qs(urlsplit(response["Location"]).query)
        self.answer = {name: values[0] for name, values in query.items()}
        return self.answer

    def tokens(self, handed: str, **changed: Any) -> Any:
        """The answer to a code."""
        sent = {
            "grant_type": "authorization_code",
            "code": handed,
            "redirect_uri": BACK,
            "code_verifier": self.verifier,
        }
        return self.post("/openid/token", **(sent | changed))

    def refreshed(self, token: str) -> Any:
        return self.post("/openid/token", grant_type="refresh_token", refresh_token=token)

    def post(self, url: str, **sent: Any) -> Any:
        """A request by the system, under its own name."""
        pair = f"{self.row.client_id}:{self.secret}".encode()
        basic = f"Basic {base64.b64encode(pair).decode()}"
        told = {name: value for name, value in sent.items() if value is not None}
        return self.http.post(url, told, headers={"Authorization": basic})

    def userinfo(self, token: str) -> Any:
        return self.http.get("/openid/userinfo", headers={"Authorization": f"Bearer {token}"})


def claims(token: str) -> dict[str, Any]:
    """What an identity token says, without a look at its signature."""
    part = token.split(".")[1]
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return told
