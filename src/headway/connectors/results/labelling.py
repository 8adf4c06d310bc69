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

from headway.connectors.results.base import Labelled, Mark, Results, Told, cut

#: Items of one export, and classes that a delivery may name.
MOST_ITEMS = 200_000
MOST_CLASSES = 1_000
#: Regions of one annotator on one item that are compared.
MOST_MARKS = 1_000
_NAME = 200
ONLY_CLASS = "A region has no area that is read, or coordinates that are none; its class counts."


@dataclass(frozen=True, slots=True)
class Said:
    """One annotator's label of one item; `labels` are the classes on it, one or several.

    `marks` are its regions. Without labels the annotator marked nothing, which is an answer where
    others mark regions; `is_work` is False where nobody knows whether they looked.
    """

    item: str
    rater: str
    labels: tuple[str, ...]
    moment: datetime | None
    is_gold: bool = False
    marks: tuple[Mark, ...] = ()
    is_work: bool = True

    @property
    def value(self) -> str:
        """Return the label as one word: several classes on an item are read as their set."""
        return " + ".join(sorted(set(self.labels)))


@dataclass(frozen=True, slots=True)
class Exported:
    """What one export says: rows, what it is of in the tool's words, and when."""

    said: Sequence[Said]
    name: str
    moment: datetime | None


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


def kept_marks(found: Sequence[Mark], where: str, collector: Told) -> tuple[Mark, ...]:
    """Return regions, of too many the first; a note says so."""
    if len(found) > MOST_MARKS:
        said = f"It holds {len(found):,} regions; the first {MOST_MARKS:,} are compared."
        collector.note(where, said)
    return tuple(found[:MOST_MARKS])


def tell_labels(
    collector: Told,
    said: Iterable[Said],
    project: str,
    *,
    tool: str,
) -> Results:
    """Tell the deliveries of what was said, a day each, and hand over who labelled what how."""
    rows = list(said)
    has_marks = any(one.marks for one in rows)
    if not has_marks:
        _refuse_empty([one for one in rows if not one.labels], collector)
        rows = [one for one in rows if one.labels]
    gold = {one.item: one for one in rows if one.is_gold}
    work = [one for one in rows if not one.is_gold]
    by_item: dict[str, list[Said]] = defaultdict(list)
    for one in work:
        if one.is_work:
            by_item[one.item].append(one)
    for day, items in sorted(_by_day(by_item).items()):
        name = cut(f"{tool} {project} {day}".strip(), _NAME)
        at, payload = _delivery(name, [by_item[item] for item in items])
        collector.delivery(payload, at)
    if any(len(set(one.labels)) > 1 for one in work):
        by = ", regions by their overlap" if has_marks else ""
        collector.note(
            "labels", f"Items with several classes are compared by the set of classes{by}."
        )
    told = collector.results()
    return Results(told.format, told.observations, told.notes, _labelled(work, gold, has_marks))


def _refuse_empty(empty: Sequence[Said], collector: Told) -> None:
    for one in empty:
        if one.is_work:
            collector.note(f"item {one.item}", "An annotation holds no label, and was left out.")


def _labelled(work: Sequence[Said], gold: Mapping[str, Said], has_marks: bool) -> Labelled:
    """Return who labelled what how, the last of each annotator."""
    kept = _latest(work)
    return Labelled(
        tuple(one.item for one in kept),
        tuple(one.rater for one in kept),
        tuple(one.value for one in kept),
        {item: one.value for item, one in gold.items()},
        tuple(one.marks for one in kept) if has_marks else (),
        {item: one.marks for item, one in gold.items()} if has_marks else {},
    )


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
        most = max(counts.values(), default=0)
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
