"""The form of a new release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django import forms

from headway.domain.programs.rules import PortfolioLine, StageTemplateFacts, SystemFacts
from headway.domain.programs.rules.fields import Reader, text
from headway.interfaces.web.programs.edit_forms import ReadForm, line, needed


class ReleaseForm(ReadForm):
    """A candidate version of a system: its name, the project that makes it, its stages."""

    readers: ClassVar[Mapping[str, Reader]] = {
        "system": text(60, required=True),
        "name": text(100, required=True),
        "project": text(60),
        "template": text(40),
    }

    system = forms.ChoiceField(label="ML system")
    name = needed(line("Name", "As people call it: v3, autumn, 2.1.0."))
    project = forms.ChoiceField(label="Project that makes it", required=False)
    template = forms.ChoiceField(label="Stages", required=False)


def release_form(
    systems: Sequence[SystemFacts],
    lines: Sequence[PortfolioLine],
    templates: Sequence[StageTemplateFacts],
) -> type[ReleaseForm]:
    """Return the form that offers these systems, projects and stage templates."""

    class Offered(ReleaseForm):
        system = forms.ChoiceField(
            label="ML system", choices=[(one.slug, one.name) for one in systems]
        )
        project = forms.ChoiceField(
            label="Project that makes it",
            required=False,
            choices=[
                ("", "None"),
                *((one.slug, one.name) for row in lines for one in row.projects),
            ],
        )
        template = forms.ChoiceField(
            label="Stages",
            required=False,
            choices=[(str(one.id), one.name) for one in templates] or [("", "Standard")],
        )

    return Offered
