"""Online trials: A/B experiments and canaries. Tables or arrays in, verdicts out.

`reading.read_out` answers for a table of an experiment under a `plan.TrialPlan`, `reading.judge`
for counts and moments, `power` for how many units a plan needs; `canary` compares two series.
"""
