"""The create page: what it shows, to whom, at what cost; and what its small answers carry."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from studio.briefs import saving, starting
from studio.models import Brief, Connection, GenerationTask, User
from studio.models.person import Role
from tests.create.making import form_of, make_brief, make_clip_file
from tests.factories import inbox, make_file, make_project, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def url(name: str, brief: Brief) -> str:
    return reverse(f"studio:{name}", args=[brief.pk])


def test_the_first_visit_shows_an_empty_form_and_writes_nothing(client: Client):
    answer = client.get("/")

    assert answer.status_code == 200
    assert b'name="prompt"' in answer.content
    assert Brief.objects.count() == 0


def test_the_first_save_of_an_address_we_gave_out_makes_the_brief(client: Client, ada: User):
    brief = Brief(user=ada, project=inbox())

    answer = client.post(url("brief-save", brief), {"prompt": "Dawn", "ticket": starting.ticket(brief)})

    assert answer.status_code == 302
    assert Brief.objects.get(pk=brief.pk).prompt == "Dawn"


def test_an_address_that_we_never_gave_out_is_not_found(client: Client):
    assert client.post(reverse("studio:brief-save", args=[uuid4()]), {"prompt": "Dawn"}).status_code == 404


def test_a_ticket_of_someone_else_opens_nothing(client: Client):
    theirs = Brief(user=make_user("Carol"), project=inbox())

    answer = client.post(url("brief-save", theirs), {"prompt": "x", "ticket": starting.ticket(theirs)})

    assert answer.status_code == 404
    assert Brief.objects.count() == 0


def test_the_page_comes_back_to_the_brief_written_on_last(client: Client, ada: User):
    make_brief(ada, title="Older")
    make_brief(ada, title="Newest")

    assert b'value="Newest"' in client.get("/").content


@pytest.mark.parametrize("name", ["brief", "brief-save", "brief-tray", "brief-send"])
def test_a_stranger_finds_nothing(name: str, client: Client):
    theirs = make_brief(make_user("Carol"))
    ask = client.get if name == "brief" else client.post

    assert ask(url(name, theirs)).status_code == 404


@pytest.mark.parametrize("name", ["brief-save", "brief-tray", "brief-send"])
def test_reading_never_writes(name: str, client: Client, ada: User):
    assert client.get(url(name, make_brief(ada))).status_code == 405


@pytest.mark.parametrize("name", ["create", "brief-price", "brief-names", "first-run"])
def test_pages_that_read_take_no_posts(name: str, client: Client):
    assert client.post(reverse(f"studio:{name}")).status_code == 405


def test_a_reviewer_looks_but_does_not_write():
    reviewer = make_user("Rita", role=Role.REVIEWER)
    client = Client()
    client.force_login(reviewer)
    brief = make_brief(reviewer)

    start = client.get("/", follow=True)
    assert start.redirect_chain == [("/inbox/", 302)]
    page = start.content.decode()
    assert ">Create</a>" not in page
    assert 'id="new-brief"' not in page
    for name in ("brief-save", "brief-tray", "brief-send"):
        assert client.post(url(name, brief), form_of(brief)).status_code == 403
    assert client.post(reverse("studio:new-brief")).status_code == 403


def test_autosave_answers_with_parts_only(client: Client, ada: User):
    brief = make_brief(ada)

    answer = client.post(url("brief-save", brief), form_of(brief, prompt="Image 1 sleeps"), headers=HTMX)

    assert b"<html" not in answer.content
    assert b'name="revision" value="1"' in answer.content
    assert b'name="prompt"' not in answer.content


def test_a_tray_change_brings_tray_legend_and_settings_but_never_the_text(client: Client, ada: User):
    brief = make_brief(ada)
    clip = make_clip_file(name="ride")

    answer = client.post(url("brief-tray", brief), form_of(brief, act=f"put tray {clip.pk}"), headers=HTMX)

    body = answer.content.decode()
    assert 'aria-label="Video 1, ride, 5 seconds, ready"' in body
    assert "Up to 10 s while Video 1 is used." in body
    assert "<textarea" not in body


def test_a_file_the_person_may_not_see_cannot_be_put_in_the_tray(client: Client, ada: User):
    brief = make_brief(ada)
    hidden = make_file(project=make_project("Secret", is_open=False))

    answer = client.post(url("brief-tray", brief), form_of(brief, act=f"put tray {hidden.pk}"), headers=HTMX)

    brief.refresh_from_db()
    assert "isn’t in the library" in answer.content.decode()
    assert len(brief.tray) == 1


def test_without_scripts_a_press_saves_the_words_and_comes_back(client: Client, ada: User):
    brief = make_brief(ada, files=[make_file(name="a"), make_file(name="b")], prompt="Image 1 runs")

    answer = client.post(url("brief-tray", brief), form_of(brief, prompt="Image 2 runs", act="later key001"))

    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "Image 1 runs</textarea>" in page


def test_without_scripts_a_name_that_points_at_nothing_is_changed_by_a_press(client: Client, ada: User):
    brief = make_brief(ada, prompt="Image 1 sees Image 4")

    client.post(url("brief-tray", brief), form_of(brief, act="names Image 4=Image 1"))

    brief.refresh_from_db()
    assert brief.prompt == "{{ref:key001}} sees {{ref:key001}}"


def test_a_name_that_is_changed_by_a_press_leaves_a_lost_reference_its_identity(client: Client, ada: User):
    brief = make_brief(ada, prompt="Image 1 sees Image 4", settings={"gone": {"gone01": "image"}})
    brief.prompt += " and {{ref:gone01}}"
    brief.save()

    client.post(url("brief-tray", brief), form_of(brief, act="names Image 4=Image 1"))

    brief.refresh_from_db()
    assert brief.prompt == "{{ref:key001}} sees {{ref:key001}} and {{ref:gone01}}"


@pytest.mark.parametrize(
    "line", ["length \0", "names Image 1=\0", "put tray \0", "remove \0", "order \0,\0", "\0"]
)
def test_a_press_brings_no_letter_that_a_database_refuses(client: Client, ada: User, line: str):
    brief = make_brief(ada)

    answer = client.post(url("brief-tray", brief), form_of(brief, act=line), headers=HTMX)

    brief.refresh_from_db()
    assert answer.status_code == 200
    assert "\0" not in brief.prompt + brief.settings["duration"]


def test_a_press_makes_a_prompt_no_longer_than_the_form_does(client: Client, ada: User):
    brief = make_brief(ada, prompt="Image 1 " * 2_000)

    client.post(url("brief-tray", brief), form_of(brief, act=f"names Image 1={'so it goes ' * 900}"))

    brief.refresh_from_db()
    assert brief.prompt.startswith("so it goes")
    assert len(brief.prompt) == saving.PROMPT_KEEPS


def test_twelve_seconds_with_a_clip_are_put_right_by_a_press(client: Client, ada: User):
    brief = make_brief(ada, files=[make_clip_file()], prompt="Video 1", settings={"duration": "12"})
    assert "Set to 10" in client.get(url("brief", brief)).content.decode()

    client.post(url("brief-tray", brief), form_of(brief, act="length 10"))

    brief.refresh_from_db()
    assert brief.settings["duration"] == "10"


def test_words_of_another_tab_can_be_taken(client: Client, ada: User):
    brief = make_brief(ada, prompt="Image 1 sleeps", settings={"other": "{{ref:key001}} runs"})

    client.post(url("brief-tray", brief), form_of(brief, act="words"))

    brief.refresh_from_db()
    assert (brief.prompt, brief.settings["other"]) == ("{{ref:key001}} runs", "{{ref:key001}} sleeps")


def test_all_four_ways_are_shown_and_only_the_draft_can_be_chosen(client: Client):
    page = client.get("/").content.decode()

    for label in ("ModelStream", "Apiframe", "DashScope", "Free draft"):
        assert label in page
    assert page.count("Not connected yet.") == 3
    assert 'id="send"' in page
    assert 'aria-disabled="true" aria-describedby="send-why"' in page


def test_a_connected_service_can_be_chosen_and_locks_what_it_lacks(client: Client, ada: User):
    Connection.objects.create(provider="apiframe", label="Apiframe")
    frame, voice = make_file(name="opening"), make_file("audio", name="voice")
    brief = make_brief(ada, first_frame=str(frame.pk), settings={"provider": "apiframe"})
    brief.tray[0]["voice"] = str(voice.pk)
    brief.save()

    page = client.get(url("brief", brief)).content.decode()

    assert "Apiframe can’t use a first frame or a voice." in page
    assert "ModelStream only. Your words are sent exactly as written." in page
    assert page.count('data-state="unused"') == 2
    assert "Follows your first frame" not in page
    assert "Apiframe makes 2 to 10 seconds." in page


def test_what_a_provider_lacks_is_kept_when_it_is_chosen_and_left_again(client: Client, ada: User):
    Connection.objects.create(provider="apiframe", label="Apiframe")
    frame = make_file(name="opening")
    brief = make_brief(ada, first_frame=str(frame.pk), settings={"duration": "14", "watermark": True})

    for provider in ("apiframe", "local"):
        brief.refresh_from_db()
        client.post(url("brief-save", brief), form_of(brief, provider=provider, act="choice"), headers=HTMX)

    brief.refresh_from_db()
    assert brief.first_frame == str(frame.pk)
    assert (brief.settings["duration"], brief.settings["watermark"]) == ("14", True)


def test_a_first_frame_locks_the_shape_to_its_own(client: Client, ada: User):
    frame = make_file(name="tall")
    frame.media.facts |= {"width": 720, "height": 1280}
    frame.media.save()
    brief = make_brief(ada, first_frame=str(frame.pk))

    page = client.get(url("brief", brief)).content.decode()

    assert "Follows your first frame." in page
    assert 'value="9:16" checked' in page
    assert 'type="hidden" name="ratio" value="16:9"' in page


def test_the_price_is_answered_for_values_that_are_not_saved(client: Client):
    answer = client.get(
        reverse("studio:brief-price"), {"provider": "apiframe", "duration": "6", "takes": "2"}
    )

    assert "204 credits" in answer.content.decode()


@pytest.mark.parametrize("value", ["", "-1", "999999999999999999", "NaN", "<b>"])
def test_the_price_of_nonsense_is_still_a_price(client: Client, value: str):
    answer = client.get(
        reverse("studio:brief-price"), dict.fromkeys(("provider", "duration", "takes"), value)
    )

    assert answer.status_code == 200


def test_names_of_the_library_are_offered_by_what_they_hold(client: Client):
    make_file(name="Hero in red")
    make_file(name="Street")
    make_file(name="Hero in a closed project", project=make_project("Secret", is_open=False))

    found = client.get(reverse("studio:brief-names"), {"q": "hero"}).json()["files"]

    assert [file["title"] for file in found] == ["Hero in red"]


def test_words_from_people_are_only_words(client: Client, ada: User):
    evil = "<script>alert(1)</script>"
    brief = make_brief(
        ada, files=[make_file(name=evil)], prompt=f"Image 1 {evil}", title=evil, negative_prompt=evil
    )

    assert evil not in client.get(url("brief", brief)).content.decode()


def test_queries_do_not_grow_with_the_tray(client: Client, ada: User, django_assert_num_queries):
    one = make_brief(ada, files=[make_file()])
    five = make_brief(ada, files=[make_file(voice=make_file("audio")) for _ in range(5)], prompt="x")
    for entry in five.tray:
        entry["voice"] = str(make_file("audio").pk)
    five.save()
    client.get(url("brief", one))

    with django_assert_num_queries(_queries(client, url("brief", one))):
        client.get(url("brief", five))


def _queries(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address)
    return len(queries)


def test_a_remix_brings_everything_back_under_a_new_name(client: Client, ada: User):
    brief = make_brief(ada, title="Morning", settings={"duration": "7", "seed_kind": "fixed", "seed": "42"})
    client.post(url("brief-send", brief), form_of(brief, **{"with": "draft"}))
    version = GenerationTask.objects.get().version

    remix = starting.from_version(version, ada)

    assert (remix.title, remix.prompt, remix.tray[0]["key"]) == ("Morning", brief.prompt, "key001")
    assert (remix.settings["duration"], remix.shot) == ("7", version.shot)
    assert "seed" not in remix.settings
