"""What goes from an article because its site has it everywhere, and what does not."""

from __future__ import annotations

from quality.memory.stream import Stream
from services.cleaner.memory.deciding import WINDOW
from tests.unit.cleaner.memory.pages import APPEAL, page, starts, story

BACKGROUND = (
    "The quarry was closed in the spring of last year after a wall of it had come down on the road to the valley, and"
    " three men of the night shift were found only on the following Sunday."
)
ABOUT = (
    "The Gull Gazette has been the paper of the nine districts since the year of the great flood and comes out on each"
    " working day from the old customs house in Rope Street."
)


def test_an_appeal_in_words_never_seen_elsewhere_goes_once_it_was_seen_twice() -> None:
    stream = Stream()
    answers = [stream.one(page(n, [*story(n), APPEAL])) for n in range(4)]
    assert [len(answer.removed) for answer in answers] == [0, 0, 1, 1]
    (gone,) = answers[2].removed
    assert (gone.articles, gone.why) == (2, "appeal")
    assert APPEAL.startswith(gone.starts.rstrip("…"))


def test_what_another_page_has_outside_of_its_article_goes_from_the_second_page_on() -> None:
    stream = Stream()
    stream.one(page(0, story(0), beside=[APPEAL]))
    assert len(stream.one(page(1, [*story(1), APPEAL])).removed) == 1


def test_pages_of_one_batch_learn_from_each_other() -> None:
    answers = Stream().ask(*(page(n, [*story(n), APPEAL]) for n in range(3)))
    assert [len(answer.removed) for answer in answers] == [1, 1, 1]


def test_a_template_that_fills_in_numbers_names_and_addresses_is_one_block() -> None:
    stream = Stream()
    for n, who in enumerate(("Mara Holm", "Li Wei", "Jo Anne Petrov")):
        note = f"Do you know more about this? Write to our reporter {who} at {who[:2].lower()}@gull.example, room {n}."
        memory = stream.one(page(n, [*story(n), note]))
    assert len(memory.removed) == 1


def test_news_that_repeats_itself_with_another_number_stays() -> None:
    stream = Stream()
    for n in range(8):
        report = f"The index of the harbour exchange closed at {5000 + n} points after a day on which few traders came."
        memory = stream.one(page(n, [*story(n), report]))
    assert memory.removed == ()


def test_the_background_paragraph_of_follow_ups_stays() -> None:
    stream = Stream()
    for n in range(9):
        follow_up = page(
            n, [*story(n), BACKGROUND], headline=f"Quarry inquiry hears witness {story(n)[0][4:9]}{n}"
        )
        memory = stream.one(follow_up)
        assert memory.removed == ()
    assert memory.kept[0].articles == 8


def test_what_stands_in_articles_that_have_nothing_in_common_goes_though_it_speaks_to_nobody() -> None:
    stream = Stream()
    answers = [stream.one(page(n, [*story(n), ABOUT])) for n in range(5)]
    assert [len(answer.removed) for answer in answers] == [0, 0, 0, 1, 1]
    assert answers[-1].removed[0].why == "repeated"


def test_a_short_line_that_many_articles_have_stays() -> None:
    stream = Stream()
    recipes = [stream.one(page(n, [*story(n), "Preheat the oven to 200 degrees."])) for n in range(8)]
    assert all(not memory.removed for memory in recipes)


def test_a_label_that_is_a_link_on_every_page_stays_in_its_own_article() -> None:
    stream = Stream()
    for n in range(4):
        stream.one(page(n, story(n), beside=["The best boots for the glacier"]))
    assert stream.one(page(8, [*story(8), "The best boots for the glacier"])).removed == ()


def test_a_heading_of_each_test_stays() -> None:
    stream = Stream()
    for n in range(6):
        memory = stream.one(page(n, [*story(n), "How we picked and tested"], headings=[6]))
    assert memory.removed == ()
    assert memory.kept[0].articles == 5


def test_a_sentence_that_stood_beside_an_article_on_another_subject_goes_from_the_second_page_on() -> None:
    stream = Stream()
    stream.one(page(0, story(0), beside=["Prices were right when this was written."]))
    memory = stream.one(page(1, [*story(1), "Prices were right when this was written."]))
    assert [block.why for block in memory.removed] == ["furniture"]


def test_a_sentence_that_an_extractor_missed_in_a_follow_up_stays() -> None:
    stream = Stream()
    stream.one(page(0, story(0), beside=[BACKGROUND], headline="Quarry inquiry opens"))
    assert stream.one(page(1, [*story(1), BACKGROUND], headline="Quarry wall was old")).removed == ()


