"""A real node: what its settings make of the environment, and what it never becomes."""

import http.client
import json
import subprocess
import sys
import threading
import urllib.error
from email.message import Message
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lingnan.kernel.trust.api import Account
from lingnan.node import clock, mode
from lingnan.node.up import MOST_WORKERS, refusal
from lingnan.node.walk.province import environment as bare
from lingnan.node.walk.province import free_port
from tests.nodes import copied
from tests.people import Person

SHOWN = ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SECURE_PROXY_SSL_HEADER", "MODE",
         "SESSION_COOKIE_SECURE")  # fmt: skip
SHOW = (
    "import json; from lingnan.node import settings as s\n"
    f"print(json.dumps({{name: getattr(s, name) for name in {SHOWN}}}))"
)


def python(data: Path, *words: str, **told: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *words],
        env=bare() | {"LINGNAN_DATA": str(data)} | told,
        capture_output=True,
        text=True,
        timeout=60,
    )


def settings_of(data: Path, **told: str) -> dict[str, Any]:
    done = python(data, "-c", SHOW, **told)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_real_node_behind_a_proxy_with_tls(tmp_path: Path) -> None:
    told = {"LINGNAN_MODE": "real", "LINGNAN_ADDRESS": "https://portal.example:8443/"}
    plain = settings_of(tmp_path, **told)
    assert plain["CSRF_TRUSTED_ORIGINS"] == ["https://portal.example:8443"]
    assert plain["SECURE_PROXY_SSL_HEADER"] is None and plain["SESSION_COOKIE_SECURE"]
    assert plain["ALLOWED_HOSTS"] == ["portal.example", "127.0.0.1", "localhost"]
    chosen = settings_of(tmp_path, **told, LINGNAN_PROXY="1", LINGNAN_HOSTS="a.example, b.example")
    assert chosen["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert chosen["ALLOWED_HOSTS"][:3] == ["a.example", "b.example", "portal.example"]
    assert {"127.0.0.1", "localhost"} < set(chosen["ALLOWED_HOSTS"])


def test_a_demonstration_trusts_no_other_origin(tmp_path: Path) -> None:
    found = settings_of(tmp_path, LINGNAN_ADDRESS="http://127.0.0.1:8011")
    assert (found["ALLOWED_HOSTS"], found["CSRF_TRUSTED_ORIGINS"]) == (["*"], [])
    named = settings_of(tmp_path, LINGNAN_HOSTS="portal.example")
    assert "*" not in named["ALLOWED_HOSTS"] and "127.0.0.1" in named["ALLOWED_HOSTS"]


@pytest.mark.django_db
@pytest.mark.parametrize(("trusted", "status"), [(["https://portal.example"], 302), ([], 403)])
def test_a_form_arrives_through_a_proxy_with_tls(
    settings: Any, trusted: list[str], status: int
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = trusted
    client = Client(enforce_csrf_checks=True)
    client.get("/signin/")
    form = {
        "demonstration": "resident-440103",
        "csrfmiddlewaretoken": client.cookies["csrftoken"].value,
    }
    head = {"HTTP_ORIGIN": "https://portal.example", "HTTP_HOST": "portal.example"}
    assert client.post("/signin/", form, **head).status_code == status


@pytest.mark.parametrize("said", ["Real", "production", "", "demo"])
def test_an_unknown_mode_is_refused_with_a_sentence(tmp_path: Path, said: str) -> None:
    done = python(tmp_path, "-m", "lingnan.node.command", "up", LINGNAN_MODE=said)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "either 'demonstration' or 'real'" in done.stdout


@pytest.mark.parametrize("workers", [0, -1, MOST_WORKERS + 1, 100])
def test_more_workers_than_slots_are_refused(tmp_path: Path, workers: int) -> None:
    words = ("-m", "lingnan.node.command", "up", "--workers", str(workers))
    done = python(tmp_path, *words)
    assert done.returncode == 1 and "1 to 12" in done.stdout, done.stderr
    assert refusal(tmp_path, MOST_WORKERS) == ""


def test_a_demonstrations_folder_never_becomes_real(prepared: Path, tmp_path: Path) -> None:
    prepare = ("-m", "lingnan.node.prepare", "600")
    django = {"DJANGO_SETTINGS_MODULE": "lingnan.node.settings"}
    copied(prepared, tmp_path)
    up = ("-m", "lingnan.node.command", "up", "--data", str(tmp_path))
    done = python(tmp_path, *up, LINGNAN_MODE="real")
    assert done.returncode == 1 and "belongs to a demonstration node" in done.stdout
    assert python(tmp_path, "-c", SHOW, LINGNAN_MODE="real").returncode != 0
    # Made by an older version, or the mark was removed: the people in it are still invented.
    (tmp_path / "keys" / "mode").unlink()
    done = python(tmp_path, *prepare, **django, LINGNAN_MODE="real")
    assert done.returncode == 1 and "invented people" in done.stdout
    assert "Traceback" not in done.stderr
    assert python(tmp_path, *prepare, **django).returncode == 0


def test_a_mode_is_written_once(tmp_path: Path) -> None:
    assert mode.mode_of(tmp_path, "real") == "real"
    mode.keep(tmp_path, "real")
    mode.keep(tmp_path, "demonstration")
    with pytest.raises(mode.ModeRefused, match="belongs to a real node"):
        mode.mode_of(tmp_path, "demonstration")
    with pytest.raises(mode.ModeRefused, match="LINGNAN_PROXY"):
        mode.behind_proxy("yes")


@pytest.mark.django_db
def test_invented_people_never_sign_in_on_a_real_node(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    resident = Person("resident-440103")
    account = Account.objects.get(login="resident-440103")
    account.set_password("a long password")
    account.save()
    password = {"login": "resident-440103", "password": "a long password"}
    assert Client().post("/signin/", password).status_code == 302
    session = Person("resident-440103").client
    settings.MODE = "real"
    assert Client().post("/signin/", password).status_code == 401
    assert Client().post("/signin/", {"demonstration": "resident-440103"}).status_code == 401
    assert session.get("/cases/").status_code == 302
    assert resident.client.post("/matters/individual_business/begin/").status_code == 403
    Account.objects.filter(key=account.key).update(demonstration=False)
    assert Client().post("/signin/", password).status_code == 302


def test_a_real_node_with_a_name_comes_up_and_finds_itself(tmp_path: Path) -> None:
    port = free_port()
    told = {
        "LINGNAN_MODE": "real",
        "LINGNAN_HOSTS": "portal.example",
        "LINGNAN_ADDRESS": "https://portal.example",
        "http_proxy": "http://127.0.0.1:9",
        "PYTHONUNBUFFERED": "1",
    }
    words = ["-m", "lingnan.node.command", "up", "--data", str(tmp_path), "--port", str(port)]
    with subprocess.Popen(
        [sys.executable, *words], env=bare() | told, stdout=subprocess.PIPE, text=True
    ) as node:
        ending = threading.Timer(600, node.terminate)
        ending.start()
        try:
            assert node.stdout is not None
            assert any("ready after" in line for line in node.stdout)
            assert refuses_what_is_too_much(port)
        finally:
            ending.cancel()
            node.terminate()
            node.wait(30)


def test_the_clock_command_understands_a_page() -> None:
    page = urllib.error.HTTPError("http://x", 400, "Bad Request", Message(), BytesIO(b"<h1>"))
    said = urllib.error.HTTPError("http://x", 403, "No", Message(), BytesIO(b'{"error": "why"}'))
    assert "400" in str(clock._said(page)) and clock._said(said) == "why"


def refuses_what_is_too_much(port: int) -> bool:
    """The head alone is sent; the answer comes before any body."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    asked.putrequest("POST", "/signin/")
    asked.putheader("Content-Length", str(10**9))
    asked.endheaders()
    return asked.getresponse().status == 413
