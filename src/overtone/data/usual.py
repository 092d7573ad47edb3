"""The usual names of columns that several formats share, the likeliest first."""

SYSTEM = ("system", "system_prompt")
LABEL = (
    "label",
    "labels",
    "intent",
    "category",
    "class",
    "sentiment",
    "topic",
    "target",
    "tag",
    "tags",
    "emotion",
    "categories",
    "intents",
)
DOCUMENTS = ("documents", "document_ids", "articles", "article", "article_id", "doc_id", "document_id")
