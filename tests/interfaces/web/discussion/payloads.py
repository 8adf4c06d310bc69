"""Markup that would run somewhere if any of it were read as markup: the classes of R27."""

from __future__ import annotations

from itertools import product

_RUN = "window.__xss=1"

_TAGS = [
    "<script>{run}</script>",
    "<ScRiPt>{run}</sCrIpT>",
    "<script src=data:,{run}></script>",
    "<img src=x onerror={run}>",
    "<img src=x onerror='{run}'//",
    "<svg onload={run}>",
    "<svg><script>{run}</script></svg>",
    "<svg><animate onbegin={run} attributeName=x dur=1s>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror={run}>",
    "<math href=javascript:{run}>x</math>",
    "<body onload={run}>",
    "<details open ontoggle={run}>",
    "<iframe srcdoc='<script>{run}</script>'></iframe>",
    "<iframe src=javascript:{run}></iframe>",
    "<object data=javascript:{run}>",
    "<embed src=javascript:{run}>",
    "<a href=javascript:{run}>x</a>",
    "<a href='java\tscript:{run}'>x</a>",
    "<form action=javascript:{run}><button>x</button></form>",
    "<input autofocus onfocus={run}>",
    "<select autofocus onfocus={run}>",
    "<video><source onerror={run}></video>",
    "<style>@import 'javascript:{run}';</style>",
    "<link rel=stylesheet href=javascript:{run}>",
    "<meta http-equiv=refresh content='0;url=javascript:{run}'>",
    "<base href=javascript:{run}//>",
    "<noscript><p title='</noscript><img src=x onerror={run}>'>",
    "<template><script>{run}</script></template>",
    "<xmp><img src=x onerror={run}></xmp>",
    "<code class='x' onclick={run}>x</code>",
    "<div hx-get=/ hx-trigger=load hx-on::load={run}>",
    "<div data-hx-on:click={run} hx-vals='js:{{x:{run}}}'>",
]
_WRAPS = [
    "{0}",
    '"><x>{0}',
    "'>{0}",
    "</textarea>{0}",
    "</title>{0}",
    "--><!-- {0}",
    "]]>{0}",
    "\u202e{0}\u202c",
    "https://example.org/{0}",
    "@bob{0}",
]

PAYLOADS = [wrap.format(tag.format(run=_RUN)) for wrap, tag in product(_WRAPS, _TAGS)]
