"""What may be typed when a source is connected; the connector's own rules judge it further."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

from headway.connectors.http import destination_of
from headway.connectors.registry import WORK_KINDS, selection_of, title_of
from headway.domain.sources.queries import SourceLine
from headway.domain.sources.rules import SourceDraft
from headway.errors import Conflict, HeadwayError, Invalid

#: The connector's word for an option → the form's field.
_FIELDS = {"token": "secret"}
#: Kind → its usual address, what says which parts are read, and an example of it.
_KINDS = {
    "mlflow": (
        "https://mlflow.example.org",
        "Experiments",
        "Patterns separated by commas, as in fraud-*, churn. Empty: all of them.",
    ),
    "prometheus": (
        "https://prometheus.example.org",
        "Queries",
        "One a line, name = query, as in errors = sum(rate(errors_total[5m])).",
    ),
    "jira": (
        "https://acme.atlassian.net",
        "Project keys",
        "Separated by commas, as in MLP, DATA. Or say it by a query below.",
    ),
    "github": (
        "https://api.github.com",
        "Repositories",
        "Separated by commas, as in acme/reader, acme/labels.",
    ),
    "gitlab": (
        "https://gitlab.com/api/v4",
        "Projects",
        "Their whole paths, separated by commas, as in acme/ml/reader.",
    ),
}
#: Kinds whose selection holds commas: one a line.
_BY_LINE = frozenset({"prometheus"})
_TOKENS = {
    "mlflow": "A bearer token, or user:password.",
    "prometheus": "A bearer token, or user:password.",
    "jira": "Jira Cloud: email:token. Server and Data Center: a personal access token.",
    "github": "A fine-grained token that may read issues.",
    "gitlab": "A token with the scope read_api.",
}
_KEPT = " Kept encrypted, never shown again."


class SourceForm(forms.Form):
    """Another system: where it is, what of it is read, and its secrets."""

    name = forms.RegexField(
        label="Name",
        regex=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=60,
        help_text="Lower-case letters, digits and hyphens; what comes from it carries this name.",
        error_messages={"invalid": "Use lower-case letters, digits and hyphens."},
    )
    url = forms.CharField(
        label="Address",
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    project = forms.ChoiceField(label="Project", required=False)
    selection = forms.CharField(required=False)
    jql = forms.CharField(
        label="Query (JQL)",
        required=False,
        max_length=2_000,
        help_text="Only what it selects, as in labels = ml AND created > -52w. Empty: everything.",
    )
    subject = forms.CharField(
        label="What they measure",
        required=False,
        max_length=500,
        help_text="A deployment or a model's version, as in deployment:ml/fraud@7.",
    )
    every_minutes = forms.IntegerField(
        label="Read every (minutes)", min_value=1, max_value=1_440, initial=15
    )
    secret = forms.CharField(
        label="Token",
        required=False,
        strip=True,
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
        kind: str,
        projects: list[tuple[str, str]],
        data: Mapping[str, object] | None = None,
        line: SourceLine | None = None,
    ) -> None:
        """Offer `projects`; with `line` the form changes that source, its name stays."""
        self._kind, self._line = kind, line
        self._selects = selection_of(kind)
        super().__init__(data, initial=_initial(line) if line else {"name": kind})
        address, label, example = _KINDS[kind]
        self.fields["url"].label = f"Address of {title_of(kind)}"
        self.fields["url"].help_text = f"As in {address}"
        self.fields["secret"].help_text = _TOKENS[kind] + _KEPT
        selection = self.fields.pop("selection")
        selection.label, selection.help_text = label, example
        if kind in _BY_LINE:
            selection.widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
            selection.required = self.fields["subject"].required = True
        self.fields[self._selects] = selection
        self._place(projects)
        if line is not None:
            del self.fields["name"]
            kept = "One is stored and never shown; leave this empty to keep it."
            for name, has in (("secret", line.has_secret), ("webhook_secret", line.has_webhook)):
                if has and name in self.fields:
                    self.fields[name].help_text = kept

    def _place(self, projects: list[tuple[str, str]]) -> None:
        """Say where what is read belongs; keep the fields that this kind has, in order."""
        field = self.fields["project"]
        gives_work = self._kind in WORK_KINDS
        if isinstance(field, forms.ChoiceField):
            none = "Choose one" if gives_work else "Placed one by one"
            field.choices = [("", none), *projects]
        field.required = gives_work
        field.help_text = (
            "Its items become the plan of this project, once you have seen the preview."
            if gives_work
            else "Where what it tells belongs, unless you place it piece by piece."
        )
        own = {"webhook_secret": "mlflow", "jql": "jira", "subject": "prometheus"}
        for name, kind in own.items():
            if kind != self._kind:
                del self.fields[name]
        order = ["name", "url", "project", self._selects, "jql", "subject", "every_minutes"]
        self.order_fields([*order, "secret", "webhook_secret", "version"])

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
        between = "\n" if self._kind in _BY_LINE else ","
        names = [word.strip() for word in said[self._selects].split(between) if word.strip()]
        options = dict(self._line.options) if self._line else {}
        typed: dict[str, object] = {self._selects: names}
        typed |= {name: said.get(name, "") for name in ("jql", "subject")}
        for name, value in typed.items():
            options.pop(name, None)
            options |= {name: value} if value else {}
        return SourceDraft(
            kind=self._kind,
            name=self._line.name if self._line else said["name"],
            url=said["url"],
            project=said["project"],
            options=options,
            secret=said["secret"] or None,
            webhook_secret=said.get("webhook_secret") or None,
            every_minutes=said["every_minutes"],
        )

    def blame(self, error: HeadwayError) -> None:
        """Put what an action refused beside the fields it is about."""
        problems = error.problems if isinstance(error, Invalid) else ()
        for problem in problems:
            first = problem.where.partition("/")[0]
            field = self._selects if first == self._kind else _FIELDS.get(first, first)
            self.add_error(field if field in self.fields else None, _sentence(problem.sentence))
        if not problems:
            is_taken = isinstance(error, Conflict) and "name" in self.fields
            self.add_error("name" if is_taken else None, str(error))


def _initial(line: SourceLine) -> dict[str, object]:
    selects = selection_of(line.kind)
    names = line.options.get(selects, ())
    if isinstance(names, Mapping):
        names = [f"{name} = {query}" for name, query in names.items()]
    between = "\n" if line.kind in _BY_LINE else ", "
    return {
        "url": line.url,
        "project": line.project,
        selects: between.join(map(str, names)) if isinstance(names, list | tuple) else "",
        "jql": line.options.get("jql", ""),
        "subject": line.options.get("subject", ""),
        "every_minutes": line.every_minutes,
        "version": line.version,
    }


def _sentence(said: str) -> str:
    """Return a fault as a sentence, without the checker's own prefix."""
    told = said.removeprefix("Value error, ").rstrip(".") + "."
    return told[:1].upper() + told[1:]
