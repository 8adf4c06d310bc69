"""The words of an approval by function: who is asked, what is answered; the same wherever asked."""

from __future__ import annotations

from collections.abc import Mapping

from headway.domain.accounts.rules import Function
from headway.domain.programs.rules.fields import Reader, choice, text
from headway.errors import Invalid

#: The functions that are asked to approve.
APPROVING = (Function.LEGAL, Function.PRIVACY, Function.SECURITY, Function.FINANCE)

ANSWERS = ("approved", "conditions", "refused")

ANSWER_FIELDS: Mapping[str, Reader] = {"decision": choice(*ANSWERS), "statement": text(4_000)}


def read_function(field: str, value: object) -> str:
    """Read a function that approves; Invalid for one that only sees (auditor, pay)."""
    found = str(value or "").strip().lower()
    if found not in APPROVING:
        sentence = f"The {field} {found!r} does not approve; it is one of: {', '.join(APPROVING)}."
        raise Invalid(sentence)
    return found
