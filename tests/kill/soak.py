"""Thousands of takes at the three providers together, with wrong answers of every kind and kills all the time.

    python -m tests.kill.soak --tasks 10000 --faults 0.3 --kill-every 5-40 --speed 20

Seconds of the options are seconds of a clock that runs `speed` times as fast: the studio's pauses and leases, the
simulators' queues and the pauses between kills. In the end the ledgers are held against the studio's rows. What is
printed is: lost, stuck, duplicated, paid twice, the difference of the ledgers, and what a person must decide, with
the reasons. Ends with 1 if any but the last is not nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.kill.farm import start_django

if TYPE_CHECKING:
    from tests.kill.scene import Scene
    from tests.simulators.process import SimulatorProcess

PROVIDERS = ("modelstream", "apiframe", "dashscope")
AT_ONCE_AT_MOST = 2000
TAKES = 4
DRAINING_SECONDS = 20.0  # real ones, after the last press, in which processes still die
PATIENCE_SECONDS = 120.0  # real ones in which something must change, and as long as four looks for a lost job


def main() -> int:
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="studio-soak-"))
    try:
        start_django(folder)
        with _sellers(folder, options) as sellers:
            return _soaked(folder, sellers, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _soaked(folder: Path, sellers: dict[str, SimulatorProcess], options: argparse.Namespace) -> int:
    from tests import warm_children
    from tests.kill import faults, haste
    from tests.kill.reckoning import reckon
    from tests.kill.scene import move_in, set_up

    scene = set_up(folder / "template", "local", None)
    haste.accelerate(options.speed)
    helper = warm_children.fork_server(folder)
    move_in(scene, folder / "studio", "")
    _connect(scene, sellers)
    for name, seller in sellers.items():
        seller.faults(*faults.of_all_kinds(name, options.faults, options.seed))
    started = time.monotonic()
    kills = _Murderer(scene, options).run()
    seconds = time.monotonic() - started
    found = reckon({name: seller.ledger for name, seller in sellers.items()})
    os.kill(helper, signal.SIGKILL)
    print(json.dumps(found.to_dict() | {"kills": kills, "seconds": round(seconds)}, indent=1), flush=True)
    return 0 if found.is_clean else 1


class _Murderer:
    """Presses, kills and starts again until every take is over."""

    def __init__(self, scene: Scene, options: argparse.Namespace) -> None:
        self._scene, self._left, self._speed = scene, options.tasks, options.speed
        self._at_once = options.at_once
        self._chance = random.Random(options.seed)
        low, high = (float(word) for word in options.kill_every.split("-"))
        self._every = (low / options.speed, high / options.speed)
        self._kills = 0

    def run(self) -> int:
        """How many processes were killed."""
        from studio.steps import lost
        from tests.kill.processes import kill

        patience = PATIENCE_SECONDS + 4 * lost.PAUSES[-1]
        worker = self._start_worker()
        self._scene.start_web()
        changed, last, told, pressed_at = time.monotonic(), -1, 0.0, time.monotonic()
        while True:
            pause = self._chance.uniform(*self._every)
            until = time.monotonic() + pause
            while (active := self._active()) or self._left:
                if self._left and active < self._at_once:
                    self._press(min(self._at_once - active, self._left))
                    pressed_at = time.monotonic()
                elif time.monotonic() > until:
                    break
                else:
                    time.sleep(0.1)
            state = (self._left, active)
            if hash(state) != last:
                changed, last = time.monotonic(), hash(state)
            if time.monotonic() - told > 15:
                told = time.monotonic()
                print(
                    f"{self._left} to press, {active} under way, {self._kills} kills",
                    file=sys.stderr,
                    flush=True,
                )
            if (not active and not self._left) or time.monotonic() - changed > patience:
                break
            self._resume_keys()
            if time.monotonic() - pressed_at < DRAINING_SECONDS:
                if self._chance.random() < 0.85:
                    kill(worker)
                    worker = self._start_worker()
                    self._kills += 1
                if self._chance.random() < 0.3:
                    self._scene.kill_web()
                    self._scene.start_web()
                    self._kills += 1
        kill(worker)
        self._scene.kill_web()
        return self._kills

    def _start_worker(self) -> int:
        from tests.kill.processes import fork
        from tests.kill.stories import work

        return fork(work)

    def _press(self, room: int) -> None:
        from studio import recipes
        from studio.models import Connection
        from tests.factories import inbox

        for _ in range(max(1, room // TAKES)):
            takes = min(TAKES, self._left)
            free = self._free()
            if not takes or not free:
                return
            recipes.send(
                self._scene.recipe,
                user=self._scene.user,
                project=inbox(),
                shot=None,
                connection=Connection.objects.get(provider=self._chance.choice(free), removed_at=None),
                takes=takes,
                token=uuid4(),
            )
            self._left -= takes

    def _free(self) -> list[str]:
        """Where fewer takes wait than is this account's part: people turn from a provider at which nothing moves."""
        from tests.kill.reckoning import unfinished

        waiting = Counter(unfinished().values_list("provider", flat=True))
        return [name for name in PROVIDERS if waiting[name] < self._at_once / len(PROVIDERS)]

    def _active(self) -> int:
        from tests.kill.reckoning import unfinished

        return unfinished().count()

    def _resume_keys(self) -> None:
        """As an owner does who reads that a key was not accepted and knows better."""
        from studio.connections import provider_accounts
        from studio.models import Connection, PauseReason

        for account in Connection.objects.filter(pause_reason=PauseReason.KEY):
            provider_accounts.resume(account)


def _connect(scene: Scene, sellers: dict[str, SimulatorProcess]) -> None:
    from django.conf import settings

    from studio.connections import provider_accounts
    from tests.kill import web
    from tests.kill.scene import CREDITS_PRICE, SECOND_PRICE

    scene.place = web.listening()
    scene.base_url = settings.PUBLIC_URL = f"http://127.0.0.1:{scene.place.getsockname()[1]}"
    for name, seller in sellers.items():
        provider_accounts.connect(
            name,
            seller.key,
            base_url=seller.base_url,
            price_720p=SECOND_PRICE,
            credits_price=CREDITS_PRICE,
            parallel_limit=AT_ONCE_AT_MOST,
        )


@contextlib.contextmanager
def _sellers(folder: Path, options: argparse.Namespace) -> Iterator[dict[str, SimulatorProcess]]:
    from tests.simulators.options import NAMES
    from tests.simulators.process import SimulatorProcess

    with contextlib.ExitStack() as stack:
        yield {
            name: stack.enter_context(
                SimulatorProcess(
                    name,
                    folder / "sellers",
                    port=_quiet_port(),
                    speed=options.speed,
                    film_scale=0.1,
                    fetching="once",
                    credits=100_000_000,
                    seed=options.seed,
                    mixed_case=True,
                )
            )
            for name in NAMES
        }


def _quiet_port() -> int:
    """One from which no outgoing call starts: a simulator that is down must find its own address free again."""
    chance = random.SystemRandom()
    while True:
        port = chance.randrange(20_000, 30_000)
        with socket.socket() as trial, contextlib.suppress(OSError):
            trial.bind(("127.0.0.1", port))
            return port


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--faults", type=float, default=0.3, help="how many calls go wrong, 0 to 1")
    parser.add_argument("--kill-every", default="5-40", help="seconds between kills, shortest-longest")
    parser.add_argument("--speed", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=240, help="takes under way at the same time")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
