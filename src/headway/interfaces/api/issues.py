"""Issues: what has happened and has to be dealt with, from risks that occurred or of their own."""

from __future__ import annotations

from datetime import date

from ninja import Query, Router

from headway.domain.accounts.rules import Permission
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import reopen_issue, resolve_issue, set_issue
from headway.domain.risks.queries import issue_named, issues_of
from headway.domain.risks.rules import IssueFacts
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit_or_create
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["RAID"])

_PLAN, _VIEW = Permission.PLAN, Permission.VIEW
_ISSUE = "/programs/{slug}/issues/{key}"


class IssueBody(Given):
    """What of an issue can be changed; a new one needs its name: what has happened."""

    name: str | None = None
    note: str | None = None
    owner: str | None = None
    due: date | None = None
    days: float | None = None
    money: str | None = None


class IssueEnd(Given):
    """How an issue was resolved."""

    how: str = ""


class AgainIssue(Given):
    """Nothing is asked to open an issue again."""


@operation(router, "GET", "/programs/{slug}/issues", _VIEW, Page[IssueFacts])
def list_issues(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[IssueFacts]:
    """List the issues of a program, resolved ones too, by key."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = sorted(issues_of(request.auth, program, moment), key=lambda row: row.key)
    return page_of(rows, lambda row: row.key, asked)


@operation(router, "GET", _ISSUE, _VIEW, IssueFacts)
def read_issue(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> IssueFacts:
    """Read an issue."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return issue_named(request.auth, program, key, moment)


@operation(router, "PUT", _ISSUE, _PLAN, IssueFacts)
def put_issue(request: ApiRequest, slug: str, key: str, body: IssueBody) -> IssueFacts:
    """Set an issue: made when there is none of this key, else changed."""
    actor, at = request.auth, request.now
    program = program_named(actor, slug)

    def write(version: int | None) -> IssueFacts:
        return set_issue(actor, slug, key, body.given(), at, version=version)

    return edit_or_create(request, lambda: issue_named(actor, program, key), write)


@operation(router, "POST", _ISSUE + "/close", _PLAN, IssueFacts)
def end_issue(request: ApiRequest, slug: str, key: str, body: IssueEnd) -> IssueFacts:
    """Say that an issue is dealt with."""
    return resolve_issue(request.auth, slug, key, request.now, how=body.how)


@operation(router, "POST", _ISSUE + "/reopen", _PLAN, IssueFacts)
def again_issue(request: ApiRequest, slug: str, key: str, body: AgainIssue) -> IssueFacts:
    """Say that an issue is not dealt with after all."""
    return reopen_issue(request.auth, slug, key, request.now)
