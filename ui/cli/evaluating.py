"""The command that measures: eval."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import click

from rag.errors import ArticleNotFound, BadRequest
from ui.cli.desks import open_desk
from ui.cli.exits import FAILED
from ui.cli.options import common_options
from ui.terminal import ProgressBar, print_reply, say

if TYPE_CHECKING:
    from rag.evaluation.cases import BadLine, Case
    from rag.evaluation.judging import Judged
    from ui.desk import Desk
    from ui.schemas.evaluations import ChangeOut, EvalOut, RowOut


IDS_WIDTH = 200
"""Characters of ids that are named in a doubt."""


@click.command(name="eval")
@click.argument("questions", type=click.Path(path_type=Path))
@click.option("--against", type=click.Path(path_type=Path), metavar="FILE", help="An earlier run, kept with --json.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N questions.")
@common_options
def evaluate(questions: Path, *, against: Path | None, limit: int | None, library: Path | None, as_json: bool) -> None:
    """Ask questions whose answers are known, and measure what is found and answered.

    QUESTIONS has a JSON object a line: id, question, answers, relevant_article_ids, unanswerable, and optionally type,
    asked, as_of, filters, history. Ends with 1 when a line cannot be read, or when a measure is worse than in the
    earlier run and chance does not explain it.

    \b
    Example:
      byline eval corpus/questions.jsonl --json > before.json
      byline eval corpus/questions.jsonl --against before.json
    """
    from ui.evaluation_table import show_evaluation

    cases, bad = _read_cases(questions)
    cases = cases[:limit]
    earlier = _read_earlier(against) if against else None
    with open_desk(library, "eval") as desk:
        found = _evaluate(desk, cases, bad, earlier)
        doubts = _doubts(desk, cases, earlier)
    print_reply(found, show_evaluation, as_json=as_json)
    for doubt in doubts:
        say(doubt)
    for each in bad:
        say(f"{questions}, line {each.line}: {each.problem}. Mend the line, or take it out; the others were asked.")
    if bad or any(change.trend == "worse" for change in found.against or ()):
        sys.exit(FAILED)


def _read_cases(path: Path) -> tuple[list[Case], list[BadLine]]:
    from rag.evaluation.cases import read_cases
    from ui.asker import ask_request

    try:
        cases, bad = read_cases(path.read_text(encoding="utf-8").split("\n"), ask_request)
    except (OSError, UnicodeDecodeError) as error:
        raise BadRequest(str(path), f"cannot be read ({error})", "Name a questions file; see --help") from error
    if not cases:
        problem = f"line {bad[0].line}: {bad[0].problem}" if bad else "it holds no questions"
        raise BadRequest(str(path), problem, "Its lines are described in: byline eval --help")
    return cases, bad


def _read_earlier(path: Path) -> EvalOut:
    from pydantic import ValidationError

    from ui.schemas.evaluations import EvalOut

    try:
        return EvalOut.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        problem = str(error) if isinstance(error, OSError) else "it is not what byline eval --json prints"
        raise BadRequest(str(path), problem, "Keep a run with: byline eval QUESTIONS --json > FILE") from None


def _evaluate(desk: Desk, cases: list[Case], bad: list[BadLine], earlier: EvalOut | None) -> EvalOut:
    from rag.evaluation.evaluation import judge, sum_up
    from ui.asker import DeskAsker
    from ui.schemas import ProgressOut
    from ui.schemas.evaluations import BadLineOut, EvalOut

    with ProgressBar("question") as bar:

        def heard(done: int) -> None:
            bar(ProgressOut(stage="asking", done=done, total=len(cases)))

        asker = DeskAsker(desk)
        asker.search(cases[0])  # loads the models, which no question's time shall hold
        judged = judge(asker, cases, heard)
    rows = [_row(each) for each in judged]
    status, figures = desk.status(), sum_up(judged)
    return EvalOut.model_validate(
        {
            "made": datetime.now(UTC),
            "library": {"articles": status.articles, "passages": status.passages, "model": status.model},
            "failed": [BadLineOut.model_validate(each) for each in bad],
            "against": _changes(rows, earlier) if earlier else None,
            "rows": rows,
        }
        | {name: getattr(figures, name) for name in type(figures).__slots__}
    )


def _doubts(desk: Desk, cases: list[Case], earlier: EvalOut | None) -> list[str]:
    """What may be wrong with the questions themselves, or makes them others than the earlier run's."""
    wanted = sorted(set().union(*(case.relevant for case in cases)))
    missing = [id_ for id_ in wanted if not _holds(desk, id_)]
    empty = [case.id for case in cases if not (case.answers or case.relevant or case.unanswerable)]
    asked = {case.id: case.text for case in cases}
    gone = [row.id for row in earlier.rows if asked.get(row.id) != row.question] if earlier else []
    told = (
        (missing, "the library has no article with the relevant_article_ids"),
        (empty, "nothing is known of the answers to the questions"),
        (gone, "not compared, since they are not asked now, or are others: the earlier run's questions"),
    )
    return [f"{what} {shorten(', '.join(ids), IDS_WIDTH, placeholder=' ...')}" for ids, what in told if ids]


def _holds(desk: Desk, article_id: str) -> bool:
    try:
        desk.article(article_id, None)
    except ArticleNotFound:
        return False
    return True


def _changes(rows: list[RowOut], earlier: EvalOut) -> list[ChangeOut]:
    from rag.evaluation.comparison import compare
    from ui.schemas.evaluations import ChangeOut

    asked = {row.id: row.question for row in earlier.rows}
    before = {row.id: row.scores for row in earlier.rows}
    now = {row.id: row.scores for row in rows if asked.get(row.id) == row.question}
    return [ChangeOut.model_validate(each) for each in compare(now, before)]


def _row(judged: Judged) -> RowOut:
    from ui.schemas.evaluations import PlaceOut, RowOut

    case, outcome = judged.case, judged.outcome
    return RowOut(
        id=case.id,
        question=case.text,
        type=case.type,
        answers=list(case.answers),
        relevant_article_ids=sorted(case.relevant),
        unanswerable=case.unanswerable,
        status=outcome.status,
        confidence=outcome.confidence,
        answer=" ".join(outcome.sentences),
        found=[PlaceOut.model_validate(place) for place in judged.ranking],
        scores=judged.scores,
        search_ms=judged.search_ms,
        ask_ms=judged.ask_ms,
    )
