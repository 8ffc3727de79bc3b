"""A simulator per test, inside the test's process, on the fastest clock that is pushed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators.here import Here, running


@pytest.fixture
def modelstream(tmp_path: Path) -> Iterator[Here]:
    with running("modelstream", tmp_path) as here:
        yield here


@pytest.fixture
def apiframe(tmp_path: Path) -> Iterator[Here]:
    with running("apiframe", tmp_path) as here:
        yield here


@pytest.fixture
def dashscope(tmp_path: Path) -> Iterator[Here]:
    with running("dashscope", tmp_path) as here:
        yield here
