"""Links: seen from both ends, never across the wall, taken away and put back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.cast import AT, Cast
from tests.domain.discussion.world import a_program_to_discuss

from headway.domain.discussion.actions import add_link, remove_link, restore_link
from headway.domain.discussion.models import Link
from headway.domain.discussion.queries import links_of, thing_named, things_near
from headway.domain.discussion.rules import LINK_SORTS, LinkTo, read_about
from headway.domain.discussion.rules.links import MOST_LINKS
from headway.domain.plans.actions import remove_item
from headway.domain.risks.actions import set_risk
from headway.errors import Conflict, Invalid, NotFound, Refused

ITEM, RISK = "item:scores/label", "risk:fraud/R1/late"
LATER = AT + timedelta(hours=1)


@pytest.mark.django_db
class TestLinks:
    @pytest.mark.parametrize("sort", LINK_SORTS)
    def test_both_ends_show_a_link_each_in_its_own_words(self, cast: Cast, sort: str) -> None:
        a_program_to_discuss(cast)
        add_link(cast.vera, ITEM, LinkTo(sort, to=RISK), AT)
        [here] = links_of(cast.bob, read_about("about", ITEM))
        [there] = links_of(cast.bob, read_about("about", RISK))
        assert (here.said, here.about, here.name) == (sort, RISK, "Labels late")
        assert (there.said, there.about, there.name) == (LINK_SORTS[sort], ITEM, "Label")

    def test_an_end_is_called_what_it_is_called_now(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        add_link(cast.bob, ITEM, LinkTo(to=RISK), AT)
        set_risk(cast.bob, "fraud", "R1/late", {"name": "Labels very late"}, LATER)
        assert links_of(cast.bob, read_about("about", ITEM))[0].name == "Labels very late"

    def test_an_end_that_is_gone_has_no_name_and_the_link_stays(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        add_link(cast.bob, RISK, LinkTo(to=ITEM), AT)
        remove_item(cast.bob, ("scores", "label"), LATER)
        assert [line.name for line in links_of(cast.bob, read_about("about", RISK))] == [""]

    def test_an_address_has_a_title_and_one_end(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        draft = LinkTo("evidence", url="https://example.org/dpa", title="Contract")
        line = add_link(cast.ana, ITEM, draft, AT)
        assert (line.url, line.title, line.about) == ("https://example.org/dpa", "Contract", "")

    @pytest.mark.parametrize(
        "draft",
        [
            LinkTo(),
            LinkTo(to=RISK, url="https://example.org/"),
            LinkTo(to=ITEM),
            LinkTo("blocks", to=RISK),
            LinkTo(to="user:alice"),
            LinkTo(url="javascript:alert(1)"),
            LinkTo(url="https://example.org/", title="t" * 201),
        ],
    )
    def test_a_link_that_says_nothing_is_refused(self, cast: Cast, draft: LinkTo) -> None:
        a_program_to_discuss(cast)
        with pytest.raises(Invalid):
            add_link(cast.bob, ITEM, draft, AT)
        assert not Link.objects.exists()

    def test_the_other_end_is_not_found_across_the_wall(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        a_program_to_discuss(cast, cast.charlie)
        set_risk(cast.charlie, "fraud", "theirs", {"probability": 0.5}, AT)
        with pytest.raises(NotFound):
            add_link(cast.bob, ITEM, LinkTo(to="risk:fraud/theirs"), AT)
        line = add_link(cast.bob, ITEM, LinkTo(to=RISK), AT)
        assert links_of(cast.charlie, read_about("about", RISK)) == []
        with pytest.raises(NotFound):
            remove_link(cast.charlie, line.id, AT)
        with pytest.raises(NotFound):
            restore_link(cast.charlie, line.id, 1, AT)

    def test_two_things_are_linked_once_whichever_way(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        add_link(cast.bob, ITEM, LinkTo(to=RISK), AT)
        with pytest.raises(Conflict):
            add_link(cast.bob, ITEM, LinkTo(to=RISK), AT)
        with pytest.raises(Conflict):
            add_link(cast.bob, RISK, LinkTo(to=ITEM), AT)
        add_link(cast.bob, RISK, LinkTo("caused by", to=ITEM), AT)

    def test_a_link_is_taken_away_and_put_back_and_was_there_then(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        line = add_link(cast.vera, ITEM, LinkTo(to=RISK), AT)
        remove_link(cast.vera, line.id, LATER, version=line.version)
        about = read_about("about", ITEM)
        assert links_of(cast.bob, about) == []
        assert len(links_of(cast.bob, about, AT)) == 1
        restore_link(cast.vera, line.id, line.version, LATER)
        assert [one.id for one in links_of(cast.bob, about)] == [line.id]

    def test_a_reader_takes_away_nobodys_link_but_their_own(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        line = add_link(cast.ana, ITEM, LinkTo(to=RISK), AT)
        with pytest.raises(Refused):
            remove_link(cast.vera, line.id, AT)
        remove_link(cast.bob, line.id, AT)
        with pytest.raises(Refused):
            restore_link(cast.vera, line.id, line.version, AT)
        with pytest.raises(NotFound):
            restore_link(cast.bob, uuid4(), 1, AT)

    def test_a_thing_holds_fifty_links(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        for number in range(MOST_LINKS):
            add_link(cast.bob, ITEM, LinkTo(url=f"https://example.org/{number}"), AT)
        with pytest.raises(Invalid, match="50 links"):
            add_link(cast.bob, ITEM, LinkTo(url="https://example.org/more"), AT)
        with pytest.raises(Invalid, match="50 links"):
            add_link(cast.bob, RISK, LinkTo(to=ITEM), AT)

    def test_what_stands_near_is_offered_but_not_the_thing_itself(self, cast: Cast) -> None:
        a_program_to_discuss(cast)
        near = things_near(cast.vera, thing_named(cast.vera, read_about("about", RISK)))
        assert [str(one.about) for one in near] == [
            "program:fraud",
            "project:scores",
            "decision:fraud/vendor",
        ]
