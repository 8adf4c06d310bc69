"""Loads the sample program into its own installation, telling its story in order of time.

Everything enters through the same actions as a person's and a source's would, dated as the story
dates it: a forecast of an earlier day knows no more than people knew then.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from importlib import resources
from itertools import chain
from typing import Any
from uuid import UUID

import yaml

from headway.domain.accounts.actions import create_workspace, issue_link, use_link
from headway.domain.accounts.models import Workspace
from headway.domain.accounts.queries import actor_for_user, headway_actor
from headway.domain.accounts.rules import Actor, Role
from headway.domain.assessments.actions import judge_health, refresh_assessments
from headway.domain.assessments.rules import JudgementDraft
from headway.domain.checkins.actions import answer_by_link, ask_check_ins, issue_check_in_link
from headway.domain.checkins.rules import ItemAnswer
from headway.domain.evidence.actions import record_evidence, set_run_rule
from headway.domain.evidence.rules import Defaults
from headway.domain.evidence.rules.lines import read_observation
from headway.domain.finance.actions import set_budget_line
from headway.domain.gates.actions import refresh_promotions, settle_gates
from headway.domain.installation.actions.demo_annotation import annotation_events
from headway.domain.installation.actions.demo_capacity import capacity_events
from headway.domain.installation.actions.demo_cards import card_events
from headway.domain.installation.actions.demo_checks import accept, check_events
from headway.domain.installation.actions.demo_costs import cost_events
from headway.domain.installation.actions.demo_forums import forum_events, talk_events
from headway.domain.installation.actions.demo_frameworks import framework_events
from headway.domain.installation.actions.demo_gates import gate_events
from headway.domain.installation.actions.demo_inventory import inventory_events
from headway.domain.installation.actions.demo_law import law_events
from headway.domain.installation.actions.demo_maturity import maturity_events
from headway.domain.installation.actions.demo_money import money_events
from headway.domain.installation.actions.demo_people import people_events
from headway.domain.installation.actions.demo_plans import planning_events
from headway.domain.installation.actions.demo_progress import progress_events
from headway.domain.installation.actions.demo_risks import risk_events
from headway.domain.installation.actions.demo_vendors import vendor_events
from headway.domain.notices.actions import tell_shifts
from headway.domain.people.actions import set_person
from headway.domain.plans.actions import (
    add_item,
    edit_item,
    import_plan,
    link_items,
    make_forecast,
    set_blocked_items,
    set_decision,
    set_need,
    set_promise_items,
)
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.programs.actions import (
    create_program,
    create_project,
    create_release,
    create_system,
    move_release,
    set_business_case,
    set_criterion,
)
from headway.domain.reports.actions import freeze_report
from headway.domain.reports.rules import PackDraft
from headway.domain.risks.actions import (
    close_action,
    set_action,
    set_assumption,
    set_blocker,
    set_risk,
)
from headway.domain.sharing.actions import order_pack, run_orders, share_report
from headway.domain.stakeholders.actions import confirm_promise, set_promise
from headway.observation import Observation, SubjectRef, instant

#: The sample workspace's address.
SLUG = "sample"

#: Progress is known on its own day, not before: these fields leave the plan file and come back.
_PROGRESS = ("started", "finished")

#: What an entry of a register says besides its fields.
_ABOUT_ENTRIES = frozenset({"sort", "key", "at", "items", "confirmed", "done"})

#: How each sort of entry is written, and tied to the items it touches.
_REGISTERS: Mapping[str, tuple[Callable[..., object], Callable[..., object] | None]] = {
    "action": (set_action, None),
    "assumption": (set_assumption, None),
    "blocker": (set_blocker, set_blocked_items),
    "promise": (set_promise, set_promise_items),
}

Event = tuple[datetime, int, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Sample:
    """The demo's files, read."""

    program: Mapping[str, Any]
    changes: Sequence[Mapping[str, Any]]
    plans: Mapping[str, Mapping[str, Any]]
    evidence: Sequence[Mapping[str, Any]]


def sample_link(at: datetime) -> str:
    """Return the secret of a fresh one-time link that signs the sample's owner in."""
    workspace = Workspace.objects.get(slug=SLUG)
    email = str(read_sample().program["owner"]["email"])
    return issue_link(headway_actor(workspace.id), Role.OWNER, at, email=email, purpose="sample")


