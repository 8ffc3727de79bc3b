"""Create with paid services in a real browser, at simulated providers: prices, limits, two services in one press."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import OpenPage, sign_in
from tests.e2e.media_samples import Samples
from tests.e2e.pages import MADE_WITHIN, CreatePage
from tests.e2e.studio_process import LiveStudio
from tests.simulators.process import SimulatorProcess
from tests.waiting import wait_until

# One process: its studio is not the shared one and takes long to start.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("paid_create")]
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
PRICES = """
from decimal import Decimal
from studio.models import Connection, Studio
Connection.objects.filter(provider="dashscope").update(price_720p=Decimal("0.10"), price_1080p=Decimal("0.15"))
Connection.objects.filter(provider="apiframe").update(credits_price=Decimal("10"))
"""
# How long the price takes to follow, from the moving of the slider to the first change of its words.
PRICE_FOLLOWS = """() => new Promise((resolve) => {
    const slider = document.getElementById("duration");
    const began = performance.now();
    new MutationObserver((_, watch) => { watch.disconnect(); resolve(performance.now() - began); }).observe(
        document.getElementById("cost-bar"), { subtree: true, childList: true, characterData: true });
    slider.value = String(Number(slider.value) + 1);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
})"""


@pytest.fixture(scope="module")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[SimulatorProcess]]:
    folder = tmp_path_factory.mktemp("providers")
    with ExitStack() as stack:
        yield [
            stack.enter_context(SimulatorProcess(name, folder, speed=30.0, film_scale=0.5))
            for name in ("apiframe", "dashscope")
        ]


@pytest.fixture(scope="module")
def studio(
    providers: list[SimulatorProcess], tmp_path_factory: pytest.TempPathFactory, empty_database: Path
) -> Iterator[LiveStudio]:
    """A studio with two simulated providers, and prices for both."""
    studio = LiveStudio(tmp_path_factory.mktemp("studio") / "data", database=empty_database)
    studio.environment |= {"STUDIO_ALLOW_PRIVATE_ADDRESSES": "1"}
    for provider in providers:
        name = provider.options.name.upper()
        studio.environment |= {f"{name}_API_KEY": provider.key, f"{name}_BASE_URL": provider.base_url}
    studio.start()
    studio.python(PRICES)
    yield studio
    studio.stop()


@pytest.fixture(scope="module")
def mara(studio: LiveStudio, browser: Browser) -> dict[str, Any]:
    """The cookies of the owner."""
    context = browser.new_context()
    sign_in(context.new_page(), studio)
    state: dict[str, Any] = dict(context.storage_state())
    context.close()
    return state


def limit_the_month(studio: LiveStudio, dollars: str) -> None:
    studio.python(f"from studio.models import Studio; Studio.objects.update(month_cap={dollars})")


def choose(page: Page, label: str) -> None:
    page.locator(".radio-card", has_text=label).click()


def brief_at(page: Page, studio: LiveStudio, samples: Samples, label: str) -> CreatePage:
    create = CreatePage(page, studio).begin()
    create.add(samples.lighthouse)
    create.say("Image 1 looks out to sea")
    choose(page, label)
    expect(page.locator("#send")).not_to_have_attribute("aria-disabled", "true")
    return create


def test_the_price_follows_the_slider_within_300_milliseconds(
    open_page: OpenPage, studio: LiveStudio, samples: Samples, mara: dict[str, Any]
):
    page = open_page(storage_state=mara, **DESKTOP)
    brief_at(page, studio, samples, "DashScope")
    expect(page.locator("#price")).to_contain_text("About $0.50")

    first, *took = [page.evaluate(PRICE_FOLLOWS) for _ in range(4)]

    expect(page.locator("#price")).to_contain_text("About $0.90")
    assert sorted(took)[1] < 300, (first, took)


def test_over_a_limit_the_button_waits_with_its_reason_until_the_clip_is_short_enough(
    open_page: OpenPage, studio: LiveStudio, samples: Samples, mara: dict[str, Any]
):
    page = open_page(storage_state=mara, **DESKTOP)
    limit_the_month(studio, "0.60")
    brief_at(page, studio, samples, "DashScope")

    page.get_by_label("Length").fill("8")

    expect(page.locator("#send")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#send-why")).to_contain_text("the studio’s month has $0.60 left of $0.60")
    expect(page.get_by_role("button", name="Free draft")).to_have_class("button button--paper")
    page.get_by_label("Length").fill("5")
    expect(page.locator("#send")).not_to_have_attribute("aria-disabled", "true")
    expect(page.locator("#send-why")).to_have_count(0)
    limit_the_month(studio, "None")


def test_one_press_makes_the_shot_at_two_services_and_the_bar_tells_what_it_cost(
    open_page: OpenPage, studio: LiveStudio, samples: Samples, mara: dict[str, Any]
):
    page = open_page(storage_state=mara, **DESKTOP)
    brief_at(page, studio, samples, "DashScope")
    page.get_by_label("Length").fill("3")
    page.get_by_role("group", name="Also make it with").get_by_label("Apiframe").check()
    expect(page.locator("#price")).to_contain_text("About $0.81")
    expect(page.locator("#price")).to_contain_text("51 credits · about $0.51 · 3 s × 17")
    expect(page.locator("#price .tag")).to_have_text("Simulated")

    page.get_by_role("button", name="Generate 2 takes").dblclick()

    expect(page.locator("#bar-spend")).to_contain_text("$0.81 in")
    assert wait_until(lambda: studio.task_statuses().count("succeeded") == 2, seconds=MADE_WITHIN / 1000)
    rows = "SELECT state, amount FROM studio_charge ORDER BY id"
    assert [(state, float(amount)) for state, amount in studio.rows(rows)] == [
        ("settled", 0.3),
        ("settled", 0.51),
    ]
    assert "broken" not in studio.manage("check_invariants")


def test_without_scripts_another_service_is_ticked_and_sent_to_as_well(
    open_page: OpenPage, studio: LiveStudio, samples: Samples, mara: dict[str, Any]
):
    with_scripts = open_page(storage_state=mara, **DESKTOP)
    brief_at(with_scripts, studio, samples, "DashScope")
    expect(with_scripts.locator("#brief-saved")).to_contain_text("Saved")
    page = open_page(storage_state=mara, java_script_enabled=False, **DESKTOP)
    page.goto(f"{studio.base_url}/")
    before = len(studio.task_ids())

    page.get_by_role("group", name="Also make it with").get_by_label("Apiframe").check()
    page.get_by_role("button", name="Generate").click()

    expect(page.locator(".toast")).to_contain_text("is in the works")
    assert len(studio.task_ids()) == before + 2
