"""Annotators: how far they agree, how often they are right, whether a batch may be accepted.

ratings (who said what of which item) → coefficients (agreement beyond chance) · matching, regions
(boxes, polygons, spans by overlap) · differences (by class and annotator) · gold (accuracy) ·
inspecting (acceptance sampling) · readiness (when the labels will be there). Agreement is not
accuracy: two annotators who misread the same guideline agree perfectly.
"""

from headway.analysis.agreement.coefficients import (
    Agreement,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
)
from headway.analysis.agreement.differences import Differences, label_differences
from headway.analysis.agreement.gold import (
    Accuracy,
    Judged,
    labels_on_gold,
    regions_on_gold,
)
from headway.analysis.agreement.matching import THRESHOLD, Drawn, Region
from headway.analysis.agreement.ratings import Ratings, ratings_of
from headway.analysis.agreement.regions import RegionAgreement, region_agreement

__all__ = [
    "THRESHOLD",
    "Accuracy",
    "Agreement",
    "Differences",
    "Drawn",
    "Judged",
    "Ratings",
    "Region",
    "RegionAgreement",
    "cohen_kappa",
    "fleiss_kappa",
    "krippendorff_alpha",
    "label_differences",
    "labels_on_gold",
    "ratings_of",
    "region_agreement",
    "regions_on_gold",
]
