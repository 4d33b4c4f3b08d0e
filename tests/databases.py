"""A private MariaDB: in a temporary folder, on a Unix socket only."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

import pymysql

# For tests, speed over safety: what is in it is thrown away.
SETTINGS = (
    "--skip-networking", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M",
    "--innodb-log-file-size=8M", "--skip-log-bin", "--performance-schema=OFF",
    "--innodb-doublewrite=0", "--character-set-server=utf8mb4",
)  # fmt: skip


class MariaDB:
    """A server that lives as long as its `with` block; `root` signs in without a password."""

    def __init__(self) -> None:
        # A socket's path may have 107 bytes only, whatever TMPDIR says.
        self.folder = Path(tempfile.mkdtemp(prefix="lingnan-my-", dir="/tmp"))
        self.socket = str(self.folder / "socket")
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "MariaDB":
        try:
            self._begin()
        except BaseException:
            self._remove()
            raise
        return self

    def _begin(self) -> None:
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = "mysql" if os.geteuid() == 0 and "mysql" in names else ""
        own = [f"--user={user}"] if user else []
        if user:
            shutil.chown(self.folder, user)
        data = f"--datadir={self.folder / 'data'}"
        made = subprocess.run(
            ["mariadb-install-db", "--no-defaults", data, *own, "--skip-test-db",
             "--auth-root-authentication-method=normal"],
            capture_output=True, text=True,
        )  # fmt: skip
        assert made.returncode == 0, made.stdout + made.stderr
        log = (self.folder / "log").open("wb")
        server = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
        self._server = subprocess.Popen(
            [server, "--no-defaults", data, *own, f"--socket={self.socket}",
             f"--pid-file={self.folder / 'pid'}", *SETTINGS],
            stdout=log, stderr=log,
        )  # fmt: skip
        while not self._answers():
            assert self._server.poll() is None, (self.folder / "log").read_text("utf-8")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            self.root().close()
        except pymysql.err.OperationalError:
            return False
        return True

    def root(self) -> "pymysql.Connection[pymysql.cursors.Cursor]":
        return pymysql.connect(unix_socket=self.socket, user="root", autocommit=True)

    def run(self, *statements: str) -> None:
        with self.root() as one, one.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._remove()

    def _remove(self) -> None:
        if self._server is not None:
            self._server.kill()
            self._server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
