"""Screens of what a program's team wrote down: blockers, actions, promises, assumptions."""
