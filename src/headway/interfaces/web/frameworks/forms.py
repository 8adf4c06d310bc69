"""The forms of frameworks: what is held, what applies, who answers, and a policy's file."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from headway.domain.compliance.rules.assigning import ANSWERS, WAYS
from headway.errors import Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, line, needed, words

#: A policy is read by people; more than this is another kind of file.
LARGEST = 200_000


def assign_form(held: Sequence[tuple[str, str]]) -> type[ReadForm]:
    """Return the form that chooses what of `held` ("system:slug", name) a pack is assigned to."""
    fields: dict[str, Any] = {
        "held": forms.ChoiceField(label="Who is held to it", choices=held),
        "owner": line("Owner", "Who sees to it that it is answered."),
    }
    return type("AssignForm", (ReadForm,), fields)


class AttestForm(ReadForm):
    """A person answers for a control."""

    answer = forms.ChoiceField(label="Answer", choices=[(one, one.capitalize()) for one in ANSWERS])
    role = needed(line("As", "Your function or role, such as legal, privacy, owner."))
    link = line("Where it is written down", "An https address; “met” needs one.")
    done_on = day_field("When it was done", "“Met” needs a day; its review is counted from it.")
    statement = words("What you answer for")


class AppliesForm(ReadForm):
    """Whether a control applies, and how it is answered."""

    way = forms.ChoiceField(label="It", choices=list(WAYS.items()), widget=forms.RadioSelect)
    reason = words("Why", 4)


class PolicyForm(ReadForm):
    """A policy's file, written here or uploaded, and from when it holds."""

    text = words("The policy", 24)
    file = forms.FileField(label="or a file", required=False, help_text="YAML, in the same form.")
    effective_from = needed(day_field("Holds from", "The version before it ends on that day."))
    reason = words("Why it changes")
    owner = line("Owner")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: Mapping[str, object] | None = None,
        files: Any = None,  # noqa: ANN401 - as Django's request gives it
    ) -> None:
        """Fill the form; `files` are what was uploaded with it."""
        super().__init__(data, initial=initial)
        self.files = files if files is not None else MultiValueDict()
        self.fields["text"].widget.attrs["spellcheck"] = "false"

    @classmethod
    def reading(cls, request: WorkspaceRequest) -> Callable[..., ReadForm]:
        """Return what makes the form with the files of a request."""
        return functools.partial(cls, files=request.FILES)


def policy_text(values: Mapping[str, object]) -> str:
    """Return the policy as it was written, or as the file holds it.

    Raises Invalid where there is neither, or the file is no text.
    """
    upload: Any = values.get("file")
    if upload is None:
        written = str(values.get("text") or "").strip()
        if not written:
            sentence = "The policy is empty; write it, or choose its file."
            raise Invalid(sentence)
        return written + "\n"
    if upload.size > LARGEST:
        sentence = f"The file has {upload.size:,} bytes; a policy has at most {LARGEST:,}."
        raise Invalid(sentence)
    try:
        return str(upload.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        sentence = "The file is not UTF-8 text; save it as UTF-8."
        raise Invalid(sentence) from None
