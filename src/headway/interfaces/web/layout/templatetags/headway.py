"""`{% load headway %}`: how values are said, and the small components. /styleguide/ shows each.

Wording comes from `headway.rendering.phrases`; a figure never breaks from its unit (no-break
spaces). Where a tag takes an `href` it keeps the reader's as-of date (`?at=`); in a plain `<a>`
write `href="{{ address|keep_at:request }}"`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from django import template
from django.forms import BoundField
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from headway import clock
from headway.interfaces.web.layout import shell as frames
from headway.interfaces.web.layout import status
from headway.rendering import phrases

register = template.Library()

_BAR_WIDTH = 64


class Priced(Protocol):
    """Anything with an amount and a currency."""

    amount: Decimal
    currency: str


# --- words: filters ------------------------------------------------------------------------------


@register.filter
def share(value: float | str | None) -> str:
    """Say a chance 0–1: 0.434 → "43 %", 0.99 → "> 95 %", None → "n/a"."""
    # Of what is not there (the outlook of an option that none could be worked out for) a template
    # makes an empty string.
    return phrases.unbroken(phrases.share(None if isinstance(value, str) else value))


@register.filter
def share_exact(value: float | None) -> str:
    """Say a measured share of finished things: 0.9723 → "97.2 %"; may exceed 100 %."""
    return phrases.unbroken(phrases.share(value, exact=True))


@register.filter
def money(value: Decimal | Priced | None, currency: str = "") -> str:
    """Say `{{ amount|money:"USD" }}` or `{{ price|money }}` with three figures: "USD 1.20 M"."""
    amount, unit = _priced(value, currency)
    return phrases.unbroken(phrases.money(amount, unit))


@register.filter
def money_exact(value: Decimal | Priced | None, currency: str = "") -> str:
    """Say money to the last minor unit: "USD 1,203,411.50"."""
    amount, unit = _priced(value, currency)
    return phrases.unbroken(phrases.money(amount, unit, exact=True))


@register.filter
def number(value: float | None, digits: int = 3) -> str:
    """Say `{{ value|number:2 }}` with so many decimals and grouped thousands."""
    return phrases.number(value, digits)


@register.filter
def spread(value: Sequence[float] | None) -> str:
    """Say a three-point range as "3–5–9", 5 where it is certain; thousands are grouped."""
    if value is None:
        return phrases.absent()
    parts = [f"{part:,.10g}" for part in value]
    return phrases.unbroken("–".join(dict.fromkeys(parts)).replace("-", phrases.MINUS))


@register.filter
def day(value: date | None) -> str:
    """Say a date as "14 Mar 2027"."""
    return phrases.unbroken(phrases.day(value))


@register.filter
def short_day(value: date | None) -> str:
    """Say a date as "14 Mar"."""
    return phrases.unbroken(phrases.short_day(value))


@register.filter
def moment(value: datetime | None) -> str:
    """Say a time in the reader's zone: "20 Nov 2026, 14:05 UTC"."""
    return phrases.unbroken(phrases.moment(value, timezone.get_current_timezone()))


@register.filter
def age(value: datetime | None, at: datetime) -> str:
    """Say how old `value` is at `at`: "3 days ago"."""
    said = phrases.age(value, at)
    return phrases.unbroken(f"{said} ago" if said[0].isdigit() else said)


@register.filter
def shift(days: int | None) -> str:
    """Say how a date moved: 17 → "17 days later"."""
    return phrases.unbroken(phrases.shift(days))


@register.filter
def keep_at(href: str, request: object) -> str:
    """Return `href` with the page's `?at=` kept."""
    return frames.keep_at(href, getattr(request, "GET", {}).get("at", ""))


# --- words with markup ---------------------------------------------------------------------------


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a symbol of icons.svg; always decorative, a word stands beside it or is hidden."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("headway/icons.svg"),
        name,
    )


@register.simple_tag
def na(reason: str = "") -> SafeString:
    """Say "n/a" and why: `{% na "no cost recorded yet" %}`."""
    why = format_html(' <span class="reason">({})</span>', reason) if reason else ""
    return format_html('<span class="na">{}{}</span>', phrases.NOT_AVAILABLE, why)