def read_sample() -> Sample:
    """Read the demo's files from the package."""
    folder = resources.files("headway.domain.installation").joinpath("demo")
    files = sorted(folder.joinpath("evidence").iterdir(), key=lambda one: one.name)
    evidence = [
        json.loads(line)
        for file in (*files, folder.joinpath("audit.jsonl"))
        if file.name.endswith(".jsonl") and not file.name.endswith("-pooled.jsonl")
        for line in file.read_text("utf-8").splitlines()
        if line.strip()
    ]
    return Sample(
        program=yaml.safe_load(folder.joinpath("program.yaml").read_text("utf-8")),
        changes=yaml.safe_load(folder.joinpath("changes.yaml").read_text("utf-8"))["changes"],
        plans={
            file.name.removesuffix(".yaml"): yaml.safe_load(file.read_text("utf-8"))
            for file in folder.joinpath("plans").iterdir()
            if file.name.endswith(".yaml")
        },
        evidence=evidence,
    )


def load_sample() -> bool:
    """Load the sample; False when it is there already. The database must be up to date."""
    if Workspace.objects.filter(slug=SLUG).exists():
        return False
    sample = read_sample()
    told = _Telling(sample)
    told.beginnings()
    for _, _, happen in sorted(told.events(), key=lambda event: event[:2]):
        happen()
    return True