def test_the_first_paragraph_of_an_article_that_other_pages_tease_stays() -> None:
    stream = Stream()
    for n in range(6):
        stream.one(page(n, story(n), beside=[story(9)[0]]))
    memory = stream.one(page(9, story(9)))
    assert memory.removed == ()
    assert memory.kept[0].beside == 6


def test_a_republished_article_loses_nothing() -> None:
    stream = Stream()
    for n in range(6):
        memory = stream.one(
            page(n, [*story(0), APPEAL], url=f"https://gull.example/{n}", headline="The harbour")
        )
    assert memory.removed == ()


def test_an_updated_article_loses_nothing_that_is_its_own() -> None:
    stream = Stream()
    for n in range(6):
        text = [*story(0, 4 + n), APPEAL]
        memory = stream.one(page(0, text))
    assert memory.removed == ()


def test_a_syndicated_article_loses_nothing_and_counts_once() -> None:
    stream = Stream()
    for n in range(5):
        copy = page(n, [*story(0), APPEAL], url=f"https://paper{n}.gull.example/a", headline=f"Title {n}")
        assert stream.one(copy).removed == ()
    assert stream.one(page(7, [*story(7), APPEAL])).removed == ()
    assert len(stream.one(page(8, [*story(8), APPEAL])).removed) == 1


def test_a_live_blog_over_several_pages_keeps_its_posts() -> None:
    posts = [p for n in range(20, 30) for p in story(n, 3)]
    stream = Stream()
    for n in range(8):
        part = page(n, posts[n * 2 : n * 2 + 12], headline="Storm: as it happened")
        assert stream.one(part).removed == ()


def test_a_quotation_that_addresses_somebody_is_no_voice_of_the_page() -> None:
    quoted = (
        "“You and I have paid for every nail of our roof, and you know it as well as we do,” the mayor said."
    )
    stream = Stream()
    for n in range(6):
        memory = stream.one(page(n, [*story(n), quoted], headline=f"Mayor speaks at {n}"))
    assert memory.removed == ()


def test_more_than_half_of_a_text_never_goes() -> None:
    stream = Stream()
    for n in range(6):
        memory = stream.one(page(n, [*story(n, 1), APPEAL, APPEAL + " Thank you.", APPEAL + " We mean it."]))
    assert memory.removed == ()
    assert {block.why for block in memory.kept} == {"too-much"}


def test_the_same_page_again_has_the_same_answer_whatever_was_learned_since() -> None:
    stream = Stream()
    first = page(0, [*story(0), APPEAL])
    answer = stream.one(first)
    for n in range(1, 6):
        stream.one(page(n, [*story(n), APPEAL]))
    assert stream.one(first) == answer


def test_a_page_that_changed_keeps_what_was_decided_of_the_paragraphs_that_it_had() -> None:
    stream = Stream()
    stream.one(page(0, [*story(0), APPEAL]))
    for n in range(1, 6):
        stream.one(page(n, [*story(n), APPEAL]))
    edited = stream.one(page(0, [*story(0), "One more sentence was added to this story at noon.", APPEAL]))
    assert edited.removed == ()
    again = stream.one(page(5, [*story(5), "One more sentence was added to that one as well.", APPEAL]))
    assert len(again.removed) == 1


def test_an_article_seen_many_times_counts_once() -> None:
    stream = Stream()
    for visit in range(5):
        stream.one(page(0, [*story(0), APPEAL, f"Visit {visit} was counted by the clerk of the harbour."]))
    assert stream.one(page(1, [*story(1), APPEAL])).kept[0].articles == 1


def test_what_left_the_site_is_forgotten() -> None:
    stream = Stream()
    for n in range(3):
        stream.one(page(n, [*story(n), APPEAL]))
    for n in range(3, 3 + WINDOW):
        stream.one(page(n, story(n)))
    assert starts(stream.one(page(900, [*story(900), APPEAL]))) == []


def test_what_says_we_to_you_goes_with_one_article_on_another_subject() -> None:
    appeal = "We have knocked at every door of the valley for this story; if you can, leave us a coin for the next one."
    stream = Stream()
    stream.one(page(0, [*story(0), appeal]))
    assert stream.one(page(9, [*story(9), appeal])).removed == ()  # the same subject, by its headline
    stream = Stream()
    stream.one(page(0, [*story(0), appeal]))
    assert [block.articles for block in stream.one(page(1, [*story(1), appeal])).removed] == [1]
