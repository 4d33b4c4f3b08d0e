"""A broken matter is refused before it is published, with words for its author."""

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lingnan.kernel.content.certificates import api as drawing
from lingnan.kernel.matters.api import BrokenMatter, find, import_folder
from lingnan.kernel.matters.definition import folders, read_folder
from lingnan.kernel.matters.publication import check

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
Change = Callable[[dict[str, Any]], None]
WHOLE = {folder.name: read_folder(folder, system) for system, folder in folders()}


def process(old: str, new: str) -> Change:
    def change(content: dict[str, Any]) -> None:
        assert old in content["process"], old
        content["process"] = content["process"].replace(old, new, 1)

    return change


def matter(name: str, value: Any) -> Change:
    return lambda content: content["matter"].update({name: value})


def lacking(name: str) -> Change:
    return lambda content: content["matter"].pop(name)


def limit(name: str, **values: Any) -> Change:
    return lambda content: content["matter"]["limits"][name].update(values)


def field(name: str, /, drop: str = "", **values: Any) -> Change:
    def change(content: dict[str, Any]) -> None:
        rows = [row for part in content["form"]["sections"] for row in part["fields"]]
        row = next(row for row in rows if row["name"] == name)
        row.update(values)
        row.pop(drop, None)

    return change


def task(name: str, **values: Any) -> Change:
    return lambda content: content["matter"]["tasks"][name].update(values)


def read(number: int, **values: Any) -> Change:
    return lambda content: content["matter"]["reads"][number].update(values)


def certificate(text: str) -> Change:
    return lambda content: content.update({"certificate": text})


def extension(**values: Any) -> Change:
    return lambda content: content["matter"]["limits"].update({"extension": values})


