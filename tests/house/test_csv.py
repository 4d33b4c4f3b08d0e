"""Files of comma-separated values leave by one door, where no cell begins a formula."""

import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lingnan"
DOOR = "kernel/ui/csvfiles.py"
WRITES = re.compile(r"csv\.(?:writer|DictWriter)\(")


def test_nothing_else_writes_such_files() -> None:
    files = [one for one in SOURCE.rglob("*.py") if "tests" not in one.parts]
    assert len(files) > 500
    found = [str(one.relative_to(SOURCE)) for one in files if WRITES.search(one.read_text())]
    assert found == [DOOR]
