"""The articles that rounds are played with."""

from __future__ import annotations

from pathlib import Path

from tests.faults.articles import Article, make_articles, squeeze, write_articles


def test_each_article_and_each_state_has_a_word_of_its_own() -> None:
    states = [Article(number, version) for number in range(300) for version in range(10)]
    assert len({article.name for article in states}) == 300
    assert len({article.mark for article in states}) == 3000
    assert all(article.mark in sentence for article in states[:20] for sentence in article.text.split(". "))


def test_a_state_is_the_same_each_time_and_another_state_shares_no_sentence() -> None:
    old, new = Article(7), Article(7, version=1)
    assert old.text == Article(7).text
    assert not set(old.text.split(". ")) & set(new.text.split(". "))
    assert old.question == new.question
    assert old.figure in old.text
    assert old.figure not in new.text


def test_a_folder_holds_the_articles_given_and_no_others(tmp_path: Path) -> None:
    write_articles(tmp_path / "news", make_articles(range(3)))
    folder = write_articles(tmp_path / "news", make_articles([1], version=2))
    assert [path.name for path in folder.iterdir()] == ["00001.md"]
    assert Article(1, 2).text in (folder / "00001.md").read_text(encoding="utf-8")


def test_texts_are_compared_by_their_words() -> None:
    assert squeeze(" a\n\nb  c ") == "a b c"
