"""What the machine must have: Python, libraries, fonts, openssl, and for tests a browser."""

import importlib.metadata
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from lingnan.node.doctor import Finding, Look, fault, ok, remark

LOCK = Path(__file__).resolve().parents[3] / "locks" / "base.txt"
OLDEST, NEWEST = (3, 11), (3, 13)
PIN = re.compile(r"^([\w.\-]+)(?:\[[^\]]*\])?==([^\s;\\]+)(?:\s*;\s*(.*?))?\s*\\?$", re.M)


def looks(tests: bool) -> list[Look]:
    return [python, libraries, fonts, openssl, *([browser, server] if tests else [])]


def python() -> Iterator[Finding]:
    said = ".".join(map(str, sys.version_info[:3]))
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        yield ok("Python", said)
    else:
        yield fault("Python", said, "使用 3.11 至 3.13 · use 3.11 to 3.13 (LINGNAN_PYTHON)")


def pins(lock: Path) -> dict[str, str]:
    """Library → version of a lock; those for another platform are left out."""
    found = PIN.findall(lock.read_text(encoding="utf-8"))
    return {name: version for name, version, marker in found if not marker}


def libraries(lock: Path = LOCK) -> Iterator[Finding]:
    name = "程序库 · libraries"
    if not lock.exists():
        yield remark(name, "没有锁定文件（安装包） · no lock file here (installed from a wheel)")
        return
    wrong = [
        f"{library} {_installed(library) or 'absent'} ({version})"
        for library, version in pins(lock).items()
        if _installed(library) != version
    ]
    if wrong:
        said = f"与锁定不同 · differ from the lock: {', '.join(wrong[:8])}"
        yield fault(
            name, said, "删除 .venv 后重新运行 ./lingnan · remove .venv, run ./lingnan again"
        )
    else:
        yield ok(name, f"{len(pins(lock))}")


def _installed(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return ""


def fonts() -> Iterator[Finding]:
    from lingnan.kernel.content.certificates.api import FontMissing, cjk_font_folder

    try:
        yield ok("字体 · fonts", str(cjk_font_folder()))
    except FontMissing as missing:
        remedy = "sudo apt-get install fonts-noto-cjk，或设 LINGNAN_FONTS · or set LINGNAN_FONTS"
        yield fault(
            "字体 · fonts", f"证照无法绘制 · no certificate can be drawn: {missing}", remedy
        )


def openssl() -> Iterator[Finding]:
    from cryptography.hazmat.backends.openssl import backend

    name = "OpenSSL"
    if shutil.which("openssl") is None:
        remedy = "sudo apt-get install openssl"
        yield fault(
            name, f"没有命令 · no command openssl; {backend.openssl_version_text()}", remedy
        )
    else:
        yield ok(name, backend.openssl_version_text())


def browser() -> Iterator[Finding]:
    name, kept = "浏览器 · browser", Path.home() / ".cache" / "ms-playwright"
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    found = found or next(map(str, kept.glob("chromium-*")), "")
    if found:
        yield ok(name, found)
    else:
        remedy = "sudo apt-get install chromium-headless-shell"
        yield fault(name, "测试需要 Chromium · the tests need Chromium", remedy)


def server() -> Iterator[Finding]:
    from lingnan.node.postgres import NoServer, find_binaries

    try:
        yield ok("PostgreSQL", str(find_binaries()))
    except NoServer as missing:
        yield fault("PostgreSQL", str(missing), "sudo apt-get install postgresql")
