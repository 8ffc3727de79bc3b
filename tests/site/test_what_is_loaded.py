"""The processes that run all the time are small: what draws and decodes is loaded by children only."""

from __future__ import annotations

import subprocess
import sys

import pytest

ONLY_IN_CHILDREN = {"av", "PIL.Image", "PIL.ImageFont", "pillow_heif"}
WEB = "from django.urls import get_resolver; import r2v_site.wsgi; get_resolver()._populate()"
WORKER = "import django; django.setup(); import studio.conductor, studio.tasks"


@pytest.mark.parametrize("process", [WEB, WORKER], ids=["web", "worker"])
def test_what_decodes_pictures_and_films_is_not_loaded(process: str):
    code = f"{process}; import sys; print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True
    ).stdout

    assert not ONLY_IN_CHILDREN & {*loaded.split()}
    assert "django.db" in loaded.split()
