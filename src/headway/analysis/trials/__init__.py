"""Online trials: A/B experiments and canaries. Tables or arrays in, verdicts out.

`read_out` answers for a table of an experiment under a `TrialPlan`, `judge` for counts and moments,
`power` for how many units a plan needs; `canary` compares two series.
"""

from headway.analysis.trials.answer import Decision, MetricAnswer, Readout, Verdict
from headway.analysis.trials.metric import Kind, Metric
from headway.analysis.trials.plan import Amendment, TrialPlan, Way
from headway.analysis.trials.plan_fields import plan_of, read_trial_plan
from headway.analysis.trials.reading import judge, read_out

__all__ = [
    "Amendment",
    "Decision",
    "Kind",
    "Metric",
    "MetricAnswer",
    "Readout",
    "TrialPlan",
    "Verdict",
    "Way",
    "judge",
    "plan_of",
    "read_out",
    "read_trial_plan",
]
