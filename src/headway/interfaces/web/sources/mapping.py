"""The form that says how a tracker's items are read: what counts, and what its words mean."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from headway.domain.sources.queries import SourceWork

_UNITS = (
    ("time", "estimated time, else story points"),
    ("points", "story points, else estimated time"),
    ("days", "the points field, as working days"),
    ("hours", "the points field, as working hours"),
)
_STATES = [(one, one) for one in ("waiting", "started", "finished", "dropped")]
_COUNTS = (("yes", "counts"), ("no", "does not count"))
#: Words of one sort that can be corrected on the page.
_MOST_WORDS = 40
#: Mapping's key → what one of its words is called.
_LEFT_OUT = {"without_kinds": "Type", "without_places": "From"}


class WorkMappingForm(forms.Form):
    """How a tracker's items are read; `words` carries the lists that its fields number."""

    use_required_attribute = False

    words = forms.JSONField(widget=forms.HiddenInput)
    unit = forms.ChoiceField(label="The estimate is", choices=_UNITS)
    labels = forms.CharField(
        label="Only items labelled",
        required=False,
        help_text="Labels separated by commas; empty: all items.",
    )

    def __init__(self, mapping: Mapping[str, Any], work: SourceWork) -> None:
        """Offer what is read of `work`, chosen as in `mapping`."""
        words = {name: _words(name, mapping, work) for name in _LEFT_OUT}
        held = {"mapping": mapping, **words}
        labels = ", ".join(mapping["labels"])
        super().__init__(initial={"words": held, "unit": mapping["unit"], "labels": labels})
        for number, (word, state) in enumerate(list(mapping["states"].items())[:_MOST_WORDS]):
            self.fields[f"state-{number}"] = forms.ChoiceField(
                label=f"State \u201c{word}\u201d means", choices=_STATES, initial=state
            )
        for name, label in _LEFT_OUT.items():
            for number, word in enumerate(words[name]):
                self.fields[f"{name}-{number}"] = forms.ChoiceField(
                    label=f"{label} \u201c{word}\u201d",
                    choices=_COUNTS,
                    initial="no" if word in mapping[name] else "yes",
                )
        self.fields["labels"] = self.fields.pop("labels")  # the only one with a help text: last


def _words(name: str, mapping: Mapping[str, Any], work: SourceWork) -> Sequence[str]:
    """Return the types or places that are there, and those left out before; none to choose: ()."""
    rows = [item.row for item in work.items if item.row is not None]
    told = {row.kind if name == "without_kinds" else row.place for row in rows} - {""}
    words = sorted(told | set(mapping[name]))
    return words[:_MOST_WORDS] if len(words) > 1 else ()


def _held(text: str) -> dict[str, Any] | None:
    """Return what the hidden field carried, None where it is not whole."""
    try:
        words = json.loads(text)
    except ValueError:
        return None
    is_whole = isinstance(words, dict) and isinstance(words.get("mapping"), dict)
    return words if is_whole else None


def chosen_work_mapping(posted: QueryDict) -> Mapping[str, object] | None:
    """Return the mapping that was chosen on the page; the importer judges what comes of it."""
    words = _held(posted.get("words", ""))
    if words is None:
        return None
    chosen: dict[str, object] = dict(words["mapping"])
    states = chosen.get("states")
    chosen["states"] = {
        word: posted.get(f"state-{number}", state)
        for number, (word, state) in enumerate(states.items() if isinstance(states, dict) else ())
    }
    for name in _LEFT_OUT:
        there = words.get(name)
        chosen[name] = [
            word
            for number, word in enumerate(there if isinstance(there, list) else ())
            if posted.get(f"{name}-{number}") == "no"
        ]
    chosen["unit"] = posted.get("unit", chosen.get("unit"))
    if "labels" in posted:
        labels = str(posted["labels"]).split(",")
        chosen["labels"] = [label.strip() for label in labels if label.strip()]
    return chosen
