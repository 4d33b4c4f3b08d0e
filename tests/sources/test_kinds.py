"""Each kind of source by itself: what it shows, what it finds, where it stops."""

import contextlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from lingnan.kernel.exchange.sources import asking, folder, reaching, rest, sqlite
from lingnan.kernel.exchange.sources.asking import Lookup
from lingnan.kernel.exchange.sources.described import kept
from lingnan.kernel.exchange.sources.driver import Connection
from lingnan.kernel.exchange.sources.failures import SourceFailure

PEOPLE = (
    "licence,sfzh,名称\n"
    "A1,440103199001010011,张三\nA2,440103199001010011,张三\nB1,440103199001010022,李四\n"
)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> Path:
    settings.SOURCE_FOLDERS = [str(tmp_path)]
    settings.SOURCE_HOSTS = ["127.0.0.1"]
    return tmp_path


def lookup(connection: Connection, name: str, key: str) -> Lookup:
    table = asking.table(connection, name)
    columns = tuple(one.name for one in table.columns if one.kind != "other")
    return Lookup(connection, name, columns, key, kept(table, columns, key))


def hop(call: Any, *said: Any) -> str:
    with pytest.raises(SourceFailure) as failure:
        call(*said)
    return failure.value.hop


# --- SQLite


@pytest.fixture
def works(own_folder: Path) -> Path:
    path = own_folder / "works.sqlite3"
    with sqlite3.connect(path) as one:
        one.executescript(
            "CREATE TABLE lift (id INTEGER PRIMARY KEY, number TEXT, owner TEXT, made DATE,"
            " photo BLOB); CREATE INDEX by_number ON lift (number);"
            "CREATE VIEW short AS SELECT number FROM lift WHERE owner > '';"
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)"
            " INSERT INTO lift SELECT i, 'L' || (i % 2), 'o', '2026-01-01', x'00' FROM n;"
        )
    one.close()
    return path


def test_a_sqlite_file_is_described_and_asked_by_an_index(works: Path) -> None:
    connection = Connection("sqlite", path="works.sqlite3")
    assert list(asking.tables(connection)) == ["lift", "short"]
    table = asking.table(connection, "lift")
    assert table.ways() == ("id", "number") and table.order == ("id",)
    assert [one.kind for one in table.columns] == ["integer", "text", "text", "date", "other"]
    asking.demand_index(connection, table, "number")
    assert hop(asking.demand_index, connection, table, "owner") == "index"
    found = asking.rows(lookup(connection, "lift", "id"), ["7", "nobody", "8"])
    assert found["7"][0]["number"] == "L1" and found["nobody"] == [] and len(found["8"]) == 1


def test_more_rows_than_allowed_are_none_and_pages_go_through_all(works: Path) -> None:
    asked = lookup(Connection("sqlite", path="works.sqlite3"), "lift", "number")
    assert hop(asking.rows, asked, ["L1"]) == "limit"
    seen: list[int] = []
    after: tuple[str, ...] = ()
    while True:
        page = asking.page(asked, "L1", 300, after)
        seen += [row["id"] for row in page.rows]
        after = tuple(str(one) for one in page.following)
        if not after:
            break
    assert seen == list(range(1, 2501, 2))
    with pytest.raises(ValueError):
        asking.page(asked, "L1", 300, ("x",))


