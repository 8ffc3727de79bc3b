"""From an invitation to a second step, in real browsers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, sign_in
from tests.e2e.studio_process import OWNER_EMAIL, LiveStudio
from tests.e2e.test_accessibility import serious_problems

# One process: its studio is not the shared one and takes long to start.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("people")]
PASSWORD = "warm lantern over quiet water"
DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}}
PROJECTS = """
from studio.models import Project
Project.objects.create(name="Night Launch", is_open=False)
Project.objects.create(name="City Rides", is_open=False)
"""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[LiveStudio]:
    """Not the one that others share: its owner gets a second step."""
    studio = LiveStudio(tmp_path_factory.mktemp("people") / "data", database=empty_database)
    studio.start()
    studio.python(PROJECTS)
    yield studio
    studio.stop()


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def invite(owner: Page, studio: LiveStudio, email: str) -> str:
    """The link, as the page shows it once."""
    owner.goto(f"{studio.base_url}/team/people/")
    owner.get_by_role("link", name="Invite").click()
    owner.get_by_label("E-mail").fill(email)
    owner.get_by_label("Reviewer").check()
    owner.get_by_label("City Rides").check()
    owner.get_by_role("button", name="Make the link").click()
    return owner.locator("[data-copy]").inner_text()


def test_somebody_invited_joins_and_sees_only_what_is_theirs(studio: LiveStudio, open_page: OpenPage):
    owner = open_page(is_signed_in=False, **DESK)
    sign_in(owner, studio)
    link = invite(owner, studio, "ines@puffling.example")
    assert serious_problems(owner) == []
    ines = open_page(is_signed_in=False, **PHONE)

    ines.goto(link)
    assert serious_problems(ines) == []
    ines.get_by_label("Your name").fill("Ines Duarte")
    ines.get_by_label("Password", exact=True).fill(PASSWORD)
    ines.get_by_role("button", name="Join the studio").click()

    expect(ines).to_have_url(f"{studio.base_url}/library/")
    ines.goto(f"{studio.base_url}/projects/")
    expect(ines.get_by_role("heading", name="City Rides")).to_be_visible()
    expect(ines.get_by_role("heading", name="Night Launch")).to_have_count(0)
    expect(ines.get_by_role("link", name="Team")).to_have_count(0)
    owner.reload()
    owner.goto(f"{studio.base_url}/team/people/")
    expect(owner.get_by_role("rowheader", name="Ines Duarte")).to_contain_text("Here now")


def test_six_digits_send_themselves_and_lead_where_one_was_going(studio: LiveStudio, open_page: OpenPage):
    page = open_page(is_signed_in=False, **DESK)
    sign_in(page, studio)
    page.goto(f"{studio.base_url}/you/second-step/")
    page.get_by_role("button", name="Set it up").click()
    secret = page.locator(".second-step__secret").inner_text().replace(" ", "")
    assert serious_problems(page) == []
    page.get_by_label("Six digits").press_sequentially(code_of(secret, -1))
    expect(page.locator(".second-step__codes li")).to_have_count(8)
    again = open_page(is_signed_in=False, **PHONE)
    again.goto(f"{studio.base_url}/works/")

    again.get_by_label("E-mail").fill(OWNER_EMAIL)
    again.get_by_label("Password", exact=True).fill("slow dandelion breakfast")
    again.get_by_role("button", name="Sign in").click()
    expect(again.get_by_role("heading", name="Type the six digits")).to_be_visible()
    assert serious_problems(again) == []
    again.get_by_label("Six digits").press_sequentially(code_of(secret))

    expect(again).to_have_url(f"{studio.base_url}/works/")
