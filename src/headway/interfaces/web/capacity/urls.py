"""Addresses of capacity: the heat map, allocations, requests, compute pools, bottlenecks."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.capacity import allocating, pages, pooling, requesting
from headway.interfaces.web.layout.routes import route
from headway.interfaces.web.programs import supposing

_BOTH = ("GET", "POST")
_POST = ("POST",)
_PEOPLE = "w/<slug:workspace>/people/"
_ALLOCATIONS = _PEOPLE + "allocations/"
_ALLOCATION = _ALLOCATIONS + "one/<str:allocation>/"
_REQUEST = _PEOPLE + "requests/one/<str:wanted>/"
_PROGRAM = "w/<slug:workspace>/programs/<slug:program>/"
_POOLS = _PROGRAM + "pools/"
_SEE, _PLAN = Permission.VIEW, Permission.PLAN

urlpatterns = [
    route(_PEOPLE + "capacity/", pages.capacity, _SEE, "capacity"),
    route(_PEOPLE + "capacity/<str:row>/", pages.capacity_row, _SEE, "capacity_row"),
    route(_ALLOCATIONS, allocating.allocations, _SEE, "allocations"),
    route(_ALLOCATIONS + "new/", allocating.add_allocation, _PLAN, "add_allocation", _BOTH),
    route(_ALLOCATIONS + "import/", allocating.import_table, _PLAN, "import_allocations", _POST),
    route(
        _PEOPLE + "allocations.<slug:ending>", allocating.export_table, _SEE, "export_allocations"
    ),
    route(_ALLOCATION + "edit/", allocating.edit_allocation, _PLAN, "edit_allocation", _BOTH),
    route(_ALLOCATION + "remove/", allocating.remove_allocation, _PLAN, "remove_allocation", _POST),
    route(
        _ALLOCATION + "<int:version>/restore/",
        allocating.undo_allocation,
        _PLAN,
        "restore_allocation",
        _POST,
    ),
    route(_PEOPLE + "requests/", requesting.requests, _SEE, "requests"),
    route(_REQUEST, requesting.request_page, _SEE, "request"),
    route(_REQUEST + "edit/", requesting.edit_request, _PLAN, "edit_request", _BOTH),
    route(_REQUEST + "withdraw/", requesting.withdraw, _PLAN, "withdraw_request", _POST),
    route(_REQUEST + "reopen/", requesting.reopen, _PLAN, "reopen_request", _POST),
    route(_REQUEST + "fill/<slug:person>/", requesting.fill, _PLAN, "fill_request", _POST),
    route(
        _REQUEST + "<int:version>/restore/",
        requesting.undo_request,
        _PLAN,
        "restore_request",
        _POST,
    ),
    route(_PROGRAM + "request/", requesting.add_request, _PLAN, "add_request", _BOTH),
    route(_PROGRAM + "capacity/", pages.program_capacity, _SEE, "program_capacity"),
    route(_PROGRAM + "capacity/bottlenecks/", pooling.bottleneck_page, _SEE, "bottlenecks"),
    route(
        _PROGRAM + "capacity/bottlenecks/rank/", supposing.rank, _PLAN, "rank_bottlenecks", _POST
    ),
    route(
        _PROGRAM + "capacity/row/<str:row>/",
        pages.program_capacity_row,
        _SEE,
        "program_capacity_row",
    ),
    route(_POOLS, pooling.pools, _SEE, "pools"),
    route(_POOLS + "<path:pool>/edit/", pooling.edit_pool, _PLAN, "edit_pool", _BOTH),
    route(
        _POOLS + "<path:pool>/<int:version>/restore/",
        pooling.undo_pool,
        _PLAN,
        "restore_pool",
        _POST,
    ),
    route(
        _POOLS + "<path:pool>/wait/<slug:project>/<path:item>/",
        pooling.put_wait,
        _PLAN,
        "put_queue_wait",
        _POST,
    ),
]
