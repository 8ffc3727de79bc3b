"""Kill real processes at every armed point, start them again, and look whether anything was lost or repeated.

    python -m tests.kill.farm --seeds 20 --points c03 c08
    python -m tests.kill.farm --seeds 30 --provider dashscope

Each run forks its processes from this one (so that a start costs milliseconds). Every point has a lane: a process
with its own database, files and account, in which its runs follow one another; a few lanes run at once. The first
process gets SIGKILL at the point; every second seed the next one gets it again at a random moment; the last one is
left alone until the story is over (see tests.kill.stories). `--how stop` stops the first one at the point past its
lease instead, and `--how full` takes its disk away for a second (see tests.kill.troubles). `--how each` kills it
before every change to the disk instead of at the point, before the first in the first run and so on until a run ends
untouched, or with `--step 7` before every seventh. With a provider its simulator runs for all lanes, in a process of
its own. One JSON line for each run tells what was found.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.kill.scene import Scene
    from tests.kill.stories import Story
    from tests.simulators.process import SimulatorProcess

DEADLINE_SECONDS = 60.0
REALLY_DRAWN = 10  # every tenth free draft


def main() -> int:
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="studio-kill-"))
    try:
        start_django(folder, tables=options.tables)
        points = options.points or sorted(_stories(options.provider))
        with _seller(options.provider, folder, points) as seller:
            return _run_all(folder, points, options, seller)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_all(
    folder: Path, points: list[str], options: argparse.Namespace, seller: SimulatorProcess | None
) -> int:
    from tests import warm_children
    from tests.kill import haste
    from tests.kill.scene import set_up

    scene = set_up(folder / "template", options.provider, seller)
    haste.make()
    helper = warm_children.fork_server(folder)
    started, failed, runs = time.monotonic(), 0, 0
    for point, lines in _lanes(folder, points, options, scene):
        print(lines, end="", flush=True)
        found = [json.loads(line) for line in lines.splitlines()]
        failed += sum(bool(run["wrong"]) for run in found)
        runs += len(found)
        if not _is_whole(found, options):
            failed += 1
            print(json.dumps({"point": point, "wrong": ["the lane died"]}), flush=True)
    os.kill(helper, signal.SIGKILL)
    seconds = round(time.monotonic() - started, 1)
    print(json.dumps({"runs": runs, "failed": failed, "seconds": seconds}), flush=True)
    return 1 if failed else 0


def _is_whole(found: list[dict[str, Any]], options: argparse.Namespace) -> bool:
    if options.how == "each":
        return bool(found) and found[-1]["before"] == ""
    return len(found) == options.seeds - options.first_seed


def _lanes(folder: Path, points: list[str], options: argparse.Namespace, scene: Scene) -> Any:
    """(point, its lines) of each lane as it ends."""
    from tests.kill.processes import fork

    waiting, running = list(points), {}
    while waiting or running:
        while waiting and len(running) < options.at_once:
            point = waiting.pop(0)
            running[fork(_lane(folder, point, options, scene))] = point
        pid, _ = os.wait()
        if pid in running:
            point = running.pop(pid)
            told = folder / f"{point}.jsonl"
            yield point, told.read_text(encoding="utf-8") if told.exists() else ""
            shutil.rmtree(folder / point, ignore_errors=True)


def _lane(folder: Path, point: str, options: argparse.Namespace, scene: Scene) -> Callable[[], None]:
    def run() -> None:
        from tests.kill.scene import move_in

        move_in(scene, folder / point, key_of(options.provider, point))
        with (folder / f"{point}.jsonl").open("a", encoding="utf-8") as told:
            for seed in _seeds(options):
                found = _one_run(point, seed, scene, options.how)
                told.write(json.dumps(found) + "\n")
                told.flush()
                if found.get("before") == "":
                    return

    return run


def _seeds(options: argparse.Namespace) -> Iterable[int]:
    """With `each` a run's seed is the number of the change it dies before."""
    if options.how == "each":
        return count(options.first_seed or 1, options.step)
    return range(options.first_seed, options.seeds)


