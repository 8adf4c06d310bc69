"""What connecting GitLab asks for: the projects, and a token that may read their issues."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from headway.connectors.tracker.options import TrackerOptions

ProjectPath = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)+$", max_length=255),
]


class GitlabOptions(TrackerOptions):
    """Which projects are read, by their whole path; `url` is the server's REST interface."""

    url: str = "https://gitlab.com/api/v4"
    projects: Annotated[tuple[ProjectPath, ...], Field(min_length=1, max_length=100)]

    @field_validator("projects")
    @classmethod
    def _check_projects(cls, named: tuple[str, ...]) -> tuple[str, ...]:
        if len({name.lower() for name in named}) < len(named):
            sentence = "names a project twice; name each once"
            raise ValueError(sentence)
        return named