@register.simple_tag
def amount(value: Decimal | Priced | None, currency: str = "") -> SafeString:
    """Say money in three figures, the exact sum on hover: `{% amount cost "USD" %}`."""
    exact, unit = _priced(value, currency)
    if exact is None:
        return na()
    return format_html(
        '<data class="num nowrap" value="{}" title="{}">{}</data>',
        exact,
        phrases.money(exact, unit, exact=True),
        phrases.unbroken(phrases.money(exact, unit)),
    )


@register.simple_tag(takes_context=True)
def when(context: Context, value: datetime | None, short: bool = False) -> SafeString:
    """Say a time with its age as of the page: "3 days ago, 20 Nov 2026, 14:05 UTC".

    With `short` only the age, the time on hover.
    """
    if value is None:
        return na()
    seen_from = getattr(context.get("shell"), "at", None) or clock.now()
    old, full = age(value, seen_from), moment(value)
    text = old if short else f"{old}, {full}"
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), full, text)


@register.simple_tag
def percentiles(p50: date | None, p80: date | None, reason: str = "") -> SafeString:
    """Say a forecast's P50 and P80; a percentile without a date says n/a and the `reason`."""
    parts = [(50, p50), (80, p80)]
    return format_html(
        '<span class="percentiles num">{}</span>',
        format_html_join(
            " ",
            '<span><abbr title="{0} % of the simulated outcomes are at or before this day">'
            "P{0}</abbr> {1}</span>",
            ((q, phrases.unbroken(phrases.day(p)) if p else na(reason)) for q, p in parts),
        ),
    )


@register.simple_tag(takes_context=True)
def figure(
    context: Context, text: object, href: str = "", reason: str = "", changed: bool = False
) -> SafeString:
    """Show a number that opens to its evidence: `{% figure p|share href %}`.

    `text` None or "n/a" shows n/a and the `reason`, still linked when there is an `href`; `changed`
    marks a number that moved since the reader's last visit.
    """
    absent = text is None or text == phrases.NOT_AVAILABLE
    inner = na(reason) if absent else str(text)
    mark = mark_safe('<span class="visually-hidden">changed: </span>') if changed else ""
    classes = "figure changed" if changed else "figure"
    if not href:
        return format_html('<span class="{} none">{}{}</span>', classes, mark, inner)
    return format_html(
        '<a class="{}" href="{}">{}{}</a>', classes, _kept(context, href), mark, inner
    )


@register.simple_tag
def digest(value: str, length: int = 12) -> SafeString:
    """Show the first letters of a digest, all of it on hover and by the copy button."""
    return format_html(
        '<span class="digest"><span title="{0}">{1}</span><button type="button" '
        'class="button quiet icon-only small" data-copy="{0}"><span class="visually-hidden">'
        "Copy digest {1}</span>{2}"
        "</button></span>",
        value,
        value[:length],
        icon("copy"),
    )


@register.simple_tag
def share_bar(value: float | None) -> SafeString:
    """Draw a share 0–1 as a small bar, decorative: the number stands beside it."""
    filled = 0 if value is None else round(_BAR_WIDTH * min(max(value, 0), 1), 1)
    return format_html(
        '<svg class="share-bar" viewBox="0 0 {0} 6" aria-hidden="true" focusable="false">'
        '<rect class="track" width="{0}" height="6" rx="3"/>'
        '<rect class="value" width="{1}" height="6" rx="3"/></svg>',
        _BAR_WIDTH,
        filled,
    )


# --- status --------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def verdict(
    context: Context, value: str, href: str = "", waived: bool = False, plain: bool = False
) -> SafeString:
    """Show a verdict: shape, word, tone. `waived` lays a decision over it: grey, never green."""
    shown = status.verdict_status(value)
    if waived:
        over = mark_safe('<span class="laid-over">· waived</span>')
        return _chip(context, status.Status("waived", shown.word, "quiet"), href, plain, over)
    return _chip(context, shown, href, plain)


@register.simple_tag(takes_context=True)
def level(context: Context, value: str, href: str = "", plain: bool = False) -> SafeString:
    """Show a level: good, at_risk, bad, unknown."""
    return _chip(context, status.level_status(value), href, plain)


