"""What evidence says is left of an item, as a range of working days: a proposal with its words.

A metric's runs and a vendor's deliveries both end in a `Pull`: days until it is there at P10, P50
and P90, or the reason why there is no number. For an item that is under way that is what remains;
for one that has not started it is its estimate, counted from when it starts. Nothing is invented
for what does not arrive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

#: A range that moved by less than this share is not worth a change of the plan.
SAME = 0.1


@dataclass(frozen=True, slots=True)
class Pull:
    """What evidence says of when something is there: three days, or why there are none.

    `words` say where it comes from, `record` opens the newest evidence behind it. `decide` says
    that waiting will not do: somebody has to decide. With `by_pace` the days are those of work at
    a pace, and so count from when an item starts; labels come whether it has or not.
    """

    words: str
    record: int | None
    days: tuple[date, date, date] | None = None
    sentence: str = ""
    decide: bool = False
    is_there: bool = False
    by_pace: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a follow proposes for its item; `remaining` None: `sentence` says why not.

    With `from_start` the range is the item's estimate: it has not started.
    """

    remaining: tuple[float, float, float] | None
    sentence: str
    origin: Mapping[str, object]
    differs: bool
    decide: bool = False
    from_start: bool = False


def proposed(
    pull: Pull,
    held: Sequence[float] | None,
    working: tuple[float, float, float] | None,
    *,
    is_started: bool,
    is_finished: bool,
    has_attempts: bool = False,
) -> Proposal:
    """Return what is proposed for an item whose range (what remains, or its estimate) is `held`.

    `working` is the pull's three days as working days from now in the item's own calendar, or from
    when it starts. An experiment's attempts are somebody's own: no estimate replaces them.
    """
    origin: dict[str, object] = {"words": pull.words}
    if pull.record is not None:
        origin["record"] = pull.record
    if is_finished:
        return Proposal(None, "The item is finished; nothing is left.", origin, differs=False)
    if working is None:
        return Proposal(None, pull.sentence, origin, differs=False, decide=pull.decide)
    low, middle, high = working
    word = "That leaves" if is_started or not pull.by_pace else "It would take"
    said = f"{pull.sentence} {word} {low:g} to {high:g} working days, {middle:g} in the middle"
    if is_started:
        return Proposal(working, f"{said}.", origin, differs=_moved(held, working))
    if not pull.by_pace:
        sentence = f"{said}; the item has not started, so its own range stands until it does."
        return Proposal(None, sentence, origin, differs=False)
    if has_attempts:
        sentence = f"{said}; it has not started, and the range of its attempts is somebody's own."
        return Proposal(None, sentence, origin, differs=False)
    origin["words"] = f"{pull.words}, counted from when it starts"
    moved = _moved(held, working)
    return Proposal(working, f"{said}, from when it starts.", origin, moved, from_start=True)


def _moved(held: Sequence[float] | None, wanted: Sequence[float]) -> bool:
    """Say whether a range is worth writing down: any of its numbers moved by a tenth and a day."""
    if held is None:
        return True
    return any(abs(new - old) > max(1.0, SAME * old) for old, new in zip(held, wanted, strict=True))
