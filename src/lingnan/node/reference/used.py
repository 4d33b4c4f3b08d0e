"""What the installed systems declare, as rows of tables; keys of their files nobody reads."""

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils import translation

from lingnan.kernel.exchange.api import declared
from lingnan.kernel.insight.api import indicators
from lingnan.kernel.registry.api import elements, record_types
from lingnan.kernel.runtime.apps import System
from lingnan.kernel.trust.api import Access
from lingnan.node import world
from lingnan.node.reference.keys import FILES, unknown

Rows = list[list[str]]
# Who receives what is filed.
CLERK = "clerk"
PATTERNS = (
    "system.toml",
    "matters/*/matter.toml",
    "matters/*/form.json",
    "life_events/*/event.toml",
)


def files() -> Iterator[tuple[str, Path]]:
    """(name that a reader knows it by, path) of the declaring files of the installed systems."""
    for config in apps.get_app_configs():
        if isinstance(config, System):
            for pattern in PATTERNS:
                for path in sorted(Path(config.path).glob(pattern)):
                    yield f"{config.label}/{path.relative_to(config.path)}", path


def read(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else tomllib.loads(text)


def unknown_keys() -> list[str]:
    """Keys that stand in a file and mean nothing: a slip of the pen, or a table not kept."""
    return [
        f"{name}: unknown key {key}"
        for name, path in files()
        for key in unknown(read(path), FILES[path.name])
    ]


def who(access: Access) -> str:
    """An access rule in words."""
    roles = ", ".join(sorted(access.roles)) or "any role"
    functions = ", ".join(sorted(access.functions)) or "any function"
    return f"{roles} ({functions})" if access.kind == "official" else access.kind


def record_rows() -> Rows:
    rows = []
    for model in record_types():
        declared = model.record
        kept = ", ".join(f"`{code}`" for code in declared.elements)
        name = f"`{model._meta.app_label}.{model._meta.model_name}`"
        title = f"{declared.title.zh}<br>{declared.title.en}"
        rows.append([name, title, declared.holder, who(declared.readers), kept, declared.basis])
    return sorted(rows)


def element_rows() -> Rows:
    """Every element that is registered or can be asked for."""
    offered: dict[str, list[str]] = defaultdict(list)
    titles: dict[str, str] = {}
    for resource in declared().values():
        for code, title in resource.elements.items():
            offered[code].append(f"`{resource.code}`")
            titles.setdefault(code, f"{title.zh}<br>{title.en}")
    homes = elements()
    rows = []
    for code in sorted({*homes, *offered}):
        home = f"`{homes[code][0]._meta.label_lower}`" if code in homes else "computed"
        words = titles.get(code) or _label(*homes[code])
        rows.append([f"`{code}`", words, home, ", ".join(sorted(offered[code])) or "not shared"])
    return rows


def _label(model: Any, field: str) -> str:
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(str(model._meta.get_field(field).verbose_name))
    return "<br>".join(said)


def resource_rows() -> Rows:
    return [
        [
            f"`{one.code}`",
            f"{one.title.zh}<br>{one.title.en}",
            one.subject,
            ", ".join(f"`{code}`" for code in one.elements),
            one.sharing,
            one.basis,
        ]
        for _code, one in sorted(declared().items())
    ]


def indicator_rows() -> Rows:
    return [
        [f"`{one.code}`", f"{one.title.zh}<br>{one.title.en}", one.unit, one.definition.en]
        for _code, one in sorted(indicators().items())
    ]


def post_rows() -> Rows:
    """One row for each function: tiers, roles with the tiers that have them, takes cases or not."""
    tiers = {row["function"]: row["tiers"] for row in world.table("bodies.toml")["functions"]}
    roles: dict[str, list[str]] = defaultdict(list)
    for post in world.table("posts.toml")["posts"]:
        some = "" if post["tiers"] == tiers[post["function"]] else f" ({', '.join(post['tiers'])})"
        many = f" ×{post['holders']}" if post.get("holders", 1) > 1 else ""
        roles[post["function"]].append(f"`{post['role']}`{many}{some}")
    receive = {
        post["function"] for post in world.table("posts.toml")["posts"] if post["role"] == CLERK
    }
    return [
        [f"`{name}`", ", ".join(levels), ", ".join(roles[name]), "yes" if name in receive else "no"]
        for name, levels in tiers.items()
    ]


def role_rows() -> Rows:
    titles = {
        post["role"]: f"{post['title_zh']} · {post['title_en']}"
        for post in world.table("posts.toml")["posts"]
    }
    return [[f"`{role}`", title] for role, title in titles.items()]


def matter_rows() -> Rows:
    rows = []
    for name, path in files():
        if path.name in ("matter.toml", "event.toml"):
            said = read(path)
            whose = said.get("function") or f"led by {said['lead']}"
            title = f"{said['title']['zh']}<br>{said['title']['en']}"
            rows.append([f"`{said['code']}`", title, name.partition("/")[0], whose])
    return rows
