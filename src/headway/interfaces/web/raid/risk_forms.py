"""The forms of risks, of issues, and of what a program tolerates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from headway.domain.programs.rules.fields import Reader, choice, name_key
from headway.domain.risks.rules import (
    ISSUE_FIELDS,
    POLICY_FIELDS,
    RISK_CATEGORIES,
    RISK_FIELDS,
    STAGES,
    STRATEGIES,
)
from headway.domain.risks.rules.risks import STATES
from headway.interfaces.web.programs.edit_forms import (
    ReadForm,
    choices,
    day_field,
    line,
    needed,
    number_line,
    words,
)

_RANGE = "Optimistic/likely/pessimistic, such as 5/10/30."


def _key(field: str, value: object) -> object:
    """Read a key; empty: it is made of the words."""
    return "" if value in (None, "") else name_key(field, value)


class RiskForm(ReadForm):
    """A risk: what may happen and why, how likely, what it would do, and what is done about it."""

    readers: ClassVar[Mapping[str, Reader]] = {
        **RISK_FIELDS,
        "key": _key,
        "stage": choice("", *STAGES),
    }

    key = line("Key", "Short and lasting, such as R1; empty: made of the words.")
    name = line("What may happen", "Empty: made of cause, event and effect.")
    kind = choices("Kind", ("threat", "opportunity"))
    cause = line("Cause", "What is so already: the vendor has one labelling team.")
    event = line("Event", "What may happen because of it: it is asked for by another client.")
    effect = line("Effect", "What would follow: the labelled set is late.")
    category = choices("Category", RISK_CATEGORIES)
    probability = needed(number_line("Probability", "From 0 to 1, such as 0.3."))
    delay = line("Delay in working days", _RANGE)
    cost = line("Cost", "In the program's currency: 1000/2500/9000.")
    items = line("Items that it delays", "Addresses with commas between: reading/LABEL.")
    stage = forms.ChoiceField(
        label="Stage",
        required=False,
        choices=[(one, one.capitalize()) for one in STAGES],
    )
    strategy = choices(
        "Strategy",
        STRATEGIES,
        "Of a threat: avoid, reduce, transfer, accept; else exploit, enhance, share, accept.",
    )
    response = words("Response", 2, "What is done about it.")
    trigger = line("Trigger", "By what one notices that it comes.")
    assumption = line("Rests on the assumption", "Its key.", list="edit-assumptions")
    mitigated_probability = number_line("Probability with the response", "Empty: as it is.")
    mitigated_delay = line("Delay with the response", "In working days; empty: as it is.")
    mitigated_cost = line("Cost with the response", "Empty: as it is.")
    mitigation_cost = number_line("What the response costs", "In the program's currency.")
    is_mitigated = forms.BooleanField(
        label="The response is being carried out: the plan counts with what it leaves",
        required=False,
    )
    owner = line("Owner", list="edit-people")
    next_action = line("Next action")
    review_on = day_field("Review on")
    escalated_to = line("Escalated to", "Who has it now, where its owner cannot settle it.")
    closes_days = line(
        "Working days that it closes", "A freeze or a strike, such as 2/5/10; nobody works then."
    )
    closes_from = day_field("They fall after")
    closes_to = day_field("and before the end of")
    closes_resources = line("Only these resources", "With commas between; empty: everybody.")
    closes_items = line("Only these items", "As project/key, with commas between.")
    state = choices("State", STATES)


class IssueForm(ReadForm):
    """What has happened and has to be dealt with."""

    readers: ClassVar[Mapping[str, Reader]] = ISSUE_FIELDS

    name = needed(line("What has happened"))
    owner = line("Owner", list="edit-people")
    due = day_field("Due")
    days = number_line("Working days that it adds", "As far as known; of a risk the plan says it.")
    money = number_line("What it costs", "In the program's currency.")
    note = words("Note", 2)


class PolicyForm(ReadForm):
    """What a program tolerates of one risk, and where its matrix is cut."""

    readers: ClassVar[Mapping[str, Reader]] = POLICY_FIELDS

    appetite_days = number_line(
        "Appetite in working days", "What one risk may add at P80 after its response; empty: unset."
    )
    appetite_money = number_line("Appetite in money", "The same in the program's currency.")
    chance_bounds = line("Bounds of the chance", "Four shares that ascend: 0.1, 0.3, 0.5, 0.7.")
    days_bounds = line("Bounds of the delay", "Shares of the program's working days.")
    money_bounds = line("Bounds of the cost", "Shares of the budget with contingency.")
