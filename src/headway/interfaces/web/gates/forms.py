"""Forms of releases and of what stands before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django import forms

from headway.domain.programs.rules import PortfolioLine, StageTemplateFacts, SystemFacts
from headway.domain.programs.rules.fields import Reader, day, text
from headway.domain.programs.rules.inputs import SYSTEM_FIELDS
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed

Choices = Sequence[tuple[str, str]]


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


class SystemForm(ReadForm):
    """A new ML system: a model or capability that lives."""

    readers: ClassVar[Mapping[str, Reader]] = SYSTEM_FIELDS

    name = needed(line("Name", "As people call it: Meter reader."))
    owner = line("Owner", list="edit-people")
    tier = forms.ChoiceField(
        label="Tier of risk",
        choices=[("standard", "Standard"), ("high", "High")],
        help_text="Gates ask more of a high one.",
    )
    state = forms.ChoiceField(
        label="It is",
        choices=[("building", "Being built"), ("live", "Live"), ("retired", "Retired")],
    )


class OpenForm(ReadForm):
    """Which gates stand before a release."""

    readers: ClassVar[Mapping[str, Reader]] = {"template": text(60, required=True)}

    template = forms.ChoiceField(
        label="Template",
        help_text="What is asked depends on the kind of model and on the tier of the system.",
    )

    @classmethod
    def of(cls, templates: Choices) -> type[OpenForm]:
        """Return the form that offers these templates."""

        class Offered(cls):  # type: ignore[valid-type, misc]
            template = forms.ChoiceField(
                label="Template",
                choices=list(templates),
                help_text=cls.base_fields["template"].help_text,
            )

        return Offered


class GateForm(ReadForm):
    """What of a gate a person says; how it stands is worked out."""

    readers: ClassVar[Mapping[str, Reader]] = {
        "subject": text(400),
        "owner": text(200),
        "due": day,
        "milestone": text(40),
    }

    subject = line("Version that is judged", "Such as model:fraud@7; empty: the newest known.")
    owner = line("Owner", "Who brings the release through.", list="edit-people")
    due = day_field("Review on")
    milestone = forms.ChoiceField(label="What waits in the plan", required=False)

    @classmethod
    def of(cls, milestones: Choices) -> type[GateForm]:
        """Return the form that offers these items of the plan."""

        class Offered(cls):  # type: ignore[valid-type, misc]
            milestone = forms.ChoiceField(
                label="What waits in the plan",
                required=False,
                choices=[("", "Nothing"), *milestones],
            )

        return Offered
