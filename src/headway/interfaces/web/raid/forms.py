"""The forms of actions, blockers, promises and assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from headway.domain.programs.rules.fields import Reader
from headway.domain.risks.rules import ACTION_FIELDS, ASSUMPTION_FIELDS, BLOCKER_FIELDS, SOURCES
from headway.domain.stakeholders.rules import PROMISE_FIELDS
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed, words

_ITEMS = "Addresses with commas between: reading/LABEL."


def _owner() -> forms.CharField:
    return line("Owner", list="edit-people")


class ActionForm(ReadForm):
    """Something that somebody has to do by a day."""

    readers: ClassVar[Mapping[str, Reader]] = ACTION_FIELDS

    name = needed(line("What is to be done"))
    owner = _owner()
    due = day_field("Due")
    source_kind = forms.ChoiceField(
        label="It came from",
        required=False,
        choices=[(one, one.capitalize() if one else "Nothing written down") for one in SOURCES],
    )
    source_key = line("Key of that", "Such as R1, or vendor-b.")
    note = words("Note", 2)


class BlockerForm(ReadForm):
    """What stands in the way of work."""

    readers: ClassVar[Mapping[str, Reader]] = BLOCKER_FIELDS

    name = needed(line("What stands in the way"))
    items = line("Items that it holds up", _ITEMS, list="edit-items")
    waits_for = line("Whose move it is", "A person, a team, a vendor, an event.")
    owner = _owner()
    since = day_field("Since")
    escalation = forms.CharField(
        label="Escalation path",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One line each, in working days: noor after 5.",
    )


class PromiseForm(ReadForm):
    """What another team or vendor gives us, or we give them."""

    readers: ClassVar[Mapping[str, Reader]] = PROMISE_FIELDS

    name = needed(line("What is promised"))
    direction = forms.ChoiceField(
        label="Direction", choices=[("get", "They give it to us"), ("give", "We give it to them")]
    )
    giver = line("Giver", "The team or vendor that gives it.")
    taker = line("Taker", "The team or vendor that gets it.")
    items = line("Items that wait for it, or that make it", _ITEMS, list="edit-items")
    promised = day_field("Promised for")
    needed_by = day_field("Needed by", "Leave it empty: then the plan says it.")
    owner = _owner()
    note = words("Note", 2)


class AssumptionForm(ReadForm):
    """What is taken to be true."""

    readers: ClassVar[Mapping[str, Reader]] = ASSUMPTION_FIELDS

    name = needed(line("What is taken to be true"))
    rests_on_it = words("What rests on it", 2)
    criterion = line(
        "Watched by the criterion",
        "An address such as reading/recall: evidence then judges the assumption.",
        list="edit-criteria",
    )
    bound = line("Bound", "What the metric has to reach; empty is the criterion's target.")
    owner = _owner()
    review_on = day_field("Review on")
    note = words("Note", 2)
