"""Play the services over HTTP as each of their actors, and check the promises of the house.

Without --url a fresh province is brought up in a folder of its own and ended afterwards.
With --url a running demonstration is played against; its clock is moved with the operator's
key of --data. Steps that need the key are skipped without it.

Exit status: 0 every promise was kept; 1 one was broken, or a step failed; 3 something could
not be looked at (no operator's key).
"""

import argparse
import json
import signal
import sys
from pathlib import Path

from lingnan.node.clock import operator_key
from lingnan.node.up import data_folder
from lingnan.node.walk import business, looking, measure, others, permit, promises, restaurant
from lingnan.node.walk.measure import Memory
from lingnan.node.walk.province import NotReady, Province, healthy
from lingnan.node.walk.stage import SceneEnds, Stage
from lingnan.node.walk.trail import Trail

SCENES = (
    ("个体工商户登记 · a business is registered", business.play),
    ("消防安全检查 · a fire permit by inspection", permit.play),
    ("开办餐饮店一件事 · a restaurant opens", restaurant.play),
    ("告知承诺 · a fire permit by commitment", others.commitment),
    ("无人办理 · nobody acts", others.silence),
    ("谁看过 · who looked", looking.play),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", help="a running demonstration, for example http://127.0.0.1:8011")
    parser.add_argument("--data", type=Path, help="its data folder, for the operator's key")
    parser.add_argument("--json", action="store_true", help="print steps and promises as JSON")


def run(args: argparse.Namespace) -> int:
    """Play; print the trail or JSON; the exit status says how it went."""
    trail = Trail(None if args.json else sys.stdout)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C, leaves nothing
    try:
        if args.url:
            _visit(args.url, args.data, trail)
        else:
            _fresh(trail)
    except NotReady as fault:
        print(f"lingnan: the province did not come up\n{fault}", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(trail.plain(), ensure_ascii=False, indent=1))
    return trail.status()


def _fresh(trail: Trail) -> None:
    trail.say("新建一个演示省 · bringing up a fresh province …")
    with Province() as province:
        trail.say(f"{province.url} · {province.seconds:.1f} s")
        stage = Stage(province.url, operator_key(province.data), trail)
        play(stage)
        used = measure.memory(province.process.pid)
        finish(stage, province.seconds, used)


def _visit(url: str, data: Path | None, trail: Trail) -> None:
    if not healthy(url.rstrip("/")):
        raise NotReady(f"nobody answers at {url}/healthz")
    folder = data_folder(data)
    stage = Stage(url, operator_key(folder), trail)
    play(stage)
    keeper = measure.serving(folder) if stage.key else 0
    finish(stage, None, measure.memory(keeper) if keeper else None)


def play(stage: Stage) -> None:
    """Every scene in order; one that breaks off does not keep the others from being played."""
    stage.trail.head()
    for title, scene in SCENES:
        stage.trail.say("")
        stage.trail.say(f"━━ {title}")
        try:
            scene(stage)
        except SceneEnds:
            continue


def finish(stage: Stage, ready: float | None, used: Memory | None) -> None:
    """Judge the promises and print the summary."""
    trail = stage.trail
    trail.promises += promises.judge(stage.seen, ready, used)
    trail.close(summary(stage))


def summary(stage: Stage) -> list[str]:
    """The last lines: promises, fields typed, what failed or was skipped."""
    trail = stage.trail
    kept = sum(promise.kept is True for promise in trail.promises)
    lines = [f"承诺 promises kept: {kept}/{len(trail.promises)}"]
    if stage.seen.event is not None:
        typed, total = stage.seen.event
        lines.append(f"开办餐饮店 typed {typed} of {total} fields")
    for matter, asked in stage.seen.asked.items():
        name = {"individual_business": "业务登记", "fire_safety_permit": "消防检查"}.get(
            matter, matter
        )
        lines.append(f"{name} typed {len(asked.typed)} of {asked.total} fields")
    lines += [f"步骤失败 step {s.number} failed: {s.did} — {s.note}" for s in trail.failed]
    lines += [f"违背 broken: {p.title} — {p.because}" for p in trail.broken]
    if trail.skipped:
        lines.append(
            f"跳过 skipped: {len(trail.skipped)} · 需要 needs --data with the operator's key"
        )
    return lines