@register.simple_tag(takes_context=True)
def health_chip(context: Context, dimension: status.Dimension) -> SafeString:
    """Show one dimension's chip: its level where it was judged, else why it was not."""
    return _chip(context, status.health_status(dimension.level, dimension.verdict))


@register.inclusion_tag("layout/_health.html", takes_context=True)
def health(context: Context, dimensions: object, compact: bool = False) -> dict[str, object]:
    """Show the six-dimension strip; `compact` shows only the shapes, for a table's cell."""
    return {**_request(context), "dimensions": dimensions, "compact": compact}


@register.simple_tag
def health_shape(dimension: status.Dimension) -> SafeString:
    """Show one dimension as its shape, with its words for a screen reader and on hover."""
    shown = status.health_status(dimension.level, dimension.verdict)
    return format_html(
        '<span class="status plain {}" title="{}: {}">{}<span class="visually-hidden">{}: {}</span>'
        "</span>",
        shown.tone,
        dimension.name,
        shown.word,
        icon(shown.shape),
        dimension.name,
        shown.word,
    )


# --- places and tables ---------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def crumb(context: Context, label: str, href: str = "") -> SafeString:
    """Add a breadcrumb; the last one has no `href` and is the page itself."""
    if not href:
        return format_html('<li><span aria-current="page">{}</span></li>', label)
    return format_html('<li><a href="{}">{}</a></li>', _kept(context, href), label)


@register.simple_tag(takes_context=True)
def tab(context: Context, label: str, href: str, count: int | None = None) -> SafeString:
    """Add a tab; it is the current one when the page's path equals its own."""
    request = context.get("request")
    here = request is not None and request.path == href.split("?")[0]
    return format_html(
        '<li><a href="{}"{}>{}{}</a></li>',
        _kept(context, href),
        mark_safe(' aria-current="page"') if here else "",
        label,
        "" if count is None else format_html(' <span class="count">{}</span>', f"{count:,}"),
    )


@register.simple_tag(takes_context=True)
def sort_header(
    context: Context, label: str, key: str, number: bool = False, default: str = ""
) -> SafeString:
    """Head a column whose link sorts by `key` through `?sort=key` or `?sort=-key`.

    `default` is the order when the address names none. The cursor starts again.
    """
    request = context["request"]
    current = request.GET.get("sort", default)
    query = request.GET.copy()
    query.pop("cursor", None)
    query["sort"] = f"-{key}" if current == key else key
    directions = {key: ("ascending", "up"), f"-{key}": ("descending", "down")}
    order, arrow = directions.get(current, ("", "down"))
    return format_html(
        '<th scope="col"{}{}><a href="?{}">{}{}</a></th>',
        mark_safe(' class="number"') if number else "",
        format_html(' aria-sort="{}"', order) if order else "",
        query.urlencode(),
        label,
        icon(arrow),
    )


@register.inclusion_tag("layout/_cell.html", takes_context=True)
def cell(
    context: Context, id: str, text: str, edit: str, label: str, number: bool = False
) -> dict[str, object]:
    """Show a table cell that is edited in place: `edit` answers the form (see `cell_form`).

    The focus comes back to the cell when the answer replaces its form.
    """
    request = context.get("request")
    focus = request is not None and request.headers.get("HX-Target") == id
    shown = {"id": id, "text": text, "edit": edit, "label": label, "number": number}
    return {**_request(context), **shown, "focus": focus}


@register.inclusion_tag("layout/_cell_form.html", takes_context=True)
def cell_form(
    context: Context, id: str, field: BoundField, action: str, cancel: str, version: str = ""
) -> dict[str, object]:
    """Show the form of a cell: Enter saves by a POST to `action`, Escape gets `cancel` back."""
    return {
        **_request(context),
        "id": id,
        "control": field.as_widget(attrs={"aria-label": str(field.label), "data-focus": ""}),
        "field": field,
        "action": action,
        "cancel": cancel,
        "version": version,
    }


@register.inclusion_tag("layout/_load_more.html")
def load_more(href: str, columns: int) -> dict[str, object]:
    """End a `<tbody class="rows">` by a row that loads the next cursor's rows in its place."""
    return {"href": href, "columns": columns}


