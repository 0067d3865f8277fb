"""How the portal's answers spell the components of Quyết định 766's index, and how a component's rate makes its score.

The published score counts; what is computed here only explains it. Codes and fields as in captured answers
[F-QD766]; maxima and ways of scoring are rows of `data/reference/index_components.csv`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

INDEX = "service_index"

METRICS = {
    "PUBLISH_ON_TIME": "1.1",
    "PUBLIC_UPDATE_ON_TIME": "1.2",
    "PUBLIC_CONTENT_FULL": "1.3",
    "DOSSIER_SYNC": "1.4",
    "ORIGINAL_RESULT_AVAILABLE": "4.1",
    "SO_HOA_GIAY_TO_GIAI_QUYET": "4.2",
    "REUSED_DIGITIZED_DATA": "4.3",
    "SYNCED_WITH_DVCQG_PERSONAL_STORAGE": "4.4",
    "CITIZEN_DATA_CONNECTED_FORMALITY": "4.5a",
    "CITIZEN_DATA_CONNECTED_DOSSIER": "4.5b",
    "ELECTRONIC_CERTIFIED_COPY": "4.copy",
    "PETITION_CLASSIFICATION_TTHC": "5.1",
    "PETITION_CLASSIFICATION_STAFF": "5.1",
    "PETITION_PROCESSING_ON_TIME": "5.2",
    "PETITION_HANDLING_SATISFACTION": "5.3",
    "DOSSIER_RECEIVING_SATISFACTION": "5.4",
}
"""The indicator each of the portal's codes means."""

ONLY_UNFILTERED = "CITIZEN_DATA_CONNECTED_FORMALITY"
"""The code that the digitisation page leaves out of an answer about one procedure."""

GROUPS = {
    "transparency": "transparency",
    "handling-satisfaction": "satisfaction",
    "dossier-digitized": "digitisation",
    "dvc-progress-tree": "timeliness",
    "provide-online-tree": "provide_online",
    "formality-online-payment-tree": "online_payment",
}
"""The group that each page scores."""

PARTS = {
    "dvc-progress-tree": {"2.1": (("totalOnTime",), "totalReceived")},
    "provide-online-tree": {
        "3.1": (("partialCount", "fullCount"), "authorityCount"),
        "3.2": (("onlineDossierCount",), "onlineServiceTotal"),
        "3.3": (("channelOnlineSum",), "channelTotalSum"),
    },
    "formality-online-payment-tree": {
        "3.5": (("totalFeeDossierFormality",), "totalFeeFormality"),
        "3.5b": (("totalDossierOnlineFormalityPaymentSuccess",), "totalFeeFormality"),
        "3.6": (("totalDossierOnlinePaymentSuccess",), "totalDossierFinancialObligation"),
    },
}
"""On the pages that give counts instead of indicators: each indicator's numerator (fields added up) and denominator."""

TOLERANCE = Fraction(15, 1000)
"""Points by which a score computed again may miss the published one, which is rounded (data/reference/README.md)."""

_NOTHING_FOR_ZERO = "formality-online-payment-tree"
_LARGEST = 10**12


def is_number(value: object) -> bool:
    """Whether a value of the answer is a number of a size that counts and scores have."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return False
    return -_LARGEST < value < _LARGEST and (value == 0 or abs(value) > Decimal("1e-12"))


def take_part(
    row: Mapping[str, object], fields: tuple[str, ...], whole: str
) -> tuple[Fraction, Fraction] | None:
    """Numerator and denominator of an indicator from the counts of a row; None where one is missing or no count."""
    values = [row.get(name) for name in (*fields, whole)]
    if not all(is_number(value) and value >= 0 for value in values):
        return None
    *parts, denominator = (Fraction(value) for value in values)
    return sum(parts), denominator


def expected_score(
    rule: Mapping[str, str],
    numerator: Fraction | None,
    denominator: Fraction | None,
    rate: Fraction | None = None,
) -> Fraction | None:
    """The points that a component's rate is worth by its row of `index_components.csv`; None where nobody can say.

    `rate` (in %) stands in where numerator and denominator are not published.

    >>> rule = {"maximum": "2", "scoring": "capped", "full_score_at": "80", "zero_denominator": ""}
    >>> expected_score(rule, Fraction(119), Fraction(313)), expected_score(rule, Fraction(0), Fraction(0))
    (Fraction(595, 626), None)
    """
    if rule["scoring"] not in ("linear", "capped") or not rule["maximum"]:
        return None
    most = Fraction(rule["maximum"])
    if numerator is not None and denominator is not None:
        if denominator == 0:
            return {"full": most, "zero": Fraction(0)}.get(rule["zero_denominator"])
        rate = 100 * numerator / denominator
    if rate is None:
        return None
    return min(most, most * rate / Fraction(rule["full_score_at"] or 100))


def expected_group(
    endpoint: str, row: Mapping[str, object], rules: Mapping[str, Mapping[str, str]]
) -> Fraction | None:
    """The points of a group from the counts of its page; None unless every part can be computed.

    On the payment page a denominator of 0 was seen to bring no points; elsewhere nobody knows what it brings.
    """
    points = Fraction(0)
    for name, (fields, whole) in PARTS.get(endpoint, {}).items():
        part = take_part(row, fields, whole)
        if part is None or name not in rules:
            return None
        if part[1] == 0 and endpoint == _NOTHING_FOR_ZERO:
            continue
        worth = expected_score(rules[name], *part)
        if worth is None:
            return None
        points += worth
    return points if endpoint in PARTS else None
