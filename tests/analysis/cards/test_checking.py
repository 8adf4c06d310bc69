"""A card is judged by what it says, in whatever format and under whatever headings."""

from __future__ import annotations

import json
import time

import pytest
from tests.analysis.cards import written

from headway.analysis.cards import CardAnswer, CardKind, check_card, sections_of
from headway.errors import Invalid


def checked(text: str | bytes, kind: CardKind = CardKind.MODEL) -> CardAnswer:
    return check_card(text if isinstance(text, bytes) else text.encode(), "card", kind)


def verdicts(answer: CardAnswer) -> dict[str, str]:
    return {one.name: one.verdict.value for one in answer.sections}


def lacking(answer: CardAnswer) -> dict[str, str]:
    return {name: word for name, word in verdicts(answer).items() if word != "met"}


def sentence(answer: CardAnswer, name: str) -> str:
    return next(one.sentence for one in answer.sections if one.name == name)


def test_a_filled_hugging_face_card_is_complete_with_the_results_of_its_front_matter() -> None:
    answer = checked(written.HUGGING_FACE)
    assert (answer.format, lacking(answer), answer.completeness) == ("hugging face", {}, 1)
    assert [(one.name, one.value) for one in answer.metrics] == [
        ("recall", "0.91"),
        ("Precision at 0.4", "0.72"),
    ]
    assert "factors combined are not given" in sentence(answer, "quantitative analyses")


def test_a_template_that_nobody_filled_in_says_nothing() -> None:
    answer = checked(written.TEMPLATE)
    assert set(verdicts(answer).values()) == {"missing"}
    assert answer.completeness == 0
    assert "what a template leaves (“TODO”)" in sentence(answer, "caveats")


def test_the_front_matter_of_a_template_does_not_fill_it() -> None:
    front = "---\nlicense: mit\ndatasets: [a/b]\nmetrics: [f1]\nlanguage: en\n---\n"
    answer = checked(front + written.TEMPLATE.split("---\n")[2])
    assert answer.completeness == 0
    assert verdicts(answer)["training data"] == "insufficient"
    assert "a/b" in sentence(answer, "training data")


def test_a_card_of_the_model_card_toolkit_is_read_by_its_keys() -> None:
    answer = checked(json.dumps(written.TOOLKIT))
    assert (answer.format, lacking(answer)) == ("model card toolkit", {})
    flat = {"quantitative_analysis": {"performance_metrics": [{"type": "auc", "value": 1}]}}
    flat["quantitative_analysis"]["performance_metrics"][0]["slice"] = "overall"
    assert verdicts(checked(json.dumps(flat)))["factors"] == "missing"
    older = {"model_details": {"license": {"identifier": "MIT"}, "overview": "Ranks old pumps."}}
    older["model_parameters"] = {"data": {"train": {"description": "Readings of 1,200 pumps."}}}
    assert verdicts(checked(json.dumps(older)))["training data"] == "met"


def test_a_sagemaker_card_is_read_bare_and_as_the_api_wraps_it() -> None:
    bare = checked(json.dumps(written.SAGEMAKER))
    wrapped = checked(json.dumps({"ModelCardName": "x", "Content": json.dumps(written.SAGEMAKER)}))
    assert lacking(bare) == {}
    assert (bare.format, verdicts(bare)) == ("sagemaker", verdicts(wrapped))
    listed = {"intended_uses": {"intended_uses": ["The weekly tour", "Reports of the works"]}}
    assert verdicts(checked(json.dumps(listed)))["intended use"] == "met"
    assert ("recall", "0.95", "training") in [(m.name, m.value, m.where) for m in bare.metrics]


def test_plain_markdown_is_read_by_underlined_headings_and_bold_labels() -> None:
    answer = checked(written.PLAIN)
    assert lacking(answer) == {
        "factors": "missing",
        "metrics": "missing",
        "training data": "missing",
        "ethical considerations": "not_applicable",
    }
    assert answer.completeness == pytest.approx(5 / 8)
    assert answer.unplaced == ("Team lunch (line 29)",)
    assert "without a reason" in sentence(answer, "factors")
    assert "with a reason" in sentence(answer, "caveats")


