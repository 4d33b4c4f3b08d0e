"""The door of sealed OFD documents: making one, checking one."""

from .checking import OfdReport, is_ofd, verify_ofd
from .making import CONTENT_TYPE, seal_ofd

__all__ = ["CONTENT_TYPE", "OfdReport", "is_ofd", "seal_ofd", "verify_ofd"]
