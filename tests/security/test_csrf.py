"""Nothing changes on a request that another site could have sent."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from tests.security.conftest import World
from tests.security.operations import operations
from tests.security.world import VALID, nothing_changes

#: Here the secret in the address is the whole authority: no cookie counts, so none can be borrowed.
SECRET_IS_THE_KEY = {"POST /answer/<str:answer>/", "POST /stop-mails/<str:signed>/"}
POSTS = {
    str(one): one
    for one in operations()
    if one.method != "GET" and str(one) not in SECRET_IS_THE_KEY
}
#: Reading these is counted, for whoever gave the link: tests/domain/sharing/test_shares.py.
COUNTED = {"GET /shared/<str:shared>/", "GET /shared/<str:shared>/report.<slug:form>"}
READS = {str(one): one for one in operations() if one.method == "GET" and str(one) not in COUNTED}


@pytest.mark.parametrize("name", POSTS)
def test_a_post_without_the_token_is_refused_and_changes_nothing(world: World, name: str) -> None:
    here = world.here
    client = world.browser("owner", enforce_csrf_checks=True)
    address = POSTS[name].at(here)
    for extra in (
        {},
        {"headers": {"Origin": "https://evil.example.com"}},
        {"content_type": "text/plain"},
        {"content_type": "application/json"},
    ):
        with nothing_changes(here.workspace, world.dumps[0]):
            response = client.generic(
                POSTS[name].method,
                address,
                urlencode(VALID),
                **{"content_type": "application/x-www-form-urlencoded"} | extra,
            )
        assert response.status_code == 403


@pytest.mark.parametrize("name", READS)
def test_a_get_changes_nothing_but_when_one_was_here(world: World, name: str) -> None:
    here = world.here
    client = world.browser("owner")
    with nothing_changes(here.workspace, world.dumps[0]):
        client.get(READS[name].at(here))
