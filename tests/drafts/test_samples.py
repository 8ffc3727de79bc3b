"""The sample pictures are pictures the model itself would take."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from studio.drafts.samples import SAMPLES, Sample


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_is_a_whole_jpeg_within_the_models_rules(sample: Sample) -> None:
    content = sample.jpeg()

    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        assert (picture.format, picture.mode) == ("JPEG", "RGB")
        assert 240 <= min(picture.size) <= max(picture.size) <= 8000
        assert len(picture.resize((64, 64)).convert("L").getcolors()) > 20
    assert len(content) < 1_000_000


def test_a_sample_has_the_same_bytes_every_time() -> None:
    assert SAMPLES[0].jpeg() == SAMPLES[0].jpeg()
