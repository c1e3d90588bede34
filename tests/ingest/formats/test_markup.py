from __future__ import annotations

import pytest

from ingest.formats.lines import Line
from ingest.formats.markup import lines_of_html, words_of_html


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<p>One <b>two</b>\n three</p>four", [Line("One two three"), Line("four")]),
        ("<h2>Head</h2><p>Text</p>", [Line("Head", 2), Line("Text")]),
        ("<p>One<br>two<br><br>three</p>", [Line("One"), Line("two", has_gap=False), Line("three")]),
        ("<ul><li>One<li><p>Two</p></ul>end", [Line("- One"), Line("- Two", has_gap=False), Line("end")]),
        ("<details><summary>Why?</summary>Because.</details>", [Line("Why?", 6), Line("Because.")]),
        ("<dl><dt>Why?</dt><dd>Because.</dd></dl>", [Line("Why?", 6), Line("Because.")]),
        ("<button>Why?</button>Because.<button>Share</button>", [Line("Why?", 6), Line("Because.")]),
        ("<table><tr><th>A<th>B<tr><td>1<td>2</table>", [Line("A | B"), Line("1 | 2", has_gap=False)]),
        ("<div><a>China</a><span>Country</span></div>", [Line("China"), Line("Country", has_gap=False)]),
        ("<ul><li><a>China</a><span>12</span></li></ul>", [Line("- China 12")]),
        ("<p><b>One</b><i>two</i></p>", [Line("Onetwo")]),
        ("a<!-- hidden -->b<script>c</script><style>d</style><svg><text>e</text></svg>", [Line("ab")]),
        ("<nav>Home</nav><aside>Read on</aside><figure>Picture</figure><p>Text</p>", [Line("Text")]),
        ("<aside><h2>Mentioned Entities</h2>Kyoto</aside>", [Line("Mentioned Entities", 2), Line("Kyoto")]),
        ("a &amp; b &lt;c&gt; d&nbsp;e", [Line("a & b <c> d\u00a0e")]),
        ("just text", [Line("just text")]),
        ("", []),
        ("<p></p>", []),
    ],
)  # fmt: skip
def test_markup_is_reduced_to_lines(markup: str, lines: list[Line]) -> None:
    assert lines_of_html(markup) == lines


def test_words_of_html_are_on_one_line() -> None:
    assert words_of_html("<p>Tanuki <i>return</i></p><p>home</p>") == "Tanuki return home"
