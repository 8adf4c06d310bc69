"""Addresses of cards. Names hold slashes, so that what is done stands before them.

`about` is what a card is about, as in the ledger: model:name, dataset:name, system:slug.
"""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.cards import changing, pages
from headway.interfaces.web.layout.routes import route

_BOTH = ("GET", "POST")
_POST = ("POST",)
_HERE = "w/<slug:workspace>/systems/"
_SEE, _KEEP = Permission.VIEW, Permission.EVIDENCE
_PLACE = "<slug:place>/"

urlpatterns = [
    route(_HERE + "cards/", pages.cards, _SEE, "cards"),
    route(_HERE + "cards/<path:model>/", pages.model_card, _SEE, "model_card"),
    route(_HERE + "datasheets/<path:dataset>/", pages.datasheet, _SEE, "datasheet"),
    route(_HERE + "annex-iv/<slug:system>/", pages.annex_iv, _SEE, "annex_iv"),
    route(_HERE + "card-files/<slug:form>/<path:about>/", pages.card_file, _SEE, "card_file"),
    route(
        _HERE + "write-card/" + _PLACE + "<path:about>/", changing.write, _KEEP, "write_card", _BOTH
    ),
    route(
        _HERE + "restore-card/" + _PLACE + "<int:version>/<path:about>/",
        changing.restore,
        _KEEP,
        "restore_card",
        _POST,
    ),
    route(_HERE + "record-card/<path:about>/", changing.record, _KEEP, "record_card", _POST),
]
