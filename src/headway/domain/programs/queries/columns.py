"""Columns of JSON read in bulk: thousands of rows hold the same few values."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast


def as_text(column: str) -> Cast:
    """Return a column of JSON as the text that `read_json` reads."""
    return Cast(column, TextField())


@lru_cache(maxsize=8_192)
def read_json(text: str | None) -> Any:  # noqa: ANN401 - whatever was written
    """Return what a text of JSON holds; None for none. Equal texts share it: never change it."""
    return None if text is None else json.loads(text)
