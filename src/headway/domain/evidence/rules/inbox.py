"""Makes a handful of groups of what waits in the inbox, each with the rule that would take it.

    runs    by run group within their source; a catch-all group (none, or MLflow's "Default") is
            also shown in parts: by a tag that most of its runs carry, else by the stem of the name
    models  by name, with their aliases; other subjects by `kind:name`
    many    more than a handful of one sort are drawn together by the stems of their names

A group's count is the number of subjects that its condition fits: a group that holds its parts too
says so, and is counted whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from uuid import UUID

from headway.domain.evidence.rules.placing import Condition, Told, as_pattern, fits

#: So many groups of one sort are shown as they are.
HANDFUL = 12

#: Members whose metrics are looked at, and whose names are shown.
SAMPLE, EXAMPLES = 20, 3

#: Run groups that say nothing: none, and the one that MLflow makes by itself.
CATCH_ALL = ("", "Default")

#: What runs of no group have in common.
ANY_RUN = "run:*"

#: A tag divides a group when so large a share carries it, with so many values at most.
TAGGED_SHARE, MOST_VALUES = 0.8, 8

#: A stem is a part of its group from this share of it on.
PART_SHARE = 0.02

_TOKEN = re.compile(r"[^-_./:\s]+")
_BREAK = re.compile(r"[-_./:\s]+")
_COUNTER = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A subject in the inbox: its text, what it tells, when it was last heard of."""

    subject_id: UUID
    text: str
    told: Told
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class InboxGroup:
    """Subjects that one rule would take. `sample` are the newest of them, the newest first.

    `is_part` groups stand before the group (`has_parts`) that holds them too.
    """

    condition: Condition
    is_of_runs: bool
    count: int
    newest: datetime | None
    sample: Sequence[Waiting]
    is_part: bool = False
    has_parts: bool = False

    @property
    def examples(self) -> Sequence[str]:
        """Return the names of a few of them, each once."""
        names = dict.fromkeys(one.told.name or one.text for one in self.sample)
        return list(names)[:EXAMPLES]


def group_inbox(lines: Sequence[Waiting]) -> Sequence[InboxGroup]:
    """Return the groups of what waits, the largest first."""
    runs: dict[str, dict[str, list[Waiting]]] = {}
    things: dict[str, list[Waiting]] = {}
    for line in lines:
        if line.told.is_run:
            runs.setdefault(line.told.source, {}).setdefault(line.told.group, []).append(line)
        else:
            things.setdefault(line.told.thing, []).append(line)
    found = [
        bundle for source, groups in sorted(runs.items()) for bundle in _of_runs(source, groups)
    ]
    for pattern, names in _drawn_together(things):
        members = [line for name in names for line in things[name]]
        found.append([_group(Condition(subject=pattern), members)])
    found.sort(key=lambda bundle: -bundle[-1].count)
    return [group for bundle in found for group in bundle]


def _of_runs(source: str, groups: dict[str, list[Waiting]]) -> Iterator[list[InboxGroup]]:
    """Yield the runs of one source in bundles: a group alone, or after its parts."""
    named = {name: lines for name, lines in groups.items() if name not in CATCH_ALL}
    for pattern, names in _drawn_together(named):
        members = [line for name in names for line in named[name]]
        yield [_group(Condition(source=as_pattern(source), group=pattern), members)]
    for name in CATCH_ALL:
        if name in groups:
            everything = [line for lines in groups.values() for line in lines]
            whole = Condition(source=as_pattern(source), group=as_pattern(name))
            if not name:
                whole = Condition(source=as_pattern(source), subject=ANY_RUN)
            yield _catch_all(whole, groups[name], groups[name] if name else everything)


def _catch_all(whole: Condition, lines: list[Waiting], reach: list[Waiting]) -> list[InboxGroup]:
    """Return the parts of a group that says nothing, then the group itself where it holds more."""
    parts = _parts(whole, lines, reach)
    taken = {line.subject_id for _, members in parts for line in members}
    bundle = [_group(condition, members, is_part=True) for condition, members in parts]
    if any(line.subject_id not in taken for line in lines):
        bundle.append(_group(whole, reach, has_parts=bool(parts) or len(reach) > len(lines)))
    return bundle


