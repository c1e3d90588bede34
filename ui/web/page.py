"""Lays the page out and wires it to the desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.errors import BylineError
from ui.rendering import render_indexed, render_problem
from ui.web.chat import converse, open_source
from ui.web.conversation import Conversation
from ui.web.examples import SHOWN_EXAMPLES, Examples

if TYPE_CHECKING:
    from ui.desk import LocalDesk

CONCURRENT_ANSWERS = 8
"""Gradio's own limit is one: everybody would wait for the slowest question."""

MASTHEAD = (
    '<div class="masthead"><h1>Byline</h1>'
    '<p class="motto">Ask your articles. Every sentence of every answer carries its byline.</p></div>'
)
NOTHING_OPEN = (
    '<div class="nothing-open"><p class="verdict">The source stands here.</p>'
    "<p>Follow a number in an answer, or the title of an article, to read the words where they stand.</p></div>"
)
NOTHING_ASKED = (
    '<div class="nothing-asked"><p class="verdict">What do the articles say?</p>'
    "<p>Each sentence of an answer is quoted from an article. When they do not say, neither do we.</p></div>"
)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of the page that work together."""

    indexed: gr.Markdown
    conversation: gr.State
    chat: gr.Chatbot
    examples: list[gr.Button]
    box: gr.Textbox
    ask: gr.Button
    anew: gr.Button
    source: gr.Markdown
    link: gr.Textbox


def build_page(desk: LocalDesk) -> gr.Blocks:
    """The page over a desk: header, chat, question box, source panel."""
    page: gr.Blocks
    with gr.Blocks(title="Byline", analytics_enabled=False, fill_width=True) as page:
        parts = _lay_out()
        _wire_asking(desk, parts)
        _wire_reading(desk, parts)
        known = Examples(desk)
        _when(page.load, lambda: _indexed(desk), [], [parts.indexed])
        _when(page.load, lambda: _labelled(known.questions()), [], parts.examples)
    page.queue(default_concurrency_limit=CONCURRENT_ANSWERS, api_open=False)
    return page


def _lay_out() -> _Parts:
    """Place every part of the page."""
    conversation = gr.State(Conversation())
    with gr.Row(elem_id="header"):
        _html(MASTHEAD, "masthead")
        indexed = _html("", "indexed")
        gr.Button("Dark", elem_id="theme", size="sm", min_width=60, scale=0)
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="talk", min_width=280):
            chat = _chat()
            with gr.Row(elem_id="examples"):
                examples = [gr.Button("", visible=False, elem_classes="example") for _ in range(SHOWN_EXAMPLES)]
            with gr.Row(elem_id="asking"):
                box = _question_box()
                ask = gr.Button("Ask", variant="primary", elem_id="ask", min_width=72, scale=0)
                anew = gr.Button("New", elem_id="anew", min_width=72, scale=0)
        with gr.Column(elem_id="source-column", min_width=280):
            source = _html(NOTHING_OPEN, "source")
    link = gr.Textbox(visible="hidden", elem_id="link", label="Link of the chat")
    return _Parts(indexed, conversation, chat, examples, box, ask, anew, source, link)


def _html(value: Any, elem_id: str) -> gr.Markdown:
    """HTML through the Markdown component: it sanitises, and unlike gr.HTML it evaluates no template."""
    return gr.Markdown(value, elem_id=elem_id, sanitize_html=True, latex_delimiters=[])


def _chat() -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="chat",
        label="Conversation",
        show_label=False,
        container=False,
        height=None,
        layout="panel",
        autoscroll=False,  # page.js shows the newest question with the beginning of its answer, not the end
        buttons=[],
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        line_breaks=False,
        feedback_options=None,
        placeholder=NOTHING_ASKED,
    )


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        elem_id="question",
        label="Question",
        placeholder="Ask a question",
        container=False,
        lines=1,
        max_lines=6,
        autofocus=True,
        scale=1,
    )


def _wire_asking(desk: LocalDesk, parts: _Parts) -> None:
    """Enter, the button and the examples ask; only the question travels, the conversation stays here."""

    def asked(text: str, conversation: Conversation) -> Iterator[tuple[Conversation, list[dict[str, str]], Any]]:
        for step, state in enumerate(converse(desk, text, conversation)):
            # Only the first step sets the box: the next question may already be typed into it.
            yield state, state.messages, gr.skip() if step else state.exchanges[-1].kept

    outputs = [parts.conversation, parts.chat, parts.box]
    _when([parts.box.submit, parts.ask.click], asked, [parts.box, parts.conversation], outputs)
    for example in parts.examples:
        _when(example.click, asked, [example, parts.conversation], outputs)
    _when(parts.anew.click, lambda: (Conversation(), [], ""), [], outputs)


def _wire_reading(desk: LocalDesk, parts: _Parts) -> None:
    """page.js writes the link that was followed into ``link``; ``input`` is not raised by a script, ``change`` is."""

    def followed(link: str, conversation: Conversation) -> str:
        return open_source(desk, link, conversation)

    _when(parts.link.change, followed, [parts.link, parts.conversation], [parts.source])
    _when(parts.anew.click, lambda: NOTHING_OPEN, [], [parts.source])


def _when(triggers: Any, act: Any, inputs: Any, outputs: Any) -> None:
    """Wire an event that shows no spinner of its own and is no public endpoint."""
    gr.on(triggers, act, inputs, outputs, show_progress="hidden", api_visibility="private")


def _labelled(questions: list[str]) -> list[gr.Button]:
    hidden = [gr.Button(visible=False)] * (SHOWN_EXAMPLES - len(questions))
    return [gr.Button(question, visible=True) for question in questions] + hidden


def _indexed(desk: LocalDesk) -> str:
    try:
        return render_indexed(desk.status())
    except BylineError as error:
        return render_problem(str(error))