def test_a_datasheet_is_held_against_its_seven_sections() -> None:
    answer = checked(written.DATASHEET, CardKind.DATASET)
    assert lacking(answer) == {
        "uses": "insufficient",
        "distribution": "missing",
        "maintenance": "missing",
    }
    assert [one.key for one in sections_of(CardKind.DATASET)] == [*verdicts(answer)]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", "missing"),
        ("<!-- Boosted trees that rank pumps by their risk -->", "missing"),
        ("```\nmodel = load()\nmodel.fit(table_of_readings, labels)\n```", "missing"),
        ("![a picture of a pump](pump.png)", "missing"),
        ("**Training data**", "missing"),
        ("What data was it trained on?", "missing"),
        ("- [ ] TODO: write down what it was trained on", "missing"),
        ("N/A", "missing"),
        ("Unknown: no evidence of which data it was trained on", "missing"),
        ("[insert a description of your data here]", "missing"),
        ("To be added.", "missing"),
        ("- Source:\n- Demographics:\n- *[List datasets]*", "missing"),
        ("Number of rows: [Insert number of examples in the training data here]", "missing"),
        ("Unknown", "insufficient"),
        ("Pump data", "insufficient"),
        ("See the paper", "insufficient"),
        ("Unknown, as the vendor does not disclose it", "met"),
        ("Not applicable because it is a fixed rule and learns nothing", "not_applicable"),
        ("1,200 pumps, 2022 to 2024", "met"),
        ("二〇二二年から二〇二四年までの振動", "met"),
        ("Unknown vibrations were left out before the fit", "met"),
    ],
)
def test_what_a_section_says_decides(text: str, verdict: str) -> None:
    answer = checked(f"# Pumps\n\n## Training data\n\n{text}\n\n## Metrics\n")
    assert verdicts(answer)["training data"] == verdict
    assert verdicts(answer)["metrics"] == "missing"


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("4.2 What it is for: Intended Purpose", "intended use"),
        ("Out-of-Scope Use", "intended use"),
        ("🧭 Limits", "caveats"),
        ("**Caveats** & Recommendations", "caveats"),
        ("[Fairness](#fairness)", "ethical considerations"),
        ("Held-out data", "evaluation data"),
        ("Relevant factors", "factors"),
        ("Training Data [optional]", "training data"),
        ("Decision thresholds", "metrics"),
        ("Error analysis by slice", "quantitative analyses"),
        ("Model Inputs and Outputs", "details"),
    ],
)
def test_sections_are_known_under_other_names(heading: str, section: str) -> None:
    answer = checked(f"# X\n\n## {heading}\n\nSome 300 pumps of the works, by age and by site.\n")
    assert verdicts(answer)[section] == "met"


def test_names_of_sections_on_lines_of_their_own_are_headings() -> None:
    answer = checked("Pumps\n\nIntended Use\n\nRanks pumps for the tour.\n\nTraining Data\nTODO\n")
    assert verdicts(answer)["intended use"] == "met"
    assert verdicts(answer)["training data"] == "missing"


def test_a_text_in_another_language_counts_for_what_its_heading_says() -> None:
    spanish = "El riesgo más importante es que el conjunto de datos es pequeño y parcial."
    answer = checked(f"## Bias, Risks, and Limitations\n{spanish}\n")
    assert verdicts(answer)["ethical considerations"] == verdicts(answer)["caveats"] == "met"


def test_a_joined_heading_counts_only_for_what_its_text_speaks_of() -> None:
    answer = checked("## Bias, Risks, and Limitations\nReadings in frost are not reliable.\n")
    assert verdicts(answer)["caveats"] == "met"
    assert verdicts(answer)["ethical considerations"] == "insufficient"
    assert "does not speak of it" in sentence(answer, "ethical considerations")


def test_overall_results_alone_are_no_quantitative_analyses() -> None:
    overall = checked("## Results\nRecall is 0.91 over all of the test.\n")
    assert verdicts(overall)["quantitative analyses"] == "insufficient"
    split = "## Results\nRecall by age and site combined is 0.81 at the worst.\n"
    assert "not given" not in sentence(checked(split), "quantitative analyses")
    words = checked("## Results\nRecall is good for each maker and site.\n")
    assert verdicts(words)["quantitative analyses"] == "insufficient"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_and_line_ends_do_not_change_the_answer(encoding: str) -> None:
    plain = checked(written.HUGGING_FACE)
    text = written.HUGGING_FACE.replace("\n", "\r\n")
    assert checked(text.encode(encoding)).sections == plain.sections


def test_an_empty_file_lacks_everything() -> None:
    for text in ("", "   \n\n", "---\n---\n"):
        assert set(verdicts(checked(text)).values()) == {"missing"}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"---\na: &x [1]\nb: *x\n---\n", "line 3 refers to another place"),
        (b"---\na: !!python/object:os.system 1\n---\n", "has the tag"),
        (b"---\nlicense: mit\nlicense: gpl\n---\n", "stands there twice"),
        (b'{"model_details": ' + b"[" * 100_000, "JSON"),
        (b"[1]", "its top has to be an object"),
        (b"\xff\x00\xfe", "not text"),
        (b"x" * 5_000_001, "5,000,001 bytes"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(data: bytes, told: str) -> None:
    with pytest.raises(Invalid, match="card") as refused:
        checked(data)
    assert told in str(refused.value)


def test_a_tools_json_is_no_datasheet() -> None:
    with pytest.raises(Invalid, match="--kind model"):
        checked(json.dumps(written.TOOLKIT), CardKind.DATASET)


def test_two_hundred_nested_headings_are_read_to_the_innermost() -> None:
    nest = "\n".join(f"{'#' * depth} Intended use" for depth in range(1, 201))
    answer = checked(f"{nest}\nRanks pumps for the weekly tour.\n")
    assert verdicts(answer)["intended use"] == "met"
    assert set(verdicts(checked(nest)).values()) == {"missing"}


@pytest.mark.parametrize(
    "piece", ["[", "![", "<", "<!--", "**", "{{", "# ", "`", "|", "- **a** ", "1. ", "&", "x. "]
)
def test_hostile_text_takes_time_in_proportion_to_its_length(piece: str) -> None:
    start = time.process_time()
    checked("## Results\n" + piece * (200_000 // len(piece)))
    assert time.process_time() - start < 2


@pytest.mark.parametrize("name", written.EVERY)
def test_the_evidence_of_a_check_has_the_words_of_its_kind(name: str) -> None:
    evidence = checked(written.EVERY[name]).as_evidence()
    words = {one["verdict"] for one in evidence["sections"]}  # type: ignore[attr-defined]
    assert words <= {"met", "partly", "missing", "not_applicable"}
