"""The records that the form reads: what each provider takes, and the reason for what it lacks."""

from __future__ import annotations

from dataclasses import asdict, fields
from decimal import Decimal
from pathlib import Path

import pytest

from studio.drafts.request import MAX_SECONDS, MAX_SECONDS_WITH_CLIP, MIN_SECONDS, SIZES
from studio.media.limits import MODEL_LIMITS
from studio.providers import registry
from studio.providers.base import Capability, ErrorCategory, ProviderError

CARDS = registry.capabilities()
LACKABLE = {
    "accepts_first_frame": "first_frame",
    "accepts_voice": "voice",
    "accepts_prompt_extend": "prompt_extend",
    "accepts_watermark": "watermark",
    "accepts_shot_type": "shot_type",
    "accepts_seed": "seed",
}
each_provider = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)


def test_cards_stand_in_the_order_of_the_design() -> None:
    assert [card.label for card in CARDS.values()] == ["ModelStream", "Apiframe", "DashScope", "Free draft"]


@each_provider
def test_every_setting_a_provider_lacks_has_its_reason_and_no_other_has(card: Capability) -> None:
    lacking = {setting for flag, setting in LACKABLE.items() if not getattr(card, flag)}

    assert set(card.reasons) == lacking
    assert set(LACKABLE) == {field.name for field in fields(Capability) if field.name.startswith("accepts_")}


@each_provider
def test_a_record_is_whole(card: Capability) -> None:
    ages = [age for age, _ in card.poll_rhythm]

    assert card.needs <= {"image", "video"}
    assert card.needs
    assert 2 == card.min_duration < card.max_duration_with_video <= card.max_duration <= 15
    assert set(card.price.per_second) == (set() if card.is_free else {"720p", "1080p"})
    assert ages == sorted(ages)
    assert ages[-1] >= card.gives_up_after_seconds
    assert card.image_label.format(number=2) == "Image 2"


@each_provider
def test_a_record_s_limits_are_the_models_or_tighter(card: Capability) -> None:
    for rule, value in asdict(card.limits).items():
        models = getattr(MODEL_LIMITS, rule)
        if isinstance(value, tuple):
            assert set(value) <= set(models), rule
        elif rule.endswith("_min"):
            assert value >= models, rule
        else:
            assert value <= models, rule


def test_what_the_contract_says_about_each() -> None:
    modelstream, apiframe, dashscope = (CARDS[name] for name in ("modelstream", "apiframe", "dashscope"))

    assert modelstream.summary == "Voice, first frame, up to 15 s"
    assert apiframe.summary == "Single or multi-shot, up to 10 s"
    assert modelstream.needs == {"image"}
    assert modelstream.reasons["shot_type"] == "Apiframe only. ModelStream decides from your prompt."
    assert "Experimental" in modelstream.notes["voice"]
    assert (apiframe.max_duration, apiframe.negative_prompt_limit) == (10, 2500)
    assert set(apiframe.price.per_second.values()) == {Decimal(17)}
    assert [card.name for card in CARDS.values() if card.repeats_by_key] == ["apiframe", "local"]
    assert dashscope.price.bills_reference_clips
    assert dashscope.can_cancel


def test_the_free_draft_takes_what_the_renderer_draws() -> None:
    card = CARDS["local"]

    assert card.is_free
    assert set(card.resolutions) == set(SIZES)
    assert set(card.ratios) == set(SIZES["720p"])
    assert (card.min_duration, card.max_duration, card.max_duration_with_video) == (
        MIN_SECONDS,
        MAX_SECONDS,
        MAX_SECONDS_WITH_CLIP,
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [("modelstream", "ModelStream is not connected"), ("nobody", "This provider is not connected")],
)
def test_a_provider_without_a_connection_cannot_be_asked(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(ProviderError, match=says) as raised:
        registry.provider(name, jobs_dir=tmp_path)

    assert raised.value.category == ErrorCategory.NOT_SENT


def test_one_process_has_one_queue_per_folder(tmp_path: Path) -> None:
    first, again, other = (
        registry.provider("local", jobs_dir=folder)
        for folder in (tmp_path / "a", tmp_path / "a", tmp_path / "b")
    )

    assert first is again is not other


def test_what_the_contract_says_about_accounts() -> None:
    paid = {name: card for name, card in CARDS.items() if not card.is_free}

    assert {name: [host.url for host in card.hosts] for name, card in paid.items()} == {
        "modelstream": ["https://api.modelstream.ai"],
        "apiframe": ["https://api.apiframe.ai"],
        "dashscope": ["https://dashscope-intl.aliyuncs.com", "https://dashscope.aliyuncs.com"],
    }
    assert [name for name, card in paid.items() if card.lists_jobs] == ["dashscope"]
    assert [name for name, card in paid.items() if card.takes_callbacks] == ["apiframe"]
    assert [name for name, card in paid.items() if card.tells_balance] == ["apiframe"]
    assert [name for name, card in paid.items() if card.takes_data_pictures] == ["dashscope"]
    assert [name for name, card in paid.items() if card.failed_jobs_are_free] == ["apiframe", "dashscope"]
    assert [name for name, card in paid.items() if not card.upload_limits] == ["modelstream"]
    assert paid["apiframe"].upload_limits["video"] == 50_000_000
    assert paid["dashscope"].queries_per_second == 20
    assert {card.holds_results_seconds for card in paid.values()} == {86_400}
