"""Tables of a real PostgreSQL and a real MariaDB, published through the pages and read by another
body over the exchange."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from lingnan.kernel.exchange.api import (
    Denied,
    Unavailable,
    Use,
    conclude,
    introduce,
    resources,
    single,
    sources,
)
from lingnan.kernel.exchange.sources import asking, mysql, postgresql
from lingnan.kernel.trust.api import node_evidence
from lingnan.node.postgres import Cluster
from lingnan.systems.government.population.models import Resident
from lingnan.systems.government.resource_exchange.models import Entry, Publication
from lingnan.systems.government.resource_exchange.sources import watching
from tests.databases import MariaDB
from tests.kernel.uses import about, key_of, resident
from tests.people import Person
from tests.sources.officers import BASIS, BODY, FIRE, OFFICER, agreed, chosen, described, joined

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
CODE = "liwan_operators.licence"
TABLE = """
CREATE TABLE operator_licence (
  licence_no varchar(20) NOT NULL PRIMARY KEY, sfzh char(18) NOT NULL, kind varchar(40) NOT NULL,
  valid_until date, fee numeric(8, 2), note varchar(100))
"""
ROW = "INSERT INTO operator_licence VALUES ('{}', '{}', '{}', '2027-05-01', 120.50, NULL)"
INDEX = "CREATE INDEX by_person ON operator_licence (sfzh)"
COLUMNS = ("licence_no", "sfzh", "kind", "valid_until", "fee")
ELEMENTS = ("liwan_operators.licence_no", "liwan_operators.kind", "liwan_operators.valid_until",
            "liwan_operators.fee", "person.identity_number")  # fmt: skip


@dataclass
class Server:
    """A department's database with the table, as its owner changes it."""

    kind: str
    place: dict[str, str]
    table: str
    run: Callable[..., None]


@pytest.fixture(params=["postgresql", "mysql"])
def server(request: pytest.FixtureRequest, settings: Any) -> Iterator[Server]:
    made = _postgresql(request) if request.param == "postgresql" else _mysql(request)
    settings.SOURCE_HOSTS = [made.place["host"]]
    made.run("DROP TABLE IF EXISTS operator_licence", TABLE, INDEX)
    made.run(ROW.format("TS1", number(), "电梯修理"), ROW.format("TS2", number(), "起重机作业"))
    made.run(ROW.format("TS3", "440103190001010000", "锅炉作业"))
    if made.kind == "postgresql":
        made.run("GRANT SELECT ON operator_licence TO reader")
    yield made


def _postgresql(request: pytest.FixtureRequest) -> Server:
    cluster: Cluster = request.getfixturevalue("postgres")

    def run(*statements: str) -> None:
        with psycopg.connect(cluster.url, autocommit=True) as one:
            for statement in statements:
                one.execute(statement)

    run("DROP OWNED BY reader" if _has_reader(cluster) else "CREATE ROLE reader LOGIN")
    where = {"host": str(cluster.folder), "database": "lingnan", "user": "reader", "secret": "pw"}
    return Server("postgresql", where, "public.operator_licence", run)


def _has_reader(cluster: Cluster) -> bool:
    with psycopg.connect(cluster.url) as one:
        return one.execute("SELECT 1 FROM pg_roles WHERE rolname = 'reader'").fetchone() is not None


def _mysql(request: pytest.FixtureRequest) -> Server:
    server: MariaDB = request.getfixturevalue("mariadb")
    server.run(
        "CREATE DATABASE IF NOT EXISTS works",
        "CREATE OR REPLACE USER reader@localhost IDENTIFIED BY 'pw'",
        "GRANT SELECT ON works.* TO reader@localhost",
    )

    def run(*statements: str) -> None:
        server.run("USE works", *statements)

    where = {"host": server.socket, "database": "works", "user": "reader", "secret": "pw"}
    return Server("mysql", where, "operator_licence", run)


def number() -> str:
    return str(Resident.objects.get(key=key_of(resident())).resident_number)


def publish(server: Server) -> tuple[str, str]:
    """The addresses of source and publication, after officer and head have done their parts."""
    officer = Person(OFFICER)
    source = joined(officer, server.kind, **server.place)
    draft = chosen(
        officer, source, server.table, columns=COLUMNS, asked_by="sfzh", subject="person"
    )
    told: dict[str, Any] = {"element-1": "person.identity_number", "sensitive-1": "1"}
    for place, column in enumerate(COLUMNS):
        told |= {f"zh-{place}": f"项{place}", f"en-{place}": column} if place != 1 else {}
    described(officer, draft, CODE, **told)
    agreed(draft)
    return source, draft


def licence(elements: tuple[str, ...] = ELEMENTS, **changes: Any) -> Use:
    plain = {
        "resource": CODE, "consumer": FIRE, "purpose": "fire_safety_permit", "basis": BASIS,
        "case": "XF-1", "actor": "a test", "elements": elements,
        "subjects": (introduce(resident().subject, to=FIRE),),
    }  # fmt: skip
    return Use(**(plain | changes))


def lent() -> None:
    conclude("GD-TEST-1", CODE, FIRE, "fire_safety_permit", BASIS, ELEMENTS, by="a test")


