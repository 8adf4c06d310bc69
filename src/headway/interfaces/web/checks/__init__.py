"""Monitors of data and models: how they stand, what they saw, experiments and their plans."""
