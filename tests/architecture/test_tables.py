"""What an import linter cannot see: string foreign keys, words, workspaces."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).parents[2]

#: Lowest first, as in ARCHITECTURE.md and the import contract.
ORDER = [
    "accounts",
    "programs",
    "evidence",
    "sources",
    "people",
    "inventory",
    "stakeholders",
    "vendors",
    "costs",
    "annotation",
    "finance",
    "risks",
    "plans",
    "checks",
    "checkins",
    "progress",
    "assessments",
    "compliance",
    "gates",
    "maturity",
    "radar",
    "reports",
    "forums",
    "discussion",
    "notices",
    "sharing",
    "installation",
]

OURS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith("headway.domain") and not model.__name__.startswith("Historical")
]

#: Rows that belong to no workspace, and why.
UNWALLED = {
    "User": "a person may be a member of several workspaces",
    "Workspace": "is the wall itself",
    "GuessBucket": "counts guesses before anybody is known",
    "Tick": "is about the installation",
}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_table_points_only_at_apps_below_it(model: type[models.Model]) -> None:
    place = ORDER.index(model._meta.app_label)
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey | models.ManyToManyField):
            target = field.related_model._meta.app_label
            assert target in ORDER[: place + 1], f"{model.__name__}.{field.name} points up"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_table_is_a_word_in_the_glossary(model: type[models.Model]) -> None:
    words = (ROOT / "docs" / "reference" / "words.md").read_text()
    name = re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower()
    assert f"**{name}**" in words.lower(), f"docs/reference/words.md does not explain '{name}'"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_row_belongs_to_a_workspace(model: type[models.Model]) -> None:
    if model.__name__ in UNWALLED:
        return
    field = model._meta.get_field("workspace")
    assert not field.null, f"{model.__name__} rows could belong to nobody"


def test_every_app_has_its_place_in_the_order() -> None:
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("headway.domain")}
    assert ours == set(ORDER)
