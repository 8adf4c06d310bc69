"""The forms of a monitor: where its table lies, what its kind needs, when it runs."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from headway.analysis.documents.plain import plain
from headway.analysis.documents.text import Form, compose
from headway.domain.checks.actions import keep_upload
from headway.domain.checks.rules.monitors import KINDS, MORE_TABLES
from headway.domain.checks.rules.settings import NEEDED, SETTINGS, STATISTICS
from headway.domain.checks.rules.tables import LARGEST_UPLOAD, read_table
from headway.domain.programs.rules.fields import Reader, text
from headway.domain.programs.rules.fields import slug as read_slug
from headway.errors import Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.edit_forms import ReadForm, line, needed, words

_RULES = Form("rule file", "`rows`, `columns` or `checks`", "leave rules out")
_TABLE_HELP = (
    "A path below a folder that the operator opened (fraud/live.parquet), or the name of a "
    "connection and its table (lake: live.scores). Or choose a file."
)
_RHYTHM_HELP = "Such as 24 (hours), or mon,thu 06:00 (UTC). Empty: only when asked."


def file_field(label: str) -> forms.FileField:
    """Return a field that takes a table's file."""
    help_text = f"CSV, Parquet, Arrow; at most {LARGEST_UPLOAD // 1024**2} MiB."
    return forms.FileField(label=label, required=False, help_text=help_text)


class TableFields(ReadForm):
    """A form with the place of a table: written, or a file that is uploaded."""

    table = line("Table", _TABLE_HELP)
    file = file_field("or a file")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: Mapping[str, object] | None = None,
        files: Any = None,  # noqa: ANN401 - as Django's request gives it
    ) -> None:
        """Fill the form; `files` are what was uploaded with it."""
        super().__init__(data, initial=initial)
        self.files = files if files is not None else MultiValueDict()

    @classmethod
    def reading(cls, request: WorkspaceRequest) -> Callable[..., ReadForm]:
        """Return what makes the form with the files of a request."""
        return functools.partial(cls, files=request.FILES)

    @staticmethod
    def table_of(
        request: WorkspaceRequest, values: dict[str, object], place: str, file: str
    ) -> dict[str, object] | None:
        """Take a table out of what was sent: its file is kept first; None where nothing was said.

        Raises Invalid where both or neither make sense.
        """
        written, upload = str(values.pop(place, "") or "").strip(), values.pop(file, None)
        if upload is not None:
            if upload.size > LARGEST_UPLOAD:  # type: ignore[attr-defined]
                sentence = f"The file has more than {LARGEST_UPLOAD // 1024**2} MiB."
                raise Invalid(sentence)
            data = upload.read()  # type: ignore[attr-defined]
            kept = keep_upload(request.actor, data, str(upload.name), request.now)  # type: ignore[attr-defined]
            return {"upload": str(kept.id)}
        if not written:
            return None
        return dict(read_table("table", written_table(written)))


def written_table(written: str) -> dict[str, str]:
    """Return the place of a table that was written in one line."""
    name, colon, inner = written.partition(":")
    if name.strip() == "upload" and colon:
        return {"upload": inner.strip()}
    if colon:
        return {"connection": name.strip(), "table": inner.strip()}
    return {"path": written}


def table_text(table: Mapping[str, str]) -> str:
    """Return the place of a table as it is written in one line."""
    if "connection" in table:
        return f"{table['connection']}: {table['table']}"
    return table.get("path", "") or (f"upload: {table['upload']}" if "upload" in table else "")


class MonitorForm(TableFields):
    """What all monitors have. The fields of a kind stand between, by `form_of`."""

    readers: ClassVar[Mapping[str, Reader]] = {"key": read_slug, "name": text(200, required=True)}

    project = forms.ChoiceField(label="Project")
    key = needed(line("Key", "Short and lasting, such as scores-drift; evidence names it."))
    name = needed(line("Name"))
    subject = needed(
        line("Watches", "model:name@version, dataset:name or system:name; no @: any version.")
    )
    owner = line("Owner", "Somebody on the roster.")
    commit = line("Commit", "Of the code that made the data or the model; evidence names it.")
    rhythm = line("Runs every", _RHYTHM_HELP)
    alert_after = line("Bad runs in a row that alert", inputmode="numeric")
    clear_after = line("Good runs in a row that clear it", inputmode="numeric")
    is_enabled = forms.BooleanField(label="Runs by itself", required=False)


def form_of(
    kind: str, request: WorkspaceRequest, projects: Sequence[tuple[str, str]]
) -> type[MonitorForm]:
    """Return the form of a monitor of this kind; `projects` are offered, none for an existing one.

    Raises Invalid for an unknown kind.
    """
    if kind not in KINDS:
        sentence = f"There is no kind of monitor '{kind}'; there is {', '.join(KINDS)}."
        raise Invalid(sentence)
    fields: dict[str, Any] = {
        f"set_{name}": needed(_setting(name)) if name in NEEDED.get(kind, ()) else _setting(name)
        for name in _asked(kind)
    }
    for role in MORE_TABLES.get(kind, ()):
        fields[f"table_{role}"] = line(f"Table of the {_ROLES[role]}", _TABLE_HELP)
        fields[f"file_{role}"] = file_field("or a file")
    if projects:
        fields["project"] = forms.ChoiceField(label="Project", choices=projects)
    else:
        fields |= {"project": None, "key": None, "subject": None}
    order = (
        "project", "key", "name", "subject", "table", "file",
        *(name for name in fields if name.startswith(("set_", "table_", "file_"))),
        "rhythm", "alert_after", "clear_after", "owner", "commit", "is_enabled",
    )  # fmt: skip
    return type("MonitorForm", (MonitorForm,), {**fields, "field_order": order})


