"""The forms of how an item earns and what it follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from headway.domain.progress.rules import METHOD_WORDS
from headway.errors import Invalid
from headway.interfaces.web.programs.edit_forms import ReadForm, line, words

FOLLOWED_WORDS = {
    "metric": "A metric's runs",
    "labels": "The labels of an order",
    "approvals": "Approvals of a contract, an order or an invoice",
}
MODE_WORDS = {
    "propose": "Propose the range; somebody takes it over",
    "apply": "Write the range into the plan by itself",
}
_STEP = "what | weight | day reached | planned for"


class MeasureForm(ReadForm):
    """How an item earns its planned value."""

    method = forms.ChoiceField(label="Earns by", choices=list(METHOD_WORDS.items()))
    steps = words(
        "Milestones",
        4,
        f"For weighted milestones: one a line, {_STEP}. Reached: empty for not yet. Planned for: a "
        f"day, or a share of the item's days as 40%; empty for where the weights up to it end.",
    )
    order = line("Purchase order", "For accepted labels: the key of their order.")

    def clean(self) -> dict[str, object]:
        """Read the lines of milestones; what is wrong with one is said beside them."""
        cleaned = super().clean()
        try:
            cleaned["steps"] = steps_of(str(cleaned.get("steps") or ""))
        except Invalid as error:
            self.add_error("steps", str(error))
        return cleaned


class FollowForm(ReadForm):
    """What an item's remaining range is read from."""

    what = forms.ChoiceField(label="Follows", choices=list(FOLLOWED_WORDS.items()))
    criterion = line("Metric", "For a metric: the key of the success criterion.", list="criteria")
    order = line("Purchase order", "For labels: the key of their order.")
    subject = line("Approvals of", "For approvals: such as contract:vendor/key.", list="subjects")
    mode = forms.ChoiceField(label="And then", choices=list(MODE_WORDS.items()))


class TogetherForm(forms.Form):
    """Which metric, and what time, money and quality are held against."""

    metric = forms.ChoiceField(label="Metric", required=False)
    target = forms.DateField(
        label="Finished by", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    budget = forms.DecimalField(
        label="Within", required=False, min_value=1, max_digits=14, decimal_places=2
    )
    bound = forms.FloatField(label="Metric at", required=False)

    def __init__(self, metrics: Sequence[tuple[str, str]], data: Any = None) -> None:  # noqa: ANN401 - as Django's forms take it
        """Offer the program's promised metrics."""
        super().__init__(data)
        choice = self.fields["metric"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = list(metrics)


def steps_of(text: str) -> list[list[Any]]:
    """Return the milestones that lines of text name. Raises Invalid, naming the line."""
    found: list[list[Any]] = []
    for row in filter(None, map(str.strip, text.splitlines())):
        what, *rest = (part.strip() for part in row.split("|"))
        if len(rest) not in (1, 2, 3):
            sentence = f"“{row[:80]}” is no milestone; write {_STEP}."
            raise Invalid(sentence)
        try:
            weight = float(rest[0])
        except ValueError:
            sentence = f"The weight in “{row[:80]}” is {rest[0]!r}; write a number above 0."
            raise Invalid(sentence) from None
        found.append([what, weight, *rest[1:]])
    return found


def steps_text(steps: Sequence[Sequence[Any]]) -> str:
    """Return milestones as the lines of the form."""
    return "\n".join(_step_line(*one) for one in steps)


def _step_line(what: str, weight: float, day: str | None, due: str | float | None = None) -> str:
    planned = due if isinstance(due, str) else f"{due * 100:g}%" if due else ""
    parts = [what, f"{weight:g}", day or "", planned]
    while not parts[-1]:
        parts.pop()
    return " | ".join(parts)


def held_measure(held: Mapping[str, Any] | None, method: str) -> dict[str, object]:
    """Return what the form shows of a measure; of an item that nobody told of, its kind's way."""
    if held is None:
        return {"method": method, "steps": "", "order": ""}
    return {**held, "steps": steps_text(held["steps"])}
