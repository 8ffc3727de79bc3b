"""The consent note of a file: written, changed, found, hinted at, and never in the way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from studio.files import consent
from studio.files.consent import Standing
from studio.models import GenerationTask, LibraryFile
from studio.models.library import FileRole
from studio.models.person import Role
from tests.create.making import form_of, make_brief
from tests.factories import make_file, make_user

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}
NOTE = {"who": "Astrid Lund", "purpose": "Meadow Wakes and its trailer", "until": "2027-03-31"}
TODAY = date(2026, 11, 21)


@pytest.fixture
def ada(client):
    user = make_user()
    client.force_login(user)
    return user


def person(**fields) -> LibraryFile:
    return make_file(name="Portrait of Ada", role=FileRole.PERSON, **fields)


def write(client, file, **changes):
    return client.post(reverse("studio:file-consent", args=[file.pk]), NOTE | changes, headers=HX)


def panel(client, file) -> str:
    return client.get(reverse("studio:file", args=[file.pk]), headers=HX).content.decode()


def days(count: int) -> date:
    return timezone.localdate() + timedelta(days=count)


@pytest.mark.parametrize(
    ("role", "fields", "standing", "hint"),
    [
        (FileRole.PERSON, {}, Standing.MISSING, "consent not noted"),
        (FileRole.VOICE, {}, Standing.MISSING, "consent not noted"),
        (FileRole.PROP, {}, Standing.NOT_NEEDED, ""),
        (FileRole.PERSON, {"consent_who": "Astrid"}, Standing.NOTED, ""),
        (FileRole.PROP, {"consent_who": "A", "consent_until": date(2027, 3, 31)}, Standing.NOTED, ""),
        (
            FileRole.PERSON,
            {"consent_who": "A", "consent_until": date(2026, 11, 30)},
            Standing.ENDING,
            "consent ends 30 Nov",
        ),
        (
            FileRole.PERSON,
            {"consent_who": "A", "consent_until": TODAY},
            Standing.ENDING,
            "consent ends 21 Nov",
        ),
        (
            FileRole.PROP,
            {"consent_who": "A", "consent_until": date(2025, 11, 20)},
            Standing.ENDED,
            "consent ended 20 Nov 2025",
        ),
    ],
)
def test_a_consent_stands_by_its_note_and_its_last_day(role, fields, standing, hint):
    file = LibraryFile(role=role, **fields)

    assert (consent.standing(file, TODAY), consent.hint(file, TODAY)) == (standing, hint)


def test_the_panel_asks_for_the_consent_of_a_person(client, ada):
    assert "Consent not noted" in panel(client, person())


def test_a_note_says_who_for_what_until_when_and_who_noted_it(client, ada):
    file = person()

    html = write(client, file).content.decode()

    assert "<b>Astrid Lund agreed</b>" in html
    assert "For Meadow Wakes and its trailer, until 31 March 2027. Noted by Ada Lovelace on" in html
    assert "Change the note" in html


def test_a_note_works_without_scripts(client, ada):
    file = person()

    answer = client.post(reverse("studio:file-consent", args=[file.pk]), NOTE, follow=True)

    assert "<!doctype html>" in answer.content.decode()
    assert "Astrid Lund agreed" in answer.content.decode()


def test_a_note_is_changed_and_taken_out(client, ada):
    file = person()
    write(client, file)

    write(client, file, until="")
    file.refresh_from_db()
    endless = file.consent_until
    client.post(reverse("studio:file-consent", args=[file.pk]), {"remove": "1"}, headers=HX)

    file.refresh_from_db()
    assert endless is None
    assert (file.consent_who, file.consent_noted_by) == ("", None)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"who": ""}, "Write who agreed."),
        ({"who": "  "}, "Write who agreed."),
        ({"who": "x" * 121}, "up to 120 letters"),
        ({"purpose": "x" * 201}, "up to 200 letters"),
        ({"until": "tomorrow"}, "year-month-day"),
        ({"until": "0000-00-00"}, "year-month-day"),
    ],
)
def test_a_note_that_says_nothing_is_refused_kindly_and_what_was_typed_stays(client, ada, changes, says):
    file = person()

    answer = write(client, file, **changes)

    file.refresh_from_db()
    html = answer.content.decode()
    assert (answer.status_code, file.consent_who) == (422, "")
    assert says in html
    assert (changes.get("purpose") or NOTE["purpose"]) in html


def test_the_card_hints_at_a_consent_that_is_missing_or_over(client, ada):
    person()
    make_file(name="Rider", role=FileRole.PERSON, consent_who="Bo", consent_until=days(-1))
    make_file(name="Cat", role=FileRole.PROP)

    html = client.get(reverse("studio:files")).content.decode()

    assert html.count("Consent not noted") == 1
    assert "Person · consent ended" in html


def test_the_tray_hints_and_sending_goes_on(client, ada):
    over = make_file(name="Rider", consent_who="Bo", consent_until=days(-1))
    brief = make_brief(ada, [person(), over], prompt="Image 1 and Image 2 walk")

    html = client.get(reverse("studio:brief", args=[brief.pk])).content.decode()
    client.post(reverse("studio:brief-send", args=[brief.pk]), form_of(brief) | {"with": "draft"})

    assert "<b>Image 1:</b> consent not noted." in html
    assert "<b>Image 2:</b> consent ended" in html
    assert GenerationTask.objects.count() == 1


@pytest.mark.parametrize("words", ["astrid", "trailer", "meadow wakes"])
def test_search_finds_files_by_who_agreed_and_to_what(client, ada, words):
    file = person()
    write(client, file)
    make_file(name="Harbour")

    html = client.get(reverse("studio:files"), {"q": words}).content.decode()

    assert "Portrait of Ada" in html
    assert "Harbour" not in html


def test_a_fixed_copy_and_its_original_share_the_note(client, ada):
    original = person()
    copy = make_file(name="Portrait of Ada, fixed", fixed_from=original)
    other = person()

    write(client, copy)

    original.refresh_from_db()
    other.refresh_from_db()
    assert (original.consent_who, other.consent_who) == ("Astrid Lund", "")


def test_a_note_without_a_name_cannot_be_stored():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_file(consent_for="Everything")


def test_a_reviewer_reads_the_note_and_cannot_write_it(client):
    client.force_login(make_user("Rae", role=Role.REVIEWER))
    file = person()

    answer = write(client, file)

    file.refresh_from_db()
    assert (answer.status_code, file.consent_who) == (403, "")
    assert "Note the consent" not in panel(client, file)


def test_one_press_shows_what_wants_a_consent_noted_or_renewed(client, ada):
    person()
    make_file(name="Rider", role=FileRole.PERSON, consent_who="Bo", consent_until=days(9))
    make_file(name="Elin", role=FileRole.PERSON, consent_who="Elin Ros", consent_until=days(90))
    make_file(name="Harbour", role=FileRole.PLACE)

    html = client.get(reverse("studio:files"), {"consent": "open"}).content.decode()

    shown = [name for name in ("Portrait of Ada", "Rider", "Elin", "Harbour") if f">{name}</h3>" in html]
    assert shown == ["Portrait of Ada", "Rider"]
