"""A second node: a process of its own, with its own data folder, that carries one system."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings

TOKEN = "the-token-of-the-second-node"

CREATE = """
import sys, django
django.setup()
from lingnan.node.province import prepare
prepare(lambda line: None, residents=600)
from lingnan.kernel.exchange.api import conclude
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.systems.government.legal_persons.models import IndividualBusiness
with action(by="a test", reason="the second node") as act:
    act.create(IndividualBusiness, credit_code="92440191MA0000000X", name="隔岸粥店",
               operator=sys.argv[1], operator_name="某人", scope="餐饮服务",
               premises="隔岸一号", division="440103", registered_on=legal_time.today())
conclude("N2-1", "legal_persons.businesses_of_person", "gd-440000-fire", "fire_safety_permit",
         "《行政许可法》（2019-04-23）第三十三条；《市场主体登记管理条例》（2021-07-27）第七条",
         ["business.name", "business.credit_code", "business.operator_name",
          "business.premises", "business.scope"], "a test")
"""


class SecondNode:
    """Serves `legal_persons`, which holds one business of the person it knows as `operator`."""

    def __init__(self, data: Path, operator: str) -> None:
        self.data = data
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.environment = os.environ | {
            "LINGNAN_DATA": str(data),
            "LINGNAN_DATABASE": "sqlite",
            "LINGNAN_SYSTEMS": "legal_persons",
            "LINGNAN_NODE": "2",
            "LINGNAN_EXCHANGE_TOKEN": TOKEN,
            "DJANGO_SETTINGS_MODULE": "lingnan.node.settings",
            "PYTHONPATH": str(settings.BASE.parent),
        }
        subprocess.run(
            [sys.executable, "-c", CREATE, operator], env=self.environment, check=True, timeout=60
        )
        self.process = self._start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _start(self) -> subprocess.Popen[bytes]:
        words = ["-m", "granian", "--interface=wsgi", "--host=127.0.0.1", f"--port={self.port}",
                 "--log-level=warning", "lingnan.node.wsgi:application"]  # fmt: skip
        process = subprocess.Popen([sys.executable, *words], env=self.environment)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.url}/signin/", timeout=2)
                break
            except OSError:
                time.sleep(0.05)
        return process

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)

    def post(self, body: bytes, token: str = TOKEN) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        asked = urllib.request.Request(f"{self.url}/exchange/single", body, headers)
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read())
