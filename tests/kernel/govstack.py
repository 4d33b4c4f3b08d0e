"""A client of GovStack's interface, enrolled in a file of the test's own."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.test import Client

KEY = "a key that only the test knows"
OFFICER, HEAD = "440103-police-records_officer", "440103-police-head"
NAME = "LINGNAN/GOV/gd-440103-police/registry"
REPORT = "LINGNAN/GOV/gd-440103-police/report"
MARKET = "LINGNAN/GOV/gd-440103-market/desk"
BASE = "/api/govstack/data"


def enrolled(settings: Any, folder: Path) -> None:
    """Three clients: a registrar's, one that reads uses, one of another department."""
    digest = sha256(KEY.encode()).hexdigest()
    officer = {"key_sha256": digest, "account": OFFICER, "role": "records_officer"}
    market = {"key_sha256": digest, "account": "440103-market-clerk", "role": "clerk"}
    file = folder / "clients.json"
    said = {NAME: officer, REPORT: officer | {"usage": True}, MARKET: market}
    file.write_text(json.dumps(said), encoding="utf-8")
    settings.GOVSTACK_CLIENTS = str(file)


def headers(name: str = NAME, key: str = KEY) -> dict[str, str]:
    return {"Information-Mediator-Client": name, "Authorization": key}


class Caller:
    """Calls the interface as one client; `status` and `said` are of the last answer."""

    def __init__(self, name: str = NAME, key: str = KEY) -> None:
        self.client, self.headers = Client(), headers(name, key)

    def get(self, path: str, **told: Any) -> Any:
        return self._said(self.client.get(f"{BASE}{path}", told, headers=self.headers))

    def send(self, method: str, path: str, body: Any = None) -> Any:
        call = getattr(self.client, method)
        text = "" if body is None else json.dumps(body)
        return self._said(
            call(f"{BASE}{path}", text, content_type="application/json", headers=self.headers)
        )

    def _said(self, answer: Any) -> Any:
        self.status, self.answer = answer.status_code, answer
        self.said = json.loads(answer.content) if answer.content else None
        return self.said