_ROLES = {"train": "training data", "control": "control"}
_LABELS = {
    "rules": ("Rules", "As in a rule file: rows, columns, checks."),
    "columns": ("Columns", "Separated by commas; empty: all."),
    "label": ("Label", "The column with the truth."),
    "score": ("Score", "The column with the model's score."),
    "prediction": ("Prediction", "The column with the model's decision."),
    "by": ("By", "Columns that make segments, separated by commas."),
    "minimum_n": ("Smallest segment", "Rows below which nothing is said."),
    "floors": ("Floors", "Such as auc=0.8, f1=0.6."),
    "max_gap": ("Largest gap", "Between a segment and all rows."),
    "metric": ("Metric", "Such as auc, rmse or accuracy."),
    "target": ("Target", "Empty: only the gap is judged."),
    "id": ("Id", "Its overlap hints at leakage."),
    "time": ("Time", "Test rows before training rows hint at leakage."),
    "judge": ("Judge", ""),
    "config": ("Configuration of the judge", "YAML or JSON; empty: the usual."),
    "column": ("Column", ""),
    "statistic": ("Statistic", ""),
    "at_least": ("At least", ""),
    "at_most": ("At most", ""),
    "unit": ("Unit", ""),
}
#: Settings for which a form has no field: files and the API carry them.
_UNASKED = ("options",)
_LISTS = ("columns", "by")
_DOCUMENTS = ("rules", "config")


def _asked(kind: str) -> list[str]:
    return [name for name in SETTINGS[kind] if name not in _UNASKED]


def _setting(name: str) -> forms.Field:
    label, help_text = _LABELS[name]
    if name in _DOCUMENTS:
        field: forms.Field = words(label, 10)
        field.help_text = help_text
        return field
    if name == "statistic":
        return forms.ChoiceField(label=label, choices=[(one, one) for one in STATISTICS])
    if name == "judge":
        choices = [("headway", "Headway's"), ("kayenta", "Kayenta's")]
        return forms.ChoiceField(label=label, choices=choices)
    return line(label, help_text)


def read_monitor(
    request: WorkspaceRequest, kind: str, values: dict[str, object]
) -> dict[str, object]:
    """Return what a form sent as the actions take it; a chosen file is kept on the way.

    Raises Invalid for a setting that cannot be read.
    """
    found = {name: values[name] for name in _PLAIN if name in values}
    found["rhythm"] = read_turns(str(values.get("rhythm") or ""))
    table = TableFields.table_of(request, values, "table", "file")
    if table is not None:
        found["table"] = table
    more = {
        role: table
        for role in MORE_TABLES.get(kind, ())
        if (table := TableFields.table_of(request, values, f"table_{role}", f"file_{role}"))
    }
    if more:
        found["more_tables"] = more
    found["settings"] = {
        name: _read_setting(name, values.get(f"set_{name}")) for name in _asked(kind)
    }
    return found


_PLAIN = ("name", "subject", "owner", "commit", "alert_after", "clear_after", "is_enabled")


def _read_setting(name: str, value: object) -> object:
    if value in (None, ""):
        return None
    if name in _LISTS:
        return [part.strip() for part in str(value).split(",") if part.strip()]
    if name == "floors":
        return dict(_pair(part) for part in str(value).split(",") if part.strip())
    if name in _DOCUMENTS:
        return plain(compose(str(value), f"The field “{_LABELS[name][0]}”", _RULES))
    return value


def _pair(part: str) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    if not equals:
        sentence = f"{part.strip()!r} names no floor; write metric=value, such as auc=0.8."
        raise Invalid(sentence)
    return name.strip(), value.strip()


def read_turns(written: str) -> dict[str, object]:
    """Return when a monitor runs, from one line: "24" or "mon,thu 06:00"."""
    written = written.strip()
    if not written:
        return {}
    first = written.split()[0]
    if first.isascii() and first.isdigit():
        return {"hours": first}
    days, _, hour = written.rpartition(" ")
    if ":" not in hour:
        days, hour = written, "06:00"
    return {"days": days, "hour": hour}


def turns_text(rhythm: Mapping[str, Any]) -> str:
    """Return when a monitor runs as it is written in one line."""
    if "hours" in rhythm:
        return str(rhythm["hours"])
    return f"{','.join(rhythm['days'])} {rhythm['hour']}" if rhythm.get("days") else ""


def setting_text(name: str, value: object) -> object:
    """Return a setting as its field takes it."""
    if value is None:
        return ""
    if name in _LISTS and isinstance(value, list):
        return ", ".join(str(part) for part in value)
    if name == "floors" and isinstance(value, Mapping):
        return ", ".join(f"{metric}={floor:g}" for metric, floor in value.items())
    if name in _DOCUMENTS:
        return json.dumps(value, indent=2, ensure_ascii=False) if value else ""
    return value
