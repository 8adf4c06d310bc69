"""Assessments: what plan and evidence mean: verdicts, health, shifts, judgements."""
