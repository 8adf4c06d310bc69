"""Whatever people type stays text: 320 payloads, in a comment, a link's title, and its address."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from tests.cast import AT, Cast
from tests.domain.discussion.world import a_program_to_discuss
from tests.doors import browser_of
from tests.interfaces.web.discussion.payloads import PAYLOADS

from headway.domain.discussion.actions import add_comment, add_link, edit_comment
from headway.domain.discussion.models import Comment
from headway.domain.discussion.rules import LinkTo
from headway.errors import Invalid

#: What the panel itself is made of.
TAGS = {
    *("a", "b", "button", "div", "form", "h2", "header", "input", "label", "li", "ol", "p"),
    *("span", "strong", "svg", "textarea", "time", "ul", "use"),
}


class Reader(HTMLParser):
    """Reads a page as a browser would, and notes tags, handlers and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name.startswith(("on", "hx-on", "data-hx")) or name in ("srcdoc", "style"):
                self.bad.append(f"{tag} {name}")
            if name in ("href", "src", "action", "formaction", "data") and not (
                (value or "").startswith(("/", "https://", "http://", "#"))
            ):
                self.bad.append(f"{tag} {name}={value}")


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 300


@pytest.mark.django_db
def test_nothing_that_is_typed_is_live(cast: Cast) -> None:
    a_program_to_discuss(cast)
    first = add_comment(cast.bob, "item:scores/label", "x", AT)
    edit_comment(cast.bob, first.id, PAYLOADS[0], AT)
    rows = [
        Comment(
            workspace_id=cast.acme.id,
            kind="risk",
            key="fraud/R1/late",
            author=payload[:200],
            at=AT,
            text=payload,
            mentions=[{"handle": "bob", "name": payload, "member": ""}],
            deleted_by=payload[:200],
        )
        for payload in PAYLOADS
    ]
    Comment.objects.bulk_create(rows)
    kept = 0
    for payload in PAYLOADS[:200]:
        draft = LinkTo(url=f"https://example.org/{kept}", title=payload[:200])
        if kept < 45 and "\t" not in payload:
            add_link(cast.bob, "risk:fraud/R1/late", draft, AT)
            kept += 1
        with pytest.raises(Invalid):
            add_link(cast.bob, "risk:fraud/R1/late", LinkTo(url=payload), AT)
    vera = browser_of(cast.vera)
    seen, address = 0, "/w/acme/discussion/risk/fraud/R1/late/"
    while address:
        page = vera.get(address, headers={"HX-Request": "true"}).content.decode()
        found = read(page)
        assert found.tags <= TAGS, found.tags - TAGS
        assert found.bad == []
        seen += page.count('class="said"')
        earlier = page.partition("?before=")[2].partition('"')[0]
        address = f"/w/acme/discussion/risk/fraud/R1/late/?before={earlier}" if earlier else ""
    assert seen == len(PAYLOADS)
    versions = vera.get(f"/w/acme/comments/{first.id}/").content.decode()
    assert "window.__xss=1</script>" not in versions
