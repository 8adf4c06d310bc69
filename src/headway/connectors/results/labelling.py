"""What exports of labelling tools share: labels by item and annotator, deliveries by day.

An item is delivered on the day on which somebody first labelled it, so that a later export of the
same project tells the same days again and adds the new ones. Annotators become opaque references:
their number in the tool, or a digest where the tool names them.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.connectors.results.base import Labelled, Results, Told, cut

#: Items of one export, and classes that a delivery may name.
MOST_ITEMS = 200_000
MOST_CLASSES = 1_000
_NAME = 200


@dataclass(frozen=True, slots=True)
class Said:
    """One annotator's label of one item; `labels` are the classes on it, one or several."""

    item: str
    rater: str
    labels: tuple[str, ...]
    moment: datetime | None
    is_gold: bool = False

    @property
    def value(self) -> str:
        """Return the label as one word: several classes on an item are read as their set."""
        return " + ".join(sorted(set(self.labels)))


def opaque(who: object, tool: str) -> str:
    """Return a reference to an annotator that is no name: a number stays, words are digested."""
    if isinstance(who, dict):
        who = who.get("id", who.get("username", who.get("email", "")))
    if isinstance(who, int) and not isinstance(who, bool):
        return f"{tool}-{who}"
    text = str(who or "")
    if text.isascii() and text.isdigit() and len(text) < 12:
        return f"{tool}-{text}"
    return f"p-{hashlib.sha256(text.encode()).hexdigest()[:12]}" if text else ""


def tell_labels(
    collector: Told,
    said: Iterable[Said],
    project: str,
    *,
    tool: str,
) -> Results:
    """Tell the deliveries of what was said, a day each, and hand over who labelled what how."""
    rows = list(said)
    gold = {one.item: one.value for one in rows if one.is_gold}
    work = [one for one in rows if not one.is_gold]
    by_item: dict[str, list[Said]] = defaultdict(list)
    for one in work:
        by_item[one.item].append(one)
    for day, items in sorted(_by_day(by_item).items()):
        name = cut(f"{tool} {project} {day}".strip(), _NAME)
        at, payload = _delivery(name, [by_item[item] for item in items])
        collector.delivery(payload, at)
    if any(len(set(one.labels)) > 1 for one in work):
        collector.note("labels", "Items with several classes are compared by the set of classes.")
    told = collector.results()
    kept = _latest(work)
    labelled = Labelled(
        tuple(one.item for one in kept),
        tuple(one.rater for one in kept),
        tuple(one.value for one in kept),
        gold,
    )
    return Results(told.format, told.observations, told.notes, labelled)


def _by_day(by_item: Mapping[str, Sequence[Said]]) -> Mapping[str, Sequence[str]]:
    """Return the items by the day of their first label (UTC); "" where no time is told."""
    found: dict[str, list[str]] = defaultdict(list)
    for item, said in by_item.items():
        moments = [one.moment for one in said if one.moment is not None]
        found[min(moments).date().isoformat() if moments else ""].append(item)
    return found


def _delivery(
    name: str, items: Sequence[Sequence[Said]]
) -> tuple[datetime | None, Mapping[str, object]]:
    """Return a delivery's moment and what it holds: an item's class is the one most named."""
    classes: Counter[str] = Counter()
    raters: set[str] = set()
    overlap = 0
    firsts = []
    for said in items:
        counts = Counter(label for one in said for label in set(one.labels))
        most = max(counts.values())
        classes.update(label for label, count in counts.items() if count == most)
        who = {one.rater for one in said}
        raters |= who
        overlap += len(who) > 1
        moments = [one.moment for one in said if one.moment is not None]
        firsts += [min(moments)] if moments else []
    payload = {
        "delivery": name,
        "units": len(items),
        "classes": {cut(label, _NAME): count for label, count in classes.most_common(MOST_CLASSES)},
        "overlap_units": overlap,
        "annotators": len(raters),
    }
    return (max(firsts) if firsts else None), payload


def _latest(said: Iterable[Said]) -> Sequence[Said]:
    """Return one label for each item and annotator who is known: the last one given."""
    latest: dict[tuple[str, str], Said] = {}
    for one in said:
        if not one.rater:
            continue
        held = latest.get((one.item, one.rater))
        if held is None or _newer(one, held):
            latest[one.item, one.rater] = one
    return list(latest.values())


def _newer(one: Said, held: Said) -> bool:
    if one.moment is None or held.moment is None:
        return True
    return one.moment >= held.moment
