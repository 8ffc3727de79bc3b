"""A provider whose record is tighter than the model: Create judges a file by the one that is chosen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from studio import media
from studio.briefs.tray import tray_of
from studio.connections.provider_accounts import capability_named
from studio.models import Brief, User
from studio.providers import registry
from studio.providers.base import Capability
from tests.create.making import make_brief
from tests.factories import make_file, make_media_file

pytestmark = pytest.mark.django_db
LARGE = {"width": 3000, "height": 2000}


def tighter() -> Capability:
    card = capability_named("apiframe")
    assert card is not None
    return replace(card, limits=replace(media.MODEL_LIMITS, picture_side_max=2048))


def large_picture(user: User) -> Brief:
    return make_brief(user, [make_file(name="rider", media=make_media_file(facts=LARGE))])


def test_a_file_is_judged_by_the_tighter_rule_of_the_chosen_provider(ada: User):
    brief = large_picture(ada)

    [by_the_model] = tray_of(brief, ada).places
    [place] = tray_of(brief, ada, tighter()).places

    assert by_the_model.problem is None
    assert place.problem is not None
    assert "2,048 on the longer side" in place.problem.detail


def test_no_repair_is_offered_for_what_only_a_provider_minds(ada: User):
    """The copy would fit the model, and be refused again."""
    [place] = tray_of(large_picture(ada), ada, tighter()).places

    assert place.problem is not None
    assert not place.problem.is_fixable


def test_the_page_says_it_while_that_provider_is_chosen(client: Client, ada: User, monkeypatch):
    brief = large_picture(ada)
    cards = registry.capabilities() | {"apiframe": tighter()}
    monkeypatch.setattr(registry, "capabilities", lambda: cards)
    address = reverse("studio:brief", args=[brief.pk])

    before = client.get(address).content.decode()
    Brief.objects.filter(pk=brief.pk).update(settings={"provider": "apiframe"})
    after = client.get(address).content.decode()

    assert "on the longer side" not in before
    assert "the model takes 2,048 on the longer side" in after