def test_a_table_is_published_and_read_by_another_body(server: Server) -> None:
    publish(server)
    assert resources()[CODE].body == BODY
    assert Entry.objects.get(resource=CODE).provider == BODY
    with pytest.raises(Denied):
        single(licence())
    lent()
    (answer,) = single(licence())
    assert sorted(row["values"]["liwan_operators.licence_no"] for row in answer.rows) == [
        "TS1", "TS2",
    ]  # fmt: skip
    assert answer.values() == {
        "liwan_operators.licence_no": "TS1", "liwan_operators.kind": "电梯修理",
        "liwan_operators.valid_until": "2027-05-01", "liwan_operators.fee": "120.50",
        "person.identity_number": number(),
    }  # fmt: skip


def test_both_uses_are_written_down_for_the_resident(server: Server) -> None:
    """The department read the number of its own accord, so that its table could be asked."""
    publish(server)
    lent()
    (answer,) = single(licence())
    outer, inner = about(key_of(resident()))[:2]
    assert outer == answer.evidence
    entries = [node_evidence.reader().by_seq(one) for one in (outer, inner)]
    said = [entry.payload for entry in entries if entry is not None and entry.payload]
    assert [(one["resource"], one["consumer"]) for one in said] == [
        (CODE, FIRE), ("population.identity", BODY),
    ]  # fmt: skip
    assert said[1]["elements"] == ["person.identity_number"] and said[1]["case"] == CODE


def test_of_whom_the_table_says_nothing_there_is_no_row(server: Server) -> None:
    publish(server)
    lent()
    other = introduce(resident("440106").subject, to=FIRE)
    (answer,) = single(licence(subjects=(other,)))
    assert answer.rows == ()


def test_nothing_is_written_or_waited_for_long_through_a_connection(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the user may do."""
    monkeypatch.setitem(postgresql._LIMITS, "statement_timeout", "100")
    monkeypatch.setattr(mysql, "SECONDS", 0.1)
    if server.kind == "postgresql":
        server.run("GRANT ALL ON operator_licence TO reader")
    else:
        server.run("GRANT ALL ON works.* TO reader@localhost")
    place: dict[str, Any] = dict(server.place)
    connection = sources.Connection(server.kind, **place)
    sources.forget(connection)
    driver: Any = asking.driver(connection)
    with pytest.raises(sources.SourceFailure), driver._asking() as cursor:
        cursor.execute("DELETE FROM operator_licence")
    with pytest.raises(sources.SourceFailure) as slow, driver._asking() as cursor:
        cursor.execute("SELECT pg_sleep(30)" if server.kind == "postgresql" else LONG)
    assert slow.value.hop == "slow"
    assert sources.tables(connection)
    sources.forget(connection)


LONG = "SELECT COUNT(*) FROM seq_1_to_100000000000 WHERE SHA2(seq, 512) = ''"


@pytest.mark.parametrize(
    ("breaks", "mends", "hop"),
    [
        ("ALTER TABLE operator_licence DROP COLUMN kind",
         "ALTER TABLE operator_licence ADD COLUMN kind varchar(40)", "changed"),
        ("DROP INDEX by_person{of}", INDEX, "index"),
    ],
)  # fmt: skip
def test_what_changed_is_suspended_before_it_hurts_and_comes_back(
    server: Server, breaks: str, mends: str, hop: str
) -> None:
    _source, page = publish(server)
    lent()
    server.run(breaks.format(of="" if server.kind == "postgresql" else " ON operator_licence"))
    assert watching.check() == 1
    one = Publication.objects.get(code=CODE)
    assert (one.state, one.why.split()[0]) == ("suspended", hop)
    with pytest.raises(Unavailable):
        single(licence())
    assert "已暂停" in Person(OFFICER).get(page)
    assert "暂停提供" in Person("440103-fire-data_officer").get("/messages/")
    assert watching.check() == 0, "told once"
    server.run(mends)
    assert watching.check() == 1
    assert single(licence())[0].found
    assert Publication.objects.get(code=CODE).state == "published"


def test_a_column_without_an_index_cannot_be_asked_by(server: Server) -> None:
    officer = Person(OFFICER)
    source = joined(officer, server.kind, **server.place)
    what = {"columns": COLUMNS, "asked_by": "kind", "subject": "thing"}
    officer.post(f"{source}table/?name={server.table}", **what)
    assert officer.status == 422
    assert not Publication.objects.filter(table=server.table).exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"secret": "wrong"}, "登录"),
        ({"user": "nobody_here"}, "登录"),
        ({"host": "/tmp/no-such-socket"}, "地址"),
        ({"host": "127.0.0.1"}, "地址"),
        ({"host": "no-such-host.invalid"}, "地址"),
    ],
)
def test_the_hop_on_which_it_breaks_off_is_named(
    server: Server, change: dict[str, str], words: str
) -> None:
    if server.kind == "postgresql" and "secret" in change:
        change = {"database": "no_such_database"}
    officer = Person(OFFICER)
    url = "/desk/sources/new/?kind=" + server.kind
    page = officer.post(url, title="业务库", **(server.place | change))
    assert officer.status == 422 and words in officer.said and "业务库" in page
    assert 'value="pw"' not in page, "a password is never shown again"
