"""Prometheus: named queries, read step by step as numbers about a deployment or a version."""