def test_a_sqlite_file_is_only_read_and_not_for_long(
    works: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = sqlite.SQLite(Connection("sqlite", path="works.sqlite3"))
    with pytest.raises(SourceFailure), driver._asking() as one:
        one.execute("DELETE FROM lift")
    with pytest.raises(SourceFailure), driver._asking() as one:
        one.execute("ATTACH DATABASE '/tmp/other' AS other")
    monkeypatch.setattr(sqlite, "SECONDS", 0.01)
    with pytest.raises(SourceFailure) as slow, driver._asking() as one:
        one.execute("SELECT COUNT(*) FROM lift a, lift b, lift c").fetchall()
    assert slow.value.hop == "slow"


@pytest.mark.parametrize(
    "path", ["", "../secret", "/etc/passwd", "none.sqlite3", "out", "a\x00b", "."]
)
def test_nothing_outside_the_named_folders_is_opened(own_folder: Path, path: str) -> None:
    (own_folder / "out").symlink_to("/etc/passwd")
    assert hop(asking.tables, Connection("sqlite", path=path)) == "address"


def test_what_is_no_database_says_so(own_folder: Path) -> None:
    (own_folder / "text.sqlite3").write_text("not a database at all, " * 50)
    assert hop(asking.tables, Connection("sqlite", path="text.sqlite3")) == "answer"


# --- files


def files(path: Path, pattern: str = "*.csv", newest: bool = True) -> Connection:
    return Connection("folder", path=".", pattern=pattern, newest=newest)


def write(path: Path, content: bytes, at: int) -> None:
    path.write_bytes(content)
    os.utime(path, (at, at))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_newest_file_is_read_in_the_encodings_of_offices(
    own_folder: Path, encoding: str
) -> None:
    write(own_folder / "2025.csv", b"licence,sfzh\nold,1\n", 1_000)
    write(own_folder / "2026.csv", PEOPLE.encode(encoding), 2_000)
    asked = lookup(files(own_folder), "*.csv", "sfzh")
    found = asking.rows(asked, ["440103199001010011", "x"])
    assert [row["licence"] for row in found["440103199001010011"]] == ["A1", "A2"]
    assert found["440103199001010011"][0]["名称"] == "张三" and found["x"] == []


def test_all_files_together_have_the_same_columns(own_folder: Path) -> None:
    write(own_folder / "a.csv", b"licence,sfzh\nold,1\n", 1_000)
    write(own_folder / "b.csv", b"licence,sfzh\nnew,1\n", 2_000)
    asked = lookup(files(own_folder, newest=False), "*.csv", "sfzh")
    assert {row["licence"] for row in asking.rows(asked, ["1"])["1"]} == {"old", "new"}
    write(own_folder / "c.csv", b"licence,other\nnew,1\n", 3_000)
    assert hop(asking.rows, asked, ["1"]) == "changed"


def test_a_file_that_is_written_anew_is_read_anew(own_folder: Path) -> None:
    write(own_folder / "a.csv", b"licence,sfzh\nold,1\n", 1_000)
    asked = lookup(files(own_folder), "*.csv", "sfzh")
    assert asking.rows(asked, ["1"])["1"][0]["licence"] == "old"
    write(own_folder / "a.csv", b"licence,sfzh\nnew,1\n", 2_000)
    assert asking.rows(asked, ["1"])["1"][0]["licence"] == "new"
    write(own_folder / "a.csv", b"licence\nnew\n", 3_000)
    assert hop(asking.looked_at_anew, asked) == "changed"


def test_workbooks_and_json_are_read_too(own_folder: Path) -> None:
    book = Workbook()
    book.active.append(["licence", "sfzh", "computed"])
    book.active.append(["W1", 7, "=1+1"])
    book.save(own_folder / "w.xlsx")
    said = [{"licence": "J1", "sfzh": 7, "nested": {"a": 1}}, {"licence": "J2", "sfzh": "8"}]
    (own_folder / "j.json").write_text(json.dumps(said))
    for pattern, licence in (("*.xlsx", "W1"), ("*.json", "J1")):
        asked = lookup(files(own_folder, pattern), pattern, "sfzh")
        (row,) = asking.rows(asked, ["7"])["7"]
        assert row["licence"] == licence and row.get("computed") is None and "nested" not in row


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b""), ("a.csv", b"x,x\n1,2\n"), ("a.json", b"{}"), ("a.json", b"["),
     ("a.csv", b"PK\x03\x04"), ("a.xlsx", b"no workbook")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_so(own_folder: Path, name: str, content: bytes) -> None:
    (own_folder / name).write_bytes(content)
    connection = files(own_folder, "a.*")
    assert hop(asking.table, connection, "a.*") == "answer"