LAW = {"law": "消防法", "version": "2021-04-29", "article": "十五"}
END = '<endEvent id="checked" name="核查完毕"/>'
BROKEN: dict[str, tuple[Change, str]] = {
    "a dead end": (process('<sequenceFlow id="f6" sourceRef="check_afterwards" '
                           'targetRef="checked"/>', ""), "check_afterwards|checked"),
    "a node that nothing leads to": (process(END, END + '<userTask id="lost"/>'
        '<sequenceFlow id="l" sourceRef="lost" targetRef="checked"/>'), "lost"),
    "a way round for ever": (process('sourceRef="check_papers" targetRef="joined"',
                                     'sourceRef="check_papers" targetRef="check_papers"'),
                             "check_papers"),
    "a flow that hangs in the air": (process('targetRef="joined"', 'targetRef="nowhere"'),
                                     "nowhere"),
    "a script task": (process("<userTask id=\"inspect\"", "<scriptTask id=\"inspect\""),
                      "scriptTask"),
    "a service task": (process("<userTask id=\"inspect\"", "<serviceTask id=\"inspect\""),
                       "serviceTask"),
    "a document type": (process("<definitions", "<!DOCTYPE x><definitions"), "document type"),
    "an entity": (process("<definitions", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                          "<definitions"), "document type"),
    "a condition with a call": (process("route == 'commitment'<", "__import__('os')<"),
                                "condition"),
    "a condition with an attribute": (process("route == 'commitment'<", "route.__class__<"),
                                      "condition"),
    "a condition on what nobody asks": (process("route == 'commitment'<", "colour == 'red'<"),
                                        "colour"),
    "a gateway without a condition": (process(
        '<conditionExpression xsi:type="tFormalExpression">route == \'commitment\''
        "</conditionExpression>", ""), "which_way"),
    "two starts": (process(END, END + '<startEvent id="second"/><sequenceFlow id="s" '
                           'sourceRef="second" targetRef="decide"/>'), "one start"),
    "no XML": (process("</definitions>", ""), "XML"),
    "a task that matter.toml does not declare": (process('<userTask id="inspect"',
                                                         '<userTask id="look"'), "look|inspect"),
    "a task for nobody": (task("inspect", role="king"), "king"),
    "a task without outcomes": (task("inspect", outcomes={}), "inspect"),
    "no task that decides": (task("decide", decides=False, outcomes={
        "x": {"zh": "一", "en": "x"}}), "decision"),
    "a promise longer than the law": (limit("decision", promised=11), "promise"),
    "a limit in no unit": (limit("decision", unit="fortnight"), "unit"),
    "a limit without a basis": (limit("formal_check", basis=""), "basis"),
    "no limits": (lacking("limits"), "limits"),
    "no code": (lacking("code"), "code"),
    "no basis": (lacking("basis"), "basis"),
    "a basis without a version": (matter("basis", [{"law": "消防法", "article": "十五"}]), "basis"),
    "a title in one language": (field("area", title={"zh": "建筑面积"}), "title|zh and en"),
    "a field of unknown type": (field("area", type="colour"), "colour"),
    "a choice without options": (field("route", options=[]), "options"),
    "a field without a reason": (field("area", drop="because"), "area"),
    "a field that asks for what is held": (
        field("phone", element="person.birth_date"), "population.identity"),
    "a field that asks for it by its title": (field("phone", title={
        "zh": "出生日期", "en": "Birthday"}), "phone"),
    "a bound field whose holder does not offer it": (
        field("operator_name", element="person.colour"), "person.colour"),
    "a bound field that is not read": (matter("reads", []), "population.identity"),
    "a name twice": (field("floors", name="area"), "twice"),
    "a read without a basis": (read(0, basis=""), "basis"),
    "a read without elements": (read(0, elements=[]), "elements"),
    "a material whose condition calls": (matter("materials", [
        {"code": "x", "title": {"zh": "一", "en": "x"}, "basis": "b", "when": "open('x')"}]),
        "open"),
    "a material that depends on what nobody asks": (matter("materials", [
        {"code": "x", "title": {"zh": "一", "en": "x"}, "basis": "b", "when": "colour == 'red'"}]),
        "colour"),
    "a basis without a title": (matter("basis", [LAW]), "title"),
    "a ground of refusal without a title": (matter("refusal_grounds", [LAW]), "title"),
    "a basis whose title is in one language": (
        matter("basis", [LAW | {"title": {"zh": "检查"}}]), "zh and en"),
    "a limit in words": (limit("decision", statutory="ten"), "decision: statutory"),
    "a limit that is true": (limit("decision", promised=True), "decision: promised"),
    "a limit below nothing": (limit("formal_check", promised=-1), "formal_check: promised"),
    "a limit of half a day": (limit("formal_check", statutory=2.5), "formal_check: statutory"),
    "a limit without a promise": (
        lambda content: content["matter"]["limits"]["decision"].pop("promised"), "promised"),
    "an extension below nothing": (extension(days=-3, basis="b"), "extension: days"),
    "an extension without days": (extension(basis="b"), "extension: days"),
    "an extension without a basis": (extension(days=3), "extension needs a basis"),
    "a certificate that does not compile": (certificate("#let x = "), "certificate.typ"),
    "a certificate that reads another file": (
        certificate('#read("/etc/passwd")'), "certificate.typ"),
    "a certificate that shows what nobody knows": (matter("certificate", {
        "title": {"zh": "证", "en": "C"}, "holder_from": "business_name",
        "fields": [{"title": {"zh": "色", "en": "Colour"}, "from": "colour"}]}), "colour"),
    "a certificate numbered by what nobody knows": (
        lambda content: content["matter"]["certificate"].update({"number_from": "colour"}),
        "colour"),
    "a field that asks for what is shared under an agreement": (
        field("phone", element="person.residence_division"), "population.identity"),
    "a field that asks for it by its English title": (field("phone", title={
        "zh": "生辰", "en": "date of Birth"}), "person.birth_date"),
    "a field that asks by the label of a register": (field("phone", title={
        "zh": "居住地所在县区", "en": "County of residence"}),
        r"(person\.residence_|residence\.)division"),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_the_matters_of_the_province_are_whole(name: str) -> None:
    assert check(WHOLE[name]).code == name


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_matter_is_refused_with_a_reason(fault: str) -> None:
    change, says = BROKEN[fault]
    content = copy.deepcopy(WHOLE["fire_safety_permit"])
    change(content)
    with pytest.raises(BrokenMatter, match=says):
        check(content)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = next(f for _, f in folders() if f.name == "fire_safety_permit")
    return Path(shutil.copytree(source, tmp_path / "fire_safety_permit"))


FILES = {
    "matter.toml": "code = ", "form.json": "{", "process.bpmn": "\x00", "certificate.typ": None,
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_published(
    folder: Path, name: str
) -> None:
    before = find("fire_safety_permit")
    if FILES[name] is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(str(FILES[name]))
    with pytest.raises(BrokenMatter):
        import_folder(folder, "online_services")
    assert find("fire_safety_permit") == before


@pytest.mark.parametrize("form", [{}, [], {"sections": []}, {"sections": [{}]},
                                  {"sections": [{"title": {"zh": "一", "en": "1"},
                                                 "fields": [{}]}]},
                                  {"sections": 5}])  # fmt: skip
def test_a_form_of_another_shape_is_refused(folder: Path, form: Any) -> None:
    (folder / "form.json").write_text(json.dumps(form))
    with pytest.raises(BrokenMatter):
        import_folder(folder, "online_services")


def test_without_a_font_the_template_is_not_tried_and_a_warning_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(template: str, data: Any) -> bytes:
        raise drawing.FontMissing("no font")

    monkeypatch.setattr(drawing, "render", missing)
    with caplog.at_level("WARNING"):
        assert check(WHOLE["fire_safety_permit"]).code == "fire_safety_permit"
    assert "no font" in caplog.text
