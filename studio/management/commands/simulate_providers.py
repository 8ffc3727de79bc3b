"""Start stand-ins for the three paid providers, so that anyone can try the paid journeys at no cost."""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

if TYPE_CHECKING:
    from tests.simulators.process import SimulatorProcess

HEAD = """\
Three simulated providers are running, {speed:g} times as fast as real ones. Nothing costs money.
In another terminal, set these, then start the studio there with `python3 start.py`:
"""
FOOT = """\
export STUDIO_ALLOW_PRIVATE_ADDRESSES=1
export STUDIO_PUBLIC_URL=http://127.0.0.1:{port}

STUDIO_PUBLIC_URL is where the simulators fetch your pictures: the studio's own address. Change it if the
studio listens elsewhere. Press Ctrl-C here to stop the simulators."""
SHAPES = ("A", "B", "C", "D", "legacy")


class Command(BaseCommand):
    help = "Start simulators of ModelStream, Apiframe and DashScope and print the environment to use."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--speed", type=float, default=4.0, help="how many times as fast as real jobs")
        parser.add_argument(
            "--ports",
            type=int,
            nargs=3,
            default=(0, 0, 0),
            metavar=("MODELSTREAM", "APIFRAME", "DASHSCOPE"),
            help="where they listen; free ports by default",
        )
        parser.add_argument("--folder", type=Path, help="keep jobs and ledgers here; forgotten by default")
        parser.add_argument(
            "--shape", choices=SHAPES, default="B", help="which of its known shapes ModelStream answers in"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["speed"] <= 0:
            raise CommandError("--speed takes a number above 0, such as 10.")
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        with ExitStack() as stack:
            folder = options["folder"] or Path(stack.enter_context(TemporaryDirectory()))
            try:
                running = [stack.enter_context(one) for one in _simulators(folder.resolve(), options)]
            except RuntimeError as trouble:
                raise CommandError(str(trouble)) from trouble
            self._explain(running, speed=options["speed"])
            stop.wait()
        self.stdout.write("The simulators have stopped.")

    def _explain(self, running: list[SimulatorProcess], *, speed: float) -> None:
        self.stdout.write(HEAD.format(speed=speed))
        for simulator in running:
            name = simulator.options.name.upper()
            self.stdout.write(f"export {name}_API_KEY={simulator.key}")
            self.stdout.write(f"export {name}_BASE_URL={simulator.base_url}")
        self.stdout.write(FOOT.format(port=settings.PORT))
        self.stdout.flush()


def _simulators(folder: Path, options: dict[str, Any]) -> list[SimulatorProcess]:
    """All three, not started. Raises CommandError where this copy of the studio came without them."""
    try:
        from tests.simulators.options import NAMES
        from tests.simulators.process import SimulatorProcess
    except ModuleNotFoundError as missing:
        raise CommandError(
            "The simulators are not part of this copy: they are in tests/simulators of the source code. "
            "Run this from a checkout of the repository."
        ) from missing
    return [
        SimulatorProcess(
            name,
            folder,
            speed=options["speed"],
            port=port,
            shape=options["shape"] if name == "modelstream" else "",
            queries_per_second=20.0 if name == "dashscope" else 0.0,
        )
        for name, port in zip(NAMES, options["ports"], strict=True)
    ]
