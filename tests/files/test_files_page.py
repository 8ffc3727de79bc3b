"""The Files page: grid by kind, filters, search, sorting, paging, and one file's panel."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.files import shelf as file_shelf
from studio.files.shelf import Wanted
from studio.models import Brief, LibraryFile
from tests.factories import inbox, make_file, make_project, make_recipe, make_tasks, make_user

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(make_user())
    return client


def page(client: Client, **asked: str) -> str:
    return client.get(reverse("studio:files"), asked).content.decode()


def names(html: str) -> list[str]:
    return [part.partition("<")[0] for part in html.split('<h3 class="file-tile__name">')[1:]]


def test_files_stand_under_their_kind_with_counts(ada: Client):
    make_file(name="Hazel", role="person")
    make_file("video", name="Street")
    make_file("audio", name="Narrator", role="voice")
    make_file(name="Elsewhere", project=make_project())

    html = page(ada)

    assert names(html) == ["Hazel", "Street", "Narrator"]
    assert "People 1" in html
    assert "Voices 1" in html
    assert "3</small>" in html


def test_a_role_and_words_narrow_the_grid(ada: Client):
    make_file(name="Hazel", role="person")
    make_file(name="Wren", role="prop")
    make_file(name="Dawn", original_name="hazel-meadow.jpg", role="place")

    assert names(page(ada, role="person")) == ["Hazel"]
    assert set(names(page(ada, q="hazel"))) == {"Hazel", "Dawn"}
    assert names(page(ada, q="prop")) == ["Wren"]
    assert names(page(ada, q="50% _off")) == []


def test_markup_in_a_name_is_text(ada: Client):
    make_file(name="<script>alert(1)</script>", original_name='"><img src=x onerror=alert(1)>')
    file = LibraryFile.objects.get()

    html = page(ada) + ada.get(reverse("studio:file", args=[file.pk])).content.decode()

    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_sorting_by_name_and_by_use(ada: Client):
    make_file(name="b")
    make_file(name="a")
    used = make_file(name="c")
    make_tasks(recipe=make_recipe([used]))

    assert names(page(ada, sort="name")) == ["a", "b", "c"]
    assert names(page(ada, sort="used"))[0] == "c"


@pytest.mark.parametrize("sort", ["new", "name", "used"])
def test_paging_shows_every_file_once(sort: str, monkeypatch):
    monkeypatch.setattr(file_shelf, "PER_PAGE", 3)
    for number in range(8):
        make_file(name=f"file {number % 4}")
    wanted = Wanted(sort=sort)

    section = file_shelf.sections(inbox(), wanted)[0]
    seen = [tile.file.pk for tile in section.tiles]
    while section.after:
        section = file_shelf.more(inbox(), wanted, "image", section.after)
        seen += [tile.file.pk for tile in section.tiles]

    assert len(seen) == len(set(seen)) == 8


@pytest.mark.parametrize("after", ["nonsense", "a:b:c", "%00"])
def test_a_page_key_that_is_not_ours_starts_from_the_beginning(ada: Client, after: str):
    make_file(name="Hazel")

    answer = ada.get(reverse("studio:files"), {"kind": "image", "after": after}, headers=HX)

    assert answer.status_code == 200
    assert "Hazel" in answer.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_files(ada: Client):
    for kind in ("image", "video", "audio"):
        make_file(kind)
    page(ada)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(ada)
    for _ in range(12):
        file = make_file("video")
        make_file(fixed_from=file)
        make_tasks(recipe=make_recipe([file]))
    with CaptureQueriesContext(connection) as many:
        page(ada)

    assert len(many) == len(few)


def test_the_panel_says_what_a_file_is_and_where_it_was_used(ada: Client):
    file = make_file(name="Dawn meadow", original_name="dawn.png", added_by=make_user("Mara Lund"))
    make_tasks(recipe=make_recipe([file], title="Morning stretch"))

    html = ada.get(reverse("studio:file", args=[file.pk]), headers=HX).content.decode()

    assert html.lstrip().startswith("<aside")
    assert "@dawn-meadow" in html
    assert "dawn.png, 1,280 × 720, 1 KB, added by Mara Lund" in html
    assert "Used in 1 clip" in html
    assert "Morning stretch, v1" in html


def test_a_file_s_own_address_shows_the_grid_with_the_panel_open(ada: Client):
    file = make_file(name="Hazel")

    html = ada.get(reverse("studio:file", args=[file.pk])).content.decode()

    assert 'id="file-panel"' in html
    assert 'aria-current="true"' in html.partition(f'id="file-{file.pk}"')[2][:40]


def test_a_file_the_model_cannot_take_says_that_it_can_be_fixed(ada: Client):
    media = make_file("video", name="Long").media
    media.facts |= {
        "duration": 42.3,
        "video_codec": "h264",
        "pixel_format": "yuv420p",
        "width": 1280,
        "height": 720,
    }
    media.save()

    assert "Can be fixed" in page(ada)


def test_the_picker_offers_what_fits_the_place(ada: Client):
    make_file(name="Hazel")
    make_file("video", name="Street")
    make_file("audio", name="Narrator")

    def offered(**asked: str) -> set[str]:
        html = ada.get(reverse("studio:file-picker"), asked).content.decode()
        return {name for name in ("Hazel", "Street", "Narrator") if f"Use {name}" in html}

    assert offered(place="tray") == {"Hazel", "Street"}
    assert offered(place="first_frame") == {"Hazel"}
    assert offered(place="voice:abc234") == {"Narrator"}


def test_nothing_yet_says_what_to_do(ada: Client):
    assert "Drop pictures, clips and voices anywhere on this page." in page(ada)
    assert "No file is called “zebra”." in page(ada, q="zebra")


def test_a_new_clip_begins_with_the_file_it_was_asked_for(ada: Client):
    file, voice = make_file(name="Hazel"), make_file("audio")

    started = ada.post(reverse("studio:new-brief"), {"file": str(file.pk)})
    ada.post(reverse("studio:new-brief"), {"file": str(voice.pk)})

    with_file, without = Brief.objects.order_by("created_at")
    assert started["Location"] == reverse("studio:brief", args=[with_file.pk])
    assert with_file.tray[0]["file"] == str(file.pk)
    assert without.tray == []
