"""Two workspaces of the same shape, and a sample id for every parameter an address may have.

Whoever adds an address with a new parameter adds a line to `SAMPLES`; whoever adds a table that
people can reach adds a row to `fill`. Everything in a workspace carries its own word, so that a
leak is found by searching for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from uuid import UUID

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils.http import int_to_base36
from tests.cast import AT, Cast, a_member, a_program, a_project
from tests.domain.costs.drafts import a_bill
from tests.domain.evidence.payloads import GOOD

from headway.analysis.schedule.plan import Plan
from headway.domain.accounts.actions import create_token, issue_link
from headway.domain.accounts.models import Member, OneTimeLink, Token, Workspace
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Role, Scope
from headway.domain.accounts.rules.secrets import hash_secret
from headway.domain.annotation.models import Batch, Guideline, GuidelineVersion, Pilot
from headway.domain.assessments.actions import judge_health
from headway.domain.assessments.models import Judgement
from headway.domain.assessments.rules import JudgementDraft
from headway.domain.checkins.actions import issue_check_in_link
from headway.domain.checkins.models import CheckIn
from headway.domain.checks.models import CheckRun, Monitor, RetrainingProposal, TrialPlan
from headway.domain.compliance.actions.frameworks import assign_pack
from headway.domain.compliance.actions.policies import add_policy_version
from headway.domain.compliance.models import CardText, Duty, Incident, LawAnswer, Policy
from headway.domain.compliance.rules.assigning import PolicyDraft
from headway.domain.costs.actions import record_bills, set_allocation_rule
from headway.domain.costs.models import AllocationRule, Bill
from headway.domain.discussion.models import Comment, Link
from headway.domain.evidence.actions import record_evidence, set_run_rule
from headway.domain.evidence.models import RunRule, Subject
from headway.domain.finance.models import Accrual, BudgetChange, BudgetLine, ExchangeRate
from headway.domain.forums.models import Forum, Meeting, Minute
from headway.domain.gates.actions import add_gate_template
from headway.domain.gates.models import (
    ApprovalRequest,
    Condition,
    Delegation,
    Gate,
    GateDecision,
    GateRules,
    GateTemplate,
    Waiver,
)
from headway.domain.inventory.models import DatasetEntry, ModelEntry, PipelineEntry
from headway.domain.maturity.models import MaturityGoal
from headway.domain.notices.queries import stop_token
from headway.domain.notices.rules import Kind
from headway.domain.people.models import (
    Allocation,
    CapacityRequest,
    ComputePool,
    Opening,
    OperationsLoad,
    Person,
    Resource,
)
from headway.domain.plans.models import (
    Baseline,
    BaselineState,
    Decision,
    Forecast,
    ImportJob,
    LevellingProposal,
    Scenario,
    Supposition,
    WorkItem,
)
from headway.domain.plans.queries.baselines import write_content
from headway.domain.plans.queries.what_if import WhatIf
from headway.domain.plans.rules import PlannedWhole
from headway.domain.programs.models import (
    BusinessCase,
    Objective,
    Program,
    Project,
    Release,
    StageTemplate,
    SuccessCriterion,
    System,
)
from headway.domain.progress.actions import set_follow, set_measure
from headway.domain.reports.models import DeckTemplate, Report
from headway.domain.reports.rules import to_snapshot
from headway.domain.risks.models import Action, Assumption, Blocker, Issue, Risk
from headway.domain.sharing.models import DecisionLink, Dispatch, ReportLink, StandingOrder
from headway.domain.sources.models import Source
from headway.domain.stakeholders.models import Promise
from headway.domain.vendors.models import (
    Contract,
    Invoice,
    PurchaseOrder,
    Receipt,
    Vendor,
    VendorApproval,
    VendorMember,
)
from headway.observation import Observation, SubjectRef
from headway.rendering.report import OnePager, Outlook, Pack, Pedigree

#: The word that stands in every text of Other, and nowhere in Acme.
FOREIGN = "zebra"


@dataclass(frozen=True, slots=True)
class Side:
    """One workspace with something of everything in it."""

    workspace: Workspace
    owner: Actor
    secret: str
    word: str
    ticket: str
    #: Samples that were looked up: a standing world's stay as they are.
    known: dict[str, object] = field(default_factory=dict, compare=False)


def fill(workspace: Workspace, owner: Actor, word: str) -> Side:
    """Put one of everything into `workspace`, each carrying `word`."""
    a_member(workspace, f"{word}-colleague", Role.CONTRIBUTOR)
    person = Person.objects.create(workspace=workspace, key=f"{word}-person", name=word)
    ticket = issue_check_in_link(headway_actor(workspace.id), person.key, AT)
    create_token(owner, f"{word} token", [Scope.READ], AT)
    secret = issue_link(
        headway_actor(workspace.id), Role.VIEWER, AT, email=f"{word}-guest@example.com"
    )
    program = a_program(workspace, f"{word}-program", target="2027-06-30")
    program.calendars = {f"{word}-shift": {"weekdays": [5], "windows": [[9, 17]], "holidays": []}}
    program.save()
    project = a_project(workspace, f"{word}-project", program=program)
    WorkItem.objects.create(
        workspace=workspace, project=project, key=f"{word}-item", name=word, estimate=[1, 2, 3]
    )
    SuccessCriterion.objects.create(
        workspace=workspace,
        project=project,
        key=f"{word}-criterion",
        name=word,
        subject=f"model:{word}",
        metric="recall",
        target=0.9,
    )
    stages = StageTemplate.objects.create(
        workspace=workspace,
        name=word,
        stages=[{"id": "frame", "name": "Frame"}, {"id": "live", "name": "Live"}],
    )
    system = System.objects.create(workspace=workspace, slug=f"{word}-system", name=word)
    give_law(system, word)
    give_staffing(person, system, program, word)
    MaturityGoal.objects.create(
        workspace=workspace,
        system=system,
        project=project,
        key=f"{word}-goal",
        model="mlts",
        target=1,
        made_at=AT,
        made_by=word,
    )
    release = Release.objects.create(
        workspace=workspace, system=system, template=stages, name=word, stage="frame"
    )
    _gate(owner, release, word)
    Objective.objects.create(
        workspace=workspace, program=program, key=f"{word}-objective", name=word
    )
    BudgetLine.objects.create(
        workspace=workspace, program=program, key=f"{word}-line", name=word, amount_minor=100
    )
    give_money(program, word)
    Risk.objects.create(
        workspace=workspace, program=program, key=f"{word}-risk", name=word, probability=0.5
    )
    Resource.objects.create(
        workspace=workspace, program=program, name=f"{word}-engineer", capacity=1
    )
    give_capacity(person, program, word)
    decision = Decision.objects.create(
        workspace=workspace, program=program, key=f"{word}-decision", question=word
    )
    give_baselines(program, word)
    LevellingProposal.objects.create(
        workspace=workspace,
        program=program,
        asked_by=word,
        plan_digest=word,
        state="failed",
        error=word,
        at=AT,
        changed_at=AT,
    )
    forecast = Forecast.objects.create(
        workspace=workspace, program=program, plan_digest=word, seed=0, trials=1, engine=word,
        at=AT, made_at=AT, serial=1, answer={"problem": word},
    )  # fmt: skip
    Supposition.objects.create(
        workspace=workspace,
        program=program,
        forecast=forecast,
        asked=WhatIf((word,)).stored(),
        state="failed",
        error=word,
        at=AT,
        changed_at=AT,
    )
    Scenario.objects.create(workspace=workspace, program=program, key=f"{word}-scenario", name=word)
    worth = {"start": 9.0, "at_target": [1.0, 2.0, 3.0], "worth": [1.0, 1.0, 1.0]}
    case = {"key": f"{word}-line", "name": word, "unit": "", "less_is_better": True, **worth}
    BusinessCase.objects.create(workspace=workspace, project=project, lines=[case])
    here = {"workspace": workspace, "program": program, "name": word}
    Action.objects.create(**here, key=f"{word}-action")
    Assumption.objects.create(**here, key=f"{word}-assumption")
    Blocker.objects.create(**here, key=f"{word}-blocker", since=AT.date())
    Issue.objects.create(**here, key=f"{word}-issue", raised_at=AT)
    Promise.objects.create(**here, key=f"{word}-promise", giver=word)
    guideline = Guideline.objects.create(**here, key=f"{word}-guideline")
    GuidelineVersion.objects.create(
        workspace=workspace, guideline=guideline, number=1, text=word, published_at=AT
    )
    Batch.objects.create(**here, key=f"{word}-batch", guideline=guideline)
    Pilot.objects.create(**here, key=f"{word}-pilot", guideline=guideline)
    draft = JudgementDraft(program.slug, "quality", f"{word} is fine")
    judge_health(owner, draft, AT)
    Source.objects.create(
        workspace=workspace, name=f"{word}-mlflow", kind="mlflow", url=f"https://{word}.example.org"
    )
    note = Observation(SubjectRef.parse(f"model:{word}@1"), "note", word, AT, {"text": word})
    data = {**GOOD["dataset_version"], "description": word}
    told = Observation(SubjectRef.parse(f"dataset:{word}@1"), "dataset_version", word, AT, data)
    found = {**GOOD["audit"], "commit": word}
    seen = Observation(SubjectRef.parse(f"repository:{word}"), "audit", word, AT, found)
    record_evidence(headway_actor(workspace.id), [note, told, seen], AT, may_lack_project=True)
    said = {"workspace": workspace, "name": word, "note": word, "said_by": word, "said_at": AT}
    for entry in (ModelEntry, DatasetEntry, PipelineEntry):
        entry.objects.create(**said)
    CardText.objects.create(
        workspace=workspace,
        about=f"dataset:{word}",
        place="uses",
        text=word,
        author=word,
        said_at=AT,
    )
    set_run_rule(owner, {"group": word, "project": project.slug, "reason": word}, AT)
    placed = {"conditions": [["service", word]], "shares": [[project.slug, "1"]], "name": word}
    set_allocation_rule(owner, f"{word}-allocation", placed, AT)
    record_bills(owner, [a_bill(word)], AT)
    report = Report.objects.create(
        workspace=workspace,
        program=program,
        number=1,
        data_date=AT,
        snapshot=a_snapshot(word),
        made_at=AT,
    )
    DeckTemplate.objects.create(
        workspace=workspace, name=word, digest=word, data=word.encode(), size=len(word), at=AT
    )
    forum = Forum.objects.create(
        workspace=workspace,
        program=program,
        key=f"{word}-forum",
        name=word,
        first_on=AT.date(),
        hour=AT.time(),
    )
    meeting = Meeting.objects.create(workspace=workspace, forum=forum, number=1, starts_at=AT)
    Minute.objects.create(
        workspace=workspace, meeting=meeting, order=1, words=word, at=AT, author=word
    )
    about = {"kind": "risk", "key": f"{program.slug}/{word}-risk"}
    Comment.objects.create(workspace=workspace, **about, author=word, at=AT, text=word)
    Link.objects.create(
        workspace=workspace,
        from_kind="risk",
        from_key=about["key"],
        sort="relates to",
        to_kind="program",
        to_key=program.slug,
        made_by=word,
        made_at=AT,
    )
    give_vendor(program, project, word)
    give_links(decision, report, word)
    give_import(owner, project.slug, word)
    give_monitor(project, word)
    give_policy(owner, word)
    set_measure(owner, f"{word}-project/{word}-item", {"method": "effort"}, AT)
    set_follow(owner, f"{word}-project/{word}-item", {"criterion": f"{word}-criterion"}, AT)
    return Side(workspace, owner, secret, word, ticket)


#: What stands in everything of a vendor's rival and in every note of ours, for no vendor to read.
UNTOLD = "quince"


def give_vendor(program: Program, project: Project, word: str) -> None:
    """Give the workspace a vendor with one of everything, a member of its own, and a rival."""
    here, day = {"workspace": program.workspace}, AT.date()
    for name in (UNTOLD, word):
        key = f"{word}-vendor" if name == word else f"{name}-vendor"
        vendor = Vendor.objects.create(**here, key=key, name=name, note=UNTOLD)
        contract = Contract.objects.create(
            **here, vendor=vendor, key=f"{key}-contract", name=name, starts=day, currency="USD"
        )
        mine = {"contract": contract, "program": program, "project": project, "name": name}
        order = PurchaseOrder.objects.create(
            **here, **mine, key=f"{key}-order", amount_minor=7_654_321, ordered_on=day
        )
        Receipt.objects.create(**here, order=order, key="r1", received_on=day, note=UNTOLD)
        line = {"order": str(order.id), "words": name, "units": None, "unit_price": None}
        period = {"invoiced_on": day, "period_start": day, "period_end": day}
        Invoice.objects.create(
            **here,
            **period,
            vendor=vendor,
            key=f"{key}-invoice",
            number=name,
            currency="USD",
            lines=[{**line, "amount_minor": 7_654_321}],
            net_minor=7_654_321,
        )
        VendorApproval.objects.create(
            **here, subject=f"contract:{key}/{key}-contract", function="legal", requested_at=AT
        )
    for member in Member.objects.filter(**here, role=Role.VENDOR):
        VendorMember.objects.create(**here, member=member, vendor=vendor, set_at=AT, set_by=word)


def give_capacity(person: Person, program: Program, word: str) -> None:
    """Let the person work for the program, somebody be asked for, and a pool have a quota."""
    here = {"workspace": program.workspace, "program": program, "note": word}
    days = {"starts_on": AT.date(), "ends_on": AT.date().replace(year=2027), "share": 0.5}
    Allocation.objects.create(**here, **days, person=person, key=f"{word}-allocation")
    CapacityRequest.objects.create(**here, **days, key=f"{word}-request", role=word)
    pool = Resource.objects.create(
        workspace=program.workspace, program=program, name=f"{word}-gpu", kind="compute", capacity=4
    )
    ComputePool.objects.create(workspace=program.workspace, resource=pool, machine=word)


def give_baselines(program: Program, word: str) -> None:
    """Give the program a plan that was agreed; nobody can change it."""
    whole = PlannedWhole(None, None, None, None, Decimal(0), None, None, None, None, "USD")
    row = Baseline.objects.create(
        workspace=program.workspace,
        program=program,
        key=f"{word}-baseline",
        name=word,
        reason=word,
        at=AT,
        made_by=word,
        **write_content(whole, {}, Plan(word, ())),
    )
    BaselineState.objects.create(
        workspace=program.workspace, program=program, baseline=row, state="active"
    )


def give_links(decision: Decision, report: Report, word: str) -> None:
    """Give somebody outside a link to the decision, and one to the report."""
    workspace = decision.workspace
    DecisionLink.objects.create(
        workspace=workspace,
        decision=decision,
        secret_hash=hash_secret(f"an_{word}"),
        name=word,
        version=1,
        created_at=AT,
        expires_at=AT.replace(year=2100),
    )
    ReportLink.objects.create(
        workspace=workspace,
        report=report,
        secret_hash=hash_secret(f"sh_{word}"),
        whom=word,
        audience="executive",
        formats=["html", "md"],
        created_at=AT,
        expires_at=AT.replace(year=2100),
    )
    order = StandingOrder.objects.create(
        workspace=workspace,
        program=report.program,
        name=word,
        audiences=["executive"],
        recipients=[{"name": word, "email": f"{word}@example.com"}],
        rhythm="weekly",
        on_day=0,
        hour="08:00",
        created_at=AT,
        next_at=AT.replace(year=2100),
    )
    Dispatch.objects.create(
        workspace=workspace, order=order, due_at=AT, composed_at=AT, snapshot=report.snapshot
    )


def give_money(program: Program, word: str) -> None:
    """Give a program an accrual and a budget change, and its workspace a rate."""
    here = {"workspace_id": program.workspace_id}
    mine = {**here, "program": program, "amount_minor": 100, "reason": word}
    Accrual.objects.create(
        **mine, key=f"{word}-accrual", month=AT.date().replace(day=1), currency="EUR"
    )
    BudgetChange.objects.create(
        **mine,
        key=f"{word}-change",
        kind="lower",
        source=f"{word}-line",
        requested_by=word,
        requested_at=AT,
    )
    ExchangeRate.objects.create(
        **here,
        base="EUR",
        quote="USD",
        day=AT.date().replace(day=1),
        rate_nanos=1_080_000_000,
        source=word,
    )


def give_law(system: System, word: str) -> None:
    """Let something be answered about the system, and an incident's clock run."""
    here = {"workspace": system.workspace, "system": system}
    said = {"author": word, "said_at": AT, "rationale": word}
    LawAnswer.objects.create(**here, **said, law="ai_act", question="annex-i", value=False)
    Duty.objects.create(**here, **said, obligation="ai-act.4")
    Incident.objects.create(**here, key=f"{word}-incident", title=word, harm="serious", aware_at=AT)


