"""The forms of answering, waiving, deciding and standing in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from headway.domain.gates.rules.decisions import DECISION_FIELDS
from headway.domain.gates.rules.waivers import WAIVER_FIELDS
from headway.domain.programs.rules.approving import ANSWER_FIELDS, APPROVING
from headway.domain.programs.rules.fields import Reader, text
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed, words

#: Conditions that the form of a decision has room for.
CONDITIONS = 3

_FUNCTIONS = [(str(one), str(one).capitalize()) for one in APPROVING]


class _SeenForm(ReadForm):
    """A form that says what its reader looked at: the digest of the evidence."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class AnswerForm(_SeenForm):
    """Approved, approved with conditions, or refused; and why."""

    readers = ANSWER_FIELDS

    decision = forms.ChoiceField(
        label="Answer",
        choices=[
            ("approved", "Approved"),
            ("conditions", "Approved, with conditions"),
            ("refused", "Refused"),
        ],
    )
    statement = words("Statement")


class DelegationForm(ReadForm):
    """Who stands in, for which function, for how long."""

    function = forms.ChoiceField(label="Function", choices=_FUNCTIONS)
    taker = needed(line("Who stands in", "Their address.", list="edit-members"))
    giver = line("In whose place", "Empty: in yours.", list="edit-members")
    starts = day_field("From", "Empty: from today.")
    ends = needed(day_field("Until", "Its last day."))
    reason = line("Why")


def waiver_form(requirements: Sequence[tuple[str, str]], days: int) -> type[ReadForm]:
    """Return the form that offers these requirements, for at most so many days."""

    class WaiverForm(ReadForm):
        readers = WAIVER_FIELDS

        requirement = forms.ChoiceField(label="Requirement", choices=list(requirements))
        owner = needed(line("Who owes it", "Who pays the debt off.", list="edit-people"))
        reason = needed(words("Why it may wait"))
        compensating = line("Instead of it", "Records that make up for it: 412, 413.")
        until = needed(day_field("Until", f"At most {days} days from today."))

    return WaiverForm


def _row(number: int) -> dict[str, forms.Field]:
    return {
        f"text_{number}": line(f"Condition {number}"),
        f"owner_{number}": line(f"Condition {number}: who owes it", list="edit-people"),
        f"due_{number}": day_field(f"Condition {number}: due"),
    }


class DecideForm(_SeenForm):
    """The outcome, why, and what a go is bound to."""

    readers = DECISION_FIELDS

    outcome = forms.ChoiceField(
        label="Outcome",
        choices=[
            ("go", "Go"),
            ("go_with_conditions", "Go, with dated conditions"),
            ("hold", "Hold"),
            ("recycle", "Recycle: go through it again"),
            ("kill", "Kill: end this release"),
        ],
    )
    reason = words("Why")

    def __init__(self, data: Any = None, *, initial: Mapping[str, object] | None = None) -> None:  # noqa: ANN401 - as Django's forms take it
        """Fill the form, with room for CONDITIONS conditions."""
        super().__init__(data, initial=initial)
        for number in range(1, CONDITIONS + 1):
            self.fields |= _row(number)


class MeetForm(ReadForm):
    """How a condition was met."""

    readers: ClassVar[Mapping[str, Reader]] = {"statement": text(4_000, required=True)}

    statement = needed(words("How it was met"))


class MoveForm(ReadForm):
    """Where a release goes, and why."""

    readers: ClassVar[Mapping[str, Reader]] = {"reason": text(2_000)}

    stage = forms.ChoiceField(label="Stage")
    reason = line("Why", "Needed by nobody, welcome to all; above all when it goes back.")

    @classmethod
    def of(cls, stages: Sequence[tuple[str, str]]) -> type[MoveForm]:
        """Return the form that offers these stages."""

        class Offered(cls):  # type: ignore[valid-type,misc]
            stage = forms.ChoiceField(label="Stage", choices=list(stages))

        return Offered
