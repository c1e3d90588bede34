"""What kind of claim a sentence makes: its section's label, or its own where the section is a report."""

from __future__ import annotations

from rag.answering.attribution import find_attribution
from rag.answering.forecasts import is_forecast
from rag.domain import Label


def label_sentence(sentence: str, section_label: Label) -> tuple[Label, str | None]:
    """The sentence's label and, if it is attributed, to whom as far as the sentence says.

    Only a report's sentences have labels of their own: analysis that quotes somebody is still analysis. What somebody
    expects is attributed to them; what is simply expected is a prediction.
    """
    if section_label is not Label.REPORTED:
        return section_label, None
    attribution = find_attribution(sentence)
    if attribution:
        return Label.ATTRIBUTED, attribution.speaker
    return (Label.PREDICTION if is_forecast(sentence) else Label.REPORTED), None
