"""Earned value: what was planned, earned and spent, and the promised metrics beside it."""
