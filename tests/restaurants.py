"""Opening a restaurant over HTTP: the answers, the papers, and each body's part."""

from typing import Any

from tests.people import SECOND, Person, pdf

ANSWERS = {
    "phone": "13800000000",
    "premises": "广州市荔湾区龙津东路18号首层",
    "own_premises": "rented",
    "floors": "首层",
    "area": "62",
    "kitchen_area": "18",
    "seats": "24",
    "business_name": "荔湾区街口粥粉面店",
    "place_name": "街口粥粉面",
    "scope": "餐饮服务",
    "food_kind": "热食类食品制售",
    "network_sale": "yes",
    "safety_manager": "本人",
    "sign_text": "街口粥粉面",
    "sign_position": "lintel",
    "sign_width": "3",
    "sign_height": "1",
    "sign_lit": "steady",
    "accounting": "agent",
    "expected_monthly_sales": "30000",
    "invoice_need": "ordinary",
    "route": "inspection",
    "true_statement": "1",
}
PAPERS = ("premises_proof", "kitchen_layout", "safety_rules", "floor_plan", "sign_drawing")
MATTERS = (
    "individual_business",
    "food_licence",
    "fire_safety_permit",
    "shop_sign",
    "tax_confirmation",
)


def papers(*without: str) -> dict[str, Any]:
    kept = [code for code in (*PAPERS, "facade_photo") if code not in without]
    return {f"file-{code}": pdf() for code in kept}


def begin(person: Person, division: str = "440103") -> str:
    """Begin the event; returns the address of the draft."""
    person.post("/events/restaurant/begin/", division=division)
    assert person.url.startswith("/joint/draft/"), person.text
    return person.url


def file_event(person: Person, **changes: Any) -> str:
    """The whole event from the first page to the submission; returns its number."""
    draft = begin(person)
    said = ANSWERS | papers() | {"promises-asked": "1", "go": "1"} | changes
    person.post(draft, **{name: value for name, value in said.items() if value is not None})
    assert person.url.endswith("/check/"), person.text
    person.post(person.url, submit="1")
    assert person.url.startswith("/joint/") and "-J" in person.url, person.text
    return person.url.strip("/").split("/")[-1]


def cases_of(number: str) -> dict[str, str]:
    """Case numbers by matter."""
    from lingnan.kernel.matters.api import Case

    rows = Case.objects.filter(joint=number).order_by("key")
    return {case.matter: case.number for case in rows}


def accept_all(number: str, county: str = "440103") -> None:
    functions = {
        "individual_business": "market",
        "food_licence": "market",
        "fire_safety_permit": "fire",
        "shop_sign": "urban",
    }
    for matter, case in cases_of(number).items():
        if matter in functions:
            Person(f"{county}-{functions[matter]}-clerk").act(case, "accept")


def register(case: str, outcome: str = "granted", county: str = "440103") -> None:
    said = {"reasons": "材料齐全，符合法定形式。"}
    if outcome == "refused":
        said |= {
            "reasons": "名称不符合规定。",
            "articles": "《市场主体登记管理条例》（2021-07-27）第二十条",
        }
    reviewer = Person(f"{county}-market-reviewer")
    reviewer.act(case, "decide", outcome=outcome, **said)
    assert reviewer.status == 200, reviewer.text


def license_food(case: str, county: str = "440103") -> None:
    step(f"{county}-market-reviewer", case, outcome="meets", findings="资料齐全。")
    step(f"{county}-market-inspector", case, outcome="meets", findings="布局合理。", officer=SECOND)
    decide(f"{county}-market-head", case)


def permit_fire(case: str, county: str = "440103") -> None:
    step(f"{county}-fire-inspector", case, outcome="meets", findings="通道畅通。", officer=SECOND)
    decide(f"{county}-fire-head", case)


def consent_sign(case: str, outcome: str = "granted", county: str = "440103") -> None:
    found = "meets" if outcome == "granted" else "fails"
    step(f"{county}-urban-reviewer", case, outcome=found, findings="看过设计图。")
    decide(f"{county}-urban-head", case, outcome)


def confirm_tax(case: str, county: str = "440103") -> None:
    Person(f"{county}-tax-clerk").act(case, "accept")
    decide(f"{county}-tax-reviewer", case)


def step(login: str, case: str, **said: Any) -> None:
    person = Person(login)
    person.act(case, "step", **said)
    assert person.status == 200, person.text


def decide(login: str, case: str, outcome: str = "granted") -> None:
    from lingnan.kernel.matters.api import Case
    from lingnan.kernel.matters.definition import cite, matter_of

    grounds = matter_of(Case.objects.get(number=case).definition).grounds
    said = {"reasons": "符合规定。"}
    if outcome == "refused":
        said = {"reasons": "招牌遮挡消防设施。", "articles": cite(grounds[0])}
    person = Person(login)
    person.act(case, "decide", outcome=outcome, **said)
    assert person.status == 200, person.text


def case(number: str, matter: str) -> Any:
    from lingnan.kernel.matters.api import Case

    return Case.objects.get(number=cases_of(number)[matter])


def all_granted(owner: Person) -> str:
    from lingnan.kernel.matters.api import sweep

    number = file_event(owner)
    accept_all(number)
    register(cases_of(number)["individual_business"])
    sweep()
    numbers = cases_of(number)
    license_food(numbers["food_licence"])
    permit_fire(numbers["fire_safety_permit"])
    consent_sign(numbers["shop_sign"])
    confirm_tax(numbers["tax_confirmation"])
    sweep()
    return number


def owner_account(person: Person) -> int:
    from lingnan.kernel.trust.api import Account

    return int(Account.objects.get(login=person.login).key)
