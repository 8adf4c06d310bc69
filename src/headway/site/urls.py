"""All addresses, in one place: one line per family, each family in its own folder."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from headway.site.checks import refuse_undeclared

#: Web families: each module's `urlpatterns` is made with `layout.routes.route`.
FAMILIES = (
    "headway.interfaces.web.accounts.urls",
    "headway.interfaces.web.annotation.urls",
    "headway.interfaces.web.audits.urls",
    "headway.interfaces.web.budgets.urls",
    "headway.interfaces.web.capacity.urls",
    "headway.interfaces.web.cards.urls",
    "headway.interfaces.web.checks.urls",
    "headway.interfaces.web.inventory.urls",
    "headway.interfaces.web.costs.urls",
    "headway.interfaces.web.discussion.urls",
    "headway.interfaces.web.earned_value.urls",
    "headway.interfaces.web.evidence.urls",
    "headway.interfaces.web.forums.urls",
    "headway.interfaces.web.frameworks.urls",
    "headway.interfaces.web.gate_templates.urls",
    "headway.interfaces.web.gates.urls",
    "headway.interfaces.web.governance.urls",
    "headway.interfaces.web.home.urls",
    "headway.interfaces.web.law.urls",
    "headway.interfaces.web.maturity.urls",
    "headway.interfaces.web.money.urls",
    "headway.interfaces.web.notices.urls",
    "headway.interfaces.web.people.urls",
    "headway.interfaces.web.programs.urls",
    "headway.interfaces.web.raid.urls",
    "headway.interfaces.web.reports.urls",
    "headway.interfaces.web.sharing.urls",
    "headway.interfaces.web.sources.urls",
    "headway.interfaces.web.vendors.urls",
)

#: Prefixes whose addresses do not come from `route`, and why that is right.
ELSEWHERE: dict[str, str] = {
    "api/": "each operation names its permission: headway.interfaces.api.operations.operation",
    "problems/": "says what a sort of problem means; nothing of anybody's",
}

urlpatterns: list[URLPattern | URLResolver] = [path("", include(family)) for family in FAMILIES]
urlpatterns.append(path("", include("headway.interfaces.api.routes")))

if settings.DEBUG:
    ELSEWHERE["styleguide/"] = "samples only, mounted only while developing"
    urlpatterns.append(path("", include("headway.interfaces.web.layout.urls")))

handler400 = "headway.interfaces.web.layout.errors.bad_request"
handler403 = "headway.interfaces.web.layout.errors.forbidden"
handler404 = "headway.interfaces.web.layout.errors.not_found"
handler429 = "headway.interfaces.web.layout.errors.too_many"
handler500 = "headway.interfaces.web.layout.errors.server_error"

refuse_undeclared(urlpatterns, ELSEWHERE)
