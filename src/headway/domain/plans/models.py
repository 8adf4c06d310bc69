"""What plans remembers: work items with ranges, what they wait for and need, and forecasts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import Member, WorkspaceRow
from headway.domain.people.models import Resource
from headway.domain.programs.models import Program, Project
from headway.domain.risks.models import Blocker, Risk
from headway.domain.stakeholders.models import Promise


class Plan(WorkspaceRow):
    """How a project's plan is read: its start, its unit, its default distribution."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="plan")
    name = models.CharField(max_length=200, blank=True)
    start = models.DateField()
    unit = models.CharField(max_length=10, default="days")
    distribution = models.CharField(max_length=20, default="pert")
    correlations = models.JSONField(default=list, blank=True)
    source_digest = models.CharField(max_length=64, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name or f"plan of {self.project_id}"


class WorkItem(WorkspaceRow):
    """Work with a range instead of a date. `estimate` is [optimistic, most likely, pessimistic]."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, default="task")
    owner = models.CharField(max_length=200, blank=True)
    estimate = models.JSONField(null=True, blank=True)
    remaining = models.JSONField(null=True, blank=True)
    distribution = models.CharField(max_length=20, blank=True)  # "": the plan's
    attempts = models.JSONField(null=True, blank=True)  # success, feasible, max, each, cost, …
    cost_minor = models.BigIntegerField(default=0)
    not_before = models.DateField(null=True, blank=True)
    deadline = models.DateField(null=True, blank=True)
    started = models.DateField(null=True, blank=True)
    finished = models.DateField(null=True, blank=True)
    pinned = models.DateField(null=True, blank=True)  # starts then, whatever comes before it
    done = models.FloatField(null=True, blank=True)  # share, 0 to 1
    calendar = models.CharField(max_length=100, blank=True)  # "": the program's
    priority = models.IntegerField(default=500)  # 0 to 1000; levelling never moves 1000
    outline = models.JSONField(default=list, blank=True)  # summary tasks above, outermost first
    levelled_start = models.DateField(null=True, blank=True)  # where levelling holds it back to
    origin = models.JSONField(default=dict, blank=True)  # {"words", "record"}: evidence behind it
    order = models.IntegerField(default=0)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "key"], name="work_item_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Dependency(WorkspaceRow):
    """One item waits for another: FS, SS, FF or SF, with a lag."""

    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="dependencies")
    predecessor = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="successors")
    kind = models.CharField(max_length=2, default="FS")
    lag = models.FloatField(default=0)
    lag_unit = models.CharField(max_length=10, default="working")  # working, elapsed, percent

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "predecessor", "kind"], name="one_dependency_each"
            ),
            models.CheckConstraint(
                condition=~models.Q(item=models.F("predecessor")), name="not_on_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} {self.kind} {self.item_id}"


class Need(WorkspaceRow):
    """How much of a resource an item takes while it runs."""

    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="needs")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="needs")
    units = models.FloatField()

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "resource"], name="one_need_each"),
        ]

    def __str__(self) -> str:
        return f"{self.units} of {self.resource_id}"


class RiskEffect(WorkspaceRow):
    """A risk delays an item (a risk is one driver for all its items)."""

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="effects")
    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="risk_effects")

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["risk", "item"], name="one_effect_each"),
        ]

    def __str__(self) -> str:
        return f"{self.risk_id} delays {self.item_id}"


class BlockedItem(WorkspaceRow):
    """A blocker holds an item up."""

    blocker = models.ForeignKey(Blocker, on_delete=models.CASCADE, related_name="blocked")
    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="blockers")

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["blocker", "item"], name="one_blocked_item_each"),
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} blocks {self.item_id}"


class PromiseItem(WorkspaceRow):
    """An item waits for what is promised to us, or makes what we promised."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="promised_items")
    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="promises")

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["promise", "item"], name="one_promise_item_each"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} waits for {self.promise_id}"


