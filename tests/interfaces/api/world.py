"""Two workspaces with one of everything the API can name, and the address of each operation there.

Whoever adds an operation with a new collection adds a row to `fill`; every text of a workspace
carries its word, so that a leak is found by searching for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from tests.cast import AT, Cast
from tests.domain.costs.drafts import a_bill
from tests.domain.evidence.payloads import an_observation

from headway.analysis.schedule.plan import Calendar
from headway.domain.accounts.rules import Actor
from headway.domain.accounts.rules.secrets import hash_secret
from headway.domain.annotation.actions import set_batch, set_guideline, set_pilot
from headway.domain.assessments.actions import judge_health
from headway.domain.assessments.rules import JudgementDraft
from headway.domain.checkins.actions import answer_check_in
from headway.domain.checks.actions import add_monitor, keep_upload, set_connection, set_trial
from headway.domain.checks.actions.proposing import propose_retraining
from headway.domain.checks.actions.recording import keep_result
from headway.domain.checks.models import CheckRun, Monitor, ReferenceData
from headway.domain.checks.rules import ColumnResult, RunResult
from headway.domain.checks.rules.connections import ConnectionDraft
from headway.domain.compliance.actions import open_incident, write_card
from headway.domain.compliance.actions.frameworks import assign_pack
from headway.domain.compliance.actions.policies import add_policy_version
from headway.domain.compliance.rules.assigning import PolicyDraft
from headway.domain.costs.actions import record_bills, set_allocation_rule
from headway.domain.discussion.actions import add_comment, add_link
from headway.domain.discussion.rules import LinkTo
from headway.domain.evidence.actions import record_evidence, set_run_rule
from headway.domain.evidence.models import Subject
from headway.domain.finance.actions import (
    request_budget_change,
    set_accrual,
    set_budget_line,
    set_exchange_rate,
)
from headway.domain.forums.actions import set_forum
from headway.domain.gates.actions import add_gate_template, open_gates
from headway.domain.gates.models import (
    ApprovalRequest,
    Condition,
    Delegation,
    Gate,
    GateDecision,
    Waiver,
)
from headway.domain.inventory.actions import (
    describe_dataset,
    describe_model,
    describe_pipeline,
)
from headway.domain.maturity.actions import set_goal
from headway.domain.people.actions import set_person, set_resource, set_working_time
from headway.domain.people.actions.allocations import set_allocation
from headway.domain.people.actions.pools import set_pool
from headway.domain.people.actions.requests import set_request
from headway.domain.people.actions.staffing import add_operations_load, set_opening
from headway.domain.plans.actions import (
    add_item,
    ask_what_if,
    link_items,
    make_forecast,
    propose_levelling,
    set_baseline,
    set_blocked_items,
    set_decision,
    set_need,
    set_scenario,
)
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.models import Decision, ImportJob
from headway.domain.plans.queries import WhatIf, history_of_item
from headway.domain.programs.actions import (
    create_program,
    create_project,
    create_release,
    create_stage_template,
    create_system,
    edit_project,
    keep_calendar,
    set_business_case,
    set_criterion,
    set_objective,
)
from headway.domain.programs.queries import project_named
from headway.domain.progress.actions import set_follow, set_measure
from headway.domain.reports.actions import freeze_report, keep_template
from headway.domain.reports.rules import PackDraft
from headway.domain.risks.actions import (
    set_action,
    set_assumption,
    set_blocker,
    set_issue,
    set_risk,
)
from headway.domain.sharing.models import DecisionLink, ReportLink
from headway.domain.sources.actions import add_source
from headway.domain.sources.rules import SourceDraft
from headway.domain.stakeholders.actions import set_promise
from headway.domain.vendors.actions import (
    request_vendor_approvals,
    set_contract,
    set_invoice,
    set_order,
    set_receipt,
    set_vendor,
)
from headway.interfaces.api.operations import Declared
from headway.rendering.report.starter import starter_deck

#: The word in every text of Other, and nowhere in Acme.
FOREIGN = "zebra"

#: A gate file whose every text carries the word.
GATES = """
key: {word}-gates
name: {word}
stages: {{live: [{{key: {word}, rule: {{given: criteria}}}}]}}
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One workspace; `names` holds a thing of each collection, as its address has it."""

    owner: Actor
    names: Mapping[str, str]

    def at(self, one: Declared, **other: str) -> str:
        """Return the address of operation `one` here, but for the collections in `other`."""
        names = {**self.names, **other}
        return re.sub(
            r"/([a-z-]+)/\{[^}]*\}", lambda found: f"/{found[1]}/{names[found[1]]}", one.path
        )


def a_world(cast: Cast) -> tuple[Side, Side]:
    """Return Acme and Other, filled alike."""
    return fill(cast.alice, "otter"), fill(cast.charlie, FOREIGN)


def fill(owner: Actor, word: str) -> Side:
    """Put one of everything into the workspace of `owner`."""
    program, project = f"{word}-program", f"{word}-project"
    create_program(owner, {"name": word, "slug": program, "target": "2027-06-30"}, AT)
    keep_calendar(owner, program, Calendar(f"{word}-shift"), AT)
    create_project(owner, program, {"name": word, "slug": project}, AT)
    for key in (f"{word}-item", f"{word}-other"):
        add_item(owner, project, key, {"name": word, "estimate": [1, 2, 3]}, AT)
    link_items(owner, LinkDraft(f"{project}/{word}-item", f"{project}/{word}-other"), AT)
    promise = {"subject": f"model:{word}", "metric": word, "target": 0.9}
    set_criterion(owner, project, f"{word}-criterion", promise, AT)
    set_objective(owner, program, f"{word}-objective", word, AT)
    set_budget_line(owner, program, f"{word}-line", {"amount": "10.00"}, AT)
    rate = give_money(owner, program, word)
    worth = {"start": 9, "at_target": [1, 2, 3], "worth": [1, 1, 1]}
    set_business_case(owner, project, {"lines": [{"key": f"{word}-line", **worth}]}, AT)
    set_decision(owner, program, f"{word}-decision", {"question": word}, AT)
    link = DecisionLink.objects.create(
        workspace_id=owner.workspace_id,
        decision=Decision.objects.get(key=f"{word}-decision"),
        secret_hash=hash_secret(word),
        name=word,
        version=1,
        created_at=AT,
        expires_at=AT.replace(year=2100),
    )
    set_risk(owner, program, f"{word}-risk", {"name": word, "probability": 0.5}, AT)
    set_action(owner, program, f"{word}-action", {"name": word}, AT)
    set_assumption(owner, program, f"{word}-assumption", {"name": word}, AT)
    set_blocker(owner, program, f"{word}-blocker", {"name": word}, AT)
    set_issue(owner, program, f"{word}-issue", {"name": word}, AT)
    set_blocked_items(owner, program, f"{word}-blocker", [f"{project}/{word}-item"], AT)
    buying = buy(owner, program, word)
    set_promise(owner, program, f"{word}-promise", {"name": word, "giver": word}, AT)
    for setting, sort in ((set_guideline, "guideline"), (set_batch, "batch"), (set_pilot, "pilot")):
        setting(owner, program, f"{word}-{sort}", {"name": word}, AT)
    set_resource(owner, program, f"{word}-resource", {"capacity": 1}, AT)
    set_need(owner, f"{project}/{word}-item", f"{word}-resource", 1, AT)
    set_resource(owner, program, f"{word}-pool", {"capacity": 4, "kind": "compute"}, AT)
    set_pool(owner, program, f"{word}-pool", {"machine": word}, AT)
    set_measure(owner, f"{project}/{word}-item", {"method": "effort"}, AT)
    set_follow(owner, f"{project}/{word}-item", {"criterion": f"{word}-criterion"}, AT)
    levelling = propose_levelling(owner, program, {"seconds": 0}, AT, AT)
    set_person(owner, f"{word}-person", {"name": word}, AT)
    set_working_time(owner, f"{word}-person", {"absences": "2030-01-01"}, AT)
    capacity(owner, program, word)
    check_in = answer_check_in(owner, f"{word}-person", [], word, AT).id
    create_system(owner, {"name": word, "slug": f"{word}-system"}, AT)
    taken = {"kind": "on_call", "role": word, "hours": 4}
    load = add_operations_load(owner, f"{word}-system", taken, AT)
    set_opening(owner, f"{word}-opening", {"role": word}, AT, program=program)
    release = create_release(owner, f"{word}-system", word, AT, project=project)
    harm = {"title": word, "harm": "serious"}
    incident = open_incident(owner, f"{word}-system", harm, AT)
    add_gate_template(owner, GATES.format(word=word), AT)
    gate = open_gates(owner, release.id, f"{word}-gates", AT)[0]
    deciding = at_gate(owner, gate.id, word)
    edit_project(owner, project, {"system": f"{word}-system"}, AT)
    goal = {"model": "mlts", "target": 0.5}
    goal_key = set_goal(owner, f"{word}-system", goal, AT).key
    stages = [{"id": "build", "name": word}, {"id": "live", "name": "Live"}]
    template = create_stage_template(owner, f"{word} stages", stages, AT)
    # Never read: a token is not sent in the clear, and that is refused before anything is asked.
    url = f"http://{word}.invalid"
    add_source(owner, SourceDraft("mlflow", f"{word}-source", url, secret=word), AT)
    note = an_observation(subject=f"model:{word}@1", text=word)
    record_evidence(owner, [note], AT)
    rule = set_run_rule(owner, {"group": word, "project": project, "reason": word}, AT).rule
    make_forecast(owner, program, AT, trials=200)
    supposition = ask_what_if(owner, program, WhatIf((f"{word}-risk",)), AT, AT)
    set_scenario(owner, program, f"{word}-scenario", {"name": word}, AT)
    agreed = {"name": f"{word} baseline", "reason": word}
    for _ in range(2):  # the first is kept: what is kept can be set aside
        set_baseline(owner, program, agreed, AT)
    judgement = judge_health(owner, JudgementDraft(program, "quality", word), AT)
    keep_template(owner, f"{word} slides", starter_deck(), AT)
    report = freeze_report(owner, program, PackDraft(), AT)
    weekly = {"name": f"{word} weekly", "first_on": "2026-11-30", "hour": "10:00"}
    forum = set_forum(owner, program, "", weekly, AT)
    about = f"risk:{program}/{word}-risk"
    comment = add_comment(owner, about, f"{word}, said @{word}-person", AT)
    tie = add_link(owner, about, LinkTo(to=f"program:{program}"), AT)
    share = ReportLink.objects.create(
        workspace_id=owner.workspace_id,
        report_id=report.id,
        secret_hash=hash_secret(f"sh_{word}"),
        whom=word,
        audience="executive",
        created_at=AT,
        expires_at=AT.replace(year=2100),
    )
    subject = Subject.objects.get(workspace_id=owner.workspace_id, name=word)
    set_connection(owner, f"{word}-connection", ConnectionDraft("duckdb", f"{word}.duckdb"), AT)
    version = history_of_item(owner, project_named(owner, project), f"{word}-item")[-1].history_id
    job = ImportJob.objects.create(
        workspace_id=owner.workspace_id,
        member_id=owner.member_id,
        file_name=f"{word}.csv",
        size=1,
        state="cancelled",
        at=AT,
        changed_at=AT,
    )
    shares = {"conditions": [["service", word]], "shares": [[project, "1"]]}
    set_allocation_rule(owner, f"{word}-rule", {"name": word, **shares}, AT)
    bill = record_bills(owner, [a_bill(word)], AT)[3][0]
    upload = keep_upload(owner, word.encode(), f"{word}.csv", AT)
    watched = watch(owner, project, word)
    inventory(owner, word)
    held = hold(owner, program, word)
    return Side(
        owner,
        {
            "frameworks": f"{word}-policy-v1",
            "framework-assignments": held,
            "controls": f"{word}-one",
            "policies": f"{word}-policy",
            "models": word,
            "alias-at": word,
            "model-facts": word,
            "allocation-rules": f"{word}-rule",
            "bills": str(bill),
            "datasets": f"{word}-data",
            "dataset-facts": f"{word}-data",
            "pipelines": f"{word}-pipeline",
            "pipeline-facts": f"{word}-pipeline",
            "cards": f"dataset:{word}-data",
            "card-words": f"dataset:{word}-data",
            "card-records": f"dataset:{word}-data",
            "repositories": word,
            "data-tables": str(upload.id),
            "runs": "1",
            "connections": f"{word}-connection",
            "monitors": f"{word}-monitor",
            "columns": f"{word}-column",
            "retraining-proposals": watched,
            "plan-imports": str(job.id),
            "versions": str(version),
            "programs": program,
            "calendars": f"{word}-shift",
            "projects": project,
            "items": f"{word}-item",
            "dependencies": f"{project}/{word}-other",
            "criteria": f"{word}-criterion",
            "objectives": f"{word}-objective",
            "budget": f"{word}-line",
            "accruals": f"{word}-accrual",
            "budget-changes": "BC-1",
            "exchange-rates": rate,
            "risks": f"{word}-risk",
            "decisions": f"{word}-decision",
            "baselines": f"{word}-baseline",
            "scenarios": f"{word}-scenario",
            "levellings": str(levelling.id),
            "what-ifs": str(supposition.id),
            "links": str(link.id),
            "shares": str(share.id),
            "actions": f"{word}-action",
            "assumptions": f"{word}-assumption",
            "blockers": f"{word}-blocker",
            "issues": f"{word}-issue",
            "promises": f"{word}-promise",
            "batches": f"{word}-batch",
            "guidelines": f"{word}-guideline",
            "pilots": f"{word}-pilot",
            "resources": f"{word}-resource",
            "allocations": f"{word}-allocation",
            "capacity-requests": f"{word}-request",
            "pools": f"{word}-pool",
            "people": f"{word}-person",
            "pay": "2026-01-01",
            "time-sheets": "2026-01-05",
            "openings": f"{word}-opening",
            "operations-loads": str(load.id),
            "check-ins": str(check_in),
            "systems": f"{word}-system",
            "maturity-goals": goal_key,
            "incidents": incident.incident.key,
            "audit-packages": f"program:{program}",
            "releases": str(release.id),
            "gates": str(gate.id),
            "gate-templates": f"{word}-gates",
            "stages": "live",
            "requirements": word,
            **deciding,
            **buying,
            "rules": "1",
            "stage-templates": str(template.id),
            "sources": f"{word}-source",
            "subjects": str(subject.id),
            "run-rules": str(rule.id),
            "evidence": "1",
            "judgements": str(judgement.id),
            "reports": str(report.number),
            "comments": str(comment.id),
            "forums": forum.key,
            "meetings": "1",
            "thing-links": str(tie.id),
            "deck-templates": f"{word} slides",
        },
    )


def capacity(owner: Actor, program: str, word: str) -> None:
    """Let somebody work for the program, and somebody else be asked for."""
    days = {"starts_on": "2026-11-23", "ends_on": "2026-12-18", "share": 0.5, "note": word}
    values = {"person": f"{word}-person", "program": program, **days}
    set_allocation(owner, f"{word}-allocation", values, AT)
    set_request(owner, program, f"{word}-request", {"role": word, **days}, AT)


def buy(owner: Actor, program: str, word: str) -> dict[str, str]:
    """Order something of a vendor, take it and its invoice in; return what is known by what."""
    key, term = f"{word}-vendor", {"name": word, "starts": AT.date(), "currency": "USD"}
    set_vendor(owner, key, {"name": word, "note": word}, AT)
    set_contract(owner, key, f"{word}-contract", term, AT)
    order = {"name": word, "contract": f"{key}/{word}-contract", "amount": "10"}
    set_order(owner, program, f"{word}-purchase", order, AT)
    set_receipt(owner, (program, f"{word}-purchase"), f"{word}-receipt", {"amount": "10"}, AT)
    line = {"order": f"{program}/{word}-purchase", "amount": "10"}
    bill = {"number": f"{word}-invoice", "currency": "USD", "lines": [line]}
    invoice = set_invoice(owner, key, "", bill, AT).invoice
    asked = request_vendor_approvals(owner, invoice.subject, ["finance"], AT)
    waiting = asked.standings[0].waiting
    return {
        "vendors": key,
        "contracts": f"{word}-contract",
        "purchases": f"{word}-purchase",
        "receipts": f"{word}-receipt",
        "invoices": invoice.key,
        "vendor-approvals": str(waiting.id if waiting else ""),
    }


def give_money(owner: Actor, program: str, word: str) -> str:
    """Give a program an accrual and a budget change; return the key of a rate of its currency."""
    owed = {"month": "2026-11", "amount": "1", "reason": word}
    set_accrual(owner, (program, f"{word}-accrual"), owed, AT)
    wanted = {"source": f"{word}-line", "amount": "1", "reason": word}
    request_budget_change(owner, program, wanted, AT)
    # One pair of each workspace's own, so that the other's is not there.
    base = "EUR" if word != FOREIGN else "CHF"
    told = {"rate": "1.1", "source": word}
    return set_exchange_rate(owner, (base, "USD", AT.date()), told, AT).key.replace("/", "-")


def at_gate(owner: Actor, gate_id: UUID, word: str) -> dict[str, str]:
    """Put one of all that people do at a gate there, each carrying `word`; return their ids."""
    gate = Gate.objects.get(id=gate_id)
    here, day = {"workspace_id": owner.workspace_id}, AT.date()
    mine = {"gate": gate, **here}
    asked = ApprovalRequest.objects.create(**mine, round=1, function="legal", requested_at=AT)
    given = {"function": "legal", "giver_id": owner.member_id, "taker_id": owner.member_id}
    delegation = Delegation.objects.create(**here, **given, starts=day, ends=day, reason=word)
    debt = {"requirement": word, "owner": word, "reason": word, "until": day, "granted_at": AT}
    waiver = Waiver.objects.create(**mine, **debt)
    seen = {"subject": "", "rules": 1, "rules_digest": word, "lines": []}
    told = {"rules": gate.rules, "seen": seen, "at": AT, "by": word, "reason": word}
    decision = GateDecision.objects.create(**mine, round=1, outcome="hold", **told)
    owed = Condition.objects.create(**here, decision=decision, key="c1", text=word, due=day)
    return {
        "gate-approvals": str(asked.id),
        "gate-delegations": str(delegation.id),
        "gate-waivers": str(waiver.id),
        "gate-conditions": str(owed.id),
    }


def hold(owner: Actor, program: str, word: str) -> str:
    """Write a policy, hold the program to it, and return the assignment's id."""
    text = f"pack: {word}-policy\ntitle: {word}\ncontrols: [{{id: {word}-one, title: {word}}}]\n"
    add_policy_version(owner, "", PolicyDraft(text, AT.date()), AT)
    return str(assign_pack(owner, (f"{word}-policy-v1", "program", program), AT).id)


