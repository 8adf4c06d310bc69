"""Claims about a tracker as a source of work: read, previewed, imported, followed, undone."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings
from tests.cast import AT, Cast
from tests.connectors.github.test_reading import issue as github_issue
from tests.connectors.gitlab.test_gitlab import issue as gitlab_issue
from tests.connectors.jira.test_broken import FIELDS, PAYLOADS
from tests.peers.fault_server import Asked, Exchange, serving
from tests.peers.jira_server import JiraServer, a_jira, issue, move, state

from headway.domain.accounts.models import AuditEntry
from headway.domain.installation.actions import tick
from headway.domain.plans.actions import (
    add_item,
    edit_item,
    follow_source,
    follow_sources,
    import_source,
    link_items,
    make_forecast,
    remove_item,
    undo_import,
)
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.models import Dependency, WorkItem
from headway.domain.plans.rules.importing import ImportResult
from headway.domain.programs.actions import create_program, create_project
from headway.domain.sources.actions import (
    SyncOutcome,
    add_source,
    disconnect_source,
    edit_source,
    remember_import,
    sync_source,
)
from headway.domain.sources.models import Source, SourceItem
from headway.domain.sources.queries import source_work
from headway.domain.sources.rules import SourceDraft, WorkMapping
from headway.errors import Conflict, Invalid, NotFound, Refused, SourceError

HOUR = timedelta(hours=1)
Payload = Callable[..., dict[str, object]]
POINTS = "customfield_10016"


@pytest.fixture
def jira(settings: Settings) -> Iterator[JiraServer]:
    with a_jira() as running:
        settings.OUTBOUND_ALLOWED = f"127.0.0.1:{running.server.port}"
        running.put(
            issue(1, summary="Label", **{POINTS: 3}),
            issue(2, summary="Train", issuelinks=[blocked_by("MLP-1")], **{POINTS: 5}),
            issue(3, summary="Serve", timeoriginalestimate=57_600, duedate="2026-12-18"),
        )
        yield running


@pytest.fixture
def connected(cast: Cast, jira: JiraServer) -> Source:
    a_plain_project(cast)
    options = {"projects": ["MLP"], "page_size": 2}
    draft = SourceDraft("jira", "jira", jira.url, "meter-reading", options, secret="mia:hidden")
    return add_source(cast.mia, draft, AT)


def a_plain_project(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Automation", "currency": "USD"}, AT)
    create_project(cast.mia, "automation", {"name": "Meter reading", "slug": "meter-reading"}, AT)


def blocked_by(key: str) -> dict[str, object]:
    sort = {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
    return {"type": sort, "inwardIssue": {"key": key}}


def read(cast: Cast, at: datetime = AT, *, sweep: bool = False) -> SyncOutcome:
    return sync_source(cast.bob, "jira", at, sweep=sweep)


def bring(cast: Cast, at: datetime = AT, **asked: object) -> ImportResult:
    return import_source(cast.bob, "jira", at, **asked)  # type: ignore[arg-type]


def change(jira: JiraServer, number: int, at: datetime, **fields: object) -> None:
    """Change an issue upstream, as its people would."""
    held = jira.issues[f"MLP-{number}"]["fields"]
    held |= {"updated": at.isoformat(timespec="milliseconds"), **fields}


def item(key: str) -> WorkItem:
    return WorkItem.objects.get(key=key)


@pytest.mark.usefixtures("connected")
class TestImporting:
    def test_what_a_tracker_told_becomes_a_plan_with_a_forecast(self, cast: Cast) -> None:
        assert read(cast).recorded == 3
        result = bring(cast)
        assert (result.read, result.created, result.skipped) == (3, 3, [])
        assert [row.key for row in WorkItem.objects.order_by("order")] == [
            "MLP-1",
            "MLP-2",
            "MLP-3",
        ]
        assert item("MLP-3").estimate == [1.0, 2.0, 4.0]
        assert item("MLP-3").deadline == date(2026, 12, 18)
        assert Dependency.objects.get().predecessor.key == "MLP-1"
        answer = make_forecast(cast.mia, "automation", AT)
        assert answer is not None
        assert answer.finish("p80") is not None

    def test_a_preview_says_the_same_and_leaves_nothing(self, cast: Cast) -> None:
        read(cast)
        tried = bring(cast, dry_run=True)
        assert not WorkItem.objects.exists()
        assert not AuditEntry.objects.filter(action="import_plan").exists()
        assert not source_work(cast.bob, "jira").line.follows
        assert bring(cast) == tried
        assert [one.key for one in tried.first] == ["MLP-1", "MLP-2", "MLP-3"]

    def test_a_preview_of_a_plan_that_would_not_hold_says_what_the_import_would(
        self, cast: Cast, jira: JiraServer
    ) -> None:
        read(cast)
        bring(cast)
        own = LinkDraft("meter-reading/MLP-1", "meter-reading/MLP-3")
        link_items(cast.mia, own, AT + HOUR / 2)
        change(jira, 3, AT, issuelinks=[blocked_by("MLP-2")])  # 1 after 3 after 2 after 1
        read(cast, AT + HOUR)
        said = []
        for dry_run in (True, False):
            with pytest.raises(Invalid, match="would not hold") as caught:
                bring(cast, AT + HOUR, dry_run=dry_run)
            said.append(str(caught.value))
        assert said[0] == said[1]
        assert Dependency.objects.count() == 2

    def test_a_second_import_changes_nothing_and_a_week_later_neither(self, cast: Cast) -> None:
        read(cast)
        bring(cast)
        count = WorkItem.history.count()
        for at in (AT + HOUR, AT + timedelta(days=7)):
            read(cast, at, sweep=True)
            result = bring(cast, at)
            assert (result.created, result.updated, result.unchanged) == (0, 0, 3)
        assert WorkItem.history.count() == count
        assert AuditEntry.objects.filter(action="import_plan").count() == 1

    def test_reading_again_reads_little_and_records_nothing(
        self, cast: Cast, jira: JiraServer
    ) -> None:
        read(cast)
        again = read(cast, AT + HOUR)
        assert (again.read, again.recorded, again.already_known) == (0, 0, 0)
        swept = read(cast, AT + 2 * HOUR, sweep=True)
        assert (swept.read, swept.recorded, swept.already_known) == (3, 0, 3)

    def test_a_mapping_is_obeyed_and_remembered(self, cast: Cast, jira: JiraServer) -> None:
        jira.put(issue(4, issuetype={"name": "Bug"}), issue(5, now="4"))
        read(cast)
        told = bring(cast, dry_run=True).mapping
        assert told is not None
        assert told["states"] == {"Im Review": "started", "Offen": "waiting"}
        states = {"Im Review": "finished", "Offen": "waiting"}
        wanted = dict(told) | {"states": states, "without_kinds": ["Bug"], "unit": "days"}
        result = bring(cast, mapping=wanted)
        assert [one.reason for one in result.skipped] == [
            "MLP-4: It is of type 'Bug', which does not count here."
        ]
        assert item("MLP-5").finished == AT.date()
        assert item("MLP-1").estimate == [1.5, 3.0, 6.0]
        again = bring(cast, AT + HOUR)
        assert (again.mapping, again.updated) == (wanted, 0)

    @pytest.mark.parametrize(
        "mapping", [{"unit": "weeks"}, {"states": {"Offen": "sleeping"}}, {"what": 1}]
    )
    def test_a_mapping_that_is_none_says_what_is_off(
        self, cast: Cast, mapping: dict[str, object]
    ) -> None:
        read(cast)
        with pytest.raises(Invalid, match="The mapping cannot be used"):
            bring(cast, mapping=mapping)
        assert not WorkItem.objects.exists()

    def test_what_was_skipped_names_the_issue_and_why(self, cast: Cast, jira: JiraServer) -> None:
        jira.put(
            issue(4, now="5", resolution={"name": "Won't Do"}),
            issue(5, duedate="soon"),
            issue(6, issuelinks=[blocked_by("OPS-1")]),
            {**issue(7), "key": None},
        )
        outcome = read(cast)
        assert [one.where for one in outcome.refused] == ["Jira entry 10007"]
        result = bring(cast)
        reasons = " ".join(one.reason for one in result.skipped)
        assert result.read == 7
        for words in (
            "Jira entry 10007: Its key is missing",
            "'MLP-4' was dropped",
            "MLP-5: Its fields.duedate is not a date",
            "'MLP-6' waits for 'OPS-1', which is not here",
        ):
            assert words in reasons

    def test_the_team_s_own_history_widens_its_numbers(self, cast: Cast, jira: JiraServer) -> None:
        for number in range(10, 34):
            there = (
                move("2026-10-05T09:00:00.000+0200", "1", "3"),
                move("2026-10-08T17:00:00.000+0200", "3", "5"),
            )
            jira.put(issue(number, *there, now="5", timeoriginalestimate=57_600))
        read(cast)
        result = bring(cast)
        assert any("how 24 finished items came out" in note for note in result.notes)
        assert [one.key for one in result.first[:4]] == ["MLP-1", "MLP-2", "MLP-3", "MLP-10"]
        low, middle, high = item("MLP-3").estimate or ()
        assert (low, middle, high) == pytest.approx((3.8, 4.0, 4.2))  # told 2 days, took 4


@pytest.mark.usefixtures("connected")
class TestFollowing:
    @pytest.fixture(autouse=True)
    def _imported(self, connected: Source, cast: Cast) -> None:
        read(cast)
        bring(cast)

    def later(self, cast: Cast, at: datetime = AT + HOUR, *, sweep: bool = False) -> ImportResult:
        read(cast, at, sweep=sweep)
        result = follow_source(cast.bob, "jira", at)
        assert result is not None
        return result

    def test_a_change_upstream_reaches_the_plan(self, cast: Cast, jira: JiraServer) -> None:
        change(jira, 1, AT, status=state("3"), summary="Label all")
        change(jira, 3, AT, duedate="2026-12-04")
        jira.put(issue(4, updated=AT.isoformat()))
        result = self.later(cast)
        assert (result.created, result.updated, result.unchanged) == (1, 2, 1)
        assert (item("MLP-1").name, item("MLP-1").started) == ("Label all", AT.date())
        assert item("MLP-3").deadline == date(2026, 12, 4)

    def test_where_nothing_changed_nothing_is_imported(self, cast: Cast) -> None:
        read(cast, AT + HOUR)
        assert follow_source(cast.bob, "jira", AT + HOUR) is None

    def test_what_was_read_while_an_import_ran_is_still_to_come(
        self, cast: Cast, jira: JiraServer
    ) -> None:
        change(jira, 1, AT, summary="Label all")
        read(cast, AT + HOUR)
        seen = source_work(cast.bob, "jira").line.changed_at
        late = AT + 2 * HOUR
        Source.objects.update(changed_at=late)  # another batch came after the items were listed
        remember_import(cast.bob, "jira", {}, WorkMapping(), late, seen=seen)
        assert follow_source(cast.bob, "jira", late) is not None
        assert follow_source(cast.bob, "jira", late) is None

    def test_what_a_person_changed_here_is_kept(self, cast: Cast, jira: JiraServer) -> None:
        edit_item(cast.mia, ("meter-reading", "MLP-1"), {"estimate": [2, 4, 9]}, AT + HOUR / 2)
        change(jira, 1, AT, summary="Label all")
        self.later(cast)
        assert (item("MLP-1").name, item("MLP-1").estimate) == ("Label all", [2, 4, 9])

    def test_what_both_changed_is_kept_as_it_is_here_and_said(
        self, cast: Cast, jira: JiraServer
    ) -> None:
        edit_item(cast.mia, ("meter-reading", "MLP-1"), {"name": "Mine"}, AT + HOUR / 2)
        change(jira, 1, AT, summary="Theirs")
        result = self.later(cast)
        assert item("MLP-1").name == "Mine"
        assert [one.reason for one in result.skipped] == [
            "'MLP-1': its name was changed here and there; what was set here is kept."
        ]

    def test_how_far_it_is_is_never_typed_against_the_tracker(
        self, cast: Cast, jira: JiraServer
    ) -> None:
        there = {"started": "2026-11-02", "finished": "2026-11-03"}
        edit_item(cast.mia, ("meter-reading", "MLP-1"), there, AT + HOUR / 2)
        change(jira, 1, AT, status=state("3"), statuscategorychangedate="2026-11-20T09:00:00Z")
        self.later(cast)
        assert (item("MLP-1").started, item("MLP-1").finished) == (date(2026, 11, 20), None)

    def test_needs_and_what_is_left_are_headway_s_own(self, cast: Cast, jira: JiraServer) -> None:
        left = {"remaining": [1, 2, 3], "started": "2026-11-20"}
        edit_item(cast.mia, ("meter-reading", "MLP-1"), left, AT + HOUR / 2)
        change(jira, 1, AT, status=state("3"))
        self.later(cast)
        assert item("MLP-1").remaining == [1, 2, 3]
        change(jira, 1, AT + HOUR, status=state("1"))
        self.later(cast, AT + 2 * HOUR)
        assert (item("MLP-1").remaining, item("MLP-1").started) == (None, None)

    def test_links_made_here_stay_and_those_removed_there_go(
        self, cast: Cast, jira: JiraServer
    ) -> None:
        own = LinkDraft("meter-reading/MLP-3", "meter-reading/MLP-1")
        link_items(cast.mia, own, AT + HOUR / 2)
        change(jira, 2, AT, issuelinks=[])
        self.later(cast)
        [link] = Dependency.objects.all()
        assert (link.item.key, link.predecessor.key) == ("MLP-3", "MLP-1")

    def test_an_item_taken_out_here_stays_out(self, cast: Cast, jira: JiraServer) -> None:
        remove_item(cast.mia, ("meter-reading", "MLP-3"), AT + HOUR / 2)
        change(jira, 3, AT, summary="Serve it")
        result = self.later(cast)
        assert not WorkItem.objects.filter(key="MLP-3").exists()
        assert "stays out" in result.skipped[0].reason

    @pytest.mark.parametrize("how", ["dropped", "deleted"])
    def test_work_that_is_none_any_more_goes_when_nobody_built_on_it(
        self, cast: Cast, jira: JiraServer, how: str
    ) -> None:
        if how == "dropped":
            change(jira, 2, AT, status=state("5"), resolution={"name": "Won't Do"})
        else:
            del jira.issues["MLP-2"]
        result = self.later(cast, sweep=how == "deleted")
        assert (result.removed, result.unchanged) == (1, 2)
        assert not WorkItem.objects.filter(key="MLP-2").exists()
        assert any("1 item is no work there any more and go: MLP-2." in n for n in result.notes)

    def test_work_that_somebody_built_on_stays_and_is_said(
        self, cast: Cast, jira: JiraServer
    ) -> None:
        edit_item(cast.mia, ("meter-reading", "MLP-2"), {"estimate": [2, 4, 9]}, AT + HOUR / 2)
        del jira.issues["MLP-2"]
        result = self.later(cast, sweep=True)
        assert (result.removed, WorkItem.objects.count()) == (0, 3)
        assert "it was built on here, so it stays" in result.skipped[-1].reason
        assert follow_source(cast.bob, "jira", AT + 2 * HOUR) is None

    def test_finished_work_that_left_the_selection_stays(
        self, cast: Cast, jira: JiraServer
    ) -> None:
        change(jira, 1, AT, status=state("5"), resolutiondate="2026-11-20T09:00:00Z")
        self.later(cast)
        del jira.issues["MLP-1"]
        result = self.later(cast, AT + 2 * HOUR, sweep=True)
        assert (result.removed, item("MLP-1").finished) == (0, date(2026, 11, 20))

    def test_items_of_others_in_the_project_are_left_alone(
        self, cast: Cast, jira: JiraServer
    ) -> None:
        own = {"name": "By hand", "estimate": [1, 2, 3]}
        add_item(cast.mia, "meter-reading", "OWN", own, AT + HOUR / 2)
        change(jira, 1, AT, summary="Label all")
        result = self.later(cast)
        assert (result.updated, result.skipped) == (1, [])
        assert WorkItem.objects.filter(name="By hand").exists()

    def test_one_more_finished_item_does_not_move_every_range(
        self, cast: Cast, jira: JiraServer
    ) -> None:
        for number in range(10, 31):
            there = (
                move("2026-10-05T09:00:00.000+0200", "1", "3"),
                move(f"2026-10-{7 + number % 3:02d}T17:00:00.000+0200", "3", "5"),
            )
            jira.put(
                issue(number, *there, now="5", timeoriginalestimate=57_600, updated=AT.isoformat())
            )
        assert self.later(cast).updated  # the history is enough now: ranges move, once
        there = (
            move("2026-10-05T09:00:00.000+0200", "1", "3"),
            move("2026-10-08T17:00:00.000+0200", "3", "5"),
        )
        late = (AT + HOUR).isoformat()
        jira.put(issue(31, *there, now="5", timeoriginalestimate=57_600, updated=late))
        result = self.later(cast, AT + 2 * HOUR)
        assert (result.created, result.updated) == (1, 0)

    def test_an_undo_takes_the_last_import_back_and_the_plan_follows_no_more(
        self, cast: Cast, jira: JiraServer
    ) -> None:
        before = [(row.key, row.name, row.estimate) for row in WorkItem.objects.order_by("key")]
        change(jira, 1, AT, summary="Label all")
        change(jira, 2, AT, status=state("5"), resolution={"name": "Won't Do"})
        jira.put(issue(4, updated=AT.isoformat()))
        self.later(cast)
        result = undo_import(cast.bob, "meter-reading", AT + 2 * HOUR)
        assert (result.removed, result.restored, result.kept) == (1, 2, [])
        after = [(row.key, row.name, row.estimate) for row in WorkItem.objects.order_by("key")]
        assert after == before
        assert Dependency.objects.get().predecessor.key == "MLP-1"
        change(jira, 3, AT + 2 * HOUR, summary="Serve it")
        read(cast, AT + 3 * HOUR)
        assert follow_source(cast.bob, "jira", AT + 3 * HOUR) is None
        again = bring(cast, AT + 4 * HOUR)  # a person asks: everything comes again
        assert (again.created, again.removed) == (1, 1)
        assert {row.name for row in WorkItem.objects.all()} == {"Label all", "Serve it", "Task 4"}

    def test_the_first_import_is_undone_whole(self, cast: Cast) -> None:
        result = undo_import(cast.bob, "meter-reading", AT + HOUR)
        assert (result.removed, WorkItem.objects.count()) == (3, 0)
        assert not SourceItem.objects.exclude(brought=None).exists()
        assert bring(cast, AT + 2 * HOUR).created == 3

    def test_a_disconnected_tracker_is_not_read_and_its_plan_stays(
        self, cast: Cast, jira: JiraServer
    ) -> None:
        disconnect_source(cast.mia, "jira", AT)
        assert Source.objects.get().secret is None
        with pytest.raises(Conflict, match="is disconnected"):
            read(cast, AT + HOUR)
        assert follow_sources(cast.bob, AT + HOUR) == {}
        assert WorkItem.objects.count() == 3

    def test_connected_again_it_goes_on_where_it_was(self, cast: Cast, jira: JiraServer) -> None:
        disconnect_source(cast.mia, "jira", AT)
        change(jira, 1, AT, summary="Label all")
        draft = SourceDraft("jira", "jira", jira.url, "meter-reading", {"projects": ["MLP"]})
        edit_source(cast.mia, "jira", draft, AT + HOUR)
        assert self.later(cast, AT + HOUR).updated == 1

    def test_at_another_address_nothing_of_the_old_one_is_left(self, cast: Cast) -> None:
        draft = SourceDraft(
            "jira", "jira", "https://jira.example.org", "meter-reading", {"projects": ["MLP"]}
        )
        edit_source(cast.mia, "jira", draft, AT + HOUR)
        held = Source.objects.get()
        assert (held.secret, held.cursor, held.follows) == (None, {}, False)
        assert not SourceItem.objects.exists()
        assert WorkItem.objects.count() == 3

    def test_a_tracker_that_fails_is_remembered_and_the_plan_stands(
        self, cast: Cast, jira: JiraServer
    ) -> None:
        jira.before = lambda exchange, asked: exchange.reply(500, b"hunter2") is None
        with pytest.raises(SourceError):
            read(cast, AT + HOUR)
        assert Source.objects.get().failures_in_a_row == 1
        assert follow_source(cast.bob, "jira", AT + HOUR) is None
        assert WorkItem.objects.count() == 3

    def test_a_plan_that_cannot_follow_says_why_on_the_source(
        self, cast: Cast, jira: JiraServer
    ) -> None:
        for number in (1, 2, 3):
            change(jira, number, AT, status=state("5"), resolution={"name": "Won't Do"})
        read(cast, AT + HOUR)
        [error] = follow_sources(cast.bob, AT + HOUR).values()
        assert "None of the 3 items" in str(error)
        assert "None of the 3 items" in source_work(cast.bob, "jira").line.import_failure
        assert WorkItem.objects.count() == 3


def test_killed_between_two_pages_nothing_is_lost_or_doubled(
    cast: Cast, jira: JiraServer, connected: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    import headway.domain.sources.actions.sync as sync_module

    keep, seen = sync_module.keep_rows, itertools.count()

    def dies(*arguments: object) -> object:
        if next(seen) == 1:
            raise KeyboardInterrupt
        return keep(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(sync_module, "keep_rows", dies)
        with pytest.raises(KeyboardInterrupt):
            read(cast)
    assert SourceItem.objects.count() == 2
    jira.server.asked.clear()
    read(cast, AT + HOUR)
    assert [row.key for row in SourceItem.objects.order_by("place")] == ["MLP-1", "MLP-2", "MLP-3"]
    assert jira.searches[0]["nextPageToken"] == "page-2"


def test_before_it_was_read_or_has_a_project_there_is_nothing_to_import(
    cast: Cast, jira: JiraServer
) -> None:
    draft = SourceDraft("jira", "jira", jira.url, "", {"projects": ["MLP"]})
    add_source(cast.mia, draft, AT)
    with pytest.raises(Invalid, match="belongs to no project"):
        bring(cast)
    a_plain_project(cast)
    edit_source(
        cast.mia, "jira", SourceDraft("jira", "jira", jira.url, "meter-reading", draft.options), AT
    )
    with pytest.raises(Invalid, match="has told no item yet"):
        bring(cast)


def test_two_trackers_in_one_project_do_not_take_each_other_s_items(
    cast: Cast, jira: JiraServer, connected: Source
) -> None:
    read(cast)
    bring(cast)
    options = {"projects": ["MLP"], "jql": "x"}
    add_source(cast.mia, SourceDraft("jira", "other", jira.url, "meter-reading", options), AT)
    jira.put(issue(4, updated=AT.isoformat()))
    sync_source(cast.bob, "other", AT + HOUR)
    result = import_source(cast.bob, "other", AT + HOUR)
    assert (result.created, len(result.skipped)) == (1, 3)
    assert "imported from source 'jira' already" in result.skipped[0].reason


def test_who_may_not_plan_may_not_import_and_strangers_see_nothing(
    cast: Cast, connected: Source
) -> None:
    read(cast)
    with pytest.raises(Refused):
        import_source(cast.vera, "jira", AT)
    with pytest.raises(NotFound):
        import_source(cast.charlie, "jira", AT)
    with pytest.raises(NotFound):
        source_work(cast.charlie, "jira")


def test_a_long_key_of_a_tracker_fits_a_plan_and_keeps_its_links() -> None:
    from headway.connectors.work import Link, WorkRow
    from headway.domain.plans.rules.merging import fitting, fitting_key

    long = "acme/" + "x" * 90 + "#12"
    [row] = fitting([WorkRow("a", "A", "a", parent=long, links=(Link(long),), blocks=(long,))])
    assert row.parent == row.links[0].other == row.blocks[0] == fitting_key(long)
    assert len(fitting_key(long)) == 60
    assert fitting_key(long).endswith("x#12")
    assert fitting_key(long) != fitting_key("b" + long)


def test_a_tracker_of_broken_issues_becomes_a_plan_of_all_that_can_be_read(
    cast: Cast, jira: JiraServer, connected: Source
) -> None:
    """Not one of them stops the others, and nothing of it is imported by halves."""
    broken = [issue(100 + number, **fields) for number, (_, fields, _) in enumerate(FIELDS)]
    strangers = [payload for _, payload in PAYLOADS]

    def all_at_once(exchange: Exchange, asked: Asked) -> bool:
        if "/search" in asked.path:
            exchange.reply_json({"issues": [*broken, *strangers], "isLast": True})
        return "/search" in asked.path

    jira.before = all_at_once
    outcome = read(cast)
    assert outcome.read >= len(broken)
    assert all(one.where.startswith("Jira entry ") for one in outcome.refused)
    tried = bring(cast, dry_run=True)
    result = bring(cast)
    assert result == tried
    assert WorkItem.objects.filter(key__startswith="MLP-1").count() == len(broken)
    told = " ".join(one.reason for one in result.skipped)
    for number, (_, _, named) in enumerate(FIELDS):
        assert not named or f"MLP-{100 + number}: Its fields.{named} " in told
    assert max(map(len, WorkItem.objects.values_list("name", flat=True))) == 300
    read(cast, AT + HOUR, sweep=True)
    again = bring(cast, AT + HOUR)
    assert (again.created, again.updated) == (0, 0)


@pytest.mark.parametrize(
    ("kind", "options", "payload"),
    [
        ("github", {"repositories": ["acme/reader"]}, github_issue),
        ("gitlab", {"projects": ["acme/ml/reader"]}, gitlab_issue),
    ],
)
def test_the_issues_of_other_trackers_become_a_plan_that_follows(
    cast: Cast, settings: Settings, kind: str, options: dict[str, object], payload: Payload
) -> None:
    a_plain_project(cast)
    issues = [payload(1), payload(2), payload(3, labels=["points: 5"])]
    with serving() as server:
        settings.OUTBOUND_ALLOWED = f"127.0.0.1:{server.port}"
        server.answer = lambda exchange, asked: exchange.reply_json(issues)
        draft = SourceDraft(kind, kind, server.url, "meter-reading", options, secret="hidden")
        add_source(cast.mia, draft, AT)
        sync_source(cast.bob, kind, AT)
        result = import_source(cast.bob, kind, AT)
        assert (result.read, result.created) == (3, 3)
        keys = set(WorkItem.objects.values_list("key", flat=True))
        place = next(iter(options.values()))[0]  # type: ignore[index]
        assert keys == {f"{place}#{number}" for number in (1, 2, 3)}
        issues[0] |= {"state": "closed", "closed_at": "2026-11-20T09:00:00Z"}
        sync_source(cast.bob, kind, AT + HOUR)
        followed = follow_source(cast.bob, kind, AT + HOUR)
        assert followed is not None
        assert (followed.updated, followed.unchanged) == (1, 2)
        assert item(f"{place}#1").finished == date(2026, 11, 20)
        assert undo_import(cast.bob, "meter-reading", AT + 2 * HOUR).restored == 1
        assert item(f"{place}#1").finished is None


def test_the_worker_reads_a_tracker_and_its_plan_follows(
    cast: Cast, jira: JiraServer, connected: Source
) -> None:
    read(cast)
    bring(cast)
    change(jira, 1, AT, status=state("3"))
    done = tick(AT + HOUR)["acme"]
    assert isinstance(done, dict)
    assert (done["synced"], done["failures"]) == (["jira"], [])
    assert item("MLP-1").started == (AT + HOUR).date()


def test_a_tracker_whose_plan_cannot_follow_stops_nothing_else_in_a_turn(
    cast: Cast, jira: JiraServer, connected: Source
) -> None:
    read(cast)
    bring(cast)
    for number in (1, 2, 3):
        change(jira, number, AT, status=state("5"), resolution={"name": "Won't Do"})
    done = tick(AT + HOUR)["acme"]
    assert isinstance(done, dict)
    [failure] = done["failures"]
    assert failure.startswith("the plan of jira: None of the 3 items")


def test_a_connection_changed_while_it_is_read_keeps_no_row_of_the_old_one(
    cast: Cast, connected: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    import headway.domain.sources.actions.sync as sync_module

    told = sync_module.options_of

    def meanwhile(source: Source) -> dict[str, object]:
        Source.objects.update(version=7)
        return told(source)

    monkeypatch.setattr(sync_module, "options_of", meanwhile)
    with pytest.raises(Conflict, match="changed while it was read"):
        read(cast)
    assert not SourceItem.objects.exists()
    assert Source.objects.get().failures_in_a_row == 0
