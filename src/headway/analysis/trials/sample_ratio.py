"""Does the split of units agree with the one that was planned? If not, nothing else counts.

Fixed: Pearson's chi-square over the arms that have weight. Sequential: the Dirichlet-multinomial
Bayes factor of Lindon and Malek (2022, arXiv 2011.03567), whose reciprocal may be looked at as
often as one likes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.analysis.trials.distributions import upper_chi_square
from headway.errors import Invalid

#: A split less likely than this is a mismatch (as in GrowthBook).
MISMATCH = 0.001
#: Units in each arm before the split is judged.
FEWEST = 8
#: How firmly the prior of the sequential test sits on the planned split, in units.
FIRMNESS = 1000.0
#: From this share, and this number, of units in several variants on, readers are warned.
EXPOSED_SHARE, EXPOSED_UNITS = 0.01, 10


@dataclass(frozen=True, slots=True)
class SampleRatio:
    """The verdict on a split.

    `p` is the one that decides, by `method` (fixed or sequential); the other stands beside it.
    `verdict` is met, unmet (a mismatch) or insufficient (an arm has too few units).
    """

    observed: Mapping[str, int]
    expected: Mapping[str, float]
    method: str
    p: float
    p_fixed: float
    p_sequential: float
    verdict: str
    sentence: str


def sample_ratio(
    looks: Sequence[Mapping[str, int]], shares: Mapping[str, float], *, sequential: bool = False
) -> SampleRatio:
    """Judge the units of each variant at the last of `looks` against the planned `shares`.

    `looks` holds the cumulative count of each variant at each look, the last one last; `shares` add
    up to 1. Raises Invalid for a negative count, no look, or a variant without a share.
    """
    if not looks:
        sentence = "There is no count to judge the split by."
        raise Invalid(sentence)
    for counts in looks:
        _require_counts(counts, shares)
    last = looks[-1]
    total = sum(last.values())
    fixed = chi_square_p(last, shares)
    always = min(1.0, *(math.exp(-max(0.0, log_bayes_factor(one, shares))) for one in looks), 1.0)
    p = always if sequential else fixed
    weighted = [name for name, share in shares.items() if share > 0]
    too_few = min(last.get(name, 0) for name in weighted) < FEWEST and p >= MISMATCH
    verdict = "unmet" if p < MISMATCH else "met"
    if too_few or total < FEWEST:
        verdict = "insufficient"
    expected = {name: total * share for name, share in shares.items()}
    observed = {name: last.get(name, 0) for name in shares}
    method = "sequential" if sequential else "fixed"
    sentence = _told(observed, shares, p, verdict)
    return SampleRatio(observed, expected, method, p, fixed, always, verdict, sentence)


def chi_square_p(counts: Mapping[str, int], shares: Mapping[str, float]) -> float:
    """Return the p-value of Pearson's chi-square; the degrees of freedom count arms with weight.

    A unit in an arm of weight 0 is impossible under the plan: p = 0.
    """
    total = sum(counts.values())
    weighted = [name for name, share in shares.items() if share > 0]
    if any(counts.get(name, 0) for name in shares if shares[name] == 0):
        return 0.0
    if total == 0 or len(weighted) < 2:
        return 1.0
    statistic = math.fsum(
        (counts.get(name, 0) - total * shares[name]) ** 2 / (total * shares[name])
        for name in weighted
    )
    return upper_chi_square(statistic, len(weighted) - 1)


def log_bayes_factor(
    counts: Mapping[str, int], shares: Mapping[str, float], firmness: float = FIRMNESS
) -> float:
    """Return the log of the evidence against the planned split, by a Dirichlet prior around it.

    lnΓ(c) − lnΓ(c+n) + Σ[lnΓ(cθᵢ+nᵢ) − lnΓ(cθᵢ)] − Σnᵢ ln θᵢ with c the firmness and θ the shares.
    """
    total = sum(counts.values())
    if any(counts.get(name, 0) for name in shares if shares[name] == 0):
        return math.inf
    found = [math.lgamma(firmness) - math.lgamma(firmness + total)]
    for name, share in shares.items():
        if share > 0:
            count, prior = counts.get(name, 0), firmness * share
            found += [math.lgamma(prior + count) - math.lgamma(prior), -count * math.log(share)]
    return math.fsum(found)


def shares_of(split: str, variants: Sequence[str]) -> dict[str, float]:
    """Return the planned share of each variant: `split` is `50/50` or `control=90,new=10`.

    Without a split all are equal. Positional shares go to `variants` in their order (the control
    first). Raises Invalid where the shares do not add up to 100 (or 1), or do not name the
    variants.
    """
    if not split:
        return {name: 1 / len(variants) for name in variants}
    named = _named(split) if "=" in split else _placed(split, variants)
    unknown = [name for name in named if name not in variants]
    lacking = [name for name in variants if name not in named]
    if unknown or lacking:
        odd = f"names {unknown[0]!r}" if unknown else f"has no share for {lacking[0]!r}"
        sentence = f"The split {split!r} {odd}; the variants are {', '.join(variants)}."
        raise Invalid(sentence)
    total = math.fsum(named.values())
    whole = 1.0 if total < 2 else 100.0
    if any(share < 0 for share in named.values()) or abs(total - whole) > 0.0011 * whole:
        sentence = (
            f"The split {split!r} adds up to {total:g}; shares are not negative and add up to "
            "100 (or to 1)."
        )
        raise Invalid(sentence)
    if sum(share > 0 for share in named.values()) < 2:
        sentence = (
            f"The split {split!r} gives one variant everything; a trial needs two with a share."
        )
        raise Invalid(sentence)
    return {name: named[name] / total for name in variants}


def exposure_sentence(exposed: int, units: int) -> str:
    """Return the warning about units that saw several variants, or nothing where they are few."""
    if exposed < EXPOSED_UNITS or exposed < EXPOSED_SHARE * units:
        return ""
    return (
        f"{exposed:,} of {units:,} units ({exposed / units * 100:.3g} %) saw more than one "
        "variant; they are left out. At 1 % and above the assignment itself is in doubt: check "
        "how units are bucketed."
    )


def _placed(split: str, variants: Sequence[str]) -> dict[str, float]:
    parts = split.split("/")
    if len(parts) != len(variants):
        sentence = (
            f"The split {split!r} has {len(parts)} shares, and there are {len(variants)} variants: "
            f"{', '.join(variants)}. Give one share to each, in that order."
        )
        raise Invalid(sentence)
    return {name: _share(part, split) for name, part in zip(variants, parts, strict=True)}


def _named(split: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in split.split(","):
        name, _, share = part.rpartition("=")
        if name.strip() in found:
            sentence = f"The split {split!r} names {name.strip()!r} twice; give it one share."
            raise Invalid(sentence)
        found[name.strip()] = _share(share, split)
    return found


def _share(text: str, split: str) -> float:
    try:
        share = float(text.strip().removesuffix("%"))
    except ValueError:
        share = math.nan
    if not math.isfinite(share):
        sentence = f"The split {split!r}: {text!r} is no share; write 50/50 or control=90,new=10."
        raise Invalid(sentence)
    return share


def _require_counts(counts: Mapping[str, int], shares: Mapping[str, float]) -> None:
    for name, count in counts.items():
        if count < 0:
            sentence = f"Variant {name!r} has {count} units; a count is not negative."
            raise Invalid(sentence)
        if name not in shares:
            sentence = f"Variant {name!r} has no planned share; the plan names {', '.join(shares)}."
            raise Invalid(sentence)


def _told(observed: Mapping[str, int], shares: Mapping[str, float], p: float, verdict: str) -> str:
    counts = " / ".join(f"{count:,}" for count in observed.values())
    planned = " / ".join(f"{share * 100:.3g} %" for share in shares.values())
    seen = f"{counts} units in {' / '.join(observed)} against a planned {planned}"
    if verdict == "insufficient":
        return f"{seen}: an arm has fewer than {FEWEST} units, too few to judge the split."
    if verdict == "unmet":
        return (
            f"{seen}: a split as uneven has p = {p:.2g}, below {MISMATCH}. Units are lost or "
            f"misassigned."
        )
    return f"{seen}: p = {p:.2g}, not below {MISMATCH}."
