"""OGC API - Features by boxes, beside pygeoapi on the same file of counties in the same run.

pygeoapi is installed into an environment of its own, with the versions below from the index that
pip is configured for; where that fails the figures stand without a baseline and say why. Both
serve the 124 counties of the jurisdiction's file to the same clients from one process with four
threads: the node as `up` starts it (granian, areas held in memory, every access rule and limit
of requests passed), pygeoapi 0.21.0 by gunicorn with its GeoJSON provider, which reads the file
for each request and has no index; it was not tuned beyond that. The node also computes each
meeting with the area itself, pygeoapi's provider likewise.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.figure import Figure
from benchmarks.load import load
from benchmarks.serving import server
from benchmarks.web import WSGI
from lingnan.node.walk.province import Province, free_port

PINNED = ("pygeoapi==0.21.0", "gunicorn==27.0.1", "shapely==2.2.0", "Flask==3.1.3",
          "SQLAlchemy==2.1.9", "rasterio==1.4.4", "pyproj==3.7.2")  # fmt: skip
FILE = "src/lingnan/jurisdictions/guangdong/boundaries/county.geojson"
BOXES = {"point": "113.26,23.12,113.28,23.14", "city": "113.0,22.9,113.6,23.4"}
FIGURES = tuple(f"features.{name}.rate" for name in BOXES)
CLIENTS, EACH, ROUNDS, PATIENCE = 4, 15, 3, 240


def measure() -> list[Figure]:
    """Requests a second, best of three rounds; the baseline is pygeoapi's."""
    ours, theirs, said = {}, dict[str, float](), "pygeoapi 0.21.0 beside it"
    with Province() as up, server(up.data, WSGI) as (port, _pid):
        ours = {n: _rate(port, _path("/api/geography/ogc", box)) for n, box in BOXES.items()}
        try:
            with TemporaryDirectory() as folder, _pygeoapi(Path(folder)) as other:
                theirs = {name: _rate(other, _path("", box)) for name, box in BOXES.items()}
        except (OSError, subprocess.SubprocessError, RuntimeError) as error:
            said = f"no pygeoapi: {str(error)[:80]}"
    size = f"124 counties, 4 clients, {said}"
    return [
        Figure(f"features.{name}.rate", rate, "requests/s", size, theirs.get(name))
        for name, rate in ours.items()
    ]


def _path(base: str, box: str) -> str:
    return f"{base}/collections/counties/items?bbox={box}&limit=100"


def _rate(port: int, path: str) -> float:
    return max(load(port, path, "", CLIENTS, EACH).per_second for _round in range(ROUNDS))


@contextmanager
def _pygeoapi(folder: Path) -> Iterator[int]:
    """The port of a pygeoapi. Raises OSError, SubprocessError, RuntimeError."""
    bare, port = folder / "venv", free_port()
    subprocess.run([sys.executable, "-m", "venv", str(bare)], check=True, timeout=PATIENCE)
    python = str(bare / "bin" / "python")
    install = [python, "-m", "pip", "install", "--quiet", *PINNED]
    subprocess.run(install, check=True, timeout=PATIENCE, capture_output=True)
    config, document = folder / "config.json", folder / "openapi.json"
    config.write_text(json.dumps(_config(port)), encoding="utf-8")
    told = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "DJANGO"))}
    told |= {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(document)}
    made = [str(bare / "bin" / "pygeoapi"), "openapi", "generate", str(config),
            "--output-file", str(document), "--format", "json"]  # fmt: skip
    subprocess.run(made, check=True, timeout=PATIENCE, capture_output=True, env=told)
    words = [python, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1",
             "--threads", "4", "pygeoapi.flask_app:APP"]  # fmt: skip
    running = subprocess.Popen(words, env=told, stderr=subprocess.DEVNULL)
    try:
        _until_it_answers(port)
        yield port
    finally:
        running.terminate()
        running.wait(timeout=20)


def _until_it_answers(port: int) -> None:
    for _try in range(150):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", _path("", BOXES["point"]))
            answer = connection.getresponse()
            found = json.loads(answer.read())
            if answer.status == 200 and found["features"]:
                return
            raise RuntimeError(f"pygeoapi answers {answer.status}")
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("pygeoapi does not answer")


def _config(port: int) -> dict[str, Any]:
    """The least that pygeoapi needs for one collection."""
    root = Path(__file__).resolve().parent.parent
    said = {"en": "counties"}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}", "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8", "languages": ["en-US"], "gzip": False, "pretty_print": False,
            "limits": {"default_items": 100, "max_items": 1000},
            "map": {"url": "https://example.org/{z}/{x}/{y}.png", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {"title": said, "description": said, "keywords": {"en": ["x"]},
                               "keywords_type": "theme", "terms_of_service": "none",
                               "url": "https://example.org"},
            "license": {"name": "none", "url": "https://example.org"},
            "provider": {"name": "none", "url": "https://example.org"},
            "contact": {"name": "none", "email": "none@example.org"},
        },
        "resources": {
            "counties": {
                "type": "collection", "title": said, "description": said,
                "keywords": {"en": ["x"]},
                "extents": {"spatial": {"bbox": [109, 20, 118, 26], "crs": CRS84}},
                "providers": [{"type": "feature", "name": "GeoJSON", "data": str(root / FILE),
                               "id_field": "code"}],
            }
        },
    }  # fmt: skip


CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
