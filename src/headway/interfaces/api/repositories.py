"""Repositories: what the last audit of each found."""

from __future__ import annotations

from ninja import Query, Router

from headway.domain.accounts.rules import Permission
from headway.domain.maturity.queries import AuditPage, repository_audit, repository_audits
from headway.domain.maturity.rules.audits import RepositoryAudit
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Repositories"])


@operation(router, "GET", "/repositories", Permission.VIEW, Page[RepositoryAudit])
def list_repositories(request: ApiRequest, asked: Query[AskedAt]) -> Page[RepositoryAudit]:
    """List the audited repositories with the checks of their last audit, by name."""
    rows = repository_audits(request.auth, asked.moment(request))
    return page_of(sorted(rows, key=lambda row: row.name), lambda row: row.name, asked)


@operation(router, "GET", "/repositories/{path:name}", Permission.VIEW, AuditPage)
def read_repository(request: ApiRequest, name: str, asked: Query[At]) -> AuditPage:
    """Read a repository: its last audit, what changed since the one before, and the ones before."""
    return repository_audit(request.auth, name, asked.moment(request))