def inventory(owner: Actor, word: str) -> None:
    """Let evidence name a dataset, and somebody speak of it, of a model and of a pipeline."""
    data = an_observation("dataset_version", subject=f"dataset:{word}-data@1", source=word)
    found = an_observation("audit", subject=f"repository:{word}", source=word)
    record_evidence(owner, [data, found], AT)
    write_card(owner, f"dataset:{word}-data", "uses", {"text": word}, AT)
    describe_model(owner, word, {"note": word}, AT)
    describe_dataset(owner, f"{word}-data", {"note": word}, AT)
    describe_pipeline(owner, f"{word}-pipeline", {"note": word}, AT)


def watch(owner: Actor, project: str, word: str) -> str:
    """Let a monitor of an experiment alert, and return the key of the proposal to retrain."""
    key = f"{word}-monitor"
    fields = {"name": word, "kind": "experiment", "subject": f"model:{word}@1"}
    add_monitor(owner, project, key, fields, AT)
    set_trial(owner, key, word, {"metrics": [word]}, AT)
    monitor = Monitor.objects.get(workspace_id=owner.workspace_id, key=key)
    run = CheckRun.objects.create(
        workspace_id=owner.workspace_id, monitor=monitor, number=1, at=AT, changed_at=AT
    )
    found = RunResult("unmet", word, word, columns=[ColumnResult(f"{word}-column", sentence=word)])
    keep_result(owner, monitor, run, found, AT)
    ReferenceData.objects.create(
        workspace_id=owner.workspace_id,
        monitor=monitor,
        number=1,
        stored={},
        reason=word,
        at=AT,
        made_by=word,
    )
    monitor.kind = "drift"  # an experiment proposes nothing
    proposal = propose_retraining(owner, monitor, run, AT)
    assert proposal is not None
    return proposal.key
