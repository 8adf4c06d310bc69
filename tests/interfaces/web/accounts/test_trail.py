"""The audit trail page."""

from __future__ import annotations

import pytest
from django.db import connection
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.guards import released_guards

from headway.domain.accounts.actions import rename_workspace, write_audit
from headway.domain.accounts.queries import audit_page

PAGE = "/w/acme/settings/audit/"


def test_the_trail_reads_newest_first_and_pages_on(cast: Cast) -> None:
    for number in range(120):
        rename_workspace(cast.alice, f"Acme {number}", AT)
    mia = browser_of(cast.mia)
    first = mia.get(PAGE).content.decode()
    assert first.index("after: Acme 119") < first.index("after: Acme 118")
    assert "121 changes on record" in first
    assert audit_page(cast.mia).head in first
    older = audit_page(cast.mia).older
    assert f'href="?before={older}"' in first
    assert "create_workspace" in mia.get(f"{PAGE}?before={older}").content.decode()


def test_a_detail_called_items_is_a_detail_like_others(cast: Cast) -> None:
    write_audit(cast.mia, "set_risk_effects", "risk R1", AT, items=["reading/LABEL"], keys="both")
    page = browser_of(cast.mia).get(PAGE).content.decode()
    assert "reading/LABEL" in page
    assert "keys: both" in page


def test_the_trail_can_be_narrowed(cast: Cast) -> None:
    rename_workspace(cast.alice, "Acme Ltd", AT)
    page = browser_of(cast.mia).get(f"{PAGE}?action=create_workspace").content.decode()
    assert "after: Acme Ltd" not in page
    assert b"No row matches" in browser_of(cast.mia).get(f"{PAGE}?action=none").content


@pytest.mark.parametrize("query", ["before=x", "before=-1", "action=';drop", "before=9" + "9" * 40])
def test_a_mangled_address_is_a_bad_question(cast: Cast, query: str) -> None:
    assert browser_of(cast.mia).get(f"{PAGE}?{query}").status_code == 400


def test_verifying_says_that_the_chain_holds_or_where_it_breaks(cast: Cast) -> None:
    rename_workspace(cast.alice, "Acme Ltd", AT)
    mia = browser_of(cast.mia)
    assert b"The chain holds" in mia.post(PAGE + "verify/").content
    with released_guards(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_auditentry SET actor = 'mallory' WHERE sequence = 2")
    page = mia.post(PAGE + "verify/").content
    assert b"The chain breaks" in page
    assert b"Row 2 was edited" in page
