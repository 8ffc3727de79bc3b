"""One clip, one picture and one sound for all tests that only read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.media import making


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with street.mp4 (2 s, sound), photo.jpg (1200 × 900) and voice.wav (2 s). Read only."""
    folder = tmp_path_factory.mktemp("shelf")
    making.clip(folder / "street.mp4", audio="aac")
    making.picture(folder / "photo.jpg", 1200, 900)
    making.sound(folder / "voice.wav")
    return folder


@pytest.fixture(autouse=True)
def media_children() -> None:
    """Real ones, as the studio starts them."""
