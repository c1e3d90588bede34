"""An evaluation as text for people: figures by theme and type, the worst questions, and what changed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rag.evaluation.comparison import Trend

if TYPE_CHECKING:
    from ui.schemas.evaluations import ChangeOut, EvalOut, Figures, RowOut

WIDTH = 100
IDS_SHOWN = 3
NAMES = {
    "ndcg10": "nDCG@10",
    "recall5": "recall@5",
    "recall10": "recall@10",
    "mrr10": "MRR@10",
    "hit1": "first is relevant",
    "all10": "all relevant in 10",
    "gold_first": "gold in the first sentence",
    "gold_answer": "gold in the answer",
    "gold_answer_of_answered": "gold in the answer, of the answered",
    "words": "words of an answer",
    "refused_unanswerable": "unanswerable refused",
    "refused_answerable": "answerable refused",
    "refused_unanswerable_at_5pct": "unanswerable refused at 5 % false refusals",
    "auroc": "AUROC of confidence",
    "quotes_exact": "quotes exact",
}
TRENDS = {Trend.BETTER: "better", Trend.SAME: "no sure change", Trend.WORSE: "worse"}
SHORT = {
    "ndcg10": "nDCG@10",
    "all10": "all in 10",
    "gold_first": "gold first",
    "gold_answer": "in answer",
    "refused_unanswerable": "unans. ref.",
    "refused_answerable": "ans. refused",
}


def show_evaluation(found: EvalOut) -> str:
    """The whole evaluation."""
    parts = [_themes(found)]
    if found.types:
        parts.append(_types(found.types))
    if found.worst:
        parts.append(_worst(found))
    if found.against is not None:
        parts.append(_changes(found.against))
    return "\n\n".join(parts)


def _themes(found: EvalOut) -> str:
    library, cited, times = found.library, found.citations, found.latency_ms
    lines = [f"{found.questions} questions over {library['articles']} articles, {library['model']}"]
    lines += _figures("retrieval", found.retrieval)
    lines += _figures("answers", found.answers)
    lines += ["", "citations"]
    for name in ("quotes_exact", "sentences_supported"):
        held, total = cited[name], cited[name.partition("_")[0]]
        lines.append(f"  {name.replace('_', ' '):52} {held:.0f} of {total:.0f}")
    refusals = {name: value for name, value in found.refusals.items() if name not in ("answerable", "unanswerable")}
    lines += _figures("refusals", refusals)
    lines += ["", "latency, ms", *(f"  {name.replace('_', ' '):52} {value}" for name, value in times.items())]
    return "\n".join(lines)


def _figures(theme: str, figures: Figures) -> Iterator[str]:
    questions = figures.get("questions")
    yield from ("", theme if questions is None else f"{theme} ({questions:.0f} questions)")
    for name, value in figures.items():
        if name != "questions":
            yield f"  {NAMES[name]:52} {_figure(value)}"


def _types(types: Mapping[str, Figures]) -> str:
    lines = [f"{'type':24}" + "".join(f"{name:>13}" for name in SHORT.values())]
    for type_, figures in types.items():
        lines.append(f"{type_[:23]:24}" + "".join(f"{_figure(figures[name]):>13}" for name in SHORT))
    return "\n".join(lines)


def _worst(found: EvalOut) -> str:
    rows = {row.id: row for row in found.rows}
    return "\n".join(["the worst questions", *(_bad(rows[id_]) for id_ in found.worst)])


def _bad(row: RowOut) -> str:
    wanted = set(row.relevant_article_ids)
    others = [place.article_id for place in row.found if place.article_id not in wanted][:IDS_SHOWN]
    ranks = [rank for rank, place in enumerate(row.found, start=1) if place.article_id in wanted]
    facts = [
        f"expected {_listed(row.relevant_article_ids)}, {_ranks(ranks)}" if wanted else "unanswerable",
        f"found {_listed(others)}" if others else "",
        f"gold {' | '.join(row.answers[:3])}" if row.answers else "",
        f"{row.status}: {row.answer}" if row.answer else str(row.status),
    ]
    shown = [textwrap.shorten(fact, WIDTH - 4, placeholder=" ...") for fact in facts if fact]
    return "\n    ".join([f"  {row.id}: {textwrap.shorten(row.question, WIDTH, placeholder=' ...')}", *shown])


def _ranks(ranks: list[int]) -> str:
    return f"found at {', '.join(map(str, ranks))}" if ranks else "not found"


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(ids[:IDS_SHOWN]) + (f" and {len(ids) - IDS_SHOWN} more" if len(ids) > IDS_SHOWN else "")


def _changes(changes: list[ChangeOut]) -> str:
    lines = ["against the earlier run (95 % interval of a paired bootstrap)"]
    for each in changes:
        interval = f"{each.low:+.3f} to {each.high:+.3f}"
        change = f"{each.mean:+.3f} ({interval}, {each.questions} questions)"
        lines.append(f"  {NAMES[each.measure]:32} {change} {TRENDS[each.trend]}")
        lines += [f"    {how}: {_listed(ids)}" for how, ids in (("fell", each.fell), ("rose", each.rose)) if ids]
    return "\n".join([*lines, _verdict(changes)] if changes else [*lines, "  it holds none of these questions"])


def _verdict(changes: list[ChangeOut]) -> str:
    named = {trend: [NAMES[each.measure] for each in changes if each.trend is trend] for trend in Trend}
    if worse := named[Trend.WORSE]:
        return f"It got worse: {', '.join(worse)}."
    better = f" It got better: {', '.join(named[Trend.BETTER])}." if named[Trend.BETTER] else ""
    return f"Nothing got worse beyond what chance explains; the fewer the questions, the less that says.{better}"


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if value <= 1 else f"{value:.1f}"
