from collections import Counter

from overtone.demo.library import articles, categories, parse


def test_forty_articles_over_fourteen_categories() -> None:
    sizes = Counter(article.category for article in articles().values())
    assert len(articles()) == 40
    assert len(categories()) == 14
    assert set(sizes.values()) == {2, 3}


def test_every_article_has_a_title_an_explanation_and_three_to_five_short_steps() -> None:
    for name, article in articles().items():
        assert name == article.id
        assert article.title and article.explanation
        assert 3 <= len(article.steps) <= 5, name
        for step in article.steps:
            assert 8 <= len(step.split()) <= 14, (name, step)
            assert step.endswith("."), (name, step)


def test_no_step_stands_in_two_articles() -> None:
    steps = Counter(step for article in articles().values() for step in article.steps)
    assert max(steps.values()) == 1


def test_parse_reads_front_matter_and_steps() -> None:
    article = parse("---\nid: a\ncategory: c d\ntitle: T\n---\nWhy it is.\n\n1. Do this.\n2. Then that.\n")
    assert (article.id, article.category, article.title) == ("a", "c d", "T")
    assert article.text == "Why it is.\n\n1. Do this.\n2. Then that."
