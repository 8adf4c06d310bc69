"""Claims about the connectors page and its forms."""

from __future__ import annotations

from tests.cast import AT, Cast
from tests.doors import browser_of

from headway.domain.sources.actions import add_source
from headway.domain.sources.models import Source
from headway.domain.sources.rules import SourceDraft

HERE = "/w/acme/settings/sources/"
FIELDS = {"name": "lab", "url": "https://lab.example.org", "every_minutes": "15", "project": ""}


def a_source(cast: Cast, **more: object) -> Source:
    draft = SourceDraft("mlflow", "lab", "https://lab.example.org", secret="hush-hush")
    source = add_source(cast.alice, draft, AT)
    Source.objects.filter(id=source.id).update(**more)
    return source


def test_an_empty_page_offers_the_first_connection_to_those_who_may(cast: Cast) -> None:
    assert HERE + "add/" in browser_of(cast.mia).get(HERE).content.decode()
    assert HERE + "add/" not in browser_of(cast.vera).get(HERE).content.decode()


def test_a_source_is_connected_and_waits_for_the_worker(cast: Cast) -> None:
    response = browser_of(cast.mia).post(
        HERE + "add/", FIELDS | {"secret": "hush-hush", "experiments": "fraud-*, churn"}
    )
    assert response.status_code == 302
    source = Source.objects.get(workspace=cast.acme)
    assert source.options == {"experiments": ["fraud-*", "churn"]}
    assert source.wanted_at is not None


def test_queries_of_prometheus_are_typed_one_a_line_and_keep_their_commas(cast: Cast) -> None:
    client = browser_of(cast.mia)
    queries = "p99 = histogram_quantile(0.99, b)\nerrors = sum(rate(e[5m]))"
    fields = FIELDS | {"queries": queries, "subject": "deployment:ml/fraud@7"}
    answer = client.post(HERE + "add/?kind=prometheus", fields | {"subject": ""})
    assert answer.status_code == 422
    assert 'id="id_subject_error"' in answer.content.decode()
    assert client.post(HERE + "add/?kind=prometheus", fields).status_code == 302
    source = Source.objects.get(workspace=cast.acme)
    assert source.options["queries"] == queries.split("\n")
    page = client.get(HERE + "named/lab/").content.decode()
    assert "histogram_quantile(0.99, b)\nerrors" in page
    assert "deployment:ml/fraud@7" in page
    assert "Webhook" not in page


def test_a_fault_stands_beside_its_field_and_repeats_no_secret(cast: Cast) -> None:
    answer = browser_of(cast.mia).post(
        HERE + "add/", FIELDS | {"url": "ftp://lab", "secret": "hush-hush"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_url_error"' in text
    assert "hush-hush" not in text
    assert not Source.objects.exists()


def test_a_name_that_is_taken_is_said(cast: Cast) -> None:
    a_source(cast)
    answer = browser_of(cast.mia).post(HERE + "add/", FIELDS)
    assert answer.status_code == 422
    assert "There is a source &#x27;lab&#x27; already" in answer.content.decode()


def test_a_stored_secret_is_never_shown_and_stays_on_the_same_server(cast: Cast) -> None:
    a_source(cast)
    client = browser_of(cast.mia)
    assert "hush-hush" not in client.get(HERE + "named/lab/").content.decode()
    fields = FIELDS | {"url": "https://lab.example.org/mlflow", "version": "1"}
    assert client.post(HERE + "named/lab/", fields).status_code == 302
    assert Source.objects.get().secret is not None


def test_another_server_drops_the_secret_and_says_so(cast: Cast) -> None:
    a_source(cast)
    client = browser_of(cast.mia)
    fields = FIELDS | {"url": "https://evil.example.org", "version": "1"}
    text = client.post(HERE + "named/lab/", fields, follow=True).content.decode()
    assert "the stored token was forgotten" in text
    assert Source.objects.get().secret is None


def test_a_stale_save_keeps_what_was_typed(cast: Cast) -> None:
    a_source(cast, version=3)
    answer = browser_of(cast.mia).post(HERE + "named/lab/", FIELDS | {"version": "1"})
    assert answer.status_code == 422
    assert "changed meanwhile" in answer.content.decode()


def test_a_failure_is_told_with_its_next_try(cast: Cast) -> None:
    a_source(cast, failed_at=AT, failure="lab did not answer.", failures_in_a_row=3)
    text = browser_of(cast.vera).get(HERE).content.decode()
    assert "lab did not answer. Failed 3 times in a row" in text


def test_read_now_leaves_the_reading_to_the_worker(cast: Cast) -> None:
    a_source(cast, wanted_at=None)
    assert browser_of(cast.bob).post(HERE + "named/lab/sync/").status_code == 302
    assert Source.objects.get().wanted_at is not None


def test_a_disconnected_source_forgets_its_secrets(cast: Cast) -> None:
    a_source(cast)
    browser_of(cast.mia).post(HERE + "named/lab/disconnect/")
    source = Source.objects.get()
    assert (source.is_enabled, source.secret) == (False, None)
    assert "disconnected" in browser_of(cast.vera).get(HERE).content.decode()