def give_staffing(person: Person, system: System, program: Program, word: str) -> None:
    """Give the workspace an opening, and a system that takes somebody's hours."""
    here = {"workspace": person.workspace, "role": word}
    OperationsLoad.objects.create(
        **here, system=system, person=person, kind="on_call", hours=4, starts=AT.date()
    )
    band = {
        "median": "1",
        "low": "1",
        "high": "1",
        "on_cost": "1",
        "currency": "USD",
        "origin": word,
    }
    spans = {"lead": [1, 2, 3], "ramp": [1, 2, 3], "band": band, "opened_on": AT.date()}
    Opening.objects.create(**here, **spans, program=program, key=f"{word}-opening", level="mid")


def give_import(owner: Actor, project: str, word: str) -> None:
    """Give the workspace a file that the worker imported."""
    done = {"project": project, "created": 1, "updated": 0, "unchanged": 0, "skipped": []}
    ImportJob.objects.create(
        workspace_id=owner.workspace_id,
        member_id=owner.member_id,
        file_name=f"{word}.csv",
        size=1,
        state="done",
        answer=done,
        at=AT,
        changed_at=AT,
    )


def give_policy(owner: Actor, word: str) -> None:
    """Give the workspace a policy, and hold its system to it."""
    text = f"pack: {word}-policy\ntitle: {word}\ncontrols: [{{id: ONE, title: {word}}}]\n"
    add_policy_version(owner, "", PolicyDraft(text, AT.date()), AT)
    system = System.objects.get(workspace_id=owner.workspace_id)
    assign_pack(owner, (f"{word}-policy-v1", "system", system.slug), AT)


