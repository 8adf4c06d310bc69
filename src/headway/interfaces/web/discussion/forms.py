"""The forms of talk: a comment, a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from headway.domain.discussion.rules import COMMENT_FIELDS, LINK_SORTS
from headway.domain.discussion.rules.words import LONGEST_COMMENT
from headway.domain.programs.rules.fields import Reader, text
from headway.interfaces.web.programs.edit_forms import ReadForm, line, needed, words


class CommentForm(ReadForm):
    """What somebody says."""

    readers = COMMENT_FIELDS

    text = needed(words("Comment", 3))

    def __init__(self, *args: object, calm: bool = False, **values: object) -> None:
        """Fill the form; a `calm` one does not take the focus: nobody has asked for it yet."""
        super().__init__(*args, **values)  # type: ignore[arg-type]
        widget = self.fields["text"].widget
        widget.attrs["maxlength"] = str(LONGEST_COMMENT)
        if calm:
            del widget.attrs["data-focus"]


class LinkForm(ReadForm):
    """What a thing is linked to."""

    readers: ClassVar[Mapping[str, Reader]] = {
        "to": text(2_000, required=True),
        "title": text(200),
    }

    sort = forms.ChoiceField(
        label="How", choices=[(sort, sort.capitalize()) for sort in LINK_SORTS]
    )
    to = needed(
        line(
            "To what",
            "Paste the address of a page here or anywhere (https), or write risk:program/key.",
            list="edit-near",
        )
    )
    title = line("Title", "What an address outside is called.")
