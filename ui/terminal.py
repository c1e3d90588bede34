"""How the command line shows things: plain text on stdout, progress on stderr."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from rag.domain import SentenceStatus

if TYPE_CHECKING:
    from types import TracebackType

    from pydantic import BaseModel
    from tqdm import tqdm

    from ui import schemas as wire

WIDTH = 100


def print_reply(reply: BaseModel, show: Callable[[Any], str], *, as_json: bool) -> None:
    """A reply on stdout: as JSON for programs, or as ``show`` puts it for people."""
    click.echo(reply.model_dump_json(by_alias=True) if as_json else show(reply))


def show_answer(answer: wire.AnswerOut) -> str:
    """An answer as text: a line a sentence, warnings, each citation with its quote's article, and how sure it is."""
    lines = [f"(asked as: {answer.rewritten})"] if answer.rewritten else []
    if answer.refusal:
        return "\n".join([*lines, show_refusal(answer.refusal)])
    lines += [textwrap.fill(_sentence(each), WIDTH) for each in answer.sentences]
    lines += [textwrap.fill(f"! {each.text}", WIDTH, subsequent_indent="  ") for each in answer.warnings]
    lines += ["", *(_citation(each) for each in answer.citations), "", f"confidence {answer.confidence:.0%}"]
    return "\n".join(lines)


def show_refusal(refusal: wire.RefusalOut) -> str:
    """A refusal as text: the reason, and the nearest articles."""
    lines = [f"The articles do not say. {refusal.detail}"]
    nearest = {hit.article_id: hit for hit in refusal.nearest}
    if nearest:
        lines += ["", "Nearest articles:", *(f"  {_byline(hit)}" for hit in nearest.values())]
    return "\n".join(lines)


def show_hits(hits: list[wire.HitOut]) -> str:
    """Hits as text, numbered."""
    blocks = []
    for number, hit in enumerate(hits, start=1):
        words = textwrap.shorten(hit.text, 300, placeholder=" ...")
        indented = textwrap.indent(textwrap.fill(words, WIDTH), "   ")
        blocks.append(f"{number}. {_byline(hit)}  [{hit.label}, {hit.score:.2f}]\n{indented}")
    return "\n".join(blocks)


def show_article(article: wire.ArticleOut) -> str:
    """An article as text, section by section."""
    facts = [article.source, article.author, article.published, article.url]
    lines = [article.title, " · ".join(fact for fact in facts if fact), f"id {article.id}, revision {article.revision}"]
    if article.thin:
        lines.append("This page has no reported text.")
    for section in article.sections:
        heading = f"{section.heading} [{section.kind}]" if section.heading else f"[{section.kind}]"
        lines += ["", heading, article.text[section.start : section.end]]
    return "\n".join(lines)


def show_articles(page: wire.ArticlesOut) -> str:
    """A page of the list of articles, a line each."""
    lines = [f"{each.published or '-':10.10}  {each.source or '-'}  {each.title}  ({each.id})" for each in page.data]
    if page.next_cursor:
        lines.append(f"More: byline articles --cursor {page.next_cursor!r}")
    return "\n".join(lines)


def show_report(report: wire.IngestOut) -> str:
    """What an ingest did; its problems come last."""
    rate = f", {report.embedded / report.seconds:.0f} passages a second" if report.embedded else ""
    articles = f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.removed} removed"
    passages = f"{report.passages} passages, {report.embedded} embedded in {report.seconds:.1f} s{rate}"
    lines = [f"{articles}; {passages}"]
    lines += [f"not read: {each.path}: {each.problem}. {each.remedy}" for each in report.failed]
    return "\n".join(lines)


def show_removed(removed: wire.RemoveOut) -> str:
    """Which articles were removed, a line each, and which are not in the library."""
    lines = [f"removed {id_}" for id_ in removed.removed]
    lines += [f"not in the library: {id_}. List what is with: byline articles" for id_ in removed.unknown]
    return "\n".join(lines)


