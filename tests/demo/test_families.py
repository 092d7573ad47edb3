import re
from collections import Counter

from overtone.demo.families import choices, families, known_articles, new_articles, shared
from overtone.demo.library import articles, categories


def test_every_article_has_wording_and_every_wording_an_article() -> None:
    assert {family.article for family in families()} == set(articles())


def test_known_articles_have_both_kinds_of_wording() -> None:
    for article in known_articles():
        assert len(choices(article, False)) >= 2, article
        assert len(choices(article, True)) >= 2, article


def test_four_articles_are_new_and_their_categories_are_known_from_others() -> None:
    assert len(new_articles()) == 4
    known = {articles()[article].category for article in known_articles()}
    assert known == set(categories())


def test_no_sentence_stands_in_two_families() -> None:
    sentences = Counter(sentence for family in families() for sentence in family.sentences)
    assert [sentence for sentence, count in sentences.items() if count > 1] == []


def test_every_slot_is_filled_by_the_shared_pieces() -> None:
    texts = [text for family in families() for text in (family.subject, *family.sentences)]
    texts += [text for group in shared()["distractions"].values() for text in group]
    texts += [*shared()["quotes"].values(), *shared()["small_talk"]]
    assert set(re.findall(r"\{(\w+)\}", " ".join(texts))) == set(shared()["slots"])


def test_distractions_and_quotes_cover_every_category() -> None:
    assert sorted(shared()["distractions"]) == categories()
    assert sorted(shared()["quotes"]) == categories()