@register.inclusion_tag("layout/_pages.html")
def pages(previous: str = "", following: str = "") -> dict[str, str]:
    """Link to the previous and the next page by their cursors' addresses."""
    return {"previous": previous, "following": following}


# --- blocks and forms ----------------------------------------------------------------------------


@register.simple_block_tag
def callout(content: SafeString, kind: str = "info", title: str = "") -> SafeString:
    """Say something beside the text; `kind` is info, good, at-risk or bad."""
    heading = format_html('<p class="heading">{}</p>', title) if title else ""
    return format_html(
        '<div class="callout {}">{}<div class="body">{}{}</div></div>',
        kind,
        icon(kind),
        heading,
        content,
    )


@register.simple_block_tag
def chart(
    content: SafeString, finding: str, svg: str, note: str = "", series: Sequence[str] = ()
) -> SafeString:
    """Frame a chart: a title that states the finding, the SVG, the data behind it (the block).

    `svg` is put in as it is: pass only what `headway.rendering` drew. `series` names the lines
    1 to 6 in a legend below, where the SVG carries none.
    """
    below = format_html('<span class="note">{}</span>', note) if note else ""
    return format_html(
        '<figure class="chart"><figcaption>{}{}</figcaption>'
        '<div class="plot" tabindex="0" role="group" aria-label="Chart">{}</div>{}'
        "<details><summary>Data behind this chart</summary><div>{}</div></details></figure>",
        finding,
        below,
        mark_safe(svg),
        _legend(series),
        content,
    )


@register.inclusion_tag("layout/_field.html")
def field(field: BoundField, kind: str = "") -> dict[str, object]:
    """Show a field with label, control, help and error; `kind` adds a class (figures, grow)."""
    choice = getattr(field.field.widget, "input_type", "") == "checkbox"
    grouped = field.use_fieldset
    return {"field": field, "kind": kind, "choice": choice and not grouped, "grouped": grouped}


@register.inclusion_tag("layout/_error_summary.html")
def error_summary(form: object, focus: bool = True) -> dict[str, object]:
    """List what is wrong with a form above it, linked to the fields; it takes the focus."""
    return {"form": form, "focus": focus}


@register.inclusion_tag("layout/_empty.html")
def empty(
    sentence: str, action: str = "", href: str = "", more: str = "", more_href: str = ""
) -> dict[str, str]:
    """Fill an empty place: one sentence, one primary action, one link to learn more."""
    return {
        "sentence": sentence,
        "action": action,
        "href": href,
        "more": more,
        "more_href": more_href,
    }


@register.inclusion_tag("layout/_progress.html")
def progress(label: str, done: float | None = None, total: float = 1) -> dict[str, object]:
    """Show how far long work is; without `done` that it runs."""
    said = "" if done is None else f"{done:,} of {total:,}" if total != 1 else ""
    return {"label": label, "done": done, "total": total, "said": said}


def _legend(series: Sequence[str]) -> SafeString | str:
    if not series:
        return ""
    lines = format_html_join(
        "",
        '<li><svg viewBox="0 0 16 10" aria-hidden="true" focusable="false"><line '
        'class="hw-stroke-c{} hw-dashed" x2="16" y1="5" y2="5"/></svg>{}</li>',
        enumerate(series, start=1),
    )
    return format_html('<ul class="legend">{}</ul>', lines)


def _chip(
    context: Context,
    shown: status.Status,
    href: str = "",
    plain: bool = False,
    over: SafeString | str = "",
) -> SafeString:
    classes = f"status {shown.tone}{' plain' if plain else ''}"
    inner = format_html("{}<span>{}</span>{}", icon(shown.shape), shown.word, over)
    if href:
        return format_html('<a class="{}" href="{}">{}</a>', classes, _kept(context, href), inner)
    return format_html('<span class="{}">{}</span>', classes, inner)


def _kept(context: Context, href: str) -> str:
    return keep_at(href, context.get("request"))


def _request(context: Context) -> dict[str, object]:
    """Return what an included template needs of the page around it."""
    return {"request": context.get("request"), "csrf_token": context.get("csrf_token")}


def _priced(value: Decimal | Priced | None, currency: str) -> tuple[Decimal | None, str]:
    if value is None or isinstance(value, Decimal):
        return value, currency
    return value.amount, value.currency