def give_monitor(project: Project, word: str) -> None:
    """Give the project an experiment that was looked at, and a proposal to train anew."""
    here = {"workspace": project.workspace}
    monitor = Monitor.objects.create(
        **here,
        project=project,
        key=f"{word}-monitor",
        name=word,
        kind="experiment",
        dimension="quality",
        subject=f"model:{word}@1",
        made_at=AT,
    )
    TrialPlan.objects.create(**here, monitor=monitor, question=word, plan={"split": {word: 1.0}})
    CheckRun.objects.create(
        **here, monitor=monitor, number=1, state="done", sentence=word, at=AT, changed_at=AT
    )
    RetrainingProposal.objects.create(
        **here,
        monitor=monitor,
        project=project,
        key=f"{word}-proposal",
        subject=monitor.subject,
        sentence=word,
        work={
            "add": f"{project.slug}/{word}-training",
            "fields": {"name": word, "kind": "training", "estimate": [1, 2, 3]},
            "needs": {},
            "after": [],
            "before": [],
        },
        made_at=AT,
    )


@cache
def a_snapshot(word: str) -> str:
    """Return the smallest report there is, about a program called `word`."""
    nothing = Outlook("unknown", None, None, None, None, None, None, "USD")
    return to_snapshot(Pack(executive=OnePager(word, AT, nothing, "", (), Pedigree("none", 0, 0))))


