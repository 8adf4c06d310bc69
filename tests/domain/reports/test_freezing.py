"""Claims about packs: one truth, the bridge, the written reason, letters, addresses, decks."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from tests.cast import AT, Cast
from tests.domain.assessments.fraud import LATER, TRIALS, a_judged_program, push_recall

from headway.domain.accounts.models import AuditEntry, User
from headway.domain.assessments.actions import judge_health
from headway.domain.assessments.rules import JudgementDraft
from headway.domain.finance.actions import set_budget_line
from headway.domain.people.actions import set_person, set_resource
from headway.domain.plans.actions import (
    edit_item,
    make_forecast,
    set_blocked_items,
    set_decision,
    set_need,
)
from headway.domain.programs.queries import program_named
from headway.domain.reports.actions import freeze_report, keep_template, retire_template
from headway.domain.reports.models import DeckTemplate, Report
from headway.domain.reports.queries import (
    Drawing,
    compose_pack,
    content_of,
    pack_contents,
    pack_numbered,
    report_content,
    report_mail,
    templates_of,
)
from headway.domain.reports.rules import (
    Audience,
    Format,
    PackDraft,
    from_snapshot,
    is_greener,
    to_snapshot,
)
from headway.domain.risks.actions import set_blocker
from headway.domain.stakeholders.actions import set_promise
from headway.errors import Conflict, Invalid, NotFound, Refused
from headway.rendering.report import Pack, page_of
from headway.rendering.report.starter import starter_deck
from headway.rendering.report.views import VIEWS

pytestmark = pytest.mark.django_db

ALL = tuple(one for one in Audience if one is not Audience.VENDOR)
OLD = Path(__file__).parents[2] / "rendering/report/one-pager-of-schema-1.json"


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    a_judged_program(cast)
    push_recall(cast, "scores", 0.95)


def frozen(cast: Cast, at: datetime = AT, **draft: object) -> Pack:
    """Freeze a pack and return it as it comes back."""
    wanted = replace(PackDraft(), **draft)  # type: ignore[arg-type]
    line = freeze_report(cast.mia, "fraud", wanted, at, known_at=at)
    return pack_numbered(cast.vera, program_named(cast.vera, "fraud"), line.number)[1]


def later(cast: Cast) -> None:
    """Let a week pass in which an estimate grew."""
    edit_item(cast.bob, ("scores", "A"), {"estimate": "30 60 150", "cost_minor": 2_000_050}, LATER)
    make_forecast(cast.bob, "fraud", LATER, trials=TRIALS)


# --- one truth


def test_one_snapshot_gives_every_audience_in_every_format(cast: Cast) -> None:
    frozen(cast, audiences=ALL)
    program = program_named(cast.vera, "fraud")
    names = set()
    for audience in ALL:
        for form in Format:
            content = report_content(cast.vera, program, 1, Drawing(form, audience))
            assert len(content.data) > 500
            names.add(content.name)
    assert len(names) == len(ALL) * len(Format)
    whole = pack_contents(cast.vera, program, 1)
    with ZipFile(io.BytesIO(whole.data)) as held:
        assert set(held.namelist()) == names
    assert pack_contents(cast.vera, program, 1) == whole


def test_a_pack_says_for_whom_it_was_frozen_and_the_audit_says_so_too(cast: Cast) -> None:
    frozen(cast, audiences=("finance", "executive", "finance"))
    row = Report.objects.get()
    assert (row.audiences, row.schema) == (["finance", "executive"], 2)
    entry = AuditEntry.objects.filter(action="freeze_report").latest("sequence")
    assert '"finance"' in entry.text


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (PackDraft(("board",)), "'board'"),
        (PackDraft(()), "at least one audience"),
        (PackDraft(("vendor",)), "needs the vendor"),
        (PackDraft(reason="x" * 1_001), "1,001 letters"),
        (PackDraft(vendors=[f"v{n}" for n in range(21)]), "at most 20 vendors"),
    ],
)
def test_a_draft_that_makes_no_sense_is_invalid(cast: Cast, draft: PackDraft, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        freeze_report(cast.mia, "fraud", draft, AT)
    assert not Report.objects.exists()


def test_engineering_reads_what_was_measured_and_on_which_record(cast: Cast) -> None:
    told = frozen(cast).engineering
    assert told is not None
    line = next(one for one in told.criteria if one.project == "Scores")
    assert (line.verdict, line.value, line.bound) == ("met", 0.95, "at least 0.9")
    assert line.records
    missing = next(one for one in told.criteria if one.project == "Rules")
    assert (missing.verdict, missing.value, missing.records) == ("missing", None, ())
    assert {one.name for one in told.work} == {"Work"}


def test_engineering_reads_what_blocks_it(cast: Cast) -> None:
    values = {"name": "No access", "since": "2026-11-09", "waits_for": "The clinic"}
    set_blocker(cast.bob, "fraud", "access", values, AT)
    set_blocked_items(cast.bob, "fraud", "access", ["scores/A"], AT)
    told = frozen(cast).engineering
    assert told is not None
    [line] = told.blockers
    assert (line.project, line.name, line.since) == ("Scores", "No access", date(2026, 11, 9))
    assert line.sentence == "waits for The clinic"


def test_compliance_reads_the_digest_that_the_ledger_sealed(cast: Cast) -> None:
    told = frozen(cast).compliance
    assert told is not None
    [line] = told.evidence
    assert line.digest == Report.objects.get().ledger_head.split(":")[1] + line.digest[16:]
    assert any("Rules" in sentence for sentence in told.missing)


def test_a_frozen_snapshot_of_before_there_were_packs_still_opens(cast: Cast) -> None:
    text = OLD.read_text("utf-8").strip()
    pack = from_snapshot(text)
    assert pack.schema == 1
    assert page_of(pack, "executive").title == "Field automation"
    for form in Format:
        assert len(content_of(pack, "old", Drawing(form)).data) > 500
    for audience in ("engineering", "finance", "compliance"):
        with pytest.raises(NotFound, match="executive page only"):
            page_of(pack, audience)


def test_a_snapshot_of_a_later_headway_is_refused() -> None:
    with pytest.raises(Invalid, match="schema 99"):
        from_snapshot(json.dumps({"schema": 99}))


def test_nobody_freezes_between_two_looks(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from headway.domain.reports.actions import freeze

    composed = freeze.compose_pack

    def meanwhile(*args: object, **options: object) -> Pack:
        monkeypatch.setattr(freeze, "compose_pack", composed)
        frozen(cast)
        return composed(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(freeze, "compose_pack", meanwhile)
    with pytest.raises(Conflict, match="frozen meanwhile"):
        freeze_report(cast.mia, "fraud", PackDraft(), LATER)
    assert Report.objects.count() == 1


# --- the difference to the last pack


def test_a_first_pack_has_no_bridge(cast: Cast) -> None:
    assert frozen(cast).bridge is None


def test_the_bridge_leads_from_the_last_pack_to_this_one(cast: Cast) -> None:
    first = frozen(cast)
    later(cast)
    second = frozen(cast, LATER)
    bridge = second.bridge
    assert bridge is not None
    before, now = first.executive.outlook, second.executive.outlook
    assert (bridge.then_p80, bridge.now_p80) == (before.p80, now.p80)
    assert before.p80
    assert now.p80
    assert {"estimates", "prices"} <= {step.cause for step in bridge.steps}
    assert sum(step.days or 0 for step in bridge.steps) == (now.p80 - before.p80).days
    assert before.cost_p80 is not None
    assert now.cost_p80 is not None
    money = sum((step.money or Decimal(0) for step in bridge.steps), Decimal(0))
    assert money == now.cost_p80 - before.cost_p80
    assert "remade" not in {step.cause for step in bridge.steps}


def test_what_the_engine_cannot_repeat_is_a_step_of_its_own(cast: Cast) -> None:
    first = frozen(cast)
    row = Report.objects.get()
    told = first.executive
    assert told.outlook.p80
    assert told.outlook.cost_p80 is not None
    other = replace(
        told.outlook,
        p80=told.outlook.p80 - timedelta(days=11),
        cost_p80=told.outlook.cost_p80 - Decimal("12.34"),
    )
    text = to_snapshot(replace(first, executive=replace(told, outlook=other)))
    Report.objects.bulk_create([_as_told(row, text)])
    later(cast)
    bridge = frozen(cast, LATER).bridge
    assert bridge is not None
    remade = next(step for step in bridge.steps if step.cause == "remade")
    assert (remade.days, remade.money) == (Decimal(11), Decimal("12.34"))
    assert bridge.now_p80
    assert bridge.then_p80
    days = sum(step.days or 0 for step in bridge.steps)
    assert days == (bridge.now_p80 - bridge.then_p80).days


def _as_told(row: Report, snapshot: str) -> Report:
    """Return a second pack a minute after `row` that told other numbers."""
    fields = {f.attname: getattr(row, f.attname) for f in Report._meta.concrete_fields}
    del fields["id"]
    fields |= {"number": 2, "data_date": row.data_date + timedelta(minutes=1)}
    return Report(**(fields | {"snapshot": snapshot}))


def test_without_a_new_forecast_nothing_moved(cast: Cast) -> None:
    frozen(cast)
    bridge = frozen(cast, AT + timedelta(hours=1)).bridge
    assert bridge is not None
    assert bridge.steps == ()
    assert "No forecast was made" in bridge.problem


# --- a judgement greener than the evidence


def judged(cast: Cast, level: str, words: str = "It will hold.", **more: str) -> None:
    until = (AT + timedelta(days=20)).date() if level else None
    draft = JudgementDraft("fraud", "quality", words, level=level, until=until, **more)
    judge_health(cast.mia, draft, AT)


def test_a_greener_judgement_is_told_only_with_a_written_reason(cast: Cast) -> None:
    judged(cast, "good")
    with pytest.raises(Invalid, match="Quality of Fraud is judged good .* evidence says unknown"):
        frozen(cast, LATER)
    with pytest.raises(Invalid, match="write the reason"):
        frozen(cast, LATER, reason="   ")
    assert not Report.objects.exists()
    pack = frozen(cast, LATER, reason="Two labs agree.")
    assert [one.dimension for one in pack.overruled] == ["quality"]
    assert Report.objects.get().reason == "Two labs agree."
    for audience in VIEWS:
        mail = report_mail(cast.vera, program_named(cast.vera, "fraud"), 1, audience)
        assert "Two labs agree." in mail.text
        assert "Two labs agree." in mail.html


def test_a_projects_greener_judgement_needs_a_reason_too(cast: Cast) -> None:
    judged(cast, "good", project="rules")
    with pytest.raises(Invalid, match="of Rules is judged good"):
        frozen(cast, LATER)


def test_words_alone_a_darker_view_and_one_that_ended_need_none(cast: Cast) -> None:
    judged(cast, "")
    judged(cast, "bad", project="scores")
    assert frozen(cast, AT + timedelta(days=1)).overruled == ()
    judged(cast, "good")
    assert frozen(cast, AT + timedelta(days=30)).overruled == ()


@pytest.mark.parametrize(
    ("told", "computed", "greener"),
    [
        ("good", "at_risk", True),
        ("good", "bad", True),
        ("good", "unknown", True),
        ("at_risk", "bad", True),
        ("good", "good", False),
        ("at_risk", "unknown", False),
        ("bad", "good", False),
        ("unknown", "bad", False),
    ],
)
def test_not_knowing_is_no_better_than_being_at_risk(
    told: str, computed: str, greener: bool
) -> None:
    assert is_greener(told, computed) is greener  # type: ignore[arg-type]


# --- money


def test_finance_adds_up_to_the_cent_with_contingency_and_without_reserve(cast: Cast) -> None:
    lines = {
        "people": {"amount": "10000.01", "category": "people", "project": "scores"},
        "odd": {"amount": "0.02", "category": "data"},
        "spare": {"amount": "500.50", "category": "other", "purpose": "contingency"},
        "hidden": {"amount": "99.99", "category": "other", "purpose": "reserve"},
    }
    for key, values in lines.items():
        set_budget_line(cast.mia, "fraud", key, values, AT)
    told = frozen(cast).finance
    assert told is not None
    assert told.budget == Decimal("40500.53")
    assert sum(one.budget for one in told.categories) == told.budget
    assert sum(one.budget or Decimal(0) for one in told.projects) == told.budget
    assert (told.contingency, told.reserve) == (Decimal("500.50"), Decimal("99.99"))
    assert "hidden" not in {one.category for one in told.categories}


# --- letters


@pytest.fixture
def vendors(cast: Cast) -> None:
    """Give each project a vendor of its own, with an amount and a decision of its own."""
    set_person(cast.mia, "lab", {"name": "Labelwerk", "email": "office@labelwerk.example"}, AT)
    set_person(cast.mia, "cloud", {"name": "Cloudhaus"}, AT)
    edit_item(cast.bob, ("scores", "A"), {"owner": "lab", "cost_minor": 4_444_400}, AT)
    edit_item(cast.bob, ("rules", "A"), {"owner": "cloud", "cost_minor": 7_777_700}, AT)
    for owner, question in (("lab", "More shifts?"), ("cloud", "Which region?"), ("", "Drop lab?")):
        key = question[:4].lower().strip()
        set_decision(cast.bob, "fraud", key, {"question": question, "owner": owner}, AT)
    make_forecast(cast.bob, "fraud", AT, trials=TRIALS)


def letter(cast: Cast, vendor: str) -> str:
    """Return everything a letter says, in all formats that are text."""
    program = program_named(cast.vera, "fraud")
    forms = (Format.HTML, Format.MARKDOWN)
    files = [
        report_content(cast.vera, program, 1, Drawing(form, "vendor", vendor)) for form in forms
    ]
    mail = report_mail(cast.vera, program, 1, "vendor", vendor)
    texts = [file.data.decode().split("</style>")[-1].replace("\\", "") for file in files]
    return " ".join([*texts, mail.subject, mail.text, mail.html])


@pytest.mark.usefixtures("vendors")
def test_a_letter_says_what_is_the_vendors_and_nothing_of_others(cast: Cast) -> None:
    frozen(cast, audiences=("vendor",), vendors=("Labelwerk", "cloud"))
    mine, theirs = letter(cast, "lab"), letter(cast, "Cloudhaus")
    assert "44,444.00" in mine
    assert "More shifts?" in mine
    assert "77,777.00" in theirs
    for word in ("77,777", "Cloudhaus", "Which region?", "Drop lab?", "Rules", "30,000", "P80"):
        assert word not in mine, word
    for word in ("44,444", "Labelwerk", "More shifts?", "Drop lab?", "Scores"):
        assert word not in theirs, word


@pytest.mark.usefixtures("vendors")
def test_a_letter_to_a_resource_tells_no_money(cast: Cast) -> None:
    set_resource(cast.bob, "fraud", "annotator", {"capacity": 2}, AT)
    set_need(cast.bob, "scores/A", "annotator", 1, AT)
    frozen(cast, vendors=("Annotator",))
    text = letter(cast, "annotator")
    assert "Work" in text
    assert "44,444" not in text


@pytest.mark.usefixtures("vendors")
def test_a_letter_holds_the_promises_to_and_from_the_vendor(cast: Cast) -> None:
    ours = {"name": "Gold set", "direction": "give", "taker": "Labelwerk", "promised": "2026-12-04"}
    theirs = {"name": "Trial batch", "direction": "get", "giver": "lab", "promised": "2026-12-11"}
    other = {"name": "New region", "direction": "get", "giver": "Cloudhaus"}
    for key, values in (("gold", ours), ("trial", theirs), ("region", other)):
        set_promise(cast.mia, "fraud", key, values, AT)
    frozen(cast, vendors=("lab",))
    text = letter(cast, "lab")
    assert "Gold set (from us)" in text
    assert "Trial batch (to us)" in text
    assert "not confirmed" in text
    assert "New region" not in text


def test_a_letter_to_nobody_in_the_plan_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound, match="Nothing in Fraud is of 'Ghost'"):
        frozen(cast, vendors=("Ghost",))


@pytest.mark.usefixtures("vendors")
def test_a_pack_without_the_vendor_says_which_letters_it_has(cast: Cast) -> None:
    frozen(cast, vendors=("lab",))
    with pytest.raises(NotFound, match="a letter to Labelwerk, not to 'cloud'"):
        letter(cast, "cloud")


# --- no address leaves


@pytest.mark.usefixtures("vendors")
def test_no_snapshot_holds_an_address_wherever_it_was_typed(cast: Cast) -> None:
    User.objects.filter(id=cast.mia.user_id).update(name="")
    judged(cast, "", words="Ask ana.b+c@sub.example.com or mailto:vic@example.org.")
    edit_item(cast.bob, ("rules", "A"), {"owner": "bob@example.com", "name": "Ask x@y.example"}, AT)
    frozen(cast, LATER, vendors=("lab",), audiences=ALL)
    text = Report.objects.get().snapshot
    assert "@" not in text.replace("model:scores@1", "")
    assert "(address withheld)" in text
    assert "model:scores@1" in text


def test_a_draft_shows_no_address_either(cast: Cast) -> None:
    judged(cast, "", words="Ask ana@example.com.")
    pack = compose_pack(cast.vera, program_named(cast.vera, "fraud"), LATER)
    assert "ana@example.com" not in to_snapshot(pack)
    assert pack == from_snapshot(to_snapshot(pack))


# --- the deck it is laid out on


def deck(cast: Cast, number: int = 1) -> bytes:
    program = program_named(cast.vera, "fraud")
    return report_content(cast.vera, program, number, Drawing(Format.PPTX)).data


def test_a_pack_remembers_its_deck_whatever_becomes_of_it(cast: Cast) -> None:
    line = keep_template(cast.mia, "Ours", starter_deck(), AT, is_default=True)
    assert (line.name, line.is_default) == ("Ours", True)
    frozen(cast)
    before = deck(cast)
    retire_template(cast.mia, "Ours", LATER)
    assert deck(cast) == before
    assert templates_of(cast.vera) == []
    frozen(cast, LATER)
    assert Report.objects.get(number=2).template is None


def test_a_deck_kept_again_under_its_name_gives_way_and_stays_the_default(cast: Cast) -> None:
    from pptx import Presentation

    keep_template(cast.mia, "Ours", starter_deck(), AT, is_default=True)
    assert keep_template(cast.mia, "Ours", starter_deck(), LATER).at == AT
    file = io.BytesIO()
    Presentation().save(file)
    other = keep_template(cast.mia, "Ours", file.getvalue(), LATER)
    assert (other.is_default, other.places) == (True, ())
    assert [one.digest for one in templates_of(cast.vera)] == [other.digest]
    assert DeckTemplate.objects.filter(retired_at__isnull=False).count() == 1


def test_only_who_may_report_keeps_a_deck_and_only_at_home(cast: Cast) -> None:
    for actor in (cast.vera, cast.bob, cast.vic):
        with pytest.raises(Refused):
            keep_template(actor, "Ours", starter_deck(), AT)
    keep_template(cast.mia, "Ours", starter_deck(), AT)
    with pytest.raises(NotFound):
        retire_template(cast.charlie, "Ours", AT)
    assert templates_of(cast.charlie) == []
    with pytest.raises(NotFound, match="no template 'Theirs'; there is Ours"):
        frozen(cast, template="Theirs")


@pytest.mark.parametrize(("name", "why"), [("a/b", "slash"), ("", "name"), ("x" * 101, "100")])
def test_a_template_has_a_name_that_fits_an_address(cast: Cast, name: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        keep_template(cast.mia, name, starter_deck(), AT)
