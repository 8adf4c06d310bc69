"""Plain sample values for the style guide: nothing here is a person, a model or a forecast."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from django import forms

from headway.interfaces.web.layout.shell import Choice, Shell, known_places
from headway.interfaces.web.layout.status import LEVELS, VERDICTS, Dimension

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

#: An SVG as `headway.rendering` hands it over: literal colours and the agreed class names.
CHART = """<svg class="hw-chart" viewBox="0 0 640 232" role="img"
 aria-label="Macro recall rises from 0.90
 to 0.972 with labelled examples; the target is 0.970">
<g class="hw-grid" stroke="#ddd">
<path d="M48 24H624M48 74H624M48 124H624M48 174H624"/>
</g>
<path class="hw-band hw-c1" fill="#254fc5" d="M48 196 160 150 300 92 440 58 600 34V74L440 100
 300 138 160 192 48 204Z"/>
<path class="hw-stroke-c1" fill="none" stroke="#254fc5" stroke-width="2" d="M48 200 160 170 300
 114 440 78 600 50"/>
<g class="hw-fill-c1" fill="#254fc5">
<circle cx="48" cy="200" r="3.5"/>
<circle cx="160" cy="170" r="3.5"/>
<circle cx="300" cy="114" r="3.5"/>
<circle cx="440" cy="78" r="3.5"/>
<circle cx="600" cy="50" r="3.5"/>
</g>
<path class="hw-stroke-c2 hw-dashed" fill="none" stroke="#d8722f" stroke-width="2" d="M48 202
 160 190 300 160 440 140 600 132"/>
<path class="hw-target" stroke="#333" d="M48 56H624"/>
<text class="hw-target-text" x="52" y="48" font-size="12">target 0.970</text>
<text class="hw-text-strong" x="592" y="28" font-size="12" text-anchor="end">0.972</text>
<path class="hw-axis" stroke="#888" d="M48 204H624"/>
<g class="hw-text" font-size="12">
<text x="40" y="28" text-anchor="end">0.98</text>
<text x="40" y="78" text-anchor="end">0.96</text>
<text x="40" y="128" text-anchor="end">0.94</text>
<text x="40" y="178" text-anchor="end">0.92</text>
<text x="48" y="222">200</text>
<text x="300" y="222" text-anchor="middle">800</text>
<text x="600" y="222" text-anchor="end">1,257 labels</text>
</g>
</svg>"""

HEALTH = (
    Dimension("Schedule", "at_risk", "unmet", "43 % by 7 May; P80 is 21 May.", "#schedule"),
    Dimension("Cost", "at_risk", "unmet", "P80 is 36 k over the 1.20 M budget.", "#cost"),
    Dimension(
        "Quality", "good", "met", "Recall 0.972 of 0.970.", "#quality", "at_risk", "Maria (sample)"
    ),
    Dimension("Data", "good", "stale", "Last check 41 days ago; the limit is 30.", "#data"),
    Dimension("Risk", "bad", "unmet", "Vendor batch 3 is 9 days late.", "#risk"),
    Dimension("Compliance", "unknown", "not_due", "Legal review starts at validate.", "#rules"),
)

ROWS = (
    ("Meter reading", HEALTH, 0.43, date(2027, 5, 4), date(2027, 5, 21), Decimal("412000"), "met"),
    ("Severity score", HEALTH[::-1], None, None, None, Decimal("96400"), "unmet"),
    (
        "Screening",
        HEALTH[1:] + HEALTH[:1],
        0.72,
        date(2027, 3, 2),
        date(2027, 4, 9),
        Decimal("203400.5"),
        "insufficient",
    ),
    (
        "CO2 forecaster",
        HEALTH[3:] + HEALTH[:3],
        0.98,
        date(2027, 1, 15),
        date(2027, 1, 29),
        Decimal("58210"),
        "stale",
    ),
)

PALETTE = (
    ("Go to", (Choice("Meter reading", "#meter", "project"), Choice("Programs", "#", "place"))),
    ("Do", (Choice("Write this week's report", "#report", "action", "plus"),)),
)


class SampleForm(forms.Form):
    """One of each kind of field."""

    name = forms.CharField(
        help_text="As people say it: “Meter reading”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    owner = forms.EmailField(
        label="Owner's e-mail", widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    kind = forms.ChoiceField(choices=[("task", "Task"), ("experiment", "Experiment")])
    budget = forms.DecimalField(required=False, help_text="In USD.")
    direction = forms.ChoiceField(
        choices=[("up", "Higher is better"), ("down", "Lower is better")],
        widget=forms.RadioSelect,
        initial="up",
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    remind = forms.BooleanField(
        required=False, label="Remind me on Mondays", help_text="By e-mail."
    )


class CellForm(forms.Form):
    """The one field of an edited cell."""

    estimate = forms.IntegerField(min_value=1, max_value=99)


def sample_shell(base: str, *, at: datetime | None) -> Shell:
    """Return a frame whose places all lead back to `base`."""
    keys = ("home", "programs", "systems", "releases", "people", "governance", "settings")
    places = known_places({key: f"{base}{'' if key == 'programs' else key}" for key in keys})
    return Shell(
        workspace="Utility ML (sample)",
        home=base,
        places=places,
        member="Alice Sample",
        role="Owner",
        at=at,
        palette=f"{base}palette/",
        account="/accounts/email/",
        version="0.1",
    )


def sample_values() -> dict[str, object]:
    """Return everything the style guide shows."""
    wrong = SampleForm({"owner": "not an address", "kind": "task"}, auto_id="wrong_%s")
    return {
        "dimensions": HEALTH,
        "rows": ROWS,
        "levels": list(LEVELS),
        "verdicts": list(VERDICTS),
        "svg": CHART,
        "series": ("boosted trees", "baseline"),
        "form": SampleForm(),
        "wrong": wrong,
        "p50": date(2027, 5, 4),
        "p80": date(2027, 5, 21),
        "seen": datetime(2026, 11, 20, 14, 5, tzinfo=UTC),
        "budget": Decimal("1203411.50"),
        "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "job": {
            "id": "sample",
            "label": "Simulating 10,000 outcomes",
            "done": 4200,
            "total": 10000,
            "sentence": "About 20 s left.",
            "state": "shown",
            "result": "#",
        },
    }