def a_world(cast: Cast) -> tuple[Side, Side]:
    """Return Acme and Other, filled alike."""
    return fill(cast.acme, cast.alice, "apple"), fill(cast.other, cast.charlie, FOREIGN)


RULES = """
key: {word}-rules
name: {word}
stages:
  live:
    - {{key: {word}-approved, rule: {{evidence: approval, about: "system:{word}", role: legal}}}}
    - {{key: {word}-card, rule: {{evidence: card, about: "system:{word}", at_least: 0.5}}}}
"""


def _gate(owner: Actor, release: Release, word: str) -> None:
    """Put a gate before the release, with one of all that people do there."""
    colleague = Member.objects.get(user__email=f"{word}-colleague@example.com")
    here, mine = {"workspace": release.workspace}, Member.objects.get(id=owner.member_id)
    add_gate_template(owner, RULES.format(word=word), AT)
    rules = GateRules.objects.get(template__key=f"{word}-rules")
    row = Gate.objects.create(**here, release=release, stage="live", rules=rules, opened_at=AT)
    ApprovalRequest.objects.create(
        **here, gate=row, round=1, function="legal", requested_at=AT, requested_by=colleague
    )
    day = AT.date()
    Delegation.objects.create(
        **here, function="legal", giver=colleague, taker=mine, starts=day, ends=day, reason=word
    )
    debt = {"requirement": f"{word}-card", "owner": word, "reason": word, "until": day}
    Waiver.objects.create(**here, gate=row, granted_at=AT, **debt)
    seen = {"subject": "", "rules": 1, "rules_digest": word, "lines": []}
    decision = GateDecision.objects.create(
        **here, gate=row, round=1, outcome="hold", reason=word, rules=rules, seen=seen, at=AT,
        by=word,
    )  # fmt: skip
    Condition.objects.create(**here, decision=decision, key="c1", text=word, due=day)


