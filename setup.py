"""Compiles the message catalogues into the wheel; everything else stands in pyproject.toml."""

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

sys.path.insert(0, str(Path(__file__).parent / "src"))


class BuildWithCatalogues(build_py):
    """`.mo` files are made from what is packed, never taken from a developer's folder."""

    def run(self) -> None:
        super().run()
        from lingnan.node import catalogues

        packed = Path(self.build_lib) / "lingnan"
        for compiled in packed.rglob("*.mo"):
            compiled.unlink()
        wanted = list(catalogues.stale(packed))
        if not wanted or catalogues.compile_stale(packed) != wanted:
            raise SystemExit("a message catalogue could not be compiled")


setup(cmdclass={"build_py": BuildWithCatalogues})
