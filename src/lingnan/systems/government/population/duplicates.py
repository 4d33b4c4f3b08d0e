"""How residents are compared, to find those who stand on the register twice."""

from pathlib import Path

from lingnan.kernel.registry.api import Compared, Linkage

BIRTH, ADDRESS = Compared("birth_date", "date"), Compared("address", "address")
RESIDENT = Linkage(
    compared=(
        Compared("name", "name", twins=(BIRTH, ADDRESS)),
        Compared("resident_number", "number"),
        BIRTH,
        Compared("sex", "code"),
        ADDRESS,
    ),
    blocks=(
        ("resident_number_n",),
        ("name_s", "birth_date_u"),
        ("name_f", "birth_date", "sex"),
        ("address_n", "sex"),
        ("name_n", "address_n"),
    ),
    parameters=Path(__file__).parent / "linkage" / "resident-2026-11-29.json",
    number="resident_number",
    birth="birth_date",
    sex="sex",
)
