from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.cast import Cast
from tests.domain.programs.actions.test_calendars import OFF
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.calendars import calendar_from

HOME = f"{PAGES.program}calendars/"
NIGHTS = {
    "name": "night shift",
    "weekdays": "sat sun",
    "hours": "22:00-06:00",
    "extra": "2026-12-24 09:00-13:00",
}


def test_a_calendar_is_added_shown_changed_and_removed(cast: Cast) -> None:
    a_running_program(cast)
    browser = browser_of(cast.mia)
    assert browser.post(f"{PAGES.program}new-calendar/", NIGHTS).status_code == 302
    page = browser.get(HOME).content.decode()
    assert "night shift" in page
    assert "2026-12-24 09:00-13:00" in page
    edit = f"{HOME}night%20shift/edit/"
    assert 'value="22:00-06:00"' in browser.get(edit).content.decode()
    browser.post(edit, {**NIGHTS, "hours": "20:00-04:00"})
    assert "20:00-04:00" in browser.get(HOME).content.decode()
    browser.post(f"{HOME}night%20shift/remove/")
    assert program_named(cast.mia, "control").calendars == {}


def test_what_makes_no_sense_is_said_with_what_was_typed_kept(cast: Cast) -> None:
    a_running_program(cast)
    bad = {**NIGHTS, "hours": "late", "zone": "Mars"}
    response = browser_of(cast.mia).post(f"{PAGES.program}new-calendar/", bad)
    page = response.content.decode()
    assert response.status_code == 422
    assert "write a span like 09:00-17:00" in page or "has to be a finite number" in page
    assert 'value="late"' in page
    assert program_named(cast.mia, "control").calendars == {}


def test_the_programs_own_calendar_is_edited_and_taken_back(cast: Cast) -> None:
    a_running_program(cast)
    browser = browser_of(cast.mia)
    own = {"weekdays": "mon tue wed thu", "hours": "09:00-17:00", "holidays": "2026-12-25"}
    browser.post(f"{PAGES.program}own-calendar/", own)
    assert calendar_from(program_named(cast.mia, "control").calendar).weekdays == (0, 1, 2, 3)
    assert browser.post(f"{PAGES.program}restore/1/").status_code == 302
    assert program_named(cast.mia, "control").calendar == {}


def test_an_uploaded_file_takes_its_days_off(cast: Cast) -> None:
    a_running_program(cast)
    browser = browser_of(cast.bob)
    file = SimpleUploadedFile("off.ics", OFF)
    browser.post(f"{PAGES.program}days-off/", {"calendar": "", "file": file})
    page = browser.get(HOME).content.decode()
    assert "2027-01-01" in page
    wrong = SimpleUploadedFile("off.ics", b"no calendar")
    response = browser.post(f"{PAGES.program}days-off/", {"calendar": "", "file": wrong})
    assert response.status_code == 422
    assert "is not an iCalendar file" in response.content.decode()


def test_who_may_only_look_sees_the_calendars_and_no_forms(cast: Cast) -> None:
    a_running_program(cast)
    page = browser_of(cast.vera).get(HOME).content.decode()
    assert "mon tue wed thu fri" in page
    assert "days-off/" not in page
