"""What all runs of a farm share: a person, a recipe with a real picture, an account, and who she buys from."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from http.cookies import SimpleCookie
from pathlib import Path

from django.conf import settings
from django.db import connections

from studio.connections import provider_accounts
from studio.models import LibraryFile, User
from studio.recipes import Recipe
from tests.factories import make_file, make_recipe, make_user
from tests.kill import web
from tests.kill.picture import stored_picture
from tests.kill.processes import fork, kill
from tests.simulators.process import SimulatorProcess

FREE = "local"
CREDITS_PRICE = Decimal(3)  # dollars for 1,000
SECOND_PRICE = Decimal("0.10")  # what the simulated ModelStream takes at 720P


@dataclass(kw_only=True)
class Scene:
    """`folder` holds the data of one lane of runs, `seller` is the simulated provider (None for free drafts)."""

    user: User
    recipe: Recipe
    file: LibraryFile
    cookies: SimpleCookie
    folder: Path
    provider: str = FREE
    seller: SimulatorProcess | None = None
    key: str = ""
    place: socket.socket | None = None
    web_pid: int = 0
    base_url: str = field(default="", init=False)

    def start_web(self, crash_at: str = "", first: Callable[[], None] = lambda: None) -> int:
        """Its process id. It does `first` before it serves."""
        place = self.place
        assert place is not None

        def serve() -> None:
            first()
            web.serve(place)

        self.web_pid = fork(serve, crash_at)
        return self.web_pid

    def kill_web(self) -> None:
        kill(self.web_pid)


def set_up(folder: Path, provider: str, seller: SimulatorProcess | None) -> Scene:
    """The first rows, in the template that every lane copies."""
    file = make_file(media=stored_picture())
    user = make_user()
    recipe = make_recipe([file], settings={"duration": 2})
    cookies = web.signed_in(user)
    return Scene(
        user=user, recipe=recipe, file=file, cookies=cookies, folder=folder, provider=provider, seller=seller
    )


def move_in(scene: Scene, lane: Path, key: str) -> None:
    """In a fresh process: live in a copy of the template, with an account of one's own at the provider."""
    connections.close_all()
    shutil.copytree(scene.folder, lane)
    scene.folder, scene.key = lane, key
    settings.DATA_DIR = lane
    settings.MEDIA_DIR, settings.JOBS_DIR, settings.UPLOADS_DIR = (
        lane / "media",
        lane / "drafts",
        lane / "uploads",
    )
    name = str(lane / "studio.sqlite3")
    settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = name
    if scene.seller is None:
        return
    scene.place = web.listening()
    scene.base_url = settings.PUBLIC_URL = f"http://127.0.0.1:{scene.place.getsockname()[1]}"
    provider_accounts.connect(
        scene.provider,
        key,
        base_url=scene.seller.base_url,
        price_720p=SECOND_PRICE,
        credits_price=CREDITS_PRICE,
    )
    scene.start_web()
