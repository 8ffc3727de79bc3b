"""A real studio, a real browser, and a watch over what every page says to its console."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.e2e import films, media_samples
from tests.e2e.pages import CreatePage
from tests.e2e.planting import cancel_all, plant_ready, plant_troubles
from tests.e2e.site import TroubledStudio
from tests.e2e.studio_process import DATABASE, OWNER_EMAIL, OWNER_PASSWORD, LiveStudio
from tests.waiting import wait_until

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
# The browser's own line for every answer of 400 and above; tests ask for many of those on purpose.
# And htmx's own for a request that found no line: tests cut it on purpose.
EXPECTED = ("Failed to load resource", "htmx:error: Failed to fetch")
expect.set_options(timeout=15_000)

type OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that is prepared and empty, made once for all processes of a run: it costs nine seconds of a core."""
    is_alone = "PYTEST_XDIST_WORKER" not in os.environ
    base = tmp_path_factory.getbasetemp()
    folder = (base if is_alone else base.parent) / "empty"
    ready = folder / "ready"
    try:
        folder.mkdir()
    except FileExistsError:
        assert wait_until(ready.exists, seconds=300), "nobody prepared the database"
        return folder / DATABASE
    LiveStudio(folder).manage("migrate", "-v0")
    ready.touch()
    return folder / DATABASE


@pytest.fixture(scope="session")
def live_studio(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[LiveStudio]:
    """One studio for all tests of a process, with its owner. What others left in it is no test's business."""
    studio = LiveStudio(tmp_path_factory.mktemp("studio") / "data", database=empty_database)
    studio.start()
    yield studio
    studio.stop()


@pytest.fixture(autouse=True)
def _nothing_is_left_under_way(request: pytest.FixtureRequest) -> Iterator[None]:
    """A draft that a test sent and did not wait for is over before the next test begins."""
    shares = "live_studio" in request.fixturenames
    studio: LiveStudio | None = request.getfixturevalue("live_studio") if shares else None
    yield
    if studio and studio.is_busy():
        cancel_all(studio)
        assert wait_until(lambda: not studio.is_busy(), seconds=60), "what was cancelled goes on"


@pytest.fixture
def fresh_studio(tmp_path: Path) -> Iterator[LiveStudio]:
    """A studio that nobody owns yet."""
    studio = LiveStudio(tmp_path / "data", with_owner=False)
    studio.start()
    yield studio
    studio.stop()


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> media_samples.Samples:
    return media_samples.make(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def signed_in(live_studio: LiveStudio, browser: Browser) -> dict[str, Any]:
    """The cookies of the owner, who signed in once through the form."""
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, live_studio)
    state: dict[str, Any] = dict(context.storage_state())
    context.close()
    return state


@pytest.fixture(scope="session")
def filled_studio(live_studio: LiveStudio, browser: Browser, signed_in: dict[str, Any]) -> LiveStudio:
    """The studio with the finished sample in it, at `sample_id`."""
    context = browser.new_context(storage_state=signed_in)
    page = context.new_page()
    before = len(live_studio.task_ids())
    page.goto(f"{live_studio.base_url}/first/")
    page.get_by_role("button", name="Make the sample draft").click()
    assert wait_until(lambda: live_studio.task_statuses()[before:] == ["succeeded"], seconds=120)
    live_studio.sample_id = live_studio.task_ids()[-1]
    context.close()
    return live_studio


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four and a half seconds, 30 frames a second, every frame with its number."""
    return films.numbered_film(
        tmp_path_factory.mktemp("film") / "film.mp4", rate=films.RATES["30"], frames=135
    )


@pytest.fixture
def clip_id(live_studio: LiveStudio, film: Path, request: pytest.FixtureRequest) -> str:
    """A ready take with that film, which is this test's alone."""
    return plant_ready(live_studio, film, request.node.originalname.replace("_", " "))[0]


@pytest.fixture(scope="session")
def troubled_studio(
    tmp_path_factory: pytest.TempPathFactory, empty_database: Path, browser: Browser
) -> Iterator[TroubledStudio]:
    """Another studio, with paid takes in every trouble there is."""
    studio = LiveStudio(tmp_path_factory.mktemp("troubled") / "data", database=empty_database)
    studio.start()
    takes = plant_troubles(studio)
    context = browser.new_context()
    sign_in(context.new_page(), studio)
    yield TroubledStudio(studio=studio, cookies=dict(context.storage_state()), takes=takes)
    context.close()
    studio.stop()


@pytest.fixture(scope="session")
def spoilt_studio(
    tmp_path_factory: pytest.TempPathFactory, empty_database: Path, film: Path
) -> Iterator[LiveStudio]:
    """Another studio, whose every word may be spoilt, with one ready clip at `sample_id`."""
    studio = LiveStudio(tmp_path_factory.mktemp("spoilt") / "data", database=empty_database)
    studio.start()
    studio.sample_id = plant_ready(studio, film, "Spoilt")[0]
    yield studio
    studio.stop()


@pytest.fixture
def spoilt_page(spoilt_studio: LiveStudio, open_page: OpenPage) -> Page:
    """A desktop page of its owner."""
    page = open_page(is_signed_in=False, viewport={"width": 1440, "height": 900})
    sign_in(page, spoilt_studio)
    return page


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Make pages that are watched: a broken policy, a console complaint or a script's exception fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(line in message.text for line in EXPECTED):
            complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def make(*, is_signed_in: bool = True, **options: Any) -> Page:
        if is_signed_in:
            options.setdefault("storage_state", request.getfixturevalue("signed_in"))
        context = browser.new_context(**options)
        contexts.append(context)
        context.on("console", note)
        context.on("weberror", lambda error: complaints.append(f"exception: {error.error}"))
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def owner_page(open_page: OpenPage) -> Page:
    """A desktop page of the signed-in owner."""
    return open_page(viewport={"width": 1440, "height": 900})


@pytest.fixture
def create(owner_page: Page, live_studio: LiveStudio) -> CreatePage:
    """An empty brief."""
    return CreatePage(owner_page, live_studio).begin()


def sign_in(page: Page, studio: LiveStudio, email: str = OWNER_EMAIL, password: str = OWNER_PASSWORD) -> None:
    page.goto(f"{studio.base_url}/account/sign-in/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(f"{studio.base_url}/account/sign-in/")
