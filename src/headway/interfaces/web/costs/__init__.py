"""Costs: the explorer, bills, and the rules by which charges belong to projects."""
