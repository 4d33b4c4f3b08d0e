"""Whether this runs from the source or was installed, and where data goes when nothing is said."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def is_source(root: Path = ROOT) -> bool:
    """In the source the package stands in `src/` beside its project file."""
    return (root / "pyproject.toml").exists() and (root / "src" / "lingnan").is_dir()


def default_data(root: Path = ROOT) -> Path:
    """`var/` in the source; else `~/.local/share/lingnan` (XDG_DATA_HOME)."""
    if is_source(root):
        return root / "var"
    said = os.environ.get("XDG_DATA_HOME", "")
    home = Path(said) if Path(said).is_absolute() else Path.home() / ".local" / "share"
    return home / "lingnan"
