"""Two pages, or a page and a worker, write one brief at the same moment. Real connections."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from studio.briefs import changing, starting
from studio.models import Brief, User
from studio.models.brief import BriefQuerySet
from tests.create.making import form_of, make_brief
from tests.factories import inbox, make_file

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
# Who does not have to wait is done long before.
A_MOMENT = 1.0


class Meanwhile:
    """Posts in a thread of its own. It may have to wait, so it is looked after again at the end."""

    def __init__(self, client: Client, address: str, form: dict[str, Any]) -> None:
        self._client, self._address, self._form = client, address, form
        self._thread = threading.Thread(target=self._post)
        self.status = 0

    def begin(self) -> None:
        self._thread.start()
        self._thread.join(A_MOMENT)

    def end(self) -> None:
        self._thread.join()

    def _post(self) -> None:
        try:
            self.status = self._client.post(self._address, self._form).status_code
        finally:
            connections.close_all()


def second_tab(ada: User) -> Client:
    browser = Client()
    browser.force_login(ada)
    return browser


def test_a_change_of_the_tray_keeps_what_another_tab_saves_meanwhile(client: Client, ada: User, monkeypatch):
    brief = make_brief(ada, files=[make_file(name="rider"), make_file(name="street")])
    save = reverse("studio:brief-save", args=[brief.pk])
    other = Meanwhile(second_tab(ada), save, {"negative_prompt": "No rain"})
    change = changing.change

    def change_while_the_other_saves(*args: Any) -> str:
        other.begin()
        return change(*args)

    monkeypatch.setattr(changing, "change", change_while_the_other_saves)

    client.post(reverse("studio:brief-tray", args=[brief.pk]), form_of(brief) | {"act": "remove key001"})
    other.end()

    brief.refresh_from_db()
    assert other.status == 302
    assert [entry["key"] for entry in brief.tray] == ["key002"]
    assert brief.negative_prompt == "No rain"


def test_two_first_saves_of_one_address_make_one_brief(client: Client, ada: User, monkeypatch):
    fresh = Brief(user=ada, project=inbox())
    save, ticket = reverse("studio:brief-save", args=[fresh.pk]), starting.ticket(fresh)
    other = Meanwhile(second_tab(ada), save, {"ticket": ticket, "negative_prompt": "No rain"})
    create = BriefQuerySet.create

    def create_after_the_other(briefs: BriefQuerySet, **fields: Any) -> Brief:
        monkeypatch.setattr(BriefQuerySet, "create", create)
        other.begin()
        return create(briefs, **fields)

    monkeypatch.setattr(BriefQuerySet, "create", create_after_the_other)

    first = client.post(save, {"ticket": ticket, "title": "Night ride"})
    other.end()

    assert (first.status_code, other.status) == (302, 302)
    brief = Brief.objects.get()
    assert (brief.title, brief.negative_prompt) == ("Night ride", "No rain")
