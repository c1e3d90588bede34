"""Lays the page out and wires it to the desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.errors import BylineError
from ui.rendering import render_indexed, render_problem
from ui.schemas import LONGEST_QUESTION
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
    "<p>Follow a number in an answer, or the title of an article, to read the words where they were published.</p></div>"
)
NOTHING_ASKED = (
    '<div class="nothing-asked"><p class="verdict">What do the articles say?</p>'
    "<p>Each sentence of an answer is quoted from an article. When the articles do not say, the answer says so.</p></div>"
)


def build_page(desk: LocalDesk) -> gr.Blocks:
    """The page over a desk: header, chat, question box, source panel."""
    with gr.Blocks(title="Byline", analytics_enabled=False, fill_width=True) as page:
        conversation = gr.State(Conversation())
        with gr.Row(elem_id="header"):
            _html(MASTHEAD, "masthead")
            _html(lambda: _indexed(desk), "indexed")
            gr.Button("Dark", elem_id="theme", size="sm", min_width=60, scale=0)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk", min_width=300):
                chat = _chat()
                examples = _example_buttons()
                box, ask, anew = _question_box()
            with gr.Column(elem_id="source-column", min_width=300):
                source = _html(NOTHING_OPEN, "source")
        link = gr.Textbox(visible="hidden", elem_id="link", show_label=False)
        _wire_asking(desk, conversation, chat, box, [ask.click, box.submit], examples)
        _wire_examples(desk, page, examples)
        link.input(
            lambda link, conversation: open_source(desk, link, conversation),
            [link, conversation], source, show_progress="hidden", api_visibility="private",
        )  # fmt: skip
        anew.click(
            lambda: (Conversation(), [], NOTHING_OPEN),
            None, [conversation, chat, source], show_progress="hidden", api_visibility="private",
        )  # fmt: skip
    return page.queue(default_concurrency_limit=CONCURRENT_ANSWERS, api_open=False)


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
        buttons=[],
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        line_breaks=False,
        feedback_options=None,
        placeholder=NOTHING_ASKED,
    )


def _example_buttons() -> list[gr.Button]:
    """Buttons that stay hidden until it is known which questions are answered."""
    with gr.Row(elem_id="examples"):
        return [gr.Button("", visible=False, size="sm", elem_classes="example") for _ in range(SHOWN_EXAMPLES)]


def _question_box() -> tuple[gr.Textbox, gr.Button, gr.Button]:
    with gr.Row(elem_id="asking"):
        box = gr.Textbox(
            elem_id="question",
            label="Question",
            placeholder="Ask the articles a question",
            container=False,
            lines=1,
            max_lines=6,
            autofocus=True,
            scale=1,
        )
        ask = gr.Button("Ask", variant="primary", elem_id="ask", min_width=72, scale=0)
        anew = gr.Button("New", elem_id="anew", min_width=72, scale=0)
    return box, ask, anew


def _wire_asking(desk, conversation, chat, box, triggers, examples) -> None:  # type: ignore[no-untyped-def]
    pass
