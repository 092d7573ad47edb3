from overtone.demo.answers import canned_replies
from overtone.demo.library import articles, categories, numbered


def test_every_category_gets_a_reply(splits) -> None:
    assert list(canned_replies(splits["train"])) == categories()


def test_the_most_common_article_gives_the_steps() -> None:
    rows = [{"label": "sim card", "article": name} for name in ("lost-sim", "sim-not-recognised", "lost-sim")]
    replies = canned_replies(rows)
    assert list(replies) == ["sim card"]
    assert numbered(articles()["lost-sim"].steps) in replies["sim card"]
    assert replies["sim card"].startswith("Thank you for your message about your sim card.")


def test_on_a_tie_the_first_id_is_taken_whatever_the_order_of_the_rows() -> None:
    rows = [{"label": "sim card", "article": name} for name in ("sim-not-recognised", "lost-sim")]
    assert canned_replies(rows) == canned_replies(rows[::-1])
    assert numbered(articles()["lost-sim"].steps) in canned_replies(rows)["sim card"]
