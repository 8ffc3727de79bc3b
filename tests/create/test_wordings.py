"""Words to begin with: templates, and what a person wrote before. They name places of the tray, never files."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from studio import mentions
from studio.briefs import wordings
from studio.briefs.changing import CannotChange
from studio.briefs.tray import tray_of
from studio.models import Brief, User, Wording
from studio.models.person import Role
from tests.create.making import form_of, make_brief
from tests.factories import make_file, make_project, make_recipe, make_tasks, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def ada() -> User:
    return make_user()


@pytest.fixture
def signed_in(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


def act(brief: Brief, line: str) -> str:
    return wordings.act(brief, tray_of(brief, brief.user), line)


def prompt_of(brief: Brief) -> str:
    tray = tray_of(brief, brief.user)
    return mentions.to_display(brief.prompt, tray.numbered, gone=tray.gone)


def test_a_template_names_the_pictures_that_are_in_the_tray(ada: User):
    brief = make_brief(ada, [make_file(name="rider"), make_file(name="street")], prompt="")

    said = act(brief, "say ours:enter")

    assert said == "The prompt is now “Enter and stop”."
    assert prompt_of(brief).startswith("Image 1 walks into Image 2")
    assert mentions.mentioned_keys(brief.prompt) == ["key001", "key002"]
    assert "other" not in brief.settings


def test_what_was_written_is_offered_back(ada: User):
    brief = make_brief(ada, prompt="Image 1 waits")

    act(brief, "say ours:talk")

    assert brief.settings["other"] == "{{ref:key001}} waits"
    assert brief.settings["other_is"] == "replaced"
    assert (brief.settings["duration"], brief.settings["shot_type"]) == ("9", "multi")


def test_every_template_of_ours_begins_a_clip_that_can_be_sent(ada: User):
    for name, words in wordings.OURS.items():
        brief = make_brief(ada)
        act(brief, f"say ours:{name}")
        assert set(words.settings) <= set(wordings.GOES_ALONG)
        assert prompt_of(brief) == words.prompt
        assert len(words.prompt) < 500


def test_what_a_person_sent_before_comes_once_and_newest_first(ada: User):
    for prompt in ("The fox sleeps", "The fox runs", "The fox runs"):
        make_tasks(user=ada, recipe=make_recipe(prompt=prompt))
    make_tasks(user=make_user("Bob"), recipe=make_recipe(prompt="Somebody else's words"))
    private = make_project(is_open=False)
    make_tasks(user=ada, project=private, recipe=make_recipe(prompt="Out of sight"))

    found = wordings.written_before(ada)

    assert [words.prompt for words in found] == ["The fox runs", "The fox sleeps"]


def test_the_own_words_of_an_earlier_clip_are_said_with_todays_picture(ada: User):
    [task] = make_tasks(user=ada)
    brief = make_brief(ada, prompt="")

    act(brief, f"say version:{task.version_id}")

    assert prompt_of(brief) == wordings.written_before(ada)[0].prompt


@pytest.mark.parametrize("source", ["ours:nothing", "kept:nonsense", "version:nonsense", "", "x"])
def test_words_that_are_gone_change_nothing(ada: User, source: str):
    brief = make_brief(ada, prompt="Image 1 waits")

    with pytest.raises(CannotChange, match="aren’t here any more"):
        act(brief, f"say {source}")

    assert prompt_of(brief) == "Image 1 waits"


def test_somebody_elses_clip_gives_no_words(ada: User):
    [task] = make_tasks(user=make_user("Bob"))

    with pytest.raises(CannotChange):
        act(make_brief(ada), f"say version:{task.version_id}")


def test_a_prompt_is_kept_for_the_whole_studio_and_used_by_another(ada: User):
    brief = make_brief(ada, prompt="Image 1 turns its head", settings={"ratio": "9:16", "duration": "4"})

    assert act(brief, "keep Head turn") == "Kept as the template “Head turn”."

    [words] = wordings.kept(bob := make_user("Bob"))
    other = make_brief(bob, prompt="")
    act(other, words.line)
    assert (words.name, words.by, words.drop) == ("Head turn", ada, "")
    assert prompt_of(other) == "Image 1 turns its head"
    assert (other.settings["ratio"], other.settings["duration"]) == ("9:16", "4")


def test_nothing_is_kept_of_an_empty_prompt(ada: User):
    with pytest.raises(CannotChange, match="Write a prompt first"):
        act(make_brief(ada, prompt=" "), "keep Nothing")


@pytest.mark.parametrize(("role", "may"), [(Role.MAKER, False), (Role.PRODUCER, True)])
def test_a_template_is_taken_away_by_whoever_kept_it_or_a_producer(ada: User, role: Role, may: bool):
    act(make_brief(ada, prompt="Image 1 waits"), "keep Mine")
    row = Wording.objects.get()
    brief = make_brief(make_user("Bob", role))

    if may:
        act(brief, f"unkeep {row.pk}")
    else:
        with pytest.raises(CannotChange, match="Who kept this template"):
            act(brief, f"unkeep {row.pk}")

    assert Wording.objects.exists() is not may


def test_the_press_answers_with_the_words_for_the_page(signed_in: Client, ada: User):
    brief = make_brief(ada, prompt="Image 1 waits")

    answer = signed_in.post(
        reverse("studio:brief-tray", args=[brief.pk]),
        form_of(brief) | {"act": "say ours:turn"},
        headers=HTMX,
    ).content.decode()

    assert 'data-prompt="The camera turns slowly once around Image 1' in answer
    assert "Yours were: <q" in answer
    brief.refresh_from_db()
    assert brief.prompt.startswith("The camera turns")


def test_without_scripts_words_begin_a_new_clip(signed_in: Client, ada: User):
    page = signed_in.get(reverse("studio:brief-words")).content.decode()
    assert 'value="say ours:phone"' in page

    signed_in.post(reverse("studio:new-brief"), {"act": "say ours:phone"})

    brief = Brief.objects.get()
    assert brief.prompt.startswith("Image 1 holds the camera")
    assert brief.settings["ratio"] == "9:16"


def test_the_dialog_offers_to_keep_and_to_take_away(signed_in: Client, ada: User):
    brief = make_brief(ada, prompt="Image 1 waits")
    signed_in.post(
        reverse("studio:brief-tray", args=[brief.pk]),
        form_of(brief) | {"act": "keep", "wording": " Waiting "},
        headers=HTMX,
    )

    page = signed_in.get(reverse("studio:brief-words"), {"brief": brief.pk}, headers=HTMX).content.decode()

    row = Wording.objects.get()
    assert row.name == "Waiting"
    assert f'value="say kept:{row.pk}"' in page
    assert f'value="unkeep {row.pk}"' in page
    assert 'form="brief"' in page
