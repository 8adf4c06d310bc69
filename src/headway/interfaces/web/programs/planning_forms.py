"""The forms of baselines and scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from django import forms

from headway.domain.plans.rules import BASELINE_FIELDS, SCENARIO_FIELDS, Standing
from headway.domain.programs.rules.fields import Reader, decimal, to_minor
from headway.errors import Invalid
from headway.interfaces.web.programs.edit_forms import ReadForm, line, needed, words


class BaselineForm(ReadForm):
    """The name of a plan that was agreed, and why it was."""

    readers: ClassVar[Mapping[str, Reader]] = BASELINE_FIELDS

    name = needed(line("Name", "Such as: approved plan."))
    reason = needed(words("Why this plan counts"))


class VarianceFilter(forms.Form):
    """Which lines of a variance to show, and in which order."""

    project = forms.ChoiceField(label="Project", required=False)
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Any"), *((one.value, one.words) for one in Standing)],
    )
    sort = forms.ChoiceField(
        label="Order",
        required=False,
        choices=[
            ("", "What moved most first"),
            ("plan", "As planned"),
            ("start", "Latest start first"),
            ("cost", "Dearest first"),
            ("name", "By name"),
        ],
    )

    def __init__(self, projects: Sequence[str], data: object = None) -> None:
        """Offer the `projects` of the variance."""
        super().__init__(data)  # type: ignore[arg-type]
        choices = [("", "Any"), *((one, one) for one in projects)]
        self.fields["project"].choices = choices  # type: ignore[attr-defined]


class ScenarioForm(ReadForm):
    """What is tried, and on what it stands."""

    readers: ClassVar[Mapping[str, Reader]] = {
        name: SCENARIO_FIELDS[name] for name in ("name", "words", "parent")
    }

    name = needed(line("What is tried", "Such as: a second GPU pool."))
    words = words("What no simulation sees")
    parent = line(
        "On top of", "Empty: the plan. Else the key of a scenario.", list="edit-scenarios"
    )


#: What of the plan one change overrides: its sort and field, and the words of the form.
WHAT = (
    ("item estimate", "Item: its estimate (days, as 20/25/40)"),
    ("item remaining", "Item: what is left of it (days)"),
    ("item attempts", "Item: no further attempts"),
    ("item cost_minor", "Item: its fixed cost (money)"),
    ("item not_before", "Item: begins not before (day)"),
    ("item pinned", "Item: must begin on (day)"),
    ("drop", "Item: is dropped"),
    ("add", "Item: is added (days; the item before it beside)"),
    ("link", "Item: waits for another (name it beside)"),
    ("unlink", "Item: no longer waits for another (name it beside)"),
    ("need", "Item: takes so much of a resource (name it beside)"),
    ("resource capacity", "Resource: its capacity"),
    ("resource rate", "Resource: its rate an hour"),
    ("risk dropped", "Risk: is dropped"),
    ("risk mitigated", "Risk: is mitigated"),
    ("risk probability", "Risk: its probability (0 to 1)"),
    ("program target", "Program: its target (day)"),
    ("program budget", "Program: its budget (money)"),
    ("program holiday", "Program: one more holiday (day)"),
)


class ChangeForm(ReadForm):
    """One thing of the plan, and what it becomes."""

    what = forms.ChoiceField(label="What changes", choices=WHAT)
    thing = line(
        "Of",
        "An item as project/key, a resource, or a risk; empty for the program.",
        list="edit-things",
    )
    other = line("Beside", "The other item, or the resource.", list="edit-others")
    now = line("Becomes", "Days as 20/25/40, money as 12500, a day as 2027-03-01.")


def change_of(values: Mapping[str, object], currency: str) -> dict[str, object]:
    """Return the change that the form holds. Raises Invalid for what is missing."""
    sort, _, field = str(values["what"]).partition(" ")
    thing, other = str(values["thing"] or "").strip(), str(values["other"] or "").strip()
    now: object = str(values["now"] or "").strip()
    if not thing and sort != "program":
        sentence = "Say of what: an item as project/key, a resource, or a risk."
        raise Invalid(sentence)
    if sort in ("link", "unlink", "need") and not other:
        sentence = "Name the other item, or the resource, beside."
        raise Invalid(sentence)
    if now == "" and f"{sort} {field}".strip() not in _NEEDS_NOTHING:
        sentence = "Say what it becomes."
        raise Invalid(sentence)
    return _CHANGES[sort](thing, other, (field, now), currency)


_NEEDS_NOTHING = {"item attempts", "drop", "link", "unlink", "risk dropped", "risk mitigated"}


def _item(thing: str, _other: str, told: tuple[str, object], currency: str) -> dict[str, object]:
    field, now = told
    if field == "attempts":
        now = None
    if field == "cost_minor":
        now = to_minor(decimal("cost", now), currency)
    return {"item": thing, "field": field, "now": now}


def _added(thing: str, other: str, told: tuple[str, object], _currency: str) -> dict[str, object]:
    after = [other] if other else []
    return {"add": thing, "fields": {"estimate": told[1]}, "after": after}


def _risk(thing: str, _other: str, told: tuple[str, object], _currency: str) -> dict[str, object]:
    field, now = told
    if field == "dropped":
        return {"risk": thing, "field": "state", "now": "closed"}
    if field == "mitigated":
        return {"risk": thing, "field": "is_mitigated", "now": True}
    return {"risk": thing, "field": field, "now": now}


def _program(
    _thing: str, _other: str, told: tuple[str, object], _currency: str
) -> dict[str, object]:
    field, now = told
    if field == "holiday":
        return {"program": "calendar", "now": {"holidays": [now]}}
    return {"program": field, "now": now}


_CHANGES: Mapping[str, Callable[[str, str, tuple[str, object], str], dict[str, object]]] = {
    "item": _item,
    "drop": lambda thing, _other, _told, _currency: {"drop": thing},
    "add": _added,
    "link": lambda thing, other, _told, _currency: {"link": thing, "after": other},
    "unlink": lambda thing, other, _told, _currency: {"unlink": thing, "after": other},
    "need": lambda thing, other, told, _currency: {
        "need": thing,
        "resource": other,
        "units": told[1],
    },
    "resource": lambda thing, _other, told, _currency: {
        "resource": thing,
        "field": told[0],
        "now": told[1],
    },
    "risk": _risk,
    "program": _program,
}
