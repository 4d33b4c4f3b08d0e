"""A private PostgreSQL: in a temporary folder, on a Unix socket only."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

# For tests, speed over safety: what is in it is thrown away.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "120",
}
# As a server keeps what it has said to be written; for measuring.
LASTING = {"listen_addresses": "", "shared_buffers": "2GB", "max_wal_size": "4GB"}


class NoServer(Exception):
    """No PostgreSQL server could be started here."""


class Cluster:
    """A cluster that lives as long as its `with` block."""

    def __init__(self, settings: Mapping[str, str] = SETTINGS) -> None:
        self.settings = settings
        self.binaries = find_binaries()
        # A socket's path may have 107 bytes only, whatever TMPDIR says.
        self.folder = Path(tempfile.mkdtemp(prefix="lingnan-pg-", dir="/tmp"))
        self.user = server_user()

    @property
    def url(self) -> str:
        """Where Django finds it."""
        return f"postgresql://lingnan@/lingnan?host={self.folder}"

    def database(self, name: str) -> str:
        """Where another, empty database of this name is found, made now."""
        self._call("createdb", "-h", str(self.folder), "-U", "lingnan", name)
        return f"postgresql://lingnan@/{name}?host={self.folder}"

    def __enter__(self) -> "Cluster":
        try:
            if self.user:
                shutil.chown(self.folder, self.user)
            data = str(self.folder / "data")
            self._call(
                "initdb", "-D", data, "-U", "lingnan", "-A", "trust", "-E", "UTF8", "-N",
                "--locale=C",
            )  # fmt: skip
            options = [f"-c {name}={value or chr(39) * 2}" for name, value in self.settings.items()]
            options.append(f"-k {self.folder}")
            log = str(self.folder / "log")
            self._call("pg_ctl", "-D", data, "-l", log, "-w", "-o", " ".join(options), "start")
            self._call("createdb", "-h", str(self.folder), "-U", "lingnan", "lingnan")
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._remove()

    def _remove(self) -> None:
        data = self.folder / "data"
        if (data / "postmaster.pid").exists():
            self._call("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _call(self, program: str, *words: str, check: bool = True) -> None:
        prefix = ["runuser", "-u", self.user, "--"] if self.user else []
        with tempfile.TemporaryFile("w+") as output:
            # A file, not a pipe: the server keeps what pg_ctl hands it, and a pipe never ends.
            done = subprocess.run(
                [*prefix, str(self.binaries / program), *words],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            if check and done.returncode:
                output.seek(0)
                raise NoServer(f"PostgreSQL's {program} failed:\n{output.read().strip()}")


def find_binaries() -> Path:
    """The folder of the newest server's programs."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(found, key=lambda path: int(path.parts[-3]))
    program = newest[-1] if newest else shutil.which("initdb")
    if program is None:
        raise NoServer("no PostgreSQL server: sudo apt-get install postgresql")
    return Path(program).parent


def server_user() -> str | None:
    """Whom to run as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