class WaitOutlook(WorkspaceRow):
    """What a blocker or a promise does to the forecast, as worked out at a moment."""

    blocker = models.ForeignKey(Blocker, on_delete=models.CASCADE, null=True, related_name="+")
    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()
    answer = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["blocker", "at"], name="one_blocker_outlook_each"),
            models.UniqueConstraint(fields=["promise", "at"], name="one_promise_outlook_each"),
            models.CheckConstraint(
                condition=models.Q(blocker__isnull=True) ^ models.Q(promise__isnull=True),
                name="outlook_of_one_wait",
            ),
        ]

    def __str__(self) -> str:
        return f"outlook of {self.blocker_id or self.promise_id} at {self.at:%Y-%m-%d}"


class ColumnMapping(WorkspaceRow):
    """How the columns of a table were read into a project: kept, so that the next one is, too."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="column_mappings")
    headings_digest = models.CharField(max_length=64)
    mapping = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "headings_digest"], name="one_mapping_each"),
        ]

    def __str__(self) -> str:
        return f"mapping of {self.project_id}"


class Decision(WorkspaceRow):
    """A question that waits for somebody: options that change the plan, and which was taken."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="decisions")
    key = models.CharField(max_length=60)
    question = models.CharField(max_length=300)
    background = models.TextField(blank=True)
    owner = models.CharField(max_length=200, blank=True)  # who decides
    due = models.DateField(null=True, blank=True)
    options = models.JSONField(default=list)  # [{"key", "name", "words", "changes": […]}]
    recommended = models.CharField(max_length=60, blank=True)  # an option's key
    reopen_when = models.CharField(max_length=300, blank=True)
    reopen_on = models.JSONField(default=dict, blank=True)  # what of it is watched: Trigger
    reopen_said = models.TextField(blank=True)  # what of it is met; somebody should look
    reopen_said_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=20, default="open")  # open, taken, withdrawn
    chosen = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.CharField(max_length=200, blank=True)
    seen = models.JSONField(default=dict, blank=True)  # the outlook that stood when it was taken
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="decision_key"),
        ]

    def __str__(self) -> str:
        return self.question


class DecisionOutlook(WorkspaceRow):
    """What each option of a decision would do to the forecast, as worked out at a moment."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="outlooks")
    at = models.DateTimeField()
    answer = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "at"], name="one_outlook_each"),
        ]

    def __str__(self) -> str:
        return f"outlook of {self.decision_id} at {self.at:%Y-%m-%d}"


class Scenario(WorkspaceRow):
    """A plan that might be: what it changes of the plan, or of another scenario."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="scenarios")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    origin = models.CharField(max_length=300, blank=True)  # where it came from, in words
    overrides = models.JSONField(default=list)  # [{"change": {…}, "was": value of the plan then}]
    state = models.CharField(max_length=10, default="open")  # open, applied, thrown
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=200, blank=True)
    undo = models.JSONField(default=list, blank=True)  # changes that take an applied one back
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="scenario_key"),
        ]

    def __str__(self) -> str:
        return self.name


class ScenarioOutlook(WorkspaceRow):
    """What a scenario makes of the forecast, as worked out at a moment."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="outlooks")
    at = models.DateTimeField()
    answer = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scenario", "at"], name="one_scenario_outlook_each"),
        ]

    def __str__(self) -> str:
        return f"outlook of {self.scenario_id} at {self.at:%Y-%m-%d}"


class Forecast(WorkspaceRow):
    """What the engine answered for a program at a data date: kept, to be scored afterwards."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="forecasts")
    at = models.DateTimeField()  # the data date: what was known then
    plan_digest = models.CharField(max_length=64)
    seed = models.IntegerField()
    trials = models.IntegerField()
    engine = models.CharField(max_length=40)
    serial = models.IntegerField(default=1)  # tells two forecasts of one moment apart
    answer = models.JSONField()  # finish, dates, odds, money, groups, milestones, curve, effects
    news = models.JSONField(default=dict)  # against the forecast of a week before: ForecastNews
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["program", "at", "plan_digest", "seed", "trials", "engine"],
                name="one_forecast_each",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["program", "-at"], name="forecast_latest"),
        ]

    def __str__(self) -> str:
        return f"forecast of {self.program_id} at {self.at:%Y-%m-%d}"


