"""The door of the bundles: making one, checking one."""

from .checking import BundleReport, verify_bundle
from .making import Log, Proven, bundle

__all__ = ["BundleReport", "Log", "Proven", "bundle", "verify_bundle"]
