"""Tables as other tools export them, shortened: the shapes, none of anybody's content."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

#: Jira Cloud, English: repeated headings, seconds, its own dates, links by direction.
JIRA_EN = """\
Summary,Issue key,Issue id,Issue Type,Status,Status Category,Assignee,Created,Resolved,Due date,\
Labels,Labels,Original estimate,Custom field (Story Points),Inward issue link (Blocks),\
Outward issue link (Relates),Parent key
"Collect, then check sensor logs",MLP-2,10002,Story,Done,Done,Ada,02/Mar/26 9:14 AM,\
09/Mar/26 5:01 PM,,\
raw,logs,144000,,,,MLP-1
Label 500 images,MLP-3,10003,Story,In Labeling,In Progress,Bo,\
03/Mar/26 9:00 AM,,27/Mar/26 12:00 AM,\
,,288000,,MLP-2,MLP-5,MLP-1
Train baseline,MLP-4,10004,Story,To Do,To Do,Ada,03/Mar/26 9:00 AM,,,,,,5.0,MLP-3,,MLP-1
Perception,MLP-1,10001,Epic,In Progress,In Progress,,01/Mar/26 9:00 AM,,,,,,,,,
Write the model card,MLP-5,10005,Task,To Do,To Do,,04/Mar/26 9:00 AM,,30/Apr/26 12:00 AM,,,,,,,
"""
#: The same from a German Jira: semicolons, translated headings, states and months.
JIRA_DE = """\
Zusammenfassung;Vorgangsschlüssel;Vorgangstyp;Status;Zugewiesen;Erstellt;Erledigt;Fälligkeitsdatum;\
Ursprüngliche Schätzung
Daten sammeln;MLP-2;Story;Erledigt;Ada;02.März.26 9:14;09.März.26 17:01;;144000
Bilder annotieren;MLP-3;Story;In Arbeit;Bo;03.März.26 9:00;;27.März.26 0:00;288000
Modell trainieren;MLP-4;Story;Zu erledigen;Ada;03.März.26 9:00;;30.Dez.26 0:00;
"""
#: A Jira in a language that only the cells give away.
JIRA_OTHER = """\
Yhteenveto,Tunnus,Vaihe,Eräpäivä
Kerää anturidata ja tarkista se,MLP-2,Done,2026-03-27
Merkitse viisisataa kuvaa huolella,MLP-3,In Progress,2026-04-17
Kouluta ensimmäinen malli valmiiksi,MLP-4,To Do,2026-05-29
"""


def workbook(rows: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> bytes:
    """Return an XLSX of one sheet with `rows`, its ranges `merged`."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Plan"
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


#: A plan as program managers keep it: a title, a date, a heading of two rows, a sum at the end.
PLAN_ROWS: Sequence[Sequence[object]] = (
    ("Churn model, plan", None, None, None, None, None, None),
    ("as of", date(2026, 3, 2), None, None, None, None, None),
    (),
    ("ID", "Task", "Effort (days)", None, None, "Depends on", "Due"),
    (None, None, "Min", "Likely", "Max", None, None),
    (1, "Agree on the label", 1, 2, 4, None, None),
    (2, "Build features", 3, 5, 9.5, "1", None),
    (3, "Train and compare", None, 8, None, "2FS+2d", None),
    (4, "Report to the board", None, None, None, "3", date(2026, 5, 29)),
    (None, "Total", 4, 15, 13.5, None, None),
)


def plan_workbook() -> bytes:
    """Return the program manager's workbook."""
    return workbook(PLAN_ROWS, ("A4:A5", "B4:B5", "C4:E4", "F4:F5", "G4:G5"))