class _Telling:
    """The story under way."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        self.story = sample.program
        self.began: datetime = self.story["history"]["began"]
        self.program = str(self.story["program"]["slug"])
        self.actor = self._owner()
        self.releases: dict[str, UUID] = {}

    def _owner(self) -> Actor:
        """Make the workspace and its owner, and return who acts."""
        owner = self.story["owner"]
        workspace = create_workspace(
            str(self.story["workspace"]),
            self.began,
            slug=SLUG,
            is_sample=True,
            pinned_at=self.story["as_of"],
        )
        house = headway_actor(workspace.id)
        secret = issue_link(house, Role.OWNER, self.began, email=owner["email"], purpose="sample")
        user = use_link(secret, self.began, name=owner["name"])
        return actor_for_user(user.id, SLUG)

    def beginnings(self) -> None:
        """Make what stood when the program began: people, systems, projects, promises, plans."""
        actor, at = self.actor, self.began
        create_program(actor, dict(self.story["program"]), at, is_sample=True)
        for key, person in self.story["people"].items():
            set_person(actor, key, dict(person), at)
        for system in self.story["systems"]:
            create_system(actor, dict(system), at, is_sample=True)
        for order, project in enumerate(self.story["projects"]):
            values = {key: value for key, value in project.items() if key != "release"}
            create_project(actor, self.program, {**values, "order": order}, at, is_sample=True)
            release = create_release(
                actor, project["system"], project["release"]["name"], at, project=project["slug"]
            )
            self.releases[project["slug"]] = release.id
        for project, criteria in self.story["criteria"].items():
            for order, criterion in enumerate(criteria):
                values = {key: value for key, value in criterion.items() if key != "key"}
                set_criterion(actor, project, criterion["key"], {**values, "order": order}, at)
        for project, case in self.story["cases"].items():
            set_business_case(actor, project, dict(case), at)
        self._plans()
        self._owners()

    def _owners(self) -> None:
        """Say whose work an item is."""
        for item, owner in self.story["owners"].items():
            project, _, key = item.partition("/")
            edit_item(self.actor, (project, key), {"owner": owner}, self.began)

    def _plans(self) -> None:
        """Import each plan without its progress, then what ties the plans together."""
        actor, at = self.actor, self.began
        for line in self.story["budget"]:
            values = {key: value for key, value in line.items() if key != "key"}
            set_budget_line(actor, self.program, line["key"], values, at)
        for project, plan in self.sample.plans.items():
            items = [
                {key: value for key, value in item.items() if key not in _PROGRESS}
                for item in plan["items"]
            ]
            text = yaml.safe_dump({**plan, "items": items}, sort_keys=False)
            import_plan(actor, text.encode(), f"{project}.yaml", at, project=project)
        for item, predecessor, kind in self.story["links"]:
            link_items(actor, LinkDraft(item, predecessor, kind), at)
        for key, values in self.story["risks"].items():
            set_risk(actor, self.program, key, dict(values), at)

    def events(self) -> Iterator[Event]:
        """Yield everything that happened afterwards: when, its rank within a moment, and how."""
        yield from self._progress()
        yield from self._changes()
        yield from self._evidence()
        yield from self._inbox()
        yield from self._moves()
        yield from self._words()
        yield from self._questions()
        yield from self._registers()
        yield from self._check_ins()
        yield from forum_events(self.actor, self.program, self.story)
        yield from talk_events(self.actor, self.story)
        yield from planning_events(self.actor, self.program, self.story)
        yield from self._people_and_money()
        yield from check_events(self.actor, self.story)
        yield from chain(law_events(self.actor), cost_events(self.actor))
        yield from card_events(self.actor)
        yield from inventory_events(self.actor, self.story)
        yield from maturity_events(self.actor, self.story)
        yield from framework_events(self.actor, self.story)
        yield from gate_events(self.actor, SLUG, self.releases)
        for moment in self.story["history"]["forecasts"]:
            yield (moment, 8, partial(self._monday, moment))
        for moment in self.story["history"]["reports"]:
            yield (moment, 9, partial(self._report, moment))

        yield from self._shared()

    def _people_and_money(self) -> Iterator[Event]:
        yield from money_events(self.actor, SLUG, self.program, self.story)
        yield from people_events(self.actor, self.program, self.story)
        yield from capacity_events(self.actor, self.program, self.story)
        yield from vendor_events(self.actor, SLUG, self.program)
        yield from annotation_events(self.actor, self.program)
        yield from progress_events(self.actor, self.story)
        yield from risk_events(self.actor, self.program, self.story)

    def _shared(self) -> Iterator[Event]:
        """Yield what was given to people outside, and the draft that waits on the last day."""
        for share in self.story["shares"]:
            values = {key: value for key, value in share.items() if key not in ("at", "report")}
            place = (self.program, share["report"])
            yield (share["at"], 10, partial(share_report, self.actor, place, values, share["at"]))
        for order in self.story["orders"]:
            values = {key: value for key, value in order.items() if key != "at"}
            given = partial(order_pack, self.actor, self.program, values, order["at"])
            yield (order["at"], 10, given)
        house, today = headway_actor(self.actor.workspace_id), self.story["as_of"]
        yield (today, 11, partial(run_orders, house, today))

    def _progress(self) -> Iterator[Event]:
        hours = {"started": time(8, 30), "finished": time(17, 0)}
        for project, plan in self.sample.plans.items():
            for item in plan["items"]:
                for field in _PROGRESS:
                    if field in item:
                        moment = _moment(item[field], hours[field])
                        place, values = (project, item["id"]), {field: item[field]}
                        yield (moment, 0, partial(edit_item, self.actor, place, values, moment))

    def _changes(self) -> Iterator[Event]:
        for change in self.sample.changes:
            moment = change["at"]
            if "add" in change:
                yield (moment, 1, partial(self._add, change))
            elif "accept" in change:
                yield (moment, 5, partial(accept, self.actor, change))
            else:
                project, _, key = str(change["item"]).partition("/")
                if "check_in" in change:
                    said = ItemAnswer(project, key, said={"left": change["now"]})
                    told = change["check_in"]
                    yield (moment, 1, partial(self._check_in, told, [said], moment))
                    continue
                values = {change["field"]: change["now"]}
                yield (moment, 1, partial(edit_item, self.actor, (project, key), values, moment))

    def _add(self, change: Mapping[str, Any]) -> None:
        """Add an item with what it needs, what it waits for and who waits for it."""
        address, at = str(change["add"]), change["at"]
        project, _, key = address.partition("/")
        add_item(self.actor, project, key, dict(change["fields"]), at)
        for resource, units in change.get("needs", {}).items():
            set_need(self.actor, address, resource, units, at)
        for predecessor in change.get("after", ()):
            link_items(self.actor, LinkDraft(address, predecessor), at)
        for successor in change.get("before", ()):
            link_items(self.actor, LinkDraft(successor, address), at)

    def _evidence(self) -> Iterator[Event]:
        """Yield one push for all lines that Headway learned of at the same moment."""
        pushes: dict[datetime, list[Mapping[str, Any]]] = {}
        for line in self.sample.evidence:
            fields = dict(line)
            moment = datetime.fromisoformat(fields.pop("recorded_at", None) or line["observed_at"])
            pushes.setdefault(moment.astimezone(UTC), []).append(fields)
        for moment, lines in pushes.items():
            if moment <= self.story["as_of"]:
                yield (moment, 2, partial(self._push, lines, moment))

    def _push(self, lines: Sequence[Mapping[str, Any]], moment: datetime) -> None:
        house = headway_actor(self.actor.workspace_id)
        record_evidence(house, [read_observation(line, Defaults()) for line in lines], moment)

    def _inbox(self) -> Iterator[Event]:
        """Yield the untagged runs of a tracker, then what was said of some of them."""
        inbox = self.story["inbox"]
        house = headway_actor(self.actor.workspace_id)
        runs = list(_untagged(inbox))
        record = partial(record_evidence, house, runs, inbox["at"], may_lack_project=True)
        yield (inbox["at"], 2, record)
        for rule in inbox["rules"]:
            yield (inbox["at"], 6, partial(set_run_rule, self.actor, dict(rule), inbox["at"]))

    def _moves(self) -> Iterator[Event]:
        for project in self.story["projects"]:
            for place, (stage, day) in enumerate(project["release"]["stages"].items()):
                # Several stages on one day keep their order.
                moment = _moment(day, time(18, place))
                yield (moment, 3, partial(self._move, project["slug"], stage, moment))

    def _move(self, project: str, stage: str, moment: datetime) -> None:
        move_release(self.actor, self.releases[project], stage, moment)

    def _words(self) -> Iterator[Event]:
        for words in self.story["judgements"]:
            draft = JudgementDraft(
                self.program,
                words["dimension"],
                words["words"],
                words.get("project", ""),
                words.get("level", ""),
                words.get("until"),
            )
            yield (words["at"], 4, partial(judge_health, self.actor, draft, words["at"]))

    def _questions(self) -> Iterator[Event]:
        for key, question in self.story["decisions"].items():
            values = {name: value for name, value in question.items() if name != "at"}
            ask = partial(set_decision, self.actor, self.program, key, values, question["at"])
            yield (question["at"], 5, ask)

    def _registers(self) -> Iterator[Event]:
        """Yield what was written down, and what became of it: confirmed, done."""
        for entry in self.story["registers"]:
            values = {name: value for name, value in entry.items() if name not in _ABOUT_ENTRIES}
            yield (entry["at"], 4, partial(self._write, entry, values))
            place = (self.program, str(entry["key"]))
            if "confirmed" in entry:
                moment, by = entry["confirmed"]["at"], str(entry["confirmed"]["by"])
                yield (moment, 4, partial(confirm_promise, self.actor, place, moment, by=by))
            if "done" in entry:
                moment, note = entry["done"]["at"], str(entry["done"]["note"])
                close = partial(close_action, self.actor, place, "done", moment, note=note)
                yield (moment, 4, close)

    def _write(self, entry: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Write one entry of a register down, with the items it touches."""
        write, tie = _REGISTERS[str(entry["sort"])]
        key, at = str(entry["key"]), entry["at"]
        write(self.actor, self.program, key, dict(values), at)
        if tie is not None:
            tie(self.actor, self.program, key, entry["items"], at)

    def _check_ins(self) -> Iterator[Event]:
        """Yield when everybody was asked, and the answers that changed nothing in the plan."""
        house = headway_actor(self.actor.workspace_id)
        for moment in self.story["check_ins"]["asked"]:
            yield (moment, 6, partial(ask_check_ins, house, moment))
        for told in self.story["check_ins"]["answered"]:
            yield (told["at"], 6, partial(self._check_in, told, [], told["at"]))

    def _check_in(
        self, told: Mapping[str, Any], said: Sequence[ItemAnswer], moment: datetime
    ) -> None:
        """Answer by the one-time link, as the person would."""
        secret = issue_check_in_link(self.actor, told["person"], moment)
        answer_by_link(secret, said, told["line"], moment)

    def _monday(self, moment: datetime) -> None:
        """Do what the worker did then: forecast, judge, tell."""
        house = headway_actor(self.actor.workspace_id)
        make_forecast(house, self.program, moment)
        refresh_assessments(house, self.program, moment)
        refresh_promotions(house, moment)
        settle_gates(house, moment)
        tell_shifts(house, moment)

    def _report(self, moment: datetime) -> None:
        packs = self.story["packs"]
        draft = PackDraft(tuple(packs["audiences"]), tuple(packs["vendors"]))
        freeze_report(self.actor, self.program, draft, moment, known_at=moment)


def _untagged(inbox: Mapping[str, Any]) -> Iterator[Observation]:
    """Yield the runs of each group, an hour apart; they tell a name and no number."""
    server = inbox["source"].partition(":")[2]
    for group, count in inbox["groups"].items():
        for number in range(count):
            ended = inbox["at"] - timedelta(hours=1 + number)
            name = f"{group}-{count - number:02}"
            told = {"run_id": name, "name": name, "group": group, "status": "finished"}
            moments = {"started_at": instant(ended - timedelta(minutes=20))}
            payload = {**told, **moments, "ended_at": instant(ended)}
            subject = SubjectRef("run", f"{server}/{name}")
            yield Observation(subject, "run", inbox["source"], ended, payload)


def _moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, UTC)
