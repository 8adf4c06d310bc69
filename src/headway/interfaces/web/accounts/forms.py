"""The forms of accounts: what may be typed, before an action judges it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from django import forms
from django.contrib.auth import get_user_model, password_validation
from django.core.exceptions import ValidationError
from django.utils import timezone

from headway.domain.accounts.queries import LinkPage
from headway.domain.accounts.rules import Function, Role, Scope

_ROLES = [(role.value, role.value.title()) for role in Role]
_FUNCTIONS = [(function.value, function.value.title()) for function in Function]
_SCOPES = [
    (Scope.READ.value, "Read everything the role may see"),
    (Scope.EVIDENCE.value, "Push evidence and sync sources"),
    (Scope.PLAN.value, "Change programs and plans"),
    (Scope.REPORT.value, "Make reports"),
    (Scope.ADMIN.value, "Everything the role may do, but for members and tokens"),
]


class JoinForm(forms.Form):
    """A newcomer's account: the address (unless the invitation fixes it), a name, a password."""

    email = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    name = forms.CharField(
        label="Name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text="At least 12 characters; a few words are easy to remember and hard to guess.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, page: LinkPage, data: Mapping[str, object] | None = None) -> None:
        """Ask only for what the link's `page` leaves open."""
        super().__init__(data)
        if page.email:
            del self.fields["email"]
        self._email = page.email

    def clean(self) -> dict[str, object]:
        """Judge the password as every other one, by what else was typed."""
        values = super().clean() or self.cleaned_data
        person = get_user_model()(
            email=values.get("email", self._email), name=values.get("name", "")
        )
        try:
            password_validation.validate_password(values.get("password", ""), person)
        except ValidationError as error:
            self.add_error("password", error)
        return values


class RoleForm(forms.Form):
    """A member's role."""

    role = forms.ChoiceField(label="Role", choices=_ROLES)


class FunctionsForm(forms.Form):
    """What a member may approve, or see besides the role."""

    functions = forms.MultipleChoiceField(
        label="Functions",
        choices=_FUNCTIONS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class InvitationForm(FunctionsForm, RoleForm):
    """Whom to invite, as what."""

    email = forms.EmailField(label="E-mail")

    field_order = ("email", "role", "functions")


class WorkspaceForm(forms.Form):
    """The workspace's name."""

    name = forms.CharField(label="Name of the workspace", max_length=200)


class NameForm(forms.Form):
    """One's own name."""

    name = forms.CharField(
        label="Name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class TokenForm(forms.Form):
    """A new token: what for, how far, how long."""

    name = forms.CharField(label="What it is for", max_length=100)
    scopes = forms.MultipleChoiceField(
        label="May", choices=_SCOPES, widget=forms.CheckboxSelectMultiple
    )
    expires = forms.DateField(
        label="Last day",
        required=False,
        help_text="Empty: until it is revoked.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def expires_at(self) -> datetime | None:
        """Return the end of the last day, in UTC."""
        day = self.cleaned_data["expires"]
        return timezone.make_aware(datetime.combine(day, time.max)) if day else None


class TrailForm(forms.Form):
    """Which part of the audit trail to show."""

    action = forms.RegexField(label="Action", regex=r"^[a-z_]{0,60}$", required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)
