"""The REST API, `/api/v1`: it translates HTTP into queries and actions, and nothing else.

Import nothing from here before Django is set up: django-ninja needs its settings.
"""
