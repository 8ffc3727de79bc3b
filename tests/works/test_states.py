"""What every card of In the works says: made from rows, each state once, and nothing claimed that no row says."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio import lifecycle
from studio.connections import provider_accounts
from studio.models import Attempt, Basis, Status, Trouble
from studio.models.generation_task import SENT
from studio.models.person import Role
from studio.providers.base import ErrorCategory
from tests.factories import make_file, make_user
from tests.whole import ready_take
from tests.works import paid

pytestmark = pytest.mark.django_db


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


def works(client) -> str:
    """The page as people read it: without marks, spaces as one."""
    page = client.get(reverse("studio:works")).content.decode()
    cards = page[page.index('id="works-cards"') : page.index("works__empty")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", cards)).split())


def test_waiting_its_turn_says_how_many_go_at_once(client, ada, account):
    paid.asked(ada, account)
    paid.asked(ada, account)

    text = works(client)

    assert "Your studio makes three clips at a time with ModelStream." in text
    assert "2nd in line" in text
    assert "Cancel, free" in text


def test_a_paused_account_says_who_paused_it(client, ada, account):
    account.paused_at, account.pause_reason = timezone.now(), "owner"
    account.save()
    paid.asked(ada, account)

    assert "ModelStream is paused by an owner. This is sent as soon as that is over." in works(client)


def test_sending_names_the_file_in_hand(client, ada, account):
    files = [make_file(name="Hazel"), make_file(name="Counter, wide")]
    task = paid.asked(ada, account, files=files)
    attempt = paid.begun(task)
    Attempt.objects.filter(pk=attempt.pk).update(uploads={files[0].media.sha256: "https://there"})

    text = works(client)

    assert "Sending Counter, wide , 1 KB. Nothing spent yet." in text
    assert "2 of 2" in text


def test_once_the_provider_is_being_asked_nothing_is_promised_about_money(client, ada, account):
    paid.begun(paid.asked(ada, account))

    text = works(client)

    assert "Asking ModelStream to make it. $0.75 is set aside." in text
    assert "Nothing spent" not in text
    assert "Cancel, free" not in text


def test_sent_is_told_apart_from_generating(client, ada, account):
    task = paid.taken(paid.asked(ada, account), stage=SENT)

    assert "Sent" in works(client)
    assert "ModelStream has everything. It usually starts within a minute." in works(client)

    paid.rows(task, stage="")
    assert "5-second clips from ModelStream take about" in works(client)


def test_a_late_clip_says_that_its_price_stays(client, ada, account):
    long_ago = timezone.now() - timedelta(minutes=6)
    paid.taken(paid.asked(ada, account), started_at=long_ago, expected_seconds=90)

    text = works(client)

    assert "Taking longer than usual" in text
    assert "and the price stays $0.75 however long it takes." in text
    assert "usually 1:30" in text


def test_saving_says_how_much_has_come(client, ada, account):
    paid.rows(paid.made(paid.asked(ada, account)), stage="14 of 22 MB")

    assert "14 of 22 MB" in works(client)


@pytest.mark.parametrize(
    ("amount", "head", "note"),
    [
        ("0.75", "· $0.75", ""),
        (
            "0.90",
            "· $0.90",
            "It cost $0.90, 20 % more than expected; the provider’s number is under More detail.",
        ),
        (None, "· about $0.75", "About $0.75, by the price entered here."),
    ],
)
def test_a_ready_clip_says_what_it_cost_and_how_we_know(client, ada, account, amount, head, note):
    paid.ready(paid.asked(ada, account), amount)

    text = works(client)

    assert head in text
    assert note in text


def test_credits_come_first_and_dollars_second(client, ada):
    paid.ready(paid.asked(ada, paid.apiframe()), "85", "credits")

    text = works(client)

    assert "· 85 credits" in text
    assert "85 credits were charged, about $0.85." in text


@pytest.mark.parametrize(
    ("clock", "said"), [("12:00", "11:56"), ("00:01", "yesterday, 23:57")], ids=["noon", "past midnight"]
)
def test_an_outage_counts_down_and_says_since_when_and_until_when(
    client, ada, account, clock, said, time_machine
):
    time_machine.move_to(f"{timezone.now():%Y-%m-%d}T{clock}:00Z", tick=False)
    paid.apiframe()
    since = timezone.now() - timedelta(minutes=4)
    soon = timezone.now() + timedelta(seconds=24)
    paid.rows(paid.asked(ada, account), trouble=Trouble.OUTAGE, trouble_since=since, tries=2, next_at=soon)

    page = client.get(reverse("studio:works")).content.decode()
    text = works(client)

    assert f"ModelStream isn’t answering since {said}. We try again in 24 seconds , then less" in text
    assert re.search(r"then less often, until tomorrow, \d\d:\d\d\.|until \d\d:\d\d\.", text)
    assert "try 3" in text
    assert "Nothing charged so far." in text
    assert "Use Apiframe" in text
    assert '<count-down data-left="2' in page


def test_a_question_that_went_wrong_once_is_no_trouble_to_tell(client, ada, account):
    task = paid.taken(paid.asked(ada, account))
    paid.rows(task, trouble=Trouble.ODD, trouble_since=timezone.now(), tries=9)

    assert "in a way we don’t understand" not in works(client)

    paid.rows(task, tries=10)
    assert "ModelStream answers in a way we don’t understand" in works(client)


def test_a_job_under_way_in_an_outage_may_still_cost_and_goes_nowhere_else(client, ada, account):
    paid.apiframe()
    task = paid.taken(paid.asked(ada, account))
    paid.rows(task, trouble=Trouble.OUTAGE, trouble_since=timezone.now(), tries=3)

    text = works(client)

    assert "May cost up to $0.75." in text
    assert "Use Apiframe" not in text


def test_a_declined_prompt_quotes_the_reason_once(client, ada, account):
    task = paid.taken(paid.asked(ada, account))
    said = "ModelStream declined this prompt. Its reason: “depicts violence”."
    paid.refused(task, ErrorCategory.MODERATION, said, fault="prompt", cost_nothing=Basis.TERMS)

    text = works(client)

    assert "ModelStream declined this prompt. Its reason: “depicts violence”." in text
    assert text.count("Its reason") == 1
    assert "Not charged." in text
    assert "Edit the prompt" in text


def test_a_refusal_that_nobody_calls_free_may_have_cost(client, ada, account):
    task = paid.taken(paid.asked(ada, account))
    paid.refused(task, ErrorCategory.PROVIDER_ERROR, "ModelStream couldn’t finish this clip.")

    text = works(client)

    assert "May cost up to $0.75." in text
    assert "Not charged" not in text


def test_an_account_without_credits_offers_another_one_with_its_price(client, ada, account):
    said = "The Apiframe account ran out of credits. This clip needs 102 and 40 are left."
    task = paid.asked(ada, paid.apiframe())
    paid.refused(task, ErrorCategory.BALANCE, said, cost_nothing=Basis.NOT_SENT)

    page = client.get(reverse("studio:works")).content.decode()

    assert "This clip needs 102 and 40 are left." in works(client)
    assert re.search(r'class="button button--spend"[^>]*>\s*Send with ModelStream, \$0\.75', page)


def test_an_account_that_the_files_cannot_reach_is_not_offered(client, ada, account, settings):
    settings.PUBLIC_URL = ""
    paid.refused(
        paid.asked(ada, paid.apiframe()),
        ErrorCategory.BALANCE,
        "The Apiframe account ran out of credits.",
        cost_nothing=Basis.NOT_SENT,
    )

    assert "Send with ModelStream" not in works(client)


def test_what_is_needed_and_left_is_told_from_our_own_figures_where_the_provider_is_silent(client, ada):
    account = paid.apiframe(balance=Decimal(40))
    paid.refused(
        paid.asked(ada, account),
        ErrorCategory.BALANCE,
        "The Apiframe account ran out of credits.",
        cost_nothing=Basis.NOT_SENT,
    )

    assert "This clip needs 85 and 40 are left." in works(client)


@pytest.mark.parametrize(("role", "act"), [(Role.OWNER, "Put the key right"), (Role.MAKER, "Tell Mara")])
def test_a_key_that_is_not_accepted_leads_to_whoever_can_put_it_right(client, account, role, act):
    make_user("Mara Lindqvist", Role.OWNER, email="mara@studio.example")
    user = make_user(role=role)
    client.force_login(user)
    provider_accounts.pause_for_key(account)
    paid.asked(user, account)

    text = works(client)

    assert "ModelStream didn’t accept the studio’s key." in text
    assert "It will be sent as soon as the key works." in text
    assert act in text
    assert "Make a free draft" in text


def test_a_clip_that_our_disk_did_not_take_is_still_there(client, ada, account):
    task = paid.made(paid.asked(ada, account), "0.75")
    paid.rows(task, trouble=Trouble.STORING, trouble_since=timezone.now(), tries=2)

    text = works(client)

    assert (
        "Made, but it couldn’t be copied here yet: your server didn’t take it; its disk may be full." in text
    )
    assert "ModelStream keeps it until tomorrow," in text
    assert "$0.75 was charged. Fetching again is free." in text
    assert "Fetch it again" in text


def test_a_clip_that_was_given_up_can_be_fetched_again_while_it_is_held(client, ada, account):
    task = paid.made(paid.asked(ada, account), "0.75")
    sentence = "The clip was made, but its file cannot be played to the end."
    paid.refused(task, ErrorCategory.PROVIDER_ERROR, sentence)

    assert "Fetch it again" in works(client)

    paid.rows(task, started_at=timezone.now() - timedelta(days=3))
    assert "Fetch it again" not in works(client)


def test_cancelled_after_sending_says_who_and_what_it_may_cost(client, ada):
    task = paid.taken(paid.asked(ada, paid.apiframe()))
    lifecycle.request_cancel(task, ada)
    lifecycle.end_as(task, Status.CANCELED, task.lease_token, watch_at=timezone.now() + paid.LATER)

    text = works(client)

    assert (
        "It was already sent, so Apiframe may still finish it. If it does, the clip will appear here." in text
    )
    assert "May cost up to 85 credits." in text
    assert "by Ada," in text
    assert "Try again" not in text


def test_a_lost_answer_shows_the_evidence_and_no_way_to_pay_twice(client, ada, account):
    task = paid.asked(ada, account, files=[make_file(), make_file("video")])
    attempt = paid.lost(task)
    paid.picked_up(task, attempt)

    text = works(client)

    assert "We don’t know yet whether ModelStream received this." in text
    assert re.search(
        r"It probably has it: it picked up Image 1 and Video 1 from this studio at \d\d:\d\d\.", text
    )
    assert "May cost up to $0.75. That much stays set aside until this is settled." in text
    assert "Check again" in text
    assert "I looked in ModelStream" in text
    assert "Try again" not in text


@pytest.mark.parametrize(
    ("finding", "words"),
    [("several", "lists several clips of that moment,"), ("none", "listed no such clip at")],
)
def test_what_the_provider_s_list_said_is_told(client, ada, finding, words):
    account = provider_accounts.connect("dashscope", "sk-1234567890abcdef", price_720p=Decimal("0.10"))
    attempt = paid.lost(paid.asked(ada, account), look_at=timezone.now() + paid.LATER)
    Attempt.objects.filter(pk=attempt.pk).update(finding=finding, investigated_at=timezone.now())

    assert words in works(client)


def test_an_old_take_of_unknown_fate_stays_on_the_page(client, ada, account):
    task = paid.asked(ada, account)
    paid.lost(task)
    paid.rows(task, created_at=timezone.now() - timedelta(days=40))

    assert "We don’t know yet" in works(client)


def test_an_expired_clip_keeps_its_money_flagged(client, ada, account):
    task = paid.taken(paid.asked(ada, account))
    lifecycle.end_as(task, Status.EXPIRED, task.lease_token)

    text = works(client)

    assert "ModelStream no longer holds this clip." in text
    assert "May cost up to $0.75." in text


def test_a_stand_in_is_marked(client, ada):
    paid.asked(ada, paid.modelstream(base_url="http://127.0.0.1:9"))

    assert "Simulated" in works(client)


def test_a_real_account_is_not_marked(client, ada, account):
    paid.asked(ada, account)

    assert "Simulated" not in works(client)


def test_the_number_of_queries_does_not_grow_with_paid_cards(client, ada, account):
    def one_of_each() -> None:
        task = paid.asked(ada, account, files=[make_file(), make_file("video")])
        paid.picked_up(task, paid.lost(task))
        paid.begun(paid.asked(ada, account))
        paid.ready(paid.asked(ada, account), "0.90")
        said = "The ModelStream account ran out of credits."
        paid.refused(paid.asked(ada, account), ErrorCategory.BALANCE, said, cost_nothing=Basis.NOT_SENT)
        paid.rows(paid.asked(ada, account), trouble=Trouble.KEY, trouble_since=timezone.now(), tries=1)

    paid.apiframe()
    one_of_each()
    works(client)  # the first page of a visit notes when its person was here
    with CaptureQueriesContext(connection) as few:
        works(client)
    for _ in range(3):
        one_of_each()

    with CaptureQueriesContext(connection) as many:
        works(client)

    assert len(many) == len(few)


@pytest.mark.parametrize("page", ["studio:works", "studio:create"])
def test_a_ready_take_leads_to_its_review(client, ada, page):
    task = ready_take(user=ada)

    found = client.get(reverse(page)).content.decode()

    assert f'href="{reverse("studio:review", args=[task.task_id])}" aria-label="Review' in found
