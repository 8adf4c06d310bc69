"""What a person writes into a card: judged by the domain's own readers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from headway.domain.compliance.rules.cards import WORDS_FIELDS
from headway.domain.programs.rules.fields import Reader
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field, words


class WordsForm(ReadForm):
    """Words for one place of a card."""

    readers: ClassVar[Mapping[str, Reader]] = WORDS_FIELDS

    text = words("Words", rows=6)
    review_by = day_field("Review by", "After this day the words count as stale.")