def test_a_folder_that_is_too_large_is_refused(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_folder / "a.csv").write_text(PEOPLE)
    monkeypatch.setattr(folder, "ROWS", 2)
    assert hop(asking.table, files(own_folder), "*.csv") == "limit"
    monkeypatch.setattr(folder, "BYTES", 10)
    assert hop(asking.table, files(own_folder), "*.csv") == "limit"
    assert hop(asking.table, files(own_folder, "*.xlsx"), "*.xlsx") == "table"


# --- services


class Service(BaseHTTPRequestHandler):
    """Says of a number what a department's service says of it."""

    def do_GET(self) -> None:
        number = self.path.rpartition("=")[2]
        if number == "moved":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            return
        if number == "slow":
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):
                for _ in range(200):
                    self.wfile.write(b" ")
                    time.sleep(0.02)
            return
        if number == "unknown":
            self.send_error(404)
            return
        if self.headers["Authorization"] != "Bearer token":
            self.send_error(401)
            return
        rows = [
            {"number": number, "level": 3, "open": True, "more": {"x": 1}},
            {"number": "of another", "level": 4, "open": False},
        ]
        said = b"{" if number == "broken" else json.dumps({"data": {"rows": rows}}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *said: Any) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def service(port: int, **changes: Any) -> Connection:
    plain: dict[str, Any] = {"url": f"http://127.0.0.1:{port}/q?n={{value}}", "sample": "1",
                             "pointer": "/data/rows", "secret": "token"}  # fmt: skip
    return Connection("rest", **(plain | changes))


def test_a_service_is_asked_for_one_value_and_believed_of_that_alone(port: int) -> None:
    connection = service(port)
    kinds = {one.name: one.kind for one in asking.table(connection, "service").columns}
    assert kinds == {"number": "text", "level": "integer", "open": "boolean", "more": "other"}
    asked = lookup(connection, "service", "number")
    found = asking.rows(asked, ["5", "a&b c", "unknown"])
    assert found["5"] == [{"number": "5", "level": 3, "open": True}]
    assert found["unknown"] == []


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"secret": ""}, "sign_in"),
        ({"sample": "moved"}, "answer"),
        ({"sample": "broken"}, "answer"),
        ({"pointer": "/data/none"}, "answer"),
        ({"pointer": "data"}, "answer"),
        ({"url": "file:///etc/passwd?{value}"}, "address"),
        ({"url": "http://127.0.0.1:1/{value}"}, "reach"),
        ({"url": "http://127.0.0.1/none"}, "address"),
        ({"url": "http://{value}/"}, "address"),
        ({"url": "http://user@127.0.0.1/{value}"}, "address"),
    ],
)
def test_the_hop_of_a_service_is_named(port: int, changes: dict[str, str], where: str) -> None:
    assert hop(asking.table, service(port, **changes), "service") == where


def test_an_answer_that_is_too_long_is_not_read(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "BYTES", 10)
    assert hop(asking.table, service(port), "service") == "limit"


def test_one_that_says_a_little_at_a_time_is_not_waited_for(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes in time; all of them do not."""
    monkeypatch.setattr(rest, "SECONDS", 0.3)
    assert hop(asking.table, service(port, sample="slow"), "service") == "slow"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "::1", "169.254.169.254", "0.0.0.0", "::ffff:127.0.0.1", "224.0.0.1"]
)
def test_inner_addresses_are_the_operators_to_allow(host: str, settings: Any) -> None:
    settings.SOURCE_HOSTS = []
    assert hop(reaching.address, host, 5432) == "address"


def test_offices_own_networks_are_reached(settings: Any) -> None:
    settings.SOURCE_HOSTS = []
    assert reaching._resolved("10.1.2.3", 5432) == "10.1.2.3"
