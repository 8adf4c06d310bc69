"""What people remembers: the roster, and the resources that work draws on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from headway.domain.accounts.models import WorkspaceRow
from headway.domain.programs.models import Program, Project, System


class Person(WorkspaceRow):
    """Somebody on the roster, who need not be able to sign in.

    The last fields say when they are asked to check in: empty ones are as usual.
    """

    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=100, blank=True)
    level = models.CharField(max_length=40, blank=True)  # of the rate card; "": its role's
    team = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=100, blank=True)
    manager = models.CharField(max_length=60, blank=True)  # key of another person
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)  # the last day of work
    full_time_share = models.FloatField(default=1)
    email = models.EmailField(blank=True)
    time_zone = models.CharField(max_length=60, blank=True)  # "": the workspace's
    check_in_day = models.IntegerField(null=True, blank=True)  # 0 Monday … 6 Sunday
    check_in_at = models.TimeField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True)  # the day they are back
    is_asked = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="person_key"),
        ]

    def __str__(self) -> str:
        return self.name


class WorkingTime(WorkspaceRow):
    """When somebody on the roster works: their week, what it becomes, and when they are away."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="working_time")
    schedule = models.JSONField(default=dict, blank=True)  # {}: whenever the work's calendar does
    changes = models.JSONField(default=list, blank=True)  # [[day, schedule from then on], …]
    absences = models.JSONField(default=list, blank=True)  # [[first day, last day], …]
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"of {self.person.key}"


class Pay(WorkspaceRow):
    """What somebody is paid a full-time year, or costs an hour, from a day on.

    It has no history table, and nobody reads it but `queries.pay`, which asks for the function.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()
    basis = models.CharField(max_length=10)  # year, hour
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "since"], name="one_pay_a_day"),
        ]

    def __str__(self) -> str:
        return f"of {self.person_id} since {self.since}"  # never the amount


class RateCard(WorkspaceRow):
    """What an hour of each role costs here: bands a year, on-cost, hours, and whose numbers."""

    bands = models.JSONField()  # [{"id", "years", "low", "median", "high", "titles"}], minor units
    roles = models.JSONField(default=dict, blank=True)  # role in small letters → band's id
    on_cost_hundredths = models.IntegerField()  # 130: an hour costs 1.3 times what is paid
    hours = models.IntegerField()  # worked in a full-time year
    currency = models.CharField(max_length=3)
    year = models.IntegerField()
    source = models.CharField(max_length=100)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace"], name="one_rate_card_each"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.year}"


class SkillLevel(WorkspaceRow):
    """How well somebody does something: 0 none, 1 aware, 2 working, 3 strong, 4 teaches."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="skill_levels")
    skill = models.CharField(max_length=100)
    level = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "skill"], name="one_level_a_skill"),
        ]

    def __str__(self) -> str:
        return f"{self.skill} {self.level}"


class SkillNeed(WorkspaceRow):
    """What the work of a role, one work item or a live system asks its people to know."""

    sort = models.CharField(max_length=10)  # role, item, system
    about = models.CharField(max_length=200)  # a role, project/KEY, a system's slug
    skill = models.CharField(max_length=100)
    level = models.IntegerField()
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "sort", "about", "skill"], name="one_need_a_skill"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about}: {self.skill} {self.level}"


class Certification(WorkspaceRow):
    """A certificate that somebody holds, until it ends."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="certifications")
    name = models.CharField(max_length=100)
    issuer = models.CharField(max_length=100, blank=True)
    obtained_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "name"], name="one_certificate_each"),
        ]

    def __str__(self) -> str:
        return self.name


class GrowthPlan(WorkspaceRow):
    """Where somebody wants to grow: theirs and their manager's to read, until they share it."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="growth_plan")
    aim = models.CharField(max_length=40, blank=True)  # a band of the ladder
    steps = models.TextField(blank=True)
    review_on = models.DateField(null=True, blank=True)
    is_shared = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    def __str__(self) -> str:
        return f"of {self.person_id}"


class TimeSheet(WorkspaceRow):
    """What somebody worked on in a week; once they are erased, hours of a role and nobody's.

    `lines` are [[project's address, item's key, [hours of Monday, …, Sunday as text]], …].
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    role = models.CharField(max_length=100, blank=True)  # theirs when it was written
    week = models.DateField()  # its Monday
    lines = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, default="draft")  # draft, submitted, locked
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "week"], name="one_time_sheet_a_week"),
        ]

    def __str__(self) -> str:
        return f"of {self.person_id}, {self.week}"


class OperationsLoad(WorkspaceRow):
    """What a live system takes from a role, or from one person of it, week by week."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="operations_loads")
    kind = models.CharField(max_length=20)
    role = models.CharField(max_length=100)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    hours = models.FloatField()  # a week
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)  # the last day; empty: as long as it is live
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"{self.kind} of {self.system_id}"


