"""The forms of a gate template: the text of its gate file, and one requirement of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar

from django import forms

from headway.domain.assessments.rules.phrasing import given_words
from headway.domain.assessments.rules.terms import Comparison, Reducer
from headway.domain.evidence.rules import KINDS
from headway.domain.gates.rules import Requirement
from headway.domain.gates.rules.requirement_forms import (
    EVIDENCE,
    GIVEN,
    GIVENS,
    form_values,
    is_in_form,
    read_form,
)
from headway.domain.programs.rules.fields import Reader, text
from headway.errors import Invalid
from headway.interfaces.web.programs.edit_forms import ReadForm, line, needed, words

_RULES_HELP = "A gate file: stages, and what is asked before each. A misspelt key is refused."


class RulesForm(ReadForm):
    """The rules as text. Nothing of them is trimmed: indentation is meaning."""

    readers: ClassVar[Mapping[str, Reader]] = {"reason": text(2_000)}

    rules = needed(
        forms.CharField(
            label="Rules",
            strip=False,
            help_text=_RULES_HELP,
            widget=forms.Textarea(attrs={"rows": 28, "class": "digits", "spellcheck": "false"}),
        )
    )
    reason = line("Why it changes", "Kept with the version.")


_ABOUT = (
    "A subject a line: model:{model}@{version} is the judged version, model:{model}@* the newest "
    "that was heard of, dataset:* every dataset; {system}, {project} and {release} are filled in."
)
_REDUCERS: Mapping[str, str] = {
    Reducer.LATEST: "The latest",
    Reducer.WORST: "The worst of all its members",
    Reducer.BY_SEGMENT: "Each segment",
    Reducer.COUNT: "How many there are",
}
_COMPARISONS: Mapping[str, str] = {
    "": "As is usual for the kind: passed, approved, met",
    Comparison.AT_LEAST: "At least",
    Comparison.AT_MOST: "At most",
    Comparison.EQUALS: "Equal to",
    Comparison.IN: "One of (with commas between)",
    Comparison.IS: "Is (true or false)",
}
_WHERE = "What the record has to hold, a line each: metric: recall, or check: load test."
#: The fields of every requirement, whatever its rule is.
_HEAD = (
    *("version", "name", "owner", "how", "command", "tier_standard", "tier_high", "waivable"),
    "reason",
)


def _given_words(name: str) -> str:
    told = given_words(name).capitalize()
    return f"{told}, of the one named below" if name.endswith(":") else told


_GIVEN_WORDS = {name: _given_words(name) for name in GIVENS}


def _tick(label: str, help_text: str = "", *, initial: bool = False) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=help_text, initial=initial)


def _options(label: str, told: Mapping[str, str], help_text: str = "") -> forms.ChoiceField:
    choices = list(told.items())
    return forms.ChoiceField(
        label=label, choices=choices, help_text=help_text, required="" not in told
    )


class RequirementForm(ReadForm):
    """One requirement with its criterion, a field each; judged as a gate file is."""

    readers: ClassVar[Mapping[str, Reader]] = dict.fromkeys(
        ("about", "where", "bound", "reason"), text(2_000)
    )
    held: ClassVar[Requirement | None] = None
    taken: ClassVar[Collection[str]] = ()

    key = needed(line("Key", "Short and lasting, such as rollback-drilled."))
    name = needed(line("Name"))
    owner = line("Owed by", "The function or role that gives the evidence.")
    how = words("How to give it", 2)
    command = line("Command that does it")
    tier_standard = _tick("Asked of tier standard", "With neither tier ticked it is asked of all.")
    tier_high = _tick("Asked of tier high")
    waivable = _tick("It can be waived", initial=True)
    judged = _options(
        "What is judged",
        {EVIDENCE: "Evidence of a kind", GIVEN: "What Headway works out itself"},
        "Evidence: the fields from its kind on. What Headway works out: the next two.",
    )
    given = _options("Worked out", _GIVEN_WORDS)
    given_of = line("Of which one", "The key of a criterion or monitor, or a kind of monitors.")
    evidence = _options(
        "Kind of evidence", {kind: kind.replace("_", " ").capitalize() for kind in sorted(KINDS)}
    )
    evidence.initial = "evaluation"
    about = words("About", 2, _ABOUT)
    where = words("Where", 2, _WHERE)
    field = line("Field that is compared", "Empty: the one that is usual for the kind.")
    compare = _options("Holds when it is", _COMPARISONS)
    bound = line("Bound", "Such as 0.95, true or approved.")
    reduce = _options("Of several records", _REDUCERS)
    fresh_days = line("Counts for days", "Since it was observed; empty: without end.")
    bind_version = _tick("Bound to the judged version")
    bind_dataset = _tick("Bound to today's data")
    bind_commit = _tick("Bound to the version's commit")
    minimum_n = line("At least so many rows", "Empty: any number.", inputmode="numeric")
    realised = _tick(
        "Realised values only: an estimate without labels does not count", initial=True
    )
    role = line("Role that has to answer", "Of an approval or an attestation; empty: anybody.")
    reason = line("Why it changes", "Kept with the version.")

    def clean(self) -> dict[str, object]:
        """Say beside each field what the judge of gate files has against it."""
        super().clean()
        if not self.errors:
            try:
                self.requirement()
            except Invalid as error:
                self._place(error)
        return self.cleaned_data

    def requirement(self) -> Requirement:
        """Return the requirement that the fields say. Raises Invalid."""
        return read_form(self.cleaned_data, self.held, self.taken)

    def _place(self, error: Invalid) -> None:
        for one in error.problems or ():
            self.add_error(one.where if one.where in self.fields else None, one.sentence)
        if not error.problems:
            self.add_error(None, str(error))


def requirement_form(held: Requirement | None, taken: Collection[str]) -> type[RequirementForm]:
    """Return the form of a requirement; one that is held keeps its key, and what no form holds."""
    gone: Collection[str] = () if held is None else ("key",)
    if held is not None and not is_in_form(held.tree):
        gone = [name for name in RequirementForm.base_fields if name not in _HEAD]
    own: dict[str, object] = {**dict.fromkeys(gone), "held": held, "taken": taken}
    if held is not None and (given := form_values(held).get("given")) not in (None, *GIVENS):
        # A file may name what no list of ours holds; it stays what it is until somebody chooses.
        own["given"] = _options("Worked out", {str(given): str(given), **_GIVEN_WORDS})
    return type(RequirementForm.__name__, (RequirementForm,), own)
