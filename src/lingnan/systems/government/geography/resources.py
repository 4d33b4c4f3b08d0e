"""What the register of addresses shares."""

from lingnan.kernel.exchange.api import Resource, from_records
from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.geography import finding
from lingnan.systems.government.geography.models import Address

ELEMENTS = {
    "place.code": Title("标准地址编码", "Code of a standard address"),
    "place.standard_address": Title("标准地址", "Standard address"),
    "place.division": Title("标准地址所在县（市、区）", "County of a standard address"),
    "place.township": Title("标准地址所在乡镇（街道）", "Township of a standard address"),
    "place.longitude": Title("标准地址经度", "Longitude of a standard address"),
    "place.latitude": Title("标准地址纬度", "Latitude of a standard address"),
}

RESOURCES = [
    Resource(
        code="geography.address",
        title=Title("标准地址信息", "Standard address"),
        subject="place",
        keyed=True,
        elements=ELEMENTS,
        sharing="unconditional",
        condition=Title("向各机关无条件共享", "Shared with every body without condition"),
        basis="《地名管理条例》（2022-03-30）第十七条",
        answer=from_records(Address, "key"),
        category="103001",
        opened="open",
        find=finding.find,
        suggest=finding.suggest,
    )
]
