"""Views: one pack, one page an audience. Same numbers, each audience's own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from headway.errors import Invalid, NotFound
from headway.rendering.report.blocks import Page
from headway.rendering.report.pack import Pack
from headway.rendering.report.views.compliance import compliance_page
from headway.rendering.report.views.engineering import engineering_page
from headway.rendering.report.views.executive import executive_page
from headway.rendering.report.views.finance import finance_page
from headway.rendering.report.views.vendor import vendor_page

__all__ = ["VIEWS", "page_of"]

#: By audience: how it is told. A vendor's letter needs the vendor besides.
VIEWS: Mapping[str, Callable[[Pack], Page]] = {
    "executive": executive_page,
    "engineering": engineering_page,
    "finance": finance_page,
    "compliance": compliance_page,
}


def page_of(pack: Pack, audience: str, vendor: str = "") -> Page:
    """Return the page of `audience`, for a letter that of `vendor` (its key or name).

    Raises NotFound when the pack is older than the audience, or has no file of the vendor.
    """
    if audience == "vendor":
        wanted = vendor.strip().casefold()
        for told in pack.vendors:
            if wanted in (told.key.casefold(), told.name.casefold()):
                return vendor_page(told, pack.executive.program, pack.executive.as_of)
        kept = ", ".join(told.name for told in pack.vendors) or "no vendor"
        sentence = (
            f"This pack was frozen with a letter to {kept}, not to '{vendor[:80]}'. "
            "Freeze one that names the vendor."
        )
        raise NotFound(sentence)
    if audience not in VIEWS:
        sentence = f"There is no audience '{audience[:40]}'; choose {', '.join(VIEWS)} or vendor."
        raise Invalid(sentence)
    if audience != "executive" and getattr(pack, audience) is None:
        sentence = (
            f"This report was frozen before there was one for {audience}: it holds the executive "
            f"page only. Freeze a new one."
        )
        raise NotFound(sentence)
    return VIEWS[audience](pack)
