"""The gate templates that Headway ships: data beside this module, in our own words."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from headway.analysis.documents.plain import plain
from headway.analysis.documents.text import Form, compose
from headway.domain.gates.rules.gate_files import read_stored
from headway.domain.gates.rules.requirements import TemplateRules

_FOLDER = Path(__file__).parent / "shipped"
_FORM = Form(noun="shipped gate", holds="entries by key", shorten="split it")


@lru_cache(maxsize=1)
def shipped_templates() -> tuple[TemplateRules, ...]:
    """Return the shipped templates, each whole."""
    asked = {key: {"key": key, **one} for key, one in _entries("requirements.yaml").items()}
    return tuple(
        read_stored(
            {
                **one,
                "key": key,
                "stages": {
                    stage: [asked[name] for name in names] for stage, names in one["stages"].items()
                },
            }
        )
        for key, one in _entries("templates.yaml").items()
    )


def _entries(name: str) -> dict[str, dict]:  # type: ignore[type-arg]  # JSON-like
    text = (_FOLDER / name).read_text(encoding="utf-8")
    found = plain(compose(text, name, _FORM))
    assert isinstance(found, dict)
    return found
