"""How residents are compared, to find those who stand on the register twice."""

from pathlib import Path

from lingnan.kernel.registry.api import Compared, Linkage

RESIDENT = Linkage(
    compared=(
        Compared("name", "name"),
        Compared("resident_number", "number"),
        Compared("birth_date", "date"),
        Compared("sex", "code"),
        Compared("address", "address"),
    ),
    blocks=(
        ("resident_number_n",),
        ("name_s", "birth_date_u"),
        ("name_f", "birth_date", "sex"),
        ("address_n", "sex"),
        ("name_n", "address_n"),
    ),
    parameters=Path(__file__).parent / "linkage" / "resident-2026-03-02.json",
    number="resident_number",
    birth="birth_date",
    sex="sex",
)
