"""Risks with their odds, assumptions, actions and blockers."""