class Opening(WorkspaceRow):
    """Somebody to be hired: when they come at the odds, how they ramp up, what they cost."""

    key = models.SlugField(max_length=60)
    role = models.CharField(max_length=100)
    level = models.CharField(max_length=40)
    team = models.CharField(max_length=100, blank=True)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="openings")
    resource = models.CharField(max_length=100, blank=True)  # whose capacity they add to
    units = models.FloatField(default=1)
    state = models.CharField(max_length=20, default="open")
    opened_on = models.DateField()
    needed_from = models.DateField(null=True, blank=True)
    filled_on = models.DateField(null=True, blank=True)  # their first day
    lead = models.JSONField()  # calendar days from opened_on to the first: [low, likely, high]
    ramp = models.JSONField()  # weeks until fully productive: [low, likely, high]
    first_share = models.FloatField(default=0.25)  # how productive on the first day
    band = models.JSONField()  # as the card said: low, median, high in minor units, on_cost, source
    raised = models.JSONField(default=list, blank=True)  # [[day, units more], …] in the resource
    probability = models.FloatField(default=1)  # that anybody is found
    items = models.JSONField(default=list, blank=True)  # what waits for them: [project/KEY, …]
    paid = models.CharField(max_length=10, default="work")  # apart, work: see rules.hiring.PAID
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="opening_key"),
        ]

    def __str__(self) -> str:
        return self.key


class Resource(WorkspaceRow):
    """What a work item needs: people by role, or a compute pool, with capacity and rate."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="resources")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, default="people")  # people, compute
    capacity = models.FloatField()
    rate_micros = models.BigIntegerField(default=0)  # per hour, millionths of the currency
    steps = models.JSONField(default=list, blank=True)  # [[day, capacity from then on], …]
    calendar = models.CharField(max_length=100, blank=True)  # "": the program's
    skills = models.JSONField(default=list, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "name"], name="resource_name"),
        ]

    def __str__(self) -> str:
        return self.name


# Allocations and pools: who works on what, how much, when; and what compute pools really offer.


class CapacityRequest(WorkspaceRow):
    """A need for somebody of a role with skills, for a time: open until filled or withdrawn."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=60)
    role = models.CharField(max_length=100, blank=True)
    skills = models.JSONField(default=list, blank=True)  # [[name, least level 0 to 5], …]
    share = models.FloatField(null=True, blank=True)  # of working time
    weekly_hours = models.FloatField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=20, default="open")  # open, filled, withdrawn
    note = models.CharField(max_length=500, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="capacity_request_key"),
            models.CheckConstraint(
                condition=models.Q(share__isnull=True) ^ models.Q(weekly_hours__isnull=True),
                name="request_of_share_or_hours",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("ends_on")), name="request_has_days"
            ),
        ]

    def __str__(self) -> str:
        return self.note or f"{self.role} from {self.starts_on}"


class Allocation(WorkspaceRow):
    """How much of somebody a program, a project or an item has, from one day to another.

    Without a program it is work outside of all of them. `item` is an item's key: items lie above.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="allocations")
    program = models.ForeignKey(Program, on_delete=models.CASCADE, null=True, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="+")
    item = models.CharField(max_length=60, blank=True)
    request = models.ForeignKey(
        CapacityRequest, on_delete=models.SET_NULL, null=True, related_name="allocations"
    )
    key = models.CharField(max_length=120)
    share = models.FloatField(null=True, blank=True)  # of working time
    weekly_hours = models.FloatField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    is_tentative = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="allocation_key"),
            models.CheckConstraint(
                condition=models.Q(share__isnull=True) ^ models.Q(weekly_hours__isnull=True),
                name="allocation_of_share_or_hours",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("ends_on")), name="allocation_has_days"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class ComputePool(WorkspaceRow):
    """What is known of a compute resource beyond its capacity: quota, reservations, prices."""

    resource = models.OneToOneField(Resource, on_delete=models.CASCADE, related_name="pool")
    machine = models.CharField(max_length=100, blank=True)  # such as A100 80 GB
    market = models.CharField(max_length=20, default="on_demand")  # on_demand, reserved, spot
    prices = models.JSONField(default=dict, blank=True)  # market → decimal text an hour of one unit
    week = models.JSONField(default=dict, blank=True)  # when it may be used; {}: at any time
    windows = models.JSONField(default=list, blank=True)  # [[first day, last day, units], …]
    reservations = models.JSONField(default=list, blank=True)  # see rules.pools.Reservation
    preempted = models.FloatField(default=0)  # share of its time that spot work loses
    queue_wait = models.JSONField(null=True, blank=True)  # hours: [optimistic, likely, pessimistic]
    version = models.IntegerField(default=1)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"pool {self.resource_id}"
