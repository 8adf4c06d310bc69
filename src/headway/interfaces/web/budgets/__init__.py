"""Budgets: a program's page, the list over all, changes, accruals and exchange rates."""
