"""Published information of the synthetic counties, and one request answered long ago."""

from datetime import timedelta

from lingnan.kernel.exchange.api import give
from lingnan.kernel.runtime.api import World, action
from lingnan.systems.government.disclosure.models import AnsweredRequest, Entry

PUBLISHED = [
    ("body", "机关职能、机构设置和办公时间（演示）", 40, 20),
    ("licensing", "政务服务事项办理依据、条件和程序（演示）", 60, 50),
    ("budget", "2026年度部门预算（演示）", 30, 10),
]


def build(world: World) -> None:
    columns: dict[str, list[object]] = {
        name: []
        for name in (
            *("index_number", "name", "section", "outline", "text", "made_on", "state"),
            *("published_on", "body", "body_zh", "body_en", "division"),
        )
    }
    for county in world.counties:
        body = world.body("data", county)
        for place, (section, name, made, published) in enumerate(PUBLISHED, start=1):
            row = {
                "index_number": f"{county}-{section}-{world.start.year}-{place:05d}",
                "name": name,
                "section": section,
                "outline": "演示用条目，内容为虚构。",
                "text": "本条目为演示数据，所述内容均为虚构。",
                "made_on": world.start - timedelta(days=made),
                "state": "published",
                "published_on": world.start - timedelta(days=published),
                "body": body.code,
                "body_zh": body.name_zh,
                "body_en": body.name_en,
                "division": county,
            }
            for field, value in row.items():
                columns[field].append(value)
    people = [person for login, person in world.featured.items() if login.startswith("resident-")]
    known_as = give("person", "disclosure", [person.key for person in people])
    with action(by="demonstration", reason="synthetic province") as act:
        act.load_columns(Entry, columns)
        for place, person in enumerate(people, start=1):
            act.create(
                AnsweredRequest,
                number=f"D{world.start.year - 1}-{place:05d}",
                person=known_as[person.key],
                applicant=person.name,
                wanted="2025年度部门决算（演示）",
                form_wanted="electronic",
                answered_on=world.start - timedelta(days=90),
                division=person.division,
            )
