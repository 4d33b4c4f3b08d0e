"""What data of another province, Hong Kong or Macao are asked for."""

from collections.abc import Mapping

from lingnan.kernel.exchange.api import purpose
from lingnan.kernel.runtime.api import Title

PURPOSES: Mapping[str, Title] = {
    "cross_region_credit": Title("跨区域核验企业状态和信用", "Firms verified across regions"),
    "cross_region_service": Title(
        "异地办理政务服务时核验本人情况", "A person verified for a service in another region"
    ),
    "cross_region_residence": Title("跨区域核验居住情况", "Residence verified across regions"),
}
for _code, _title in PURPOSES.items():
    purpose(_code, _title)
