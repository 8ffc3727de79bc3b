"""Drafts are rendered in the children that the studio starts."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def media_children() -> None:
    """Real ones, as the studio starts them."""
