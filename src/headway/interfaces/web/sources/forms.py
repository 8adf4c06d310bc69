"""What may be typed when a source is connected; the connector's own rules judge it further."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

from headway.connectors.http import destination_of
from headway.domain.sources.queries import SourceLine
from headway.domain.sources.rules import SourceDraft
from headway.errors import Conflict, HeadwayError, Invalid

#: The connector's word for an option → the form's field.
_FIELDS = {"token": "secret"}


class SourceForm(forms.Form):
    """An MLflow server: where it is, what of it is read, and its secrets."""

    name = forms.RegexField(
        label="Name",
        regex=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=60,
        help_text="Lower-case letters, digits and hyphens; it stands in every subject.",
        error_messages={"invalid": "Use lower-case letters, digits and hyphens."},
    )
    url = forms.CharField(
        label="Address of the MLflow server",
        max_length=500,
        help_text="As in https://mlflow.example.org",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    project = forms.ChoiceField(
        label="Project",
        required=False,
        help_text="Where its runs and models belong, unless you place them one by one.",
    )
    experiments = forms.CharField(
        label="Experiments",
        required=False,
        help_text="Patterns separated by commas, as in fraud-*, churn. Empty: all of them.",
    )
    every_minutes = forms.IntegerField(
        label="Read every (minutes)", min_value=1, max_value=1_440, initial=15
    )
    secret = forms.CharField(
        label="Token",
        required=False,
        strip=True,
        help_text="A bearer token, or user:password. Kept encrypted, never shown again.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    webhook_secret = forms.CharField(
        label="Webhook secret",
        required=False,
        help_text="As typed in MLflow's webhook. Deliveries only say what to read sooner.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        projects: list[tuple[str, str]],
        data: Mapping[str, object] | None = None,
        line: SourceLine | None = None,
    ) -> None:
        """Offer `projects`; with `line` the form changes that source, its name stays."""
        super().__init__(data, initial=_initial(line) if line else None)
        field = self.fields["project"]
        if isinstance(field, forms.ChoiceField):
            field.choices = projects
        if line is not None:
            del self.fields["name"]
            kept = "One is stored and never shown; leave this empty to keep it."
            for name, has in (("secret", line.has_secret), ("webhook_secret", line.has_webhook)):
                if has:
                    self.fields[name].help_text = kept
        self._line = line

    def clean_url(self) -> str:
        """Refuse an address that the outbound client could not dial, beside its own field."""
        url: str = self.cleaned_data["url"].strip()
        try:
            destination_of(url)
        except Invalid as error:
            raise forms.ValidationError(str(error)) from None
        return url

    def draft(self) -> SourceDraft:
        """Return what was typed as the actions want it; empty secrets keep the stored ones."""
        said = self.cleaned_data
        globs = [word.strip() for word in said["experiments"].split(",") if word.strip()]
        options = dict(self._line.options) if self._line else {}
        options.pop("experiments", None)
        return SourceDraft(
            kind="mlflow",
            name=self._line.name if self._line else said["name"],
            url=said["url"],
            project=said["project"],
            options={**options, "experiments": globs} if globs else options,
            secret=said["secret"] or None,
            webhook_secret=said["webhook_secret"] or None,
            every_minutes=said["every_minutes"],
        )

    def blame(self, error: HeadwayError) -> None:
        """Put what an action refused beside the fields it is about."""
        problems = error.problems if isinstance(error, Invalid) else ()
        for problem in problems:
            first = problem.where.partition("/")[0]
            field = _FIELDS.get(first, first)
            self.add_error(field if field in self.fields else None, _sentence(problem.sentence))
        if not problems:
            is_taken = isinstance(error, Conflict) and "name" in self.fields
            self.add_error("name" if is_taken else None, str(error))


def _initial(line: SourceLine) -> dict[str, object]:
    globs = line.options.get("experiments", ())
    return {
        "url": line.url,
        "project": line.project,
        "experiments": ", ".join(globs) if isinstance(globs, list | tuple) else "",
        "every_minutes": line.every_minutes,
        "version": line.version,
    }


def _sentence(said: str) -> str:
    """Return a fault as a sentence, without the checker's own prefix."""
    return said.removeprefix("Value error, ").rstrip(".") + "."
