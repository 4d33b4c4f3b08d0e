"""Signing in by a password over HTTP, beside checking the password alone."""

import time

from benchmarks import scratch
from benchmarks.figure import Figure, percentile

FIGURES = ("signin.p95",)
TURNS, PASSWORD = 60, "lingnan-demonstration"


def measure() -> list[Figure]:
    """Each from an address of its own, as people are; evidence and session included."""
    scratch.bring_up()
    from django.contrib.auth.hashers import check_password
    from django.test import Client

    from lingnan.kernel.trust.models import Account

    logins = list(Account.objects.order_by("key").values_list("login", flat=True)[:TURNS])
    hashed = Account.objects.get(login=logins[0]).password
    bare, times = [], []
    for turn, login in enumerate(logins):
        start = time.perf_counter()
        check_password(PASSWORD, hashed)
        bare.append((time.perf_counter() - start) * 1000)
        client = Client(REMOTE_ADDR=f"10.0.{turn // 250}.{turn % 250}")
        start = time.perf_counter()
        answer = client.post("/signin/", {"login": login, "password": PASSWORD})
        times.append((time.perf_counter() - start) * 1000)
        if answer.status_code != 302:
            raise RuntimeError(f"{login} was not signed in: {answer.status_code}")
    size = f"{len(times)} sign-ins, one after another"
    return [Figure("signin.p95", percentile(times, 95), "ms", size, percentile(bare, 95))]
