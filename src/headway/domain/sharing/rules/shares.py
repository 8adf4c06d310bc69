"""Links to frozen reports: what may be chosen, how long they last, what they say of themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from headway.domain.programs.rules.fields import Reader, clean, day, text
from headway.domain.reports.rules import Audience, Format
from headway.domain.sharing.rules.links import end_of
from headway.errors import Invalid
from headway.rendering.phrases import day as say_day

#: Where a link to a report leads, below the address of the installation.
SHARED_PATH = "/shared/{secret}/"

#: How long a link to a report works unless told, and at most.
USUAL_SHARE = timedelta(days=14)
LONGEST_SHARE = timedelta(days=90)

#: Openings of one format within this time are one: a page that is loaded again is not read twice.
ONE_OPENING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ShareDraft:
    """What to share: for whom it is, which audience's view, in which formats, until which day."""

    whom: str
    audience: str = Audience.EXECUTIVE
    vendor: str = ""
    formats: Sequence[Format] = (Format.HTML, Format.PDF)
    until: date | None = None


def read_formats(_field: str, value: object) -> list[str]:
    """Read which formats a report may be taken away as: at least one, each once."""
    words = value if isinstance(value, list | tuple) else str(value or "").split(",")
    found = list(dict.fromkeys(str(word).strip() for word in words if str(word).strip()))
    for word in found:
        if word not in list(Format):
            sentence = f"There is no report as '{word[:20]}'; there is {', '.join(Format)}."
            raise Invalid(sentence)
    if not found:
        sentence = f"No format is chosen; choose at least one of {', '.join(Format)}."
        raise Invalid(sentence)
    return found


SHARE_FIELDS: Mapping[str, Reader] = {
    "whom": text(200, required=True),
    "audience": text(20),
    "vendor": text(200),
    "formats": read_formats,
    "until": day,
}


def read_share(values: Mapping[str, object]) -> ShareDraft:
    """Read what to share; Invalid for what is no name, no format, no day."""
    fields = clean({"whom": "", "formats": "html,pdf", **values}, SHARE_FIELDS)
    until = fields.get("until")
    return ShareDraft(
        " ".join(str(fields["whom"]).split()),
        str(fields.get("audience") or Audience.EXECUTIVE),
        str(fields.get("vendor") or ""),
        [Format(word) for word in read_formats("formats", fields["formats"])],
        until if isinstance(until, date) else None,
    )


def share_until(at: datetime, wanted: date | None) -> datetime:
    """Return when a link made at `at` ends: with the day wanted, else after 14 days; 90 at most."""
    if wanted is None:
        return at + USUAL_SHARE
    ends, longest = end_of(wanted), at + LONGEST_SHARE
    if not at < ends <= end_of(longest.date()):
        sentence = f"The link would end on {wanted}; choose a day from today to {longest.date()}."
        raise Invalid(sentence)
    return min(ends, longest)


def watermark(who: str, whom: str, until: datetime, as_of: datetime) -> str:
    """Return the line that every shared view and file carries."""
    return (
        f"Shared by {who} with {whom}, until {say_day(until.date())}; "
        f"frozen as of {say_day(as_of.date())}"
    )
