"""The forms of rates, pay, skills, certificates, growth, openings and operations load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django import forms

from headway.domain.people.rules.hiring import OPENING_FIELDS
from headway.domain.people.rules.hiring import STATES as OPENING_STATES
from headway.domain.people.rules.ladder import CARD_FIELDS
from headway.domain.people.rules.operations import KINDS, LOAD_FIELDS
from headway.domain.people.rules.pay import PAY_FIELDS, read_pay_day
from headway.domain.people.rules.skills import (
    CERTIFICATION_FIELDS,
    GROWTH_FIELDS,
    read_about,
    read_level,
    read_skill,
    read_skills,
    read_sort,
)
from headway.domain.programs.rules.fields import Reader, text
from headway.domain.programs.rules.fields import slug as read_slug
from headway.interfaces.web.programs.calendar_forms import lines
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed, words

_LEVELS = [("1", "1 aware"), ("2", "2 working"), ("3", "3 strong"), ("4", "4 teaches")]


class RateCardForm(ReadForm):
    """The rate card: one band and one role a line."""

    readers = CARD_FIELDS

    bands = needed(lines("Bands", "One a line, base pay of a year: mid: 110000/135000/160000."))
    roles = lines("Roles", "One a line, with its band: ML engineer: mid.")
    on_cost = needed(line("On-cost factor", "1.3: an hour costs 1.3 times what is paid."))
    hours = needed(line("Hours worked in a year", inputmode="numeric"))
    currency = needed(line("Currency"))
    source = needed(line("Source", "Whose numbers these are; it stands beside every rate."))
    year = needed(line("Year", "Of the numbers.", inputmode="numeric"))


class PayForm(ReadForm):
    """What somebody is paid."""

    readers: ClassVar[Mapping[str, Reader]] = {**PAY_FIELDS, "since": read_pay_day}

    since = needed(day_field("From", "The day from which it holds; the same day replaces."))
    amount = needed(line("Amount", "Base pay of a full-time year, or the cost of an hour."))
    basis = forms.ChoiceField(
        label="It is", choices=[("year", "Pay of a full-time year"), ("hour", "Cost of an hour")]
    )
    currency = needed(line("Currency"))


class SkillsForm(ReadForm):
    """How well somebody does what."""

    readers: ClassVar[Mapping[str, Reader]] = {"skills": read_skills}

    skills = words(
        "Skills",
        8,
        "One a line with its level, such as Python 3: 1 aware, 2 working, 3 strong, 4 teaches.",
    )


class SkillNeedForm(ReadForm):
    """What a role, an item or a system asks for."""

    readers: ClassVar[Mapping[str, Reader]] = {
        "sort": read_sort,
        "about": read_about,
        "skill": read_skill,
        "level": read_level,
    }

    sort = forms.ChoiceField(
        label="Who asks",
        choices=[
            ("role", "The work of a role"),
            ("item", "One work item"),
            ("system", "A live system"),
        ],
    )
    about = needed(
        line("Which", "A role, an item as project/KEY, or a system's address.", list="edit-about")
    )
    skill = needed(line("Skill", list="edit-skills"))
    level = forms.ChoiceField(label="At least", choices=[*_LEVELS, ("0", "0 not any more")])


class CertificationForm(ReadForm):
    """A certificate that somebody holds."""

    readers = CERTIFICATION_FIELDS

    name = needed(line("Certificate", list="edit-certificates"))
    issuer = line("Issued by")
    obtained_on = day_field("Since")
    expires_on = day_field("Until", "Its last day; a warning comes 90 days before.")


class GrowthForm(ReadForm):
    """Where somebody wants to grow."""

    readers = GROWTH_FIELDS

    aim = line("Aim", "A level of the ladder.", list="edit-levels")
    steps = words("What they do about it", 6)
    review_on = day_field("Looked at again on")
    is_shared = forms.BooleanField(
        label="Shared: whoever sees the roster may read it", required=False
    )


class OpeningForm(ReadForm):
    """Somebody to be hired."""

    readers: ClassVar[Mapping[str, Reader]] = {
        **OPENING_FIELDS,
        "key": read_slug,
        "level": text(40),
        "paid": text(10),
        "probability": text(10),
    }

    key = needed(line("Key", "Short and lasting, such as ml-engineer-2."))
    program = forms.ChoiceField(label="For program")
    role = needed(line("Role", list="edit-roles"))
    level = line("Level", "Of the rate card; empty: as the role.", list="edit-levels")
    team = line("Team")
    resource = line("Adds to", "The program's resource of that name; empty: to none.")
    units = needed(line("How much", "1 is one person full time.", inputmode="decimal"))
    state = forms.ChoiceField(
        label="State", choices=[(one, one.capitalize()) for one in OPENING_STATES]
    )
    opened_on = needed(day_field("Opened on"))
    needed_from = day_field("Needed from")
    filled_on = day_field("First day", "Once it is filled.")
    lead = needed(line("Lead time in calendar days", "From opening to the first day: 45/75/120."))
    ramp = needed(line("Ramp-up in weeks", "Until fully productive: 4/8/16."))
    first_share = needed(line("Productive on the first day", "0.25 is a quarter."))
    probability = line("Chance that anybody is found", "1 is certain.", inputmode="decimal")
    items = words("Waits for them", 3, "Items as project/KEY that start once they can do them.")
    paid = forms.ChoiceField(
        label="Paid by",
        choices=[
            ("", "As their resource says: its rate, or on top where it has none"),
            ("work", "The plan's work, at the rate of their resource"),
            ("apart", "Nothing in the plan: their pay comes on top"),
        ],
        required=False,
    )


def opening_form(programs: Sequence[tuple[str, str]]) -> type[OpeningForm]:
    """Return the form of a new opening, for one of `programs` (address, name)."""
    field = forms.ChoiceField(label="For program", choices=list(programs))
    return type("OpeningForm", (OpeningForm,), {"program": field})


class LoadForm(ReadForm):
    """Hours a week that a live system takes."""

    readers: ClassVar[Mapping[str, Reader]] = LOAD_FIELDS

    system = forms.ChoiceField(label="System")
    kind = forms.ChoiceField(
        label="For", choices=[(one, one.replace("_", " ").capitalize()) for one in KINDS]
    )
    role = line("Role", "Whose hours; empty: the person's.", list="edit-roles")
    person = line("Person", "A key of the roster; empty: anybody of the role.", list="edit-people")
    hours = needed(line("Hours a week", inputmode="decimal"))
    starts = needed(day_field("From"))
    ends = day_field("Until", "The last day; empty: as long as it is live.")


def load_form(systems: Sequence[tuple[str, str]]) -> type[LoadForm]:
    """Return the form of a new load, of one of `systems` (address, name)."""
    field = forms.ChoiceField(label="System", choices=list(systems))
    return type("LoadForm", (LoadForm,), {"system": field})
