"""What changed between two recipes: the words, the references, the settings."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from studio.compare import recipe_diff, word_diff
from studio.compare.recipe_diff import Fate, Piece, Side, Used, Value
from studio.compare.word_diff import Mark

RABBIT = Used(key="aaa111", kind="image", name="Hazel", content="1" * 64)
MEADOW = Used(key="bbb222", kind="image", name="Dawn meadow", content="2" * 64)
DANCE = Used(key="ccc333", kind="video", name="Slow dance", content="3" * 64)
LENGTH, SHAPE = Value(name="Length", words="5 s"), Value(name="Shape", words="16:9")
CLOUDY = Side(
    prompt="{{ref:aaa111}} walks into {{ref:bbb222}} on an overcast morning. He stretches quickly, then yawns.",
    references=(RABBIT, MEADOW),
    settings=(Value(name="Seed", words="771"), LENGTH, SHAPE),
)
SUNNY = Side(
    prompt=(
        "{{ref:aaa111}} walks into {{ref:bbb222}}, just as the sun rises. "
        "He stretches slowly, as {{ref:ccc333}} moves, then yawns."
    ),
    references=(RABBIT, MEADOW, DANCE),
    settings=(Value(name="Seed", words="1840"), LENGTH, SHAPE),
)


def marked(pieces: tuple[Piece, ...], mark: Mark) -> list[str]:
    return [piece.text.strip() for piece in pieces if piece.mark == mark]


def read(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def test_each_side_shows_its_own_words_and_what_both_have():
    found = recipe_diff.compare(CLOUDY, SUNNY)

    assert marked(found.prompt_before, Mark.REMOVED) == ["on an overcast morning", "quickly"]
    assert marked(found.prompt_after, Mark.ADDED) == [
        ", just as the sun rises",
        "slowly, as",
        "Video 1",
        "moves",
    ]
    assert marked(found.prompt_before, Mark.ADDED) == marked(found.prompt_after, Mark.REMOVED) == []
    assert read(found.prompt_before) == (
        "Image 1 walks into Image 2 on an overcast morning. He stretches quickly, then yawns."
    )


def test_a_mention_carries_the_key_of_its_own_sides_reference():
    found = recipe_diff.compare(CLOUDY, SUNNY)

    assert [piece.key for piece in found.prompt_before if piece.key] == ["aaa111", "bbb222"]
    assert [piece.key for piece in found.prompt_after if piece.key] == ["aaa111", "bbb222", "ccc333"]


def test_a_reference_that_only_got_another_number_is_the_same_mention():
    turned = replace(CLOUDY, references=(MEADOW, RABBIT))

    found = recipe_diff.compare(CLOUDY, turned)

    assert not found.is_prompt_changed
    assert not found.are_references_changed
    assert read(found.prompt_after).startswith("Image 2 walks into Image 1")


def test_the_same_file_under_another_key_is_the_same_reference():
    elsewhere = Side(
        prompt=CLOUDY.prompt.replace("aaa111", "zzz999"),
        references=(replace(RABBIT, key="zzz999"), MEADOW),
        settings=CLOUDY.settings,
    )

    found = recipe_diff.compare(CLOUDY, elsewhere)

    assert found.changed_count == 0
    assert [piece.key for piece in found.prompt_after if piece.key] == ["zzz999", "bbb222"]


def test_another_file_in_the_same_place_is_swapped_and_its_mention_stays():
    fox = replace(RABBIT, name="Rust", content="9" * 64)

    found = recipe_diff.compare(CLOUDY, replace(CLOUDY, references=(fox, MEADOW)))

    assert not found.is_prompt_changed
    assert [(chip.fate, chip.was) for chip in found.references_after] == [
        (Fate.SWAPPED, "Hazel"),
        (Fate.SAME, ""),
    ]
    assert [chip.fate for chip in found.references_before] == [Fate.SWAPPED, Fate.SAME]


def test_references_that_came_and_went_are_added_and_removed():
    came, went = recipe_diff.compare(CLOUDY, SUNNY), recipe_diff.compare(SUNNY, CLOUDY)

    assert [chip.fate for chip in came.references_after] == [Fate.SAME, Fate.SAME, Fate.ADDED]
    assert [chip.fate for chip in went.references_before] == [Fate.SAME, Fate.SAME, Fate.REMOVED]
    assert [chip.label for chip in came.references_after] == ["Image 1", "Image 2", "Video 1"]


def test_changed_settings_are_counted_with_prompt_and_references():
    found = recipe_diff.compare(CLOUDY, SUNNY)

    assert (found.changed_count, found.same_count, found.total) == (3, 2, 5)
    assert [(each.name, each.before, each.after) for each in found.changed] == [("Seed", "771", "1840")]
    assert [each.name for each in found.unchanged] == ["Length", "Shape"]


def test_a_setting_that_only_one_side_has_is_empty_on_the_other():
    mark = Value(name="AI mark", words="On")

    found = recipe_diff.compare(CLOUDY, replace(CLOUDY, settings=(*CLOUDY.settings, mark)))

    assert [(each.name, each.before, each.after) for each in found.changed] == [("AI mark", "", "On")]


def test_two_files_of_one_name_are_a_change():
    old, new = (Value(name="First frame", words="Dawn", identity=each) for each in ("1" * 64, "2" * 64))

    found = recipe_diff.compare(Side(prompt="a", settings=(old,)), Side(prompt="a", settings=(new,)))

    assert [each.name for each in found.changed] == ["First frame"]


def test_a_recipe_compared_with_itself_changes_nothing():
    found = recipe_diff.compare(SUNNY, SUNNY)

    assert found.changed_count == 0
    assert found.prompt_before == found.prompt_after == found.short_after


def test_a_long_sentence_keeps_only_the_words_around_its_changes():
    before = " ".join(f"word{number}" for number in range(100))
    after = before.replace("word50", "another")

    found = recipe_diff.compare(Side(prompt=before), Side(prompt=after))

    assert read(found.short_before) == (
        "…word42 word43 word44 word45 word46 word47 word48 word49 word50 "
        "word51 word52 word53 word54 word55 word56 word57 word58…"
    )
    assert read(found.prompt_before) == before


def test_a_mention_of_nothing_reads_as_one():
    found = recipe_diff.compare(Side(prompt="{{ref:gone22}} walks"), Side(prompt="{{ref:gone22}} runs"))

    assert read(found.prompt_before) == "Image ? walks"


@pytest.mark.parametrize(
    "text",
    [
        "  hé llo, 世界です foo-bar it’s a_b\n x",
        "{{ref:aaa111}}, {{ref:bbb222}}!",
        "\n\n",
        "",
        "👩‍🚀 waves",
    ],
)
def test_the_words_of_a_text_joined_are_the_text(text: str):
    assert "".join(word_diff.words(text)) == text


def test_chinese_is_compared_character_by_character():
    found = recipe_diff.compare(Side(prompt="兔子慢慢走"), Side(prompt="兔子快快走"))

    assert marked(found.prompt_before, Mark.REMOVED) == ["慢慢"]
    assert marked(found.prompt_after, Mark.ADDED) == ["快快"]


def test_spaces_alone_are_no_change():
    assert recipe_diff.compare(Side(prompt="a  b\nc"), Side(prompt="a b c")).changed_count == 0


def test_little_words_between_two_changes_do_not_tear_them_apart():
    found = recipe_diff.compare(Side(prompt="He eats the apple."), Side(prompt="He drops the stone."))

    assert marked(found.prompt_before, Mark.REMOVED) == ["eats the apple"]
    assert marked(found.prompt_after, Mark.ADDED) == ["drops the stone"]


@pytest.mark.parametrize("unit", ["a b ", "走", "word. "])
def test_the_longest_prompts_are_compared_within_a_second(unit: str):
    before, after = (unit * 5000)[:5000], ("x " + unit[::-1] * 5000)[:5000]

    started = time.perf_counter()
    recipe_diff.compare(Side(prompt=before), Side(prompt=after))

    assert time.perf_counter() - started < 1
