"""The worker: a process that ticks."""
