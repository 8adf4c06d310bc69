"""Gate templates: what is asked before which stage, and the versions of those rules."""