def _parts(
    whole: Condition, lines: list[Waiting], reach: list[Waiting]
) -> list[tuple[Condition, list[Waiting]]]:
    """Return the parts of a group by tag or by stem of the name; none where neither divides it.

    `reach` is what their conditions can fit: more than the group's own lines, where it has no name.
    """
    tag = _dividing_tag(lines)
    if tag:
        wanted = [
            Condition(whole.source, whole.group, tag=tag, tag_value=as_pattern(value))
            for value in sorted({line.told.tags[tag] for line in lines if tag in line.told.tags})
        ]
    else:
        named: dict[str, list[Waiting]] = {}
        for line in lines:
            if line.told.name:
                named.setdefault(line.told.name, []).append(line)
        stems = _by(named, stem_of)
        wanted = [
            Condition(whole.source, whole.group, name=_pattern(stem, names))
            for stem, names in sorted(stems.items())
            if stem and sum(len(named[name]) for name in names) >= _least(len(lines))
        ]
    found = [
        (one, [line for line in reach if fits(one, line.told)]) for one in wanted[: 4 * HANDFUL]
    ]
    found.sort(key=lambda part: -len(part[1]))
    parts = found[:HANDFUL]
    return parts if len(parts) > 1 or (parts and len(parts[0][1]) < len(reach)) else []


def _least(count: int) -> int:
    """Return how many runs make a part of a group of `count`."""
    return max(2, int(count * PART_SHARE))


def _dividing_tag(lines: Sequence[Waiting]) -> str:
    """Return the tag that divides these runs best: carried by most, with the fewest values."""
    carried = Counter(tag for line in lines for tag in line.told.tags)
    best: tuple[int, str] | None = None
    for tag, count in carried.items():
        if count < TAGGED_SHARE * len(lines):
            continue
        values = {line.told.tags[tag] for line in lines if tag in line.told.tags}
        if 2 <= len(values) <= MOST_VALUES and max(map(len, values)) <= 100:
            best = min(best or (len(values), tag), (len(values), tag))
    return best[1] if best else ""


def _drawn_together(named: dict[str, list[Waiting]]) -> Iterator[tuple[str, list[str]]]:
    """Yield patterns with the names they stand for: each name alone, or many by a stem."""
    if len(named) <= HANDFUL:
        yield from ((as_pattern(name), [name]) for name in sorted(named))
        return
    by_stem = _by(named, stem_of)
    stems = by_stem if len(by_stem) <= HANDFUL else _by(named, first_of)
    for stem, names in sorted(stems.items()):
        if stem and len(names) > 1:
            pattern = _pattern(stem, names)
            yield pattern, [name for name in named if fnmatchcase(name, pattern)]
        else:
            yield from ((as_pattern(name), [name]) for name in sorted(names))


def _by(names: Iterable[str], part: Callable[[str], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(part(name), []).append(name)
    return found


def stem_of(name: str) -> str:
    """Return the words of a name before its first number: "fraud-lgbm" of "fraud-lgbm-0042"."""
    end = 0
    for token in _TOKEN.finditer(name):
        if _COUNTER.search(token[0]):
            break
        end = token.end()
    return name[:end]


def first_of(name: str) -> str:
    """Return the first word of a name (of a subject: of what follows its kind)."""
    kind, colon, rest = name.partition(":")
    head = f"{kind}:" if colon and kind.islower() else ""
    token = _TOKEN.search(rest if head else name)
    return head + token[0] if token else ""


def _pattern(stem: str, names: Sequence[str]) -> str:
    """Return the pattern of names with one stem, its break included where all share it."""
    if all(name == stem for name in names):
        return as_pattern(stem)
    breaks = {_BREAK.match(name[len(stem) :]) for name in names}
    signs = {found[0] if found else "" for found in breaks}
    shared = signs.pop() if len(signs) == 1 else ""
    return as_pattern(f"{stem}{shared}*")[: -len("[*]")] + "*"  # its end is not the name's


def _group(
    condition: Condition,
    members: Sequence[Waiting],
    *,
    is_part: bool = False,
    has_parts: bool = False,
) -> InboxGroup:
    """Return the group of these members, which are what the condition fits."""
    newest = sorted(members, key=_heard, reverse=True)
    return InboxGroup(
        condition,
        newest[0].told.is_run,
        len(newest),
        newest[0].newest,
        newest[:SAMPLE],
        is_part,
        has_parts,
    )


def _heard(line: Waiting) -> tuple[bool, float, str]:
    return (line.newest is not None, line.newest.timestamp() if line.newest else 0.0, line.text)