def show_verdict(verdict: wire.VerifyOut) -> str:
    """What a check of the library found; damage comes last, a line each."""
    held = f"{verdict.articles} articles, {verdict.revisions} revisions, {verdict.passages} passages"
    state = "sound" if verdict.ok else "damaged"
    lines = [f"The library is {state}: {held}; checked in {verdict.seconds:.1f} s", f"digest {verdict.digest}"]
    lines += [f"damage: {each.part}: {each.problem}. {each.remedy}" for each in verdict.damages]
    return "\n".join(lines)


def show_rebuilt(rebuilt: wire.RebuildOut) -> str:
    """What a rebuild did."""
    passages = f"{rebuilt.passages} passages, {rebuilt.embedded} embedded in {rebuilt.seconds:.1f} s"
    return f"{passages}; the library answers with {rebuilt.model}"


def show_compacted(compacted: wire.CompactOut) -> str:
    """What compacting brought."""
    before, after = compacted.bytes_before / 1e6, compacted.bytes_after / 1e6
    return f"{before:.1f} MB before, {after:.1f} MB after, in {compacted.seconds:.1f} s"


def show_checks(found: wire.DoctorOut) -> str:
    """What was examined, a line each, with the remedy below what is not well."""
    lines = []
    for check in found.checks:
        lines.append(f"{check.state:8} {check.name:12} {check.detail}")
        if check.remedy:
            lines.append(textwrap.indent(textwrap.fill(check.remedy, WIDTH), " " * 22))
    return "\n".join(lines)


def say(words: str) -> None:
    """Say something on stderr."""
    click.echo(f"byline: {words}", err=True)


def say_waiting(holder: str) -> None:
    """Say on stderr who is waited for."""
    say(f"waiting for {holder}")


def show_status(status: wire.StatusOut) -> str:
    """What a library holds, a line a fact."""
    facts = {
        "articles": f"{status.articles} ({status.thin} thin)",
        "passages": status.passages,
        "outlets": ", ".join(status.sources) or "-",
        "published": f"{status.published_from or '-'} to {status.published_to or '-'}",
        "last ingest": status.last_ingest or "never",
        "model": status.model,
        "size": f"{status.bytes / 1e6:.1f} MB, schema {status.schema_}",
    }
    return "\n".join(f"{name:12} {value}" for name, value in facts.items())


class ProgressBar:
    """Shows a job's progress on stderr, with rate and time left; quiet when stderr is no terminal.

    ``unit`` is the thing it counts. Whom a job waits for is said once, terminal or not.
    """

    def __init__(self, unit: str) -> None:
        self._unit = f" {unit}s"
        self._stage: str | None = None
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> ProgressBar:
        """Start with nothing shown."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last bar where it is."""
        if self._bar is not None:
            self._bar.close()

    def __call__(self, progress: wire.ProgressOut) -> None:
        """Show how far it is."""
        if progress.stage != self._stage:
            self._begin(progress)
        if self._bar is not None:
            self._bar.update(progress.done - self._bar.n)

    def _begin(self, progress: wire.ProgressOut) -> None:
        from tqdm import tqdm

        self.__exit__(None, None, None)
        self._stage, self._bar = progress.stage, None
        if progress.stage == "waiting":
            say_waiting(progress.holder or "the job before it")
        else:
            self._bar = tqdm(desc=progress.stage, total=progress.total, unit=self._unit, file=sys.stderr, disable=None)


def _sentence(sentence: wire.SentenceOut) -> str:
    asides = [sentence.gloss, "disputed" if sentence.status is SentenceStatus.DISPUTED else None]
    marks = [f"[{number}]" for number in sentence.citations]
    return " ".join([sentence.text, *(f"({aside})" for aside in asides if aside), *marks])


def _citation(citation: wire.CitationOut) -> str:
    label = f"{citation.label} to {citation.attributed_to}" if citation.attributed_to else str(citation.label)
    facts = [citation.source, citation.published and citation.published[:10], label, citation.article_id]
    return f"[{citation.number}] {citation.title} ({', '.join(fact for fact in facts if fact)})"


def _byline(hit: wire.HitOut) -> str:
    facts = [hit.source, hit.published and hit.published[:10], hit.article_id]
    return f"{hit.title} ({', '.join(fact for fact in facts if fact)})"