def _one_run(point: str, seed: int, scene: Scene, how: str) -> dict[str, Any]:
    from tests.kill import haste, troubles

    chance = random.Random(f"{scene.provider}-{point}-{seed}")
    started = time.monotonic()
    story = _stories(scene.provider)[point](point, chance, scene)
    if seed % REALLY_DRAWN and not story.is_really_drawn:
        haste.draw_by_copying(scene.folder / "film.mp4")
    else:
        haste.draw_really()
    told: dict[str, Any] = {"provider": scene.provider, "point": point, "seed": seed}
    if how == "each":
        told["before"], wrong = troubles.before_change(story, seed, DEADLINE_SECONDS)
    else:
        wrong = troubles.ALL[how](story, DEADLINE_SECONDS)
    wrong += _what_is_wrong(story)
    return told | {"seconds": round(time.monotonic() - started, 2), "wrong": wrong}


def _what_is_wrong(story: Story) -> list[str]:
    from studio import invariants

    late = [] if story.is_over() else [f"not over after {DEADLINE_SECONDS:.0f} s"]
    return [*late, *story.wrong(), *invariants.broken()]


def _stories(provider: str) -> dict[str, type[Story]]:
    from tests.kill.paid_stories import PAID_POINTS
    from tests.kill.stories import POINTS

    return POINTS if provider == "local" else PAID_POINTS


def key_of(provider: str, point: str) -> str:
    """The key of one lane, which is its scope in the provider's ledger."""
    return f"{'afk' if provider == 'apiframe' else 'sk'}-kill-{provider}-{point}-0001"


def _seller(
    provider: str, folder: Path, points: list[str]
) -> AbstractContextManager[SimulatorProcess | None]:
    if provider == "local":
        return nullcontext()
    from tests.simulators.process import SimulatorProcess

    return SimulatorProcess(
        provider,  # type: ignore[arg-type]
        folder / "seller",
        keys=tuple(key_of(provider, point) for point in points),
        queue_seconds=0.1,
        run_seconds=0.15,
        film_scale=0.1,
        fetching="once",
        credits=10_000_000,
    )


def start_django(folder: Path, *, tables: Path | None = None) -> None:
    """Set up Django with its data in `folder`/template. `tables` is an empty database to copy; made if missing."""
    template = folder / "template"
    (template / "static").mkdir(parents=True)
    os.environ["STUDIO_DATA_DIR"] = str(template)
    os.environ["DJANGO_SETTINGS_MODULE"] = "r2v_site.settings"
    os.environ["STUDIO_LOG_LEVEL"] = "CRITICAL"
    os.environ["STUDIO_ALLOW_PRIVATE_ADDRESSES"] = "1"
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.ALLOWED_HOSTS.append("testserver")
    settings.LOGGING["root"]["level"] = "CRITICAL"
    import django

    django.setup()
    from tests.simulators import films

    _make_tables(template / "studio.sqlite3", tables)
    films.render(template / "film.mp4", (320, 180), 2)


def _make_tables(database: Path, tables: Path | None) -> None:
    """An empty database with all its tables. Two farms that find none both make one; either is good."""
    from django.core.management import call_command
    from django.db import connections

    if tables and tables.exists():
        shutil.copyfile(tables, database)
        return
    call_command("migrate", verbosity=0)
    connections.close_all()  # what is in its log goes into the file
    if tables:
        draft = tables.with_name(f"{tables.name}-{os.getpid()}")
        shutil.copyfile(database, draft)
        draft.rename(tables)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--points", nargs="+", default=[])
    parser.add_argument(
        "--provider", choices=["local", "modelstream", "apiframe", "dashscope"], default="local"
    )
    parser.add_argument("--how", choices=["kill", "stop", "full", "each"], default="kill")
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--tables", type=Path, help="an empty database with its tables; made if missing")
    parser.add_argument("--at-once", type=int, default=3, help="how many lanes run at the same time")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
