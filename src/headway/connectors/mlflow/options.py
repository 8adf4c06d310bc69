"""What a person chooses when connecting an MLflow server."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import Field

from headway.connectors.http import ServerOptions

Glob = Annotated[str, Field(min_length=1, max_length=300)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$")]


class MlflowOptions(ServerOptions):
    """What of the server is read, and which project it belongs to; its name stands in subjects.

    Globs are case-sensitive shell patterns (`*`, `?`, `[ab]`) on whole names.
    """

    experiments: tuple[Glob, ...] = ("*",)
    models: tuple[Glob, ...] = ("*",)
    #: Metrics whose whole history becomes evidence, by name; the latest values always do.
    series: tuple[Glob, ...] = ()
    #: The project of what nothing else places, and by experiment glob (first match wins).
    project: Slug | None = None
    projects: dict[Glob, Slug] = Field(default_factory=dict)
    #: Stands before model names, for two servers that use the same names for different models.
    model_prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{0,60}$")] = ""
    #: How far back each read looks again. Clocks of training machines may differ by that much.
    overlap_minutes: Annotated[int, Field(ge=0, le=10_080)] = 60
    page_size: Annotated[int, Field(ge=1, le=5000)] = 200

    def project_of_experiment(self, name: str) -> str | None:
        """Return the project an experiment's runs belong to, None when nothing says."""
        for glob, project in self.projects.items():
            if fnmatchcase(name, glob):
                return project
        return self.project


def matches(name: str, globs: tuple[str, ...]) -> bool:
    """Say whether `name` matches one of `globs`."""
    return any(fnmatchcase(name, glob) for glob in globs)
