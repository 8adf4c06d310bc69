"""Earned value: planned, earned and spent, what they say of cost and time, and what comes out."""
