"""Levelling: when each activity starts, so that no resource is asked for more than there is.

`problem` holds the question and the answer as frozen values; how an answer is found, what it
promises and what not: docs/explanation/how-levelling-works.md.
"""
