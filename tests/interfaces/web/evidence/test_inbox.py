"""The inbox as a person meets it: thousands of runs, a handful of groups, one click for each."""

from __future__ import annotations

import re
import time
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast, a_project
from tests.domain.evidence.many_runs import EXPERIMENTS, an_mlflow_run, synced, untagged_runs
from tests.doors import browser_of

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.models import RunRule, Subject
from headway.domain.evidence.queries import run_rules, unplaced_count
from headway.domain.programs.actions import set_criterion
from headway.domain.programs.models import SuccessCriterion

INBOX = "/w/acme/evidence/unplaced/"
RULES = "/w/acme/evidence/rules/"
METRICS = "/w/acme/evidence/metrics/fraud/"

#: CPU seconds within which the inbox of 5,000 runs is on the screen: four times what it takes on a
#: quiet machine, so that a busy one does not fail the build.
QUICK = 2.0


def page(actor: Actor, address: str = INBOX) -> str:
    response = browser_of(actor).get(address)
    assert response.status_code == 200, response.content[:500]
    return unescape(response.content.decode())


def forms_in(text: str, action: str) -> list[dict[str, str]]:
    """Return the fields of each form that posts to `action`, as a browser would send them."""
    found = []
    for form in re.findall(rf'<form[^>]*action="{re.escape(action)}".*?</form>', text, re.DOTALL):
        hidden = re.findall(r'<input(?: type="hidden")? name="(\w+)"[^>]* value="([^"]*)"', form)
        chosen = re.findall(r'<option value="([^"]*)" selected>', form)
        found.append({**dict(hidden), **({"project": chosen[0]} if chosen else {})})
    return found


def two_projects(cast: Cast) -> None:
    a_project(cast.acme, "fraud")
    a_project(cast.acme, "meter-reading")


def test_five_thousand_runs_without_a_tag_are_mapped_in_five_clicks(cast: Cast) -> None:
    two_projects(cast)
    synced(cast.bob, list(untagged_runs(5_000)))
    bob = browser_of(cast.bob)
    bob.get(INBOX)
    begun = time.process_time()
    text = unescape(bob.get(INBOX).content.decode())
    taken = time.process_time() - begun
    assert "5,000 subjects belong to no project yet, in 5 groups." in text
    assert taken < QUICK
    clicks = 0
    for sent in forms_in(text, f"{RULES}new/"):
        said = {} if sent.get("project") else {"scratch": "yes"}  # what is guessed is right
        assert bob.post(f"{RULES}new/", {**sent, **said}).status_code == 302
        clicks += 1
    assert clicks == 5
    assert unplaced_count(cast.vera)[0] == 0
    for name, slug in EXPERIMENTS.items():
        homes = Subject.objects.filter(runs__group=name).values_list("project__slug", "is_scratch")
        assert set(homes) == {(slug or None, not slug)}
    assert "Every subject belongs to a project, or is scratch." in page(cast.bob)


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_the_inbox_asks_the_same_questions_however_much_waits(cast: Cast) -> None:
    two_projects(cast)
    vera = browser_of(cast.vera)
    counts = []
    for size in (5, 400):
        synced(cast.bob, list(untagged_runs(size)))
        counts.append([queries_of(vera, address) for address in (INBOX, RULES)])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 18


def test_one_click_has_one_undo(cast: Cast) -> None:
    two_projects(cast)
    synced(cast.bob, list(untagged_runs(10)))
    bob = browser_of(cast.bob)
    sent = {"group": "fraud-scoring", "project": "fraud", "next": INBOX}
    text = unescape(bob.post(f"{RULES}new/", sent, follow=True).content.decode())
    assert "Run group ‘fraud-scoring’: counts for fraud. 2 subjects are moved" in text
    rule = run_rules(cast.vera)[0]
    undo = f"{RULES}{rule.id}/remove/"
    assert undo in text
    assert bob.post(undo, {"next": INBOX}).url == INBOX  # type: ignore[attr-defined]
    assert unplaced_count(cast.vera)[0] == 10


def test_a_rule_is_edited_removed_and_brought_back(cast: Cast) -> None:
    two_projects(cast)
    synced(cast.bob, list(untagged_runs(10)))
    bob = browser_of(cast.bob)
    bob.post(f"{RULES}new/", {"group": "fraud-*", "project": "fraud", "reason": "their server"})
    rule = run_rules(cast.vera)[0]
    assert "their server" in page(cast.vera, RULES)
    form = {"group": "fraud-*", "project": "meter-reading", "version": "1"}
    assert bob.post(f"{RULES}{rule.id}/edit/", form).status_code == 302
    assert RunRule.objects.get().project.slug == "meter-reading"  # type: ignore[union-attr]
    assert bob.post(f"{RULES}{rule.id}/edit/", {**form, "project": "fraud"}).status_code == 409
    assert bob.post(f"{RULES}{rule.id}/remove/", {"version": "2"}).status_code == 302
    assert unplaced_count(cast.vera)[0] == 10
    assert bob.post(f"{RULES}{rule.id}/restore/2/").status_code == 302
    assert unplaced_count(cast.vera)[0] == 6


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"group": "x"}, "either which project"),
        ({"project": "fraud"}, "asks nothing"),
        ({"group": "x", "project": "fraud", "order": "soon"}, "finite number"),
    ],
)
def test_what_is_missing_is_said_in_the_form(cast: Cast, sent: dict[str, str], said: str) -> None:
    two_projects(cast)
    response = browser_of(cast.bob).post(f"{RULES}new/", sent)
    assert response.status_code == 422
    assert said in unescape(response.content.decode())
    assert not RunRule.objects.exists()


