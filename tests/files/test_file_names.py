"""Long names: what the studio puts at their end stays, and no name is longer than the database keeps."""

from __future__ import annotations

import pytest

from studio import media
from studio.files import library, repairs, uploads
from studio.storage.file_names import LONGEST_NAME, numbered
from tests.factories import inbox, make_file, make_user
from tests.media import making

LONG = "n" * LONGEST_NAME


@pytest.mark.parametrize("end", ["", ", fixed", ", original"])
@pytest.mark.parametrize("others", [0, 1, 120])
def test_a_name_fits_with_its_end_and_number(end: str, others: int):
    taken: set[str] = set()
    for _ in range(others):
        taken.add(numbered(LONG, taken, end=end))

    name = numbered(LONG, taken, end=end)

    assert len(taken) == others
    assert len(name) == LONGEST_NAME
    assert name.endswith(f"{end} {others + 1}" if others else end)


def test_no_space_is_left_before_the_end():
    assert numbered("n" * 112 + " and more", set(), end=", fixed") == "n" * 112 + ", fixed"


@pytest.mark.django_db
def test_an_unasked_repair_of_a_file_with_a_long_name_keeps_both_names_apart(tmp_path):
    path, user = tmp_path / f"{LONG}.heic", make_user()
    making.drawn(400, 300).save(path, "HEIF")
    original = uploads.store_bytes(path, filename=path.name, project=inbox(), user=user, use="picture")

    copy = repairs.unasked(original, use=media.Use.PICTURE, user=user)

    assert copy.name == LONG
    assert original.name == "n" * 110 + ", original"


@pytest.mark.django_db
def test_an_asked_repair_of_a_file_with_a_long_name_says_fixed(tmp_path):
    path, user = making.picture(tmp_path / f"{LONG}.jpg", 300, 3000), make_user()
    tall = uploads.store_bytes(path, filename=path.name, project=inbox(), user=user, use="picture")

    copy = repairs.make_copy(tall, use=media.Use.PICTURE, choices=media.FixChoices(), user=user)

    assert copy.name == "n" * 113 + ", fixed"


@pytest.mark.django_db
def test_a_file_with_a_long_name_that_is_replaced_says_before():
    old = make_file(name=LONG)

    new = library.replace(old, make_file(), keep_old=True)

    assert (new.name, old.name) == (LONG, "n" * 112 + ", before")
