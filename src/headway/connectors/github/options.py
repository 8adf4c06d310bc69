"""What connecting GitHub asks for: the repositories, and a token that may read their issues."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from headway.connectors.tracker.options import TrackerOptions

Repository = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}$")]


class GithubOptions(TrackerOptions):
    """Which repositories are read; `url` is the REST interface (of an own server: `…/api/v3`).

    With `statuses` the gates of releases say on commits how they stand; the token then has to be
    one that may write commit statuses.
    """

    url: str = "https://api.github.com"
    repositories: Annotated[tuple[Repository, ...], Field(min_length=1, max_length=100)]
    statuses: bool = False

    @field_validator("repositories")
    @classmethod
    def _check_repositories(cls, named: tuple[str, ...]) -> tuple[str, ...]:
        if len({name.lower() for name in named}) < len(named):
            sentence = "names a repository twice; name each once"
            raise ValueError(sentence)
        if any(part in {".", ".."} for name in named for part in name.split("/")):
            sentence = "has a name of dots alone; write owner/name"
            raise ValueError(sentence)
        return named
