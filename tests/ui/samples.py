"""One of everything, filled with any text given: for tests that hold of every component."""

from datetime import date
from typing import Any

from lingnan.kernel.ui import api as ui


def fields(text: str) -> dict[str, ui.FieldView]:
    options = [ui.Option("a", text, text), ui.Option("b", text)]
    source = ui.Source(text, text, "dispute")
    plain: dict[str, ui.FieldKind] = {
        k: k  # type: ignore[misc]
        for k in ("text", "textarea", "number", "date", "select", "radio", "file", "readonly")
    }
    made = {
        name: ui.FieldView(
            name, text, text, text, kind, options, False, text, unit=text, accept=["pdf"]
        )
        for name, kind in plain.items()
    }
    made["tick"] = ui.FieldView("tick", text, text, "1", "checkbox", error=text)
    made["ticks"] = ui.FieldView("ticks", text, text, ("a",), "checkbox", options, error=text)
    made["place"] = ui.FieldView(
        "place", text, text, text, "place", options, error=text, suggest_url=text
    )
    made["filled"] = ui.FieldView("filled", text, text, text, source=source)
    made["filled_long"] = ui.FieldView("filled_long", text, text, text * 9, source=source)
    made["filled_choice"] = ui.FieldView(
        "filled_choice", text, "", "a", "select", options, source=source
    )
    return made


def components(text: str) -> dict[str, Any]:
    link, chip = ui.Link(text, text, text), ui.Chip("warn", text, text)
    act = ui.Act(text, text, {text: text}, text)
    bar = ui.Bar(9.6, 10, "late", text)
    cell = ui.Cell((text, link, chip, act, bar), text)
    columns = [ui.Column("a", text), ui.Column("b", text, numeric=True), ui.Column("c", "")]
    rows = [{"a": cell, "b": text, "c": link}]
    return {
        "chip": chip,
        "link": link,
        "act": act,
        "bar": bar,
        "cell": cell,
        "table": ui.Table(columns, rows, text, text, text, text),
        "bare": ui.Table(columns, [], text, text),
        "panel": ui.Panel(text, [ui.Item(text, cell, text)], text, link),
        "notice": ui.Notice("info", text, text, link),
        "empty": ui.Empty(text, text, link),
        "trail": ui.Trail([link], text),
        "course": ui.Course(
            text,
            [ui.CoursePeriod(text, now=True), ui.CoursePeriod(text, ahead=True)],
            [ui.CourseLane(text, [ui.CourseSpan(text, 2, changed=True)])],
        ),
        "tracks": ui.Tracks(
            [ui.Track(text, text, chip, [ui.Stage(text, "now", text)], text, text)]
        ),
        "barchart": ui.BarChart(text, [ui.ChartRow(text, 3, text, "late")], text, text, text),
        "region_map": ui.RegionMap(
            text,
            [
                ui.Region(text, text, "M0,0l9,0 0,9z", 3, text, "", text, text, 3, 3, 900),
                ui.Region("b", text, text, None, text, "late"),
                ui.Region("c", text, "M9,9l9,0 0,9z", None, here=True),
            ],
            text,
            text,
            text,
            text,
            text,
            [ui.Spot(1, 2, text, text), ui.Spot(3, 4, text)],
            states=[("late", text)],
        ),
        "linechart": ui.LineChart(
            text, [ui.Point(date(2026, 3, d), d, text) for d in (2, 3)], text, (5.0, text)
        ),
        "reach": ui.Reach(text, 40.0, 20.0, 90.0, text, text),
        "spark": ui.Spark(text, [0, 3, 1], [False, True, False]),
        "flowchart": ui.FlowChart(
            text,
            text,
            text,
            [ui.FlowEnd(text, text, text), ui.FlowEnd(text)],
            [ui.FlowEnd(text, text, text)],
            [ui.FlowLine(0, 0, 5, text, "late"), ui.FlowLine(1, 0, 1)],
            text,
        ),
        "kpis_of_a_page": ui.Kpis([ui.Kpi(text, text, text, "late", text)]),
        "timeline_of_a_page": ui.Timeline([ui.Step(text, text, text, "now")]),
        "errors": ui.ErrorSummary([(text, text)]),
        "form": ui.Form(
            [ui.FieldView("asked", text)], text, text, text, text, {text: text}, text, True
        ),
        "find": ui.Find(ui.FieldView("sought", text), text),
        "part": ui.Part(ui.Table(columns, rows, text), text, text, [act]),
        **fields(text),
    }


def lists(text: str) -> dict[str, list[Any]]:
    return {
        "timeline": [ui.Step(text, text, text, s) for s in ("done", "now", "next", "stopped")],
        "kpis": [ui.Kpi(text, text, text, "late", text)],
        "tiles": [ui.Tile(text, text, text)],
    }
