"""What a person can do about a take that is stuck, with scripts and without; nothing of it can pay twice unsaid."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from studio import changes, lifecycle
from studio.connections import provider_accounts
from studio.models import (
    Attempt,
    Basis,
    Brief,
    ChargeState,
    Connection,
    GenerationTask,
    Status,
    TaskEvent,
    Trouble,
)
from studio.models.person import Role
from studio.providers.base import ErrorCategory
from tests.factories import make_file, make_media_file, make_user
from tests.works import paid

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(client):
    user = make_user()
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def reachable(settings):
    """Providers can fetch files from here."""
    settings.PUBLIC_URL = "https://studio.example"


@pytest.fixture
def account():
    return paid.modelstream()


def press(client, name, task, headers=None, **data):
    return client.post(reverse(f"studio:{name}", args=[task.task_id]), data, headers=headers)


def let_go(task):
    GenerationTask.objects.filter(pk=task.pk).update(lease_token=None, lease_until=None)


def usable():
    """A picture that the form accepts for every provider."""
    return make_file(media=make_media_file(facts={"width": 1280, "height": 720}))


def test_try_now_brings_the_next_try_forward(client, ada, account):
    task = paid.asked(ada, account)
    paid.rows(
        task,
        trouble=Trouble.OUTAGE,
        trouble_since=timezone.now(),
        tries=3,
        next_at=timezone.now() + paid.LATER,
    )
    let_go(task)

    answer = press(client, "clip-look-now", task, HTMX, shown="card")

    task.refresh_from_db()
    assert task.next_at <= timezone.now()
    assert (task.trouble, task.tries) == (Trouble.OUTAGE, 3)
    assert f'id="task-{task.task_id}"' in answer.content.decode()
    assert "works-changed" in answer.headers["HX-Trigger"]


def test_a_try_under_way_is_not_begun_twice(client, ada, account):
    task = paid.asked(ada, account)
    until = timezone.now() + paid.LATER
    paid.rows(task, next_at=until, lease_until=until)

    press(client, "clip-look-now", task)

    task.refresh_from_db()
    assert task.next_at == until


def test_check_again_looks_for_a_lost_clip_also_after_looking_has_ended(client, ada, account):
    task = paid.asked(ada, account)
    paid.lost(task, look_at=None)

    answer = press(client, "clip-look-now", task, next="/works/")

    task.refresh_from_db()
    assert task.next_at <= timezone.now()
    assert task.status == Status.UNCERTAIN
    assert answer["Location"] == "/works/"


def test_m11_nothing_is_sent_again_while_nobody_knows(client, ada, account):
    task = paid.asked(ada, account)
    paid.lost(task)

    press(client, "clip-again", task)
    press(client, "clip-elsewhere", task, **{"with": "modelstream", "way": "send"})

    task.refresh_from_db()
    assert task.status == Status.UNCERTAIN
    assert GenerationTask.objects.count() == 1


def test_a_take_that_may_still_be_charged_is_not_put_out_of_sight(client, ada, account):
    task = paid.asked(ada, account)
    paid.lost(task)

    assert lifecycle.put_in_bin([task], ada) == []
    assert (
        "Put Morning stretch, take 1 in the bin" not in client.get(reverse("studio:works")).content.decode()
    )


def test_someone_looked_and_it_is_not_there_so_the_money_comes_back(client, ada, account):
    task = paid.asked(ada, account)
    paid.lost(task)

    press(client, "clip-not-there", task)

    task.refresh_from_db()
    charge = task.charges.get()
    assert task.status == Status.FAILED
    assert (charge.state, charge.basis) == (ChargeState.RELEASED, Basis.PERSON)
    page = client.get(reverse("studio:clip", args=[task.task_id])).content.decode()
    assert "Ada looked in ModelStream: it is not there" in page
    assert "Not charged: someone looked, and it isn’t there." in page


def test_someone_looked_and_gives_its_number_so_the_take_goes_on(client, ada, account):
    task = paid.asked(ada, account)
    attempt = paid.lost(task)

    press(client, "clip-found", task, number="  vid_0192 ".replace("vid_", "vid-"))

    task.refresh_from_db()
    attempt.refresh_from_db()
    assert (task.status, task.job_id, attempt.job_id) == (Status.RUNNING, "vid-0192", "vid-0192")
    page = client.get(reverse("studio:clip", args=[task.task_id])).content.decode()
    assert "Ada found it at ModelStream" in page


@pytest.mark.parametrize("number", ["", "two words", "x" * 121, "naïve", "<b>1</b>", "a\x00b"])
def test_what_can_be_no_number_changes_nothing(client, ada, account, number):
    task = paid.asked(ada, account)
    paid.lost(task)

    answer = press(client, "clip-found", task, number=number)

    task.refresh_from_db()
    assert answer.status_code == 302
    assert task.status == Status.UNCERTAIN


def test_the_number_of_another_take_is_refused_with_its_name(client, ada, account):
    other = paid.taken(paid.asked(ada, account, title="Dune grass"))
    task = paid.asked(ada, account)
    paid.lost(task)

    answer = press(client, "clip-found", task, number=other.job_id, next="/works/")

    page = client.get(answer["Location"]).content.decode()
    task.refresh_from_db()
    assert "That number belongs to Dune grass, take 1." in page
    assert task.status == Status.UNCERTAIN


@pytest.mark.parametrize("name", ["clip-found", "clip-not-there"])
def test_a_settled_take_is_not_settled_again(client, ada, account, name):
    task = paid.taken(paid.asked(ada, account))

    press(client, name, task, number="job-9")

    task.refresh_from_db()
    assert task.status == Status.RUNNING
    assert task.charges.get().state == ChargeState.RESERVED


def test_fetching_again_is_free_and_begins_at_once(client, ada, account):
    task = paid.made(paid.asked(ada, account), "0.75")
    paid.refused(
        task, ErrorCategory.PROVIDER_ERROR, "The clip was made, but its file cannot be played to the end."
    )

    press(client, "clip-fetch-again", task)

    task.refresh_from_db()
    assert task.status == Status.SAVING
    assert [charge.state for charge in task.charges.all()] == [ChargeState.SETTLED]


def test_there_is_nothing_to_fetch_for_a_take_that_was_never_sent(client, ada, account):
    task = paid.asked(ada, account)
    lifecycle.request_cancel(task, ada)

    press(client, "clip-fetch-again", task)

    task.refresh_from_db()
    assert task.status == Status.CANCELED


def out_of_credits(ada):
    task = paid.asked(ada, paid.apiframe(), files=[usable()])
    said = "The Apiframe account ran out of credits."
    return paid.refused(task, ErrorCategory.BALANCE, said, cost_nothing=Basis.NOT_SENT)


def test_m01_sending_with_another_account_makes_one_take_however_often_it_is_pressed(client, ada, account):
    task = out_of_credits(ada)

    for _ in range(3):
        press(client, "clip-elsewhere", task, HTMX, shown="card", **{"with": "modelstream", "way": "send"})

    sent = GenerationTask.objects.exclude(pk=task.pk).get()
    assert (sent.connection, sent.version.shot) == (account, task.version.shot)
    assert sent.charges.get().state == ChargeState.RESERVED
    assert not Brief.objects.filter(sent_at=None).exists()


def test_a_limit_in_the_way_sends_nothing_and_says_so(client, ada):
    paid.modelstream(daily_cap="0.10")
    task = out_of_credits(ada)

    answer = press(
        client, "clip-elsewhere", task, HTMX, shown="card", **{"with": "modelstream", "way": "send"}
    )

    assert "Nothing was sent." in answer.headers["HX-Trigger"]
    assert GenerationTask.objects.count() == 1
    assert not Brief.objects.exists()


def test_what_the_other_account_cannot_take_opens_in_create_instead(client, ada, account):
    task = paid.asked(ada, paid.apiframe(), files=[make_file("video", media=make_media_file("video"))])
    said = "The Apiframe account ran out of credits."
    paid.refused(task, ErrorCategory.BALANCE, said, cost_nothing=Basis.NOT_SENT)

    answer = press(client, "clip-elsewhere", task, HTMX, **{"with": "modelstream", "way": "send"})

    brief = Brief.objects.get()
    assert answer.headers["HX-Redirect"] == reverse("studio:brief", args=[brief.pk])
    assert GenerationTask.objects.count() == 1


def test_use_another_account_opens_the_brief_there_and_sends_nothing(client, ada, account):
    paid.apiframe()
    task = paid.rows(paid.asked(ada, account), trouble=Trouble.OUTAGE, trouble_since=timezone.now(), tries=1)

    answer = press(client, "clip-elsewhere", task, **{"with": "apiframe", "way": "open"})

    brief = Brief.objects.get()
    assert answer["Location"] == reverse("studio:brief", args=[brief.pk])
    assert brief.settings["provider"] == "apiframe"
    assert GenerationTask.objects.count() == 1


def test_a_free_draft_meanwhile_is_made_of_the_same_version(client, ada, account):
    task = paid.asked(ada, account, files=[usable()])
    paid.lost(task)

    press(client, "clip-elsewhere", task, **{"with": "local", "way": "send"})

    draft = GenerationTask.objects.exclude(pk=task.pk).get()
    assert draft.connection == Connection.objects.get(provider="local")
    assert draft.version.shot == task.version.shot


@pytest.mark.parametrize("wanted", ["", "nobody", "dashscope"])
def test_an_account_that_is_not_there_is_said_to_be_missing(client, ada, account, wanted):
    task = out_of_credits(ada)

    answer = press(client, "clip-elsewhere", task, **{"with": wanted, "way": "send"})

    assert answer.status_code == 302
    assert GenerationTask.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["clip-look-now", "clip-found", "clip-not-there", "clip-fetch-again", "clip-elsewhere"]
)
def test_a_reviewer_watches_and_does_nothing_of_it(client, account, name):
    task = paid.asked(make_user(), account)
    paid.lost(task)
    client.force_login(make_user(role=Role.REVIEWER))

    answer = press(client, name, task, number="job-1", **{"with": "local", "way": "send"})

    task.refresh_from_db()
    assert answer.status_code == 403
    assert task.status == Status.UNCERTAIN


def test_what_a_take_waited_for_goes_on_counting_through_the_next_try(ada, account):
    since = timezone.now() - paid.LATER / 2
    task = paid.rows(paid.asked(ada, account), trouble=Trouble.OUTAGE, trouble_since=since, tries=7)

    paid.begun(task)

    assert (task.trouble_since, task.tries) == (since, 7)


def test_a_refused_key_shows_on_every_card_of_its_account_at_the_next_poll(client, ada, account):
    task = paid.asked(ada, account)
    seen = changes.latest_revision()

    provider_accounts.pause_for_key(account)

    query = {"page": "works", "seen": seen, "newest": task.pk, "worker": 1}
    text = client.get(reverse("studio:poll-works"), query).content.decode()
    assert "didn’t accept the studio’s key" in text


def test_the_clip_page_folds_every_code_away(client, ada, account):
    task = paid.asked(ada, account)
    attempt = paid.lost(task)
    paid.picked_up(task, attempt)

    page = client.get(reverse("studio:clip", args=[task.task_id])).content.decode()

    open_part, folded = page.split('<details class="more-detail">', 1)
    assert str(attempt.key) in folded
    assert "ReadTimeout" in folded
    assert "ReadTimeout" not in open_part
    assert "Image 1 was picked up" in open_part
    assert "$0.75 set aside from Inbox" in open_part


def test_the_timeline_tells_of_money(client, ada, account):
    task = paid.ready(paid.asked(ada, account), "0.90")

    page = client.get(reverse("studio:clip", args=[task.task_id])).content.decode()

    assert "$0.90 charged" in page
    assert "20 % more than expected" in page
    assert "$0.90, 20 % more than expected" in page


def test_a_poll_goes_on_while_a_clip_can_still_turn_up(client, ada, account):
    task = paid.asked(ada, account)
    paid.lost(task, look_at=timezone.now() + paid.LATER)

    page = client.get(reverse("studio:clip", args=[task.task_id])).content.decode()

    assert "data-over" not in page
    assert "data-youngest" in page


def test_a_cancelled_clip_that_is_watched_keeps_its_page_asking(client, ada, account):
    task = paid.taken(paid.asked(ada, account))
    lifecycle.end_as(task, Status.CANCELED, task.lease_token, watch_at=timezone.now() + paid.LATER)

    page = client.get(reverse("studio:clip", args=[task.task_id])).content.decode()

    assert "data-over" not in page


def test_a_poll_of_changed_paid_cards_stays_within_its_queries(
    client, ada, account, django_assert_max_num_queries
):
    for _ in range(8):
        paid.ready(paid.asked(ada, account), "0.75")

    with django_assert_max_num_queries(12):
        client.get(reverse("studio:poll-works"), {"page": "works", "seen": 0, "newest": 10**6, "worker": 1})


def test_each_file_that_is_fetched_is_noted_once(client, ada, account, settings):
    from studio import delivery

    settings.PUBLIC_URL = "http://testserver"
    settings.ALLOW_PRIVATE_ADDRESSES = True
    task = paid.asked(ada, account, files=[make_file(), make_file()])
    attempt = paid.begun(task)
    media = [each.media for each in task.version.references.select_related("media")]

    for stored in [*media, media[0]]:
        client.get(delivery.link(attempt, stored).removeprefix("http://testserver"))

    attempt.refresh_from_db()
    files = [event.facts["file"] for event in TaskEvent.objects.filter(task=task, word="picked_up")]
    assert files == [each.sha256 for each in media]
    assert attempt.fetch_count == 3
    assert Attempt.objects.get(pk=attempt.pk).first_fetched_at is not None
