"""The suite's own data folder, chosen before the settings are read."""

import os
import tempfile

from lingnan.node import catalogues

os.environ["LINGNAN_DATA"] = tempfile.mkdtemp(prefix="lingnan-suite-")
os.environ["LINGNAN_MODE"] = "demonstration"
os.environ.setdefault("LINGNAN_EXCHANGE_TOKEN", "suite-token")
catalogues.compile_stale()
