"""Systems ask the database through the kernel, which is tested on both."""

import re
from pathlib import Path

SYSTEMS = Path(__file__).resolve().parents[2] / "src" / "lingnan" / "systems"
OWN = re.compile(r"\.cursor\(|RawSQL|\.raw\(|\.extra\(|RunSQL|connection\.vendor|statements\.rows")


def test_systems_write_no_sql_of_their_own() -> None:
    """So `./lingnan test` asks what they bring on one database, and with --both on the other."""
    files = [one for one in SYSTEMS.rglob("*.py") if "tests" not in one.parts]
    assert len(files) > 100
    found = [str(one.relative_to(SYSTEMS)) for one in files if OWN.search(one.read_text())]
    assert not found
    assert OWN.search("with connection.cursor() as cursor:")
