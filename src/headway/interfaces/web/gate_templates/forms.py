"""The form of a gate template: the text of its gate file, and why it changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from headway.domain.programs.rules.fields import Reader, text
from headway.interfaces.web.programs.edit_forms import ReadForm, line, needed

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
