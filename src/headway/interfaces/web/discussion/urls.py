"""Addresses of talk. What is done comes first in an address: keys of things hold slashes."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.discussion import linking, views
from headway.interfaces.web.layout.routes import route

_BOTH = ("GET", "POST")
_POST = ("POST",)
_HERE = "w/<slug:workspace>/"
_THING = "<slug:sort>/<path:thing>/"
_COMMENT = _HERE + "comments/<uuid:comment>/"
_LINK = _HERE + "links/<uuid:relation>/"

urlpatterns = [
    route(_HERE + "discussion/" + _THING, views.discussion, Permission.VIEW, "discussion"),
    route(_HERE + "comment/" + _THING, views.comment, Permission.DISCUSS, "add_comment", _POST),
    route(_HERE + "follow/" + _THING, views.follow, Permission.DISCUSS, "follow", _POST),
    route(_HERE + "link/" + _THING, linking.link, Permission.DISCUSS, "add_link", _BOTH),
    route(_COMMENT, views.versions, Permission.VIEW, "comment"),
    route(_COMMENT + "edit/", views.change_comment, Permission.DISCUSS, "edit_comment", _BOTH),
    route(_COMMENT + "remove/", views.delete_comment, Permission.DISCUSS, "remove_comment", _POST),
    route(_COMMENT + "restore/", views.bring_back, Permission.DISCUSS, "restore_comment", _POST),
    route(_LINK + "remove/", linking.unlink, Permission.DISCUSS, "remove_link", _POST),
    route(
        _LINK + "restore/<int:version>/",
        linking.relink,
        Permission.DISCUSS,
        "restore_link",
        _POST,
    ),
]
