"""Claims about the style sheets, computed from the files: contrast, weight, no inline style."""

from __future__ import annotations

import gzip
import re
from itertools import pairwise

import pytest
from tests.interfaces.web.layout.pieces import LAYOUT, STYLES, TEMPLATES

TOKENS = (LAYOUT / "static/headway/tokens.css").read_text()
_DECLARED = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
NORMAL = {name: (light, dark) for name, light, dark in _DECLARED.findall(TOKENS.split("@media")[0])}
MORE = NORMAL | {
    name: (light, dark)
    for name, light, dark in _DECLARED.findall(TOKENS.split("(prefers-contrast: more)")[1])
}
THEMES = [
    pytest.param(palette, theme, id=f"{name}-{('light', 'dark')[theme]}")
    for name, palette in (("normal", NORMAL), ("more", MORE))
    for theme in (0, 1)
]
BACKGROUNDS = ("canvas", "surface", "raised", "sunken", "hover")
WORDS = [
    *[(ink, back) for ink in ("text", "muted", "accent", "bad") for back in BACKGROUNDS],
    *[(ink, f"{ink}-soft") for ink in ("good", "at-risk", "bad", "unknown", "accent")],
    *[("text", f"{ink}-soft") for ink in ("at-risk", "bad", "accent")],
    *[(ink, "surface") for ink in ("good", "at-risk", "unknown", "accent-strong")],
    ("unknown", "hatch"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]
GRAPHICS = [
    *[("edge", back) for back in ("canvas", "surface", "raised")],
    *[(f"chart-{n}", back) for n in range(1, 7) for back in ("surface", "canvas")],
]

Palette = dict[str, tuple[str, str]]


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("palette", "theme"), THEMES)
def test_every_pair_of_words_reaches_4_5_to_1(palette: Palette, theme: int) -> None:
    ratios = {pair: contrast(palette[pair[0]][theme], palette[pair[1]][theme]) for pair in WORDS}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize(("palette", "theme"), THEMES)
def test_every_control_and_mark_reaches_3_to_1(palette: Palette, theme: int) -> None:
    ratios = {pair: contrast(palette[pair[0]][theme], palette[pair[1]][theme]) for pair in GRAPHICS}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < 3} == {}


@pytest.mark.parametrize("theme", [0, 1])
def test_the_six_chart_inks_part_in_greyscale(theme: int) -> None:
    greys = sorted(luminance(NORMAL[f"chart-{n}"][theme]) + 0.05 for n in range(1, 7))
    assert min(high / low for low, high in pairwise(greys)) >= 1.15


def test_asking_for_more_contrast_gives_more() -> None:
    for theme in (0, 1):
        for ink in ("text", "muted", "edge", "good", "bad"):
            pair = [contrast(p[ink][theme], p["surface"][theme]) for p in (NORMAL, MORE)]
            assert pair[1] > pair[0]


def test_all_style_sheets_weigh_under_40_kb_gzipped() -> None:
    assert sum(len(gzip.compress(sheet.read_bytes())) for sheet in STYLES) < 40_000


def test_our_own_scripts_weigh_under_10_kb_beside_11_for_the_gantt_chart() -> None:
    scripts = {one.name: one.stat().st_size for one in (LAYOUT / "static/headway").glob("*.js")}
    assert scripts.pop("gantt.js") < 11_000
    assert sum(scripts.values()) < 10_000


@pytest.mark.parametrize("sheet", STYLES, ids=lambda path: path.name)
def test_colours_outside_the_tokens_come_in_two_themes(sheet: object) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)  # type: ignore[attr-defined]
    screen = text.split("@media print")[0]
    single = re.sub(r"light-dark\([^)]*\)", "", screen)
    allowed = {"#0008"}  # the shade behind the phone's navigation
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", single)) - allowed == set()


@pytest.mark.parametrize("sheet", STYLES, ids=lambda path: path.name)
def test_every_sheet_lives_in_a_layer_and_fetches_nothing(sheet: object) -> None:
    text = sheet.read_text()  # type: ignore[attr-defined]
    assert re.search(r"@layer (tokens|base|components|pages) \{", text)
    assert "@import" not in text
    assert "url(" not in text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_needs_an_inline_style_or_script(template: object) -> None:
    text = template.read_text()  # type: ignore[attr-defined]
    assert not re.search(r"\sstyle=|<style|javascript:|\son[a-z]+=|hx-on|hx-vals=.js", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_the_classes_promised_to_charts_exist() -> None:
    sheet = (LAYOUT / "static/headway/charts.css").read_text()
    numbered = [f"hw-{kind}c{n}" for kind in ("", "fill-", "stroke-") for n in range(1, 7)]
    named = [f"hw-{kind}" for kind in ("band", "grid", "axis", "text", "target", "muted")]
    assert [name for name in numbered + named if f".{name}" not in sheet] == []
