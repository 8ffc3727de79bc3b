"""One's own picture, and where one is signed in."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from studio.models import User
from studio.people import devices, portraits
from studio.storage import store
from tests.factories import PASSWORD
from tests.people.conftest import signed_in

pytestmark = pytest.mark.django_db


def picture(width: int = 900, height: int = 600, kind: str = "JPEG") -> SimpleUploadedFile:
    """With a place in its metadata, as phones write it."""
    made, facts = Image.new("RGB", (width, height), "teal"), Image.Exif()
    facts[0x010E] = "my kitchen"
    stream = BytesIO()
    made.save(stream, kind, exif=facts)
    return SimpleUploadedFile("me.jpg", stream.getvalue())


def test_a_picture_is_kept_small_square_and_without_what_else_was_in_it(theo: User):
    answer = signed_in(theo).post("/you/picture/", {"picture": picture()})

    theo.refresh_from_db()
    kept = store.media_path(portraits.path_of(theo.picture))
    with Image.open(kept) as shown:
        assert (shown.format, shown.size) == ("WEBP", (256, 256))
    assert answer.status_code == 302
    assert b"kitchen" not in kept.read_bytes()


def test_everybody_in_the_studio_sees_it_and_nobody_else(theo: User, mara: User):
    signed_in(theo).post("/you/picture/", {"picture": picture()})
    address = f"/people/{theo.pk}/picture/"

    inside, outside = signed_in(mara).get(address), Client().get(address)

    assert (inside.status_code, inside["Content-Type"]) == (200, "image/webp")
    assert outside.status_code == 302
    assert f'src="{address}?is=' in signed_in(mara).get("/team/people/").content.decode()


@pytest.mark.parametrize(
    "bytes_of_it", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n", b"<svg onload='x()'/>", b"\xff\xd8\xff"]
)
def test_what_is_no_picture_is_refused(theo: User, bytes_of_it: bytes):
    sent = SimpleUploadedFile("me.png", bytes_of_it)

    answer = signed_in(theo).post("/you/picture/", {"picture": sent})

    theo.refresh_from_db()
    assert answer.status_code == 302
    assert theo.picture == ""


def test_initials_come_back_and_the_bytes_are_gone(theo: User):
    client = signed_in(theo)
    client.post("/you/picture/", {"picture": picture()})
    theo.refresh_from_db()
    kept = store.media_path(portraits.path_of(theo.picture))

    client.post("/you/picture/", {"act": "drop"})

    theo.refresh_from_db()
    assert (theo.picture, kept.exists()) == ("", False)


PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Safari/604"
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def come_in(user: User, user_agent: str) -> Client:
    client = Client(headers={"user-agent": user_agent})
    client.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize(
    ("user_agent", "name"), [(PHONE, "Safari on iPhone"), (DESK, "Firefox on Linux"), ("", "A program")]
)
def test_a_browser_is_named_as_people_say_it(user_agent: str, name: str):
    assert devices.describe(user_agent)[0] == name


def test_one_browser_is_signed_out_and_the_others_stay(theo: User):
    desk, phone = come_in(theo, DESK), come_in(theo, PHONE)
    page = desk.get("/you/").content.decode()
    lost = next(each for each in devices.devices(phone.get("/you/").wsgi_request, theo) if each.is_this)

    desk.post(f"/you/devices/{lost.pk}/end/")

    assert "Safari on iPhone" in page
    assert (desk.get("/you/").status_code, phone.get("/you/").status_code) == (200, 302)
    assert "Safari on iPhone" not in desk.get("/you/").content.decode()


def test_nobody_signs_out_somebody_elses_browser(theo: User, priya: User):
    desk = come_in(theo, DESK)
    device = devices.devices(desk.get("/you/").wsgi_request, theo)[0]

    answer = signed_in(priya).post(f"/you/devices/{device.pk}/end/")

    assert answer.status_code == 404
    assert desk.get("/you/").status_code == 200


def test_a_new_password_leaves_this_browser_alone_in_the_list(theo: User):
    desk, phone = come_in(theo, DESK), come_in(theo, PHONE)

    desk.post("/you/password/", {"old": PASSWORD, "new": "quick marigold supper"})

    page = desk.get("/you/").content.decode()
    assert phone.get("/you/").status_code == 302
    assert ("Firefox on Linux" in page, "Safari on iPhone" in page) == (True, False)


def test_what_is_kept_about_a_browser_is_forgotten_after_14_days(theo: User):
    come_in(theo, DESK)

    devices.forget_old(timezone.now() + timedelta(days=13))
    before = UserSession.objects.count()
    devices.forget_old(timezone.now() + timedelta(days=15))

    assert (before, UserSession.objects.count()) == (1, 0)
