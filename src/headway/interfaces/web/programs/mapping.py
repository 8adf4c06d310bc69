"""The form that says how a table was read: which column is what; a person may correct it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.http import QueryDict

#: Field of the mapping → what a person calls it; in the order they are shown.
_LABELS = {
    "name": "Name of the work",
    "key": "Key or number",
    "status": "State",
    "estimate": "Estimate, most likely",
    "low": "Estimate, optimistic",
    "high": "Estimate, pessimistic",
    "points": "Story points",
    "due": "Due date",
    "start": "Not before",
    "started": "Started on",
    "finished": "Finished on",
    "before": "Waits for",
    "after": "Is waited for by",
    "parent": "Part of",
    "kind": "Kind, or milestone",
    "done": "Percent complete",
}
_ORDERS = (("ymd", "year, month, day"), ("dmy", "day, month, year"), ("mdy", "month, day, year"))
_UNITS = [(unit, unit) for unit in ("days", "hours", "weeks", "minutes", "seconds", "points")]
_STATES = [(one, one) for one in ("waiting", "started", "finished", "dropped")]

#: States of a table that can be corrected on the page.
_MOST_WORDS = 40


class MappingForm(forms.Form):
    """How the columns of a table are read; a field with several columns is kept as it is."""

    use_required_attribute = False  # a column may be left out; nothing here has to be filled

    order = forms.ChoiceField(label="Order of dates", choices=_ORDERS)
    unit = forms.ChoiceField(label="A number is in", choices=_UNITS)

    def __init__(self, headings: Sequence[str], mapping: Mapping[str, object]) -> None:
        """Offer the table's `headings` for each field, chosen as in `mapping`."""
        initial = {"order": mapping["order"], "unit": mapping["unit"]}
        super().__init__(initial=initial)
        columns = mapping["columns"]
        words = mapping["words"]
        assert isinstance(columns, Mapping)
        assert isinstance(words, Mapping)
        choices = [("", "not in this table"), *((one, one) for one in headings)]
        for field, label in _LABELS.items():
            held = columns.get(field, ())
            if len(held) < 2:
                self.fields[f"column-{field}"] = forms.ChoiceField(
                    label=label, choices=choices, initial=held[0] if held else ""
                )
        for number, (word, state) in enumerate(list(words.items())[:_MOST_WORDS]):
            self.fields[f"word-{number}"] = forms.ChoiceField(
                label=f"State \u201c{word}\u201d means", choices=_STATES, initial=state
            )


def chosen_mapping(posted: QueryDict, mapping: object) -> Mapping[str, object] | None:
    """Return `mapping` with what was chosen on the page; the importer judges what comes of it."""
    if not isinstance(mapping, dict):
        return None
    chosen = dict(mapping)
    columns, words = chosen.get("columns"), chosen.get("words")
    columns = dict(columns) if isinstance(columns, dict) else {}
    words = dict(words) if isinstance(words, dict) else {}
    for field in _LABELS:
        heading = posted.get(f"column-{field}")
        if heading is not None:
            columns[field] = [heading] if heading else []
    for number, word in enumerate(list(words)[:_MOST_WORDS]):
        words[word] = posted.get(f"word-{number}", words[word])
    chosen |= {"columns": columns, "words": words}
    return chosen | {key: posted[key] for key in ("order", "unit") if key in posted}
