"""Annotators: how far they agree, how often they are right, whether a batch may be accepted.

ratings (who said what of which item) → coefficients (agreement beyond chance) · gold (accuracy) ·
inspecting (acceptance sampling) · readiness (when the labels will be there). Agreement is not
accuracy: two annotators who misread the same guideline agree perfectly.
"""

from headway.analysis.agreement.coefficients import (
    Agreement,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
)
from headway.analysis.agreement.gold import Accuracy, accuracy_on_gold
from headway.analysis.agreement.ratings import Ratings, ratings_of

__all__ = [
    "Accuracy",
    "Agreement",
    "Ratings",
    "accuracy_on_gold",
    "cohen_kappa",
    "fleiss_kappa",
    "krippendorff_alpha",
    "ratings_of",
]