class Baseline(WorkspaceRow):
    """A plan as it was agreed: named, with a reason, never changed; the database refuses to."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="baselines")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    reason = models.TextField()
    at = models.DateTimeField()  # whose plan it is: what was known then
    made_by = models.CharField(max_length=200)
    whole = models.TextField()  # PlannedWhole as JSON text: text keeps its bytes, and its digest
    items = models.TextField()  # PlannedItem by address
    plan = models.TextField()  # the network, for the bridge: its own copy outlives any erasure
    digest = models.CharField(max_length=64)  # of the three texts

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "key"], name="baseline_key"),
        ]

    def __str__(self) -> str:
        return self.name


class BaselineState(WorkspaceRow):
    """How a baseline stands among its program's: the active one, kept, or set aside."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="+")
    baseline = models.OneToOneField(Baseline, on_delete=models.CASCADE, related_name="standing")
    state = models.CharField(max_length=10, default="kept")  # active, kept, aside
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["program"], condition=models.Q(state="active"), name="one_active_baseline"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} baseline {self.baseline_id}"


class LevellingProposal(WorkspaceRow):
    """When each item of a program would start so that nobody is asked for twice: not yet a plan.

    The worker improves `answer` until its time is up; applied, it is what the items hold, and
    `before` is what they held.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="levellings")
    asked_by = models.CharField(max_length=200, blank=True)
    options = models.JSONField(default=dict)  # resources, smooth, seconds, seed
    plan_digest = models.CharField(max_length=64)  # of what levelling reads of the plan
    state = models.CharField(max_length=20, default="waiting")
    attempts = models.IntegerField(default=0)
    answer = models.JSONField(default=dict, blank=True)  # the best so far: `headway level --json`
    error = models.TextField(blank=True)
    at = models.DateTimeField()  # the data date: what was known then
    changed_at = models.DateTimeField()  # by the clock
    before = models.JSONField(default=dict, blank=True)  # item id → what was held back before
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "at"], name="levelling_state"),
            models.Index(fields=["program", "-at"], name="levelling_latest"),
        ]

    def __str__(self) -> str:
        return f"levelling of {self.program_id} at {self.at:%Y-%m-%d}"


class Supposition(WorkspaceRow):
    """A what-if of a forecast that is too large to wait for: the worker answers, nothing is kept.

    One that ended stays for a while, so that whoever asks the same is answered at once.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="suppositions")
    forecast = models.ForeignKey(Forecast, on_delete=models.CASCADE, related_name="suppositions")
    asked_by = models.CharField(max_length=200, blank=True)
    asked = models.JSONField(default=dict)  # without, mitigated, respect_resources, widen
    state = models.CharField(max_length=20, default="waiting")
    attempts = models.IntegerField(default=0)
    answer = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)
    at = models.DateTimeField()
    changed_at = models.DateTimeField()  # by the clock

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "at"], name="supposition_state"),
            models.Index(fields=["program", "-changed_at"], name="supposition_latest"),
        ]

    def __str__(self) -> str:
        return f"what-if of {self.program_id} at {self.at:%Y-%m-%d}"


class ImportJob(WorkspaceRow):
    """A file on its way into a project: stored once, previewed, imported at once or by the worker.

    The file itself lies in the data folder under the job's id until the job has ended.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    asked_as = models.JSONField(default=dict)  # label, kind, scopes: how the member came in
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    rows = models.IntegerField(default=0)
    project = models.CharField(max_length=60, blank=True)  # address; "" for one of its own
    mapping = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=20, default="stored")
    attempts = models.IntegerField(default=0)
    answer = models.JSONField(default=dict, blank=True)  # the result, or what refused it
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "at"], name="import_job_state")]

    def __str__(self) -> str:
        return f"import of {self.file_name}"
