"""Message catalogues: each `locale/*/LC_MESSAGES/*.po` is compiled when newer than its `.mo`."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent

# Only these folders are looked at, so that a start with nothing to do costs a millisecond.
APPLICATIONS = ("kernel/*", "systems/*/*", "portal", "node")


def stale(source: Path = SOURCE) -> Iterator[Path]:
    """Catalogues whose compiled form is missing or older."""
    for application in APPLICATIONS:
        for path in source.glob(f"{application}/locale/*/LC_MESSAGES/*.po"):
            compiled = path.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime_ns < path.stat().st_mtime_ns:
                yield path


def compile_stale(source: Path = SOURCE) -> list[Path]:
    """Compile what is stale and return it; a broken catalogue is reported, not fatal."""
    done = []
    for path in stale(source):
        try:
            compile_one(path)
        except (OSError, ValueError) as error:
            print(f"lingnan: {path.relative_to(source)} not compiled: {error}", file=sys.stderr)
        else:
            done.append(path)
    return done


def compile_one(path: Path) -> None:
    """Write the `.mo` beside the `.po`; readers see the old one or the new one, never half."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    with path.open("rb") as source:
        try:
            catalogue = read_po(source, locale=path.parts[-3], abort_invalid=True)
        except PoFileError as error:
            raise ValueError(str(error)) from error
    draft = path.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as target:
        write_mo(target, catalogue)
    draft.replace(path.with_suffix(".mo"))


if __name__ == "__main__":
    for compiled_path in compile_stale():
        print(compiled_path.relative_to(SOURCE))