def _of(model: type, name: str = "id") -> Callable[[Side], object]:
    """Return a sampler of column `name` of the side's first row of `model` that may change."""

    def sample(side: Side) -> object:
        rows = model.objects.filter(workspace=side.workspace)
        if model is Member:
            rows = rows.filter(user__email__contains="colleague")
        return getattr(rows.order_by("pk")[0], name)

    return sample


#: Parameter of an address → its value on a side.
SAMPLES: dict[str, Callable[[Side], object]] = {
    "workspace": lambda side: side.workspace.slug,
    "member": _of(Member),
    "token": _of(Token),
    "link": _of(OneTimeLink),
    "secret": lambda side: side.secret,
    "ticket": lambda side: side.ticket,
    "person": _of(Person, "key"),
    "opening": _of(Opening, "key"),
    "load": _of(OperationsLoad),
    "since": lambda side: "2026-01-01",
    "check_in": _of(CheckIn),
    "signed": lambda side: stop_token(side.owner.member_id or side.owner.workspace_id, list(Kind)),
    "program": _of(Program, "slug"),
    "project": _of(Project, "slug"),
    "connection": _of(Source, "name"),
    "subject": lambda side: Subject.objects.get(workspace=side.workspace, kind="model").id,
    "rule": _of(RunRule),
    "placing": _of(AllocationRule, "key"),
    "bill": lambda side: Bill.objects.get(workspace=side.workspace).record.sequence,
    "item": _of(WorkItem, "key"),
    "judgement": _of(Judgement),
    "job": _of(ImportJob),
    "criterion": _of(SuccessCriterion, "key"),
    "objective": _of(Objective, "key"),
    "line": _of(BudgetLine, "key"),
    "change": _of(BudgetChange, "key"),
    "accrual": _of(Accrual, "key"),
    "base": lambda side: "EUR",
    "quote": lambda side: "USD",
    "day": lambda side: "2026-11-01",
    "table_kind": lambda side: "csv",
    "rows_kind": lambda side: "orders",
    "risk": _of(Risk, "key"),
    "resource": lambda side: f"{side.word}-engineer",
    "allocation": _of(Allocation, "key"),
    "pool": lambda side: f"{side.word}-gpu",
    "wanted": _of(CapacityRequest, "key"),
    "row": _of(Person, "key"),
    "decision": _of(Decision, "key"),
    "baseline": _of(Baseline, "key"),
    "levelling": _of(LevellingProposal),
    "supposition": _of(Supposition),
    "calendar": lambda side: f"{side.word}-shift",
    "scenario": _of(Scenario, "key"),
    "decision_link": _of(DecisionLink),
    "report_link": _of(ReportLink),
    "order": _of(StandingOrder),
    "dispatch": _of(Dispatch),
    "shared": lambda side: f"sh_{side.word}",
    "answer": lambda side: f"an_{side.word}",
    "release": _of(Release),
    "system": _of(System, "slug"),
    "criterion_id": lambda side: "mlts:data-3",
    "gate": _of(Gate),
    "gate_template": _of(GateTemplate, "key"),
    "requirement": lambda side: f"{side.word}-card",
    "question": _of(ApprovalRequest),
    "delegation": _of(Delegation),
    "waiver": _of(Waiver),
    "condition": _of(Condition),
    "law": lambda side: "ai_act",
    "point": lambda side: "annex-i",
    "obligation": lambda side: "ai-act.4",
    "incident": _of(Incident, "key"),
    "step": lambda side: "initial_report",
    "goal_key": _of(MaturityGoal, "key"),
    "handed": lambda side: f"program:{_of(Program, 'slug')(side)}",
    "comment": _of(Comment),
    "forum": _of(Forum, "key"),
    "minute": _of(Minute),
    "relation": _of(Link),
    "sort": lambda side: "risk",
    "thing": lambda side: f"{_of(Program, 'slug')(side)}/{_of(Risk, 'key')(side)}",
    "template": _of(DeckTemplate),
    "vendor": lambda side: f"{side.word}-vendor",
    "contract": lambda side: f"{side.word}-vendor-contract",
    "purchase": lambda side: f"{side.word}-vendor-order",
    "invoice": lambda side: f"{side.word}-vendor-invoice",
    "ask": _of(VendorApproval),
    "own_order_id": lambda side: (
        PurchaseOrder.objects.get(workspace=side.workspace, key=f"{side.word}-vendor-order").id
    ),
    "action": _of(Action, "key"),
    "assumption": _of(Assumption, "key"),
    "blocker": _of(Blocker, "key"),
    "issue": _of(Issue, "key"),
    "promise": _of(Promise, "key"),
    "batch": _of(Batch, "key"),
    "guideline": _of(Guideline, "key"),
    "pilot": _of(Pilot, "key"),
    "told": lambda side: "delivery",
    "model": _of(ModelEntry, "name"),
    "dataset": _of(DatasetEntry, "name"),
    "pipeline": _of(PipelineEntry, "name"),
    "repository": lambda side: side.word,
    "policy": _of(Policy, "key"),
    "framework": lambda side: f"{side.word}-policy-v1",
    "scope": lambda side: "system",
    "held": _of(System, "slug"),
    "control": lambda side: "ONE",
    "monitor": _of(Monitor, "key"),
    "proposal": _of(RetrainingProposal, "key"),
    "about": lambda side: f"dataset:{side.word}",
    "place": lambda side: "uses",
    "kind": lambda side: "drift",
    "field": lambda side: "owner",
    "version": lambda side: 999_999,
    # Counted in each workspace or program anew, or known by a signature alone.
    "sequence": lambda side: 1,
    "number": lambda side: 1,
    "stage": lambda side: "live",
    "form": lambda side: "md",
    "ending": lambda side: "yaml",
    "source": _of(Source),
    # These belong to a person or to nobody, not to a workspace.
    "session": lambda side: 999_999,
    "provider_id": lambda side: "oidc",
    "uidb36": lambda side: int_to_base36(7),
    "key": lambda side: "no-such-key",
}

