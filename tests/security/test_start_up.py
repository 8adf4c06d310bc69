"""Headway does not start with an undeclared door or an open ledger."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from headway.domain.accounts.rules import Permission
from headway.domain.accounts.rules.append_only import release_statements
from headway.errors import Invalid
from headway.interfaces.web.layout.routes import Public, route
from headway.site.checks import refuse_undeclared, refuse_unsafe_start


def a_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("here")


DECLARED = route("open/", a_view, Public("a test"), "open")


def test_an_address_without_a_permission_is_refused_wherever_it_hides() -> None:
    refuse_undeclared([DECLARED], {})
    for patterns in (
        [path("naked/", a_view)],
        [DECLARED, path("deep/", include([path("er/", include([path("naked/", a_view)]))]))],
    ):
        with pytest.raises(ImproperlyConfigured, match="naked/"):
            refuse_undeclared(patterns, {})


def test_a_prefix_that_is_declared_elsewhere_needs_naming() -> None:
    patterns = [path("api/v1/", include([path("runs/", a_view)]))]
    refuse_undeclared(patterns, {"api/v1/": "its operations declare themselves"})
    with pytest.raises(ImproperlyConfigured):
        refuse_undeclared(patterns, {"api/v2/": "its operations declare themselves"})


@pytest.mark.parametrize(
    ("pattern", "access"),
    [
        ("w/<slug:workspace>/things/", Public("no")),
        ("things/", Permission.VIEW),
        ("w/things/", Permission.VIEW),
    ],
)
def test_a_permission_and_a_workspace_go_together(pattern: str, access: object) -> None:
    with pytest.raises(Invalid, match="workspace"):
        route(pattern, a_view, access, "things")


def test_the_web_server_starts_with_all_guards_and_not_without(db: None) -> None:
    refuse_unsafe_start()
    with connection.cursor() as cursor:
        for statement in release_statements(connection.vendor, "evidence_record"):
            cursor.execute(statement)
    with pytest.raises(ImproperlyConfigured, match="evidence_record"):
        refuse_unsafe_start()