def test_who_only_looks_sees_groups_and_no_buttons(cast: Cast) -> None:
    two_projects(cast)
    synced(cast.bob, list(untagged_runs(10)))
    text = page(cast.vera)
    assert "anna-playground" in text
    assert f"{RULES}new/" not in text


def test_the_inbox_of_a_past_day_is_shown_without_buttons(cast: Cast) -> None:
    two_projects(cast)
    synced(cast.bob, list(untagged_runs(10)))
    assert "Every subject belongs" in page(cast.bob, f"{INBOX}?at=2026-11-20")
    assert f"{RULES}new/" not in page(cast.bob, f"{INBOX}?at=2026-11-23")


def test_names_from_outside_are_escaped(cast: Cast) -> None:
    synced(cast.bob, [an_mlflow_run(1, '<script>alert("x")</script>')])
    assert b"<script>alert" not in browser_of(cast.bob).get(INBOX).content


def test_a_project_that_only_a_tag_knows_is_named(cast: Cast) -> None:
    synced(cast.bob, [an_mlflow_run(1, tags={"headway.project": "churn"}, project="churn")])
    assert "1 subject names the project <code>churn</code>. Make it" in page(cast.bob)


class TestMetrics:
    @pytest.fixture
    def fraud(self, cast: Cast) -> Cast:
        """Fraud promised recall of a model; its runs log test_recall and a latency."""
        two_projects(cast)
        metrics = {"test_recall": 0.93, "p95_latency_ms": 41.0, "val_recall": 0.95}
        synced(cast.bob, [an_mlflow_run(n, metrics=metrics) for n in range(4)])
        wanted = {"name": "Recall", "subject": "model:fraud", "metric": "recall", "target": 0.9}
        set_criterion(cast.mia, "fraud", "recall", wanted, AT)
        browser_of(cast.bob).post(f"{RULES}new/", {"group": "fraud-scoring", "project": "fraud"})
        return cast

    def test_a_logged_metric_is_bound_to_its_promise_by_one_click(self, fraud: Cast) -> None:
        text = page(fraud.mia, METRICS)
        assert "0 of 1 success criterion are answered by what is logged; 1 more could be." in text
        sent = forms_in(text, f"{METRICS}bind/")
        assert [(one["criterion"], one["metric"]) for one in sent] == [("recall", "test_recall")]
        mia = browser_of(fraud.mia)
        assert mia.post(f"{METRICS}bind/", sent[0]).status_code == 302
        held = SuccessCriterion.objects.get()
        assert (held.subject, held.metric, held.target) == ("run:*", "test_recall", 0.9)
        assert "1 of 1 success criterion is answered" in page(fraud.mia, METRICS)
        undo = "/w/acme/projects/fraud/criteria/recall/restore/1/"
        assert mia.post(undo).status_code == 302
        assert SuccessCriterion.objects.get().metric == "recall"

    def test_a_metric_that_nobody_asked_for_is_promised_by_one_click(self, fraud: Cast) -> None:
        sent = {
            one["metric"]: one for one in forms_in(page(fraud.mia, METRICS), f"{METRICS}promise/")
        }
        assert sent["p95_latency_ms"]["target"] == "41"
        mia = browser_of(fraud.mia)
        assert mia.post(f"{METRICS}promise/", sent["p95_latency_ms"]).status_code == 302
        made = SuccessCriterion.objects.get(key="p95_latency_ms")
        assert (made.direction, made.target, made.subject) == ("minimise", 41.0, "run:*")

    @pytest.mark.parametrize(
        ("where", "sent"),
        [
            ("bind/", {"criterion": "recall", "subject": "run:*", "metric": "nobody's"}),
            ("bind/", {"criterion": "none", "subject": "run:*", "metric": "test_recall"}),
            ("promise/", {"subject": "run:*", "metric": "test_recall", "target": "NaN"}),
            ("promise/", {"subject": "model:x", "metric": "test_recall", "target": "1"}),
        ],
    )
    def test_nothing_is_promised_that_is_not_there(
        self, fraud: Cast, where: str, sent: dict[str, str]
    ) -> None:
        shape = {"dataset": "", "split": ""}
        response = browser_of(fraud.mia).post(f"{METRICS}{where}", {**shape, **sent})
        assert response.status_code in (400, 422)
        assert SuccessCriterion.objects.count() == 1

    def test_who_may_not_promise_has_no_button(self, fraud: Cast) -> None:
        assert f"{METRICS}bind/" not in page(fraud.bob, METRICS)
        response = browser_of(fraud.bob).post(f"{METRICS}bind/", {"criterion": "recall"})
        assert response.status_code == 403

    def test_the_pages_questions_do_not_grow_with_the_runs(self, fraud: Cast) -> None:
        vera = browser_of(fraud.vera)
        before = queries_of(vera, METRICS)
        synced(fraud.bob, [an_mlflow_run(n) for n in range(10, 300)])
        assert queries_of(vera, METRICS) == before <= 14