#: Fields that forms take, valid in both workspaces, so that a request gets as far as it can.
VALID: dict[str, object] = {
    "name": "apple",
    "role": "viewer",
    "text": "apple",
    "audiences": "executive",
    "to": "https://example.org/",
}

#: Parameters that name something of a workspace: these must not cross.
OWNED = frozenset(SAMPLES) - {
    "table_kind",
    "base",
    "quote",
    "day",
    "rows_kind",
    "session",
    "provider_id",
    "uidb36",
    "key",
    "secret",
    "signed",
    "answer",
    "shared",
    "ticket",
    "since",
    "sequence",
    "bill",
    "number",
    "stage",
    "form",
    "source",
    "sort",
    "field",
    "kind",
    "place",
    "told",
    "version",
    # May be spoken of before its first run, by any name.
    "pipeline",
    # Of the law, a framework or a maturity model: everybody's.
    "law",
    "point",
    "obligation",
    "step",
    "scope",
    "control",
    "criterion_id",
}


@contextmanager
def nothing_changes(workspace: Workspace, before: str) -> Iterator[None]:
    """Check that no row of `workspace` changes within; `before` is its dump.

    SQLite counts the rows that are written: where there was none, nobody has to look.
    """
    written = _written()
    yield
    if written is None or _written() != written:
        assert dump_of(workspace) == before


