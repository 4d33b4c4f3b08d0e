"""`python without.py`: bring a node up as its environment says, and look at its pages as a visitor.

Run by test_removal in a process of its own, on a source from which one system is gone. Says
what is wrong, a line each; ends with 0 where nothing is.
"""

import os
import re
import sys
from collections.abc import Iterator

import django

# A few bodies are offered side by side, many in a list.
BODY = re.compile(r'name="body"(?:[^>]*? value=|.*?<option value=)"(gd-[^"]+)"', re.S)
LINK = re.compile(r'<a [^>]*href="(/[^"#?]*)"')


def faults() -> Iterator[str]:
    """Checks, migrations, a province made from nothing, then the pages of each kind of visitor."""
    from django.core.management import call_command

    from lingnan.node.province import prepare

    call_command("check", fail_level="WARNING")
    lines: list[str] = []
    prepare(lines.append, residents=600)
    yield from (line for line in lines if "✗" in line)
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    for login in ("", *visitors()):
        yield from _visit(login)
    yield from _journeys(os.environ.get("LINGNAN_WITHOUT", ""))


def _journeys(without: str) -> Iterator[str]:
    """A resident begins whatever does not need the system, and comes to the page before filing."""
    from django.test import Client

    from lingnan.kernel.matters.api import published

    for _definition, matter in published():
        needed = {str(read["resource"]).partition(".")[0] for read in matter.reads}
        if without in needed or any(read.get("obtain") for read in matter.reads):
            continue
        client = Client(raise_request_exception=False)
        client.post("/signin/", {"demonstration": "resident-440103"})
        url = f"/matters/{matter.code}/"
        offered = BODY.search(client.get(url).content.decode())
        if offered is None:
            yield f"{matter.code}: its page offers no body"
            continue
        begun = client.post(f"{url}begin/", {"body": offered[1]}, follow=True)
        draft = begun.request["PATH_INFO"]
        if begun.status_code != 200 or not draft.startswith("/apply/"):
            yield f"{matter.code} cannot be begun: {begun.status_code} at {draft}"
            continue
        sent = client.post(draft, {"go": "1"}, follow=True)
        if sent.status_code not in (200, 422):
            yield f"{matter.code} cannot be filled in: {sent.status_code}"


def visitors() -> list[str]:
    """A resident, and one official for each role."""
    from lingnan.kernel.trust.api import Account, Holding

    logins = dict(Account.objects.values_list("key", "login"))
    by_role = {h.role: logins[h.account] for h in Holding.objects.order_by("-key")}
    residents = Account.objects.filter(kind="resident").order_by("login")
    return [residents.values_list("login", flat=True)[0], *by_role.values()]


def _visit(login: str) -> Iterator[str]:
    """Sign in, then follow every link of the first page."""
    from django.test import Client

    who = login or "nobody"
    client = Client(raise_request_exception=False)
    if login:
        answer = client.post("/signin/", {"demonstration": login}, follow=True)
        if answer.status_code != 200 or "_auth_user_id" not in client.session:
            yield f"{who} cannot sign in: {answer.status_code}"
            return
    first = client.get("/", follow=True)
    found = set(LINK.findall(first.content.decode()))
    for path in sorted({"/", "/healthz", "/signin/", *found}):
        status = client.get(path, follow=True).status_code
        if status != 200:
            yield f"{who}: {path} answers {status}"


def main() -> int:
    django.setup()
    found = list(faults())
    sys.stdout.write("\n".join([*found, ""]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
