"""Registers the accounts app with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts is the lowest domain app: every row of every other app names its workspace."""

    name = "headway.domain.accounts"
    label = "accounts"
