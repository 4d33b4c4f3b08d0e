"""The small province for tests that commit."""

from lingnan.kernel.runtime.testing import CommittedTestCase
from lingnan.kernel.trust.api import Body


class ProvinceTestCase(CommittedTestCase):
    """Finds the suite's province, or makes it anew where a test before emptied the tables."""

    def lay_out(self) -> None:
        from lingnan.node.province import prepare

        if not Body.objects.exists():
            prepare(lambda line: None, residents=600)
