"""Claims about fields, error summaries and cells that are edited in place."""

from __future__ import annotations

from django import forms
from tests.interfaces.web.layout.pieces import drawn, words


class PlanForm(forms.Form):
    name = forms.CharField(help_text="As people say it.")
    budget = forms.DecimalField(required=False)
    ready = forms.BooleanField(required=False)
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)


def test_a_field_ties_label_help_and_error_to_its_control() -> None:
    shown = drawn("{% field form.name %}", form=PlanForm({}))
    assert '<label for="id_name">' in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="id_name_helptext"' in shown
    assert 'id="id_name_error"' in shown


def test_an_optional_field_says_so() -> None:
    assert words(drawn("{% field form.budget %}", form=PlanForm())) == "Budget (optional)"


def test_a_checkbox_stands_before_its_label() -> None:
    shown = drawn("{% field form.ready %}", form=PlanForm())
    assert shown.index("<input") < shown.index("<label")


def test_radio_buttons_are_one_group_with_a_legend() -> None:
    shown = drawn("{% field form.kind %}", form=PlanForm())
    assert "<fieldset" in shown
    assert "<legend>" in shown


def test_the_error_summary_takes_the_focus_and_links_to_the_fields() -> None:
    shown = drawn("{% error_summary form %}", form=PlanForm({}))
    assert 'tabindex="-1" data-focus' in shown
    assert '<a href="#id_name">Name</a>' in shown


def test_a_form_without_errors_has_no_summary() -> None:
    assert drawn("{% error_summary form %}", form=PlanForm()) == ""


def test_a_cell_is_a_button_that_says_what_it_edits() -> None:
    shown = drawn('{% cell "c1" "5 days" "/edit" "Estimate" %}')
    assert words(shown) == "5 days : edit estimate"
    assert 'hx-get="/edit"' in shown


def test_a_cells_form_works_without_script_and_carries_its_version() -> None:
    source = '{% cell_form "c1" form.name "/save" "/show" "7" %}'
    shown = drawn(source, form=PlanForm())
    assert 'method="post" action="/save"' in shown
    assert 'name="version" value="7"' in shown
    assert 'aria-label="Name"' in shown


def test_load_more_is_a_link_and_vanishes_at_the_end() -> None:
    assert 'href="?cursor=x"' in drawn('{% load_more "?cursor=x" 3 %}')
    assert drawn('{% load_more "" 3 %}') == ""


def test_an_empty_place_has_one_sentence_one_action_one_link() -> None:
    shown = drawn('{% empty "No runs yet." "Connect MLflow" "/new" "How" "/docs" %}')
    assert words(shown) == "No runs yet. Connect MLflow How"
    assert shown.count("primary") == 1


def test_a_chart_states_its_finding_and_brings_its_data() -> None:
    source = '{% chart "Recall rose" "<svg></svg>" series=names %}<table></table>{% endchart %}'
    shown = drawn(source, names=("trees", "baseline"))
    assert "<figcaption>Recall rose" in shown
    assert "<svg></svg>" in shown
    assert "<details>" in shown
    assert words(shown).startswith("Recall rose trees baseline")


def test_progress_of_unknown_length_claims_no_share() -> None:
    assert "value=" not in drawn('{% progress "Waiting" %}')
