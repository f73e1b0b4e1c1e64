"""Who reads which topic."""

from __future__ import annotations

from shared.contracts import topics
from shared.pipeline.kafka.groups import Reader

# Every reader of a topic, and the topic that its work ends up on.
READERS = {
    Reader("fetcher", "intake", topics.URLS): None,
    Reader("fetcher", "intake-bulk", topics.URLS_BULK): None,
    Reader("cleaner", "pages", topics.PAGES): topics.ARTICLES,
    Reader("extractor", "articles", topics.ARTICLES): topics.EXTRACTIONS,
    Reader("store", "articles", topics.ARTICLES): None,
    Reader("store", "extractions", topics.EXTRACTIONS): topics.CLAIMS,
    Reader("fetcher", "fates", topics.FATES): topics.OUTCOMES,
}
