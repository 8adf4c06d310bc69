"""What every reader of results shares: what was asked, what is told, and values one can trust.

A file comes from anywhere: every value is looked at before it is used, texts are cut, lists are
counted, and what is not understood is named in a note instead of being dropped.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from headway.errors import Invalid, Problem
from headway.observation import LARGEST_EXACT, Observation, SubjectRef

#: Observations of one file; a larger one is split by whoever wrote it.
MOST = 5_000
_NAME, _TEXT = 300, 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What the sender says: whose results these are, and when, where the file does not say.

    `subject` is `kind:name@version`; empty, the file must name what it is about. `commit` and
    `dataset_digest` bind every result to the code and the data that it is of.
    """

    at: datetime
    subject: str = ""
    project: str = ""
    source: str = ""
    commit: str = ""
    dataset_digest: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A region of an item: class and points. `place` is what the points are of: a frame, a text.

    Four numbers are a box x0, y0, x1, y1; more are the corners of a polygon.
    """

    label: str
    points: tuple[float, ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Who labelled which item how, one a row, and the true labels that the file itself names.

    `marks` are the regions of each row, where the file holds regions; then an annotator who marked
    nothing on an item stands there with none. `gold_marks` are the true ones by item.
    """

    items: tuple[str, ...] = ()
    raters: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    gold: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[tuple[Mark, ...], ...] = ()
    gold_marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """What a file told: observations, and notes on what was read otherwise or not at all.

    `labelled` is what annotators said, where it is labels: how far they agree is worked out of it.
    """

    format: str
    observations: tuple[Observation, ...]
    notes: tuple[Problem, ...] = ()
    labelled: Labelled = Labelled()


@dataclass(slots=True)
class Told:
    """Collects what a reader finds. `tool` is the source where the sender names none."""

    tool: str
    asked: Asked
    observed_at: datetime
    own_subject: str = ""
    observations: list[Observation] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def check(  # noqa: PLR0913  each is a key of the evidence
        self,
        name: str,
        *,
        passed: bool | None,
        raw: str,
        sentence: str,
        observed: float | str | None = None,
        bound: float | str | None = None,
        rows: int | None = None,
        rows_bad: int | None = None,
        is_warning: bool = False,
        dimension: str = "data",
        subject: str = "",
        at: datetime | None = None,
    ) -> None:
        """Tell a check: `passed` as derived here (None: no evidence), `raw` in the tool's words."""
        payload = {
            "check": cut(name, _NAME) or "unnamed",
            "dimension": dimension,
            "passed": passed,
            "observed": _kept(observed),
            "bound": _kept(bound),
            "rows": rows,
            "rows_bad": rows_bad,
            "severity": "warning" if is_warning else "error",
            "sentence": cut(sentence, _TEXT),
            "raw": cut(raw, _NAME) or "none",
            "commit": self.asked.commit or None,
            "dataset_digest": self.asked.dataset_digest or None,
        }
        self._tell("check", payload, subject, at)

    def evaluation(  # noqa: PLR0913  each is a key of the evidence
        self,
        metric: str,
        value: float | None,
        *,
        n: int | None = None,
        low: float | None = None,
        high: float | None = None,
        confidence: float | None = None,
        estimated: bool = False,
        split: str = "live",
        context: Mapping[str, float | str] | None = None,
        segments: Sequence[Mapping[str, object]] = (),
        subject: str = "",
        at: datetime | None = None,
    ) -> None:
        """Tell a number; None where it was measured and there is none."""
        payload = {
            "metric": cut(metric, _NAME) or "unnamed",
            "value": value,
            "n": n,
            "low": low,
            "high": high,
            "confidence": confidence,
            "split": split,
            "estimated": estimated,
            "dataset_digest": self.asked.dataset_digest or None,
            "context": {cut(key, _NAME): one for key, one in (context or {}).items()}
            | ({"commit": self.asked.commit} if self.asked.commit else {}),
            "segments": list(segments),
        }
        self._tell("evaluation", payload, subject, at)

    def delivery(self, payload: Mapping[str, object], at: datetime | None = None) -> None:
        """Tell labels that came; the sender's digest binds them to their file."""
        bound = {"digest": self.asked.dataset_digest} if self.asked.dataset_digest else {}
        self._tell("annotation_delivery", {**payload, **bound}, "", at)

    def note(self, where: str, sentence: str) -> None:
        """Name something that was not taken as it stands."""
        if len(self.notes) < MOST:
            self.notes.append(Problem(cut(where, _NAME), sentence))

    def _tell(
        self, kind: str, payload: Mapping[str, object], subject: str, at: datetime | None
    ) -> None:
        if len(self.observations) >= MOST:
            sentence = f"The file holds more than {MOST:,} results; split it."
            raise Invalid(sentence)
        named = self.asked.subject or subject or self.own_subject
        if not named:
            sentence = (
                f"The {self.tool} file does not say what its results are about; give --subject, "
                "for example model:fraud@7, or batch:program/batch for labels."
            )
            raise Invalid(sentence)
        self.observations.append(
            Observation(
                subject=SubjectRef.parse(named),
                kind=kind,
                source=self.asked.source or self.tool,
                observed_at=at or self.observed_at,
                payload=payload,
                project=self.asked.project or None,
            )
        )

    def results(self) -> Results:
        """Return what was told."""
        return Results(self.tool, tuple(self.observations), tuple(self.notes))


def told(tool: str, asked: Asked, at: datetime | None = None, subject: str = "") -> Told:
    """Return a collector; `at` is the file's own time, whose absence is noted."""
    collector = Told(tool, asked, at or asked.at, subject)
    if at is None:
        collector.note("time", "The file names no time; the time of sending is taken.")
    return collector


def cut(text: object, most: int) -> str:
    """Return `text` in one line without control characters, at most `most` characters long."""
    words = "".join(letter if letter.isprintable() else " " for letter in str(text)[: most * 4])
    line = " ".join(words.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _kept(value: float | str | None) -> float | str | None:
    return cut(value, _NAME) if isinstance(value, str) else value


def number(value: object) -> float | None:
    """Return a finite number, also one that is written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def count(value: object) -> int | None:
    """Return a whole number from 0; None for anything else."""
    found = number(value)
    if found is None or found < 0 or found != int(found) or found > LARGEST_EXACT:
        return None
    return int(found)


def mapping(value: object) -> Mapping[str, object]:
    """Return `value` as an object, an empty one where it is something else."""
    return value if isinstance(value, dict) else {}


def listed(value: object, most: int = MOST) -> Sequence[object]:
    """Return `value` as a list, empty where it is something else. Raises Invalid over `most`."""
    if not isinstance(value, list):
        return []
    if len(value) > most:
        sentence = f"The file holds a list of {len(value):,} entries; {most:,} are read. Split it."
        raise Invalid(sentence)
    return value


def objects(value: object, most: int = MOST) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a list; what is no object is passed over."""
    return (one for one in listed(value, most) if isinstance(one, dict))


def word(value: object) -> str:
    """Return `value` as a text, empty where it is none."""
    return value if isinstance(value, str) else ""


def moment(value: object) -> datetime | None:
    """Return a time, read as UTC where it names no zone; None where it is no time."""
    text = word(value).strip()
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def against(raw: str, passed: bool | None, is_good: bool | None, why: str) -> str:
    """Return `why`, led by the disagreement where the tool said otherwise.

    `is_good` is what `raw` means: True good, False bad, None neither.
    """
    if passed is is_good:
        return why
    said = {True: "met", False: "unmet", None: "no evidence"}[passed]
    return f"It says {cut(raw, 60)!r}; by its own numbers this is {said}. {why}"
