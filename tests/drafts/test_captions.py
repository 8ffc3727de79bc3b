"""Words on the picture: every letter that a font has, none that would be an empty box."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from studio.drafts import letters, system_fonts
from studio.drafts.captions import Captioner
from studio.drafts.letters import SANS, SERIF, Typeface
from studio.drafts.planes import Planes, Stamp
from studio.drafts.request import Source

FILM = (1280, 720)


def captioner(*, name: str = "", film: tuple[int, int] = FILM) -> Captioner:
    source = Source(kind="image", path=Path("a.png"), label="Image 1", name=name)
    return Captioner(film, sources=[source], thumbs={0: Image.new("RGB", (64, 64), "red")})


def drawn(stamp: Stamp, film: tuple[int, int] = FILM) -> Image.Image:
    planes = Planes.from_image(Image.new("RGB", film, (120, 120, 120)))
    stamp.put_on(planes)
    return planes.y


def area(stamp: Stamp) -> tuple[int, int, int, int]:
    changed = drawn(stamp).point([255] * 108 + [0] * 24 + [255] * 124)
    box = changed.getbbox()
    assert box is not None
    return box


def test_a_short_sentence_is_one_page_in_the_lower_middle() -> None:
    pages = captioner().pages("Image 1 smiles.", source=0, most=3)

    left, top, right, bottom = area(pages[0])
    assert len(pages) == 1
    assert abs((left + right) / 2 - 640) < 20
    assert 0.7 * 720 < top < bottom < 0.95 * 720


def test_long_words_become_pages_and_the_last_one_says_that_more_was_written() -> None:
    words = "Image 1 walks on and on along the shore until the evening comes and the lamps are lit. " * 4

    few, many = (captioner().pages(words, source=0, most=most) for most in (2, 9))

    assert len(few) == 2
    assert len(many) > 2


def test_the_name_of_the_reference_is_shown_when_the_words_do_not_say_it() -> None:
    with_name, without = (captioner().pages("It smiles.", source=source, most=1) for source in (0, None))

    assert area(with_name[0])[1] < area(without[0])[1] - 20


def test_a_name_given_by_people_stands_in_place_of_the_label() -> None:
    short, long = (
        captioner(name=name).pages("Image 1 smiles.", source=0, most=1) for name in ("", "Little grey rabbit")
    )

    assert area(long[0])[2] - area(long[0])[0] > area(short[0])[2] - area(short[0])[0] + 60


@pytest.mark.parametrize("film", [(720, 1280), (960, 960), (1104, 832), (1920, 1080)])
def test_captions_stay_inside_every_shape(film: tuple[int, int]) -> None:
    words = "Image 1 has an Extraordinarilylongwordthatdoesnotendbeforethefilmdoesandgoeson and on and on."

    for stamp in captioner(film=film).pages(words, source=0, most=4):
        assert drawn(stamp, film).size == film


def test_letters_that_no_font_has_are_left_out_and_told() -> None:
    one = captioner()

    pages = one.pages("\U00012000 smiles \U00012001", source=None, most=1)

    assert len(pages) == 1
    assert one.missing == "\U00012000\U00012001"


@pytest.mark.parametrize("path", [SERIF, SANS], ids=lambda path: path.stem)
def test_our_fonts_have_the_letters_of_latin_languages(path: Path) -> None:
    typeface = Typeface(path, 20)
    on = ImageDraw.Draw(Image.new("L", (2000, 60)))

    typeface.draw(on, 0, 40, "Größe, Çédille, Łódź, señor, Århus, Việt Nam, ő ű, “quotes” – …", (255,))

    assert typeface.missing == set()


def test_chinese_is_drawn_with_a_font_of_the_computer_where_there_is_one() -> None:
    fonts = system_fonts.find()
    if not any("CJK" in font.name for font in fonts):
        fonts = ()
    typeface = Typeface(SERIF, 20, fonts)
    on = ImageDraw.Draw(Image.new("L", (400, 60)))

    typeface.draw(on, 0, 40, "阳光", (255,))

    assert typeface.missing == (set() if fonts else {"阳", "光"})


@pytest.mark.parametrize(
    ("text", "expected"), [("שלום Image 1", True), ("Image 1 مرحبا", False), ("123", False)]
)
def test_the_direction_of_a_sentence_is_that_of_its_first_letter(text: str, expected: bool) -> None:
    assert letters.reads_right_to_left(text) is expected
