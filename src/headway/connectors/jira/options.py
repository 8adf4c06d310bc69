"""What connecting Jira asks for: projects or a query, and a token that may read their issues."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from headway.connectors.tracker.options import TrackerOptions

ProjectKey = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,79}$")]
LinkType = Annotated[str, Field(min_length=1, max_length=200)]

#: The order is ours: pages are asked for by creation, which never changes.
_ORDER = re.compile(r"\border\s+by\b.*$", re.IGNORECASE | re.DOTALL)


class JiraOptions(TrackerOptions):
    """Which issues are read: of `projects`, by a `jql` query, or both; `url` is Jira's front page.

    The token is `email:token` for Jira Cloud, a personal access token for Server and Data Center.
    """

    projects: Annotated[tuple[ProjectKey, ...], Field(max_length=100)] = ()
    jql: Annotated[str, Field(max_length=2_000)] = ""
    #: Link types besides the usual whose outward side comes first ("Gantt End to Start").
    blocking_links: Annotated[tuple[LinkType, ...], Field(max_length=50)] = ()

    @field_validator("jql")
    @classmethod
    def _check_jql(cls, jql: str) -> str:
        kept = _ORDER.sub("", jql).strip()
        if not kept.isprintable():
            sentence = "holds a line break or a control character; write the query on one line"
            raise ValueError(sentence)
        return kept

    @model_validator(mode="after")
    def _check_selection(self) -> Self:
        if not self.projects and not self.jql:
            sentence = "say which projects are read, by their keys, or give a JQL query"
            raise ValueError(sentence)
        return self

    @property
    def query(self) -> str:
        """The JQL of everything that is selected, without an order."""
        keys = ", ".join(f'"{key}"' for key in self.projects)
        parts = [f"project in ({keys})"] if keys else []
        return " AND ".join([*parts, f"({self.jql})"] if self.jql else parts)
