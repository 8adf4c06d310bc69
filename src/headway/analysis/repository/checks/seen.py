"""What every check looks at: the project, what it does with models, and what CI runs for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from headway.analysis.repository.ci.running import Ran
from headway.analysis.repository.ci.shell import joined
from headway.analysis.repository.modelling import Modelling, modelling
from headway.analysis.repository.projects import Project
from headway.analysis.repository.rules import Limits
from headway.analysis.repository.sources.tree import Tree, is_within


@dataclass(eq=False)
class Seen:
    """A project as the checks see it."""

    project: Project
    limits: Limits

    @property
    def tree(self) -> Tree:
        """Return the whole repository."""
        return self.project.tree

    @cached_property
    def model(self) -> Modelling:
        """Return what the project does with models."""
        return modelling(self.project)

    def ran(self, wanted: Callable[[Ran], bool]) -> tuple[list[Ran], list[Ran]]:
        """Return what CI runs for this project that is wanted: what counts, and what is doubted."""
        mine = [self._watched(one) for one in self.project.automation.ran if wanted(one)]
        mine = [one for one in mine if self.covers(one)]
        return [one for one in mine if not one.doubts], [one for one in mine if one.doubts]

    def covers(self, ran: Ran) -> bool:
        """Say whether a command is about this project: by its folder, or by the paths it names."""
        folder = self.project.folder
        if not folder:
            return True
        named = [
            path
            for word in ran.words[1:]
            if not word.startswith("-")
            for path in (joined(ran.folder, word.partition("::")[0]),)
            if path and self._is_there(path)
        ]
        places = named or [ran.folder]
        return any(is_within(place, folder) or is_within(folder, place) for place in places)

    def _is_there(self, path: str) -> bool:
        return path in self._paths

    @cached_property
    def _paths(self) -> frozenset[str]:
        folders = {path.rsplit("/", depth)[0] for path in self.tree.files for depth in (1, 2, 3)}
        return frozenset((*self.tree.files, *folders, self.project.folder))

    def _watched(self, ran: Ran) -> Ran:
        """Return a command, with a doubt when no file of this project would set it off."""
        if not ran.watches or self._sets_off(ran.watches):
            return ran
        doubt = "the `paths` of its workflow leave this project out"
        return Ran(ran.words, ran.places, ran.folder, (*ran.doubts, doubt))

    def _sets_off(self, watches: tuple[str, ...]) -> bool:
        patterns = [_pattern(glob) for glob in watches if not glob.startswith("!")]
        looked_at = (*self.project.python, *self.project.tests)
        return any(pattern.fullmatch(path) for pattern in patterns for path in looked_at)


def _pattern(glob: str) -> re.Pattern[str]:
    """Return GitHub's glob as an expression: `**` crosses folders, `*` does not."""
    parts = re.split(r"(\*\*/?|\*|\?)", glob[:300])
    told = {"**": ".*", "**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(told.get(part, re.escape(part)) for part in parts))


def places(ran: list[Ran]) -> Iterator[str]:
    """Yield the places of commands, of the first of them its whole way."""
    for number, one in enumerate(ran):
        yield from one.places if number == 0 else one.places[-1:]


def doubts(ran: list[Ran]) -> str:
    """Return the doubts about commands as a phrase."""
    told = dict.fromkeys(doubt for one in ran for doubt in one.doubts[:1])
    return "; ".join(list(told)[:3])