def _written() -> int | None:
    """Return how many rows this connection has written; None where the database does not count."""
    if connection.vendor != "sqlite":
        return None
    return int(connection.connection.total_changes)


def dump_of(workspace: Workspace) -> str:
    """Return a digest of every row of `workspace`, and of its members' accounts."""
    found = []
    with connection.cursor() as cursor:
        for query, values in _every_row_of(workspace.id):
            cursor.execute(query, values)
            found.append(sorted(map(repr, cursor.fetchall())))
    assert sum(map(len, found)) > 5
    return hashlib.sha256(repr(found).encode()).hexdigest()


@cache
def _every_row_of(workspace_id: UUID) -> list[tuple[str, tuple[object, ...]]]:
    """Return the questions that `dump_of` asks, built once: it is asked thousands of times."""
    asked = []
    for model in apps.get_models():
        if any(one.name == "workspace" for one in model._meta.get_fields()):
            rows = model.objects.filter(workspace=workspace_id)
        elif model is get_user_model():
            rows = model.objects.filter(memberships__workspace=workspace_id)
        else:
            continue
        # A test signs in before it asks: that one did so is no change.
        kept = [one.attname for one in model._meta.concrete_fields if one.name != "last_login"]
        asked.append(rows.order_by().values_list(*kept).query.sql_with_params())
    return asked
