"""Words, stems, overlap and names of two texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.alignment import (
    READ_LIMIT,
    content_words,
    differing_spans,
    has_subject_matter,
    name_marks,
    named_things,
    overlap,
    shared_words,
    stem,
    words,
)
from checker.records import Span

TEXTS = st.text(max_size=200)


def _keys(text: str) -> list[str]:
    return [name.key for name in named_things(text)]


@pytest.mark.parametrize(
    ("forms", "base"),
    [
        (("raise", "raised", "raising"), "rais"),
        (("meet", "met", "meeting"), "meet"),
        (("invade", "invasion", "invaded"), "invad"),
        (("re-election", "elections", "elected"), "elect"),
        (("tax", "taxes", "taxation"), "tax"),
    ],
)
def test_forms_of_one_word_share_a_stem(forms: tuple[str, ...], base: str):
    """Regular, irregular and derived forms of a word meet under one stem."""
    assert {base} == {stem(form) for form in forms}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("won't", ["will", "not"]),
        ("can’t", ["can", "not"]),
        ("we'll", ["we", "will"]),
        ("cannot", ["can", "not"]),
        ("it's", ["it", "is"]),
        ("Poland's", ["poland"]),
    ],
)
def test_contractions_are_taken_apart(written: str, meant: list[str]):
    """A contraction gives its words under one span; a possessive gives one word."""
    found = words(written)

    assert meant == [word.text for word in found]
    assert {Span(0, len(written))} == {word.span for word in found}


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff"])
def test_a_mark_that_nobody_sees_parts_no_word(mark: str):
    """Scraped words hold soft hyphens and joiners; "not" with one inside negates all the same."""
    text = f"It is n{mark}ot un{mark}safe, we don{mark}'t{mark} say 1,000."
    found = words(text)

    assert ["it", "is", "not", "unsafe", "we", "do", "not", "say", "1,000"] == [word.text for word in found]
    assert f"n{mark}ot" == text[found[2].span.start : found[2].span.end]


def test_content_words_leave_out_grammar():
    """Only words that carry subject matter are kept, with their place in the text."""
    text = "We will never raise the fuel duty."

    assert ["raise", "fuel", "duty"] == [word.span.of(text) for word in content_words(text)]


def test_overlap_is_symmetric_and_counts_common_words_less():
    """Sharing a telling word weighs more than sharing a word everybody uses, in either order."""
    telling = overlap("The reactor works.", "The reactor is old.")
    common = overlap("The country works.", "The country sleeps.")

    assert telling > common
    assert telling == overlap("The reactor is old.", "The reactor works.")
    assert 1.0 == overlap("We will raise taxes", "Taxes will never be raised")
    assert 0.0 == overlap("", "We will raise taxes")


def test_shared_words_are_found_on_both_sides():
    """Each side gives its own form of every shared word, once."""
    left, right = shared_words("Taxes rise and taxes fall.", "We tax the rich.")

    assert ["taxes"] == [word.text for word in left]
    assert ["tax"] == [word.text for word in right]


def test_differing_words_are_marked_and_neighbours_joined():
    """What only one side says is marked; words in a row are one mark."""
    a, b = "We will raise taxes", "We will never ever raise taxes on farms"
    left, right = differing_spans(a, b)

    assert [] == left
    assert ["never ever", "on farms"] == [span.of(b) for span in right]


@pytest.mark.parametrize(
    "text",
    [
        "He did it again.",
        "It is what it is.",
        "Yes.",
        "",
        "They did that to them.",
        "It was a total disaster.",
    ],
)
def test_a_text_of_pronouns_has_no_subject_matter(text: str):
    """Nobody can say what a statement of pronouns conflicts with."""
    assert has_subject_matter(text) is False


@pytest.mark.parametrize("text", ["Taxes fell.", "The dam is safe.", "Minsk will sign."])
def test_a_short_text_can_have_subject_matter(text: str):
    """Shortness alone is not vagueness."""
    assert has_subject_matter(text) is True


def test_a_place_has_one_key_for_its_names():
    """Country, people and seat of power are one place."""
    assert ["belarus"] * 3 == _keys("He said Belarus, the Belarusians and Minsk agree.")


def test_people_are_keyed_by_surname_without_title():
    """A title and a first name do not make another person."""
    assert ["okoro"] == _keys("There stood President Amara Okoro.")
    assert ["okoro"] == _keys("We asked Okoro.")


def test_an_opening_capital_is_no_name():
    """The first word of a sentence is capital anyway, unless a capital follows."""
    assert [] == _keys("Farmers pay. Nobody asked.")
    assert ["lind"] == _keys("Anna Lind pays.")


def test_months_and_shouting_are_no_names():
    """Weekdays, months and words in block letters name nobody."""
    assert [] == _keys("We meet in March or on Friday.")
    assert [] == _keys("WE WILL BUILD THE BRIDGE")


def test_years_are_named_things():
    """A year sets two statements apart as a name does."""
    assert ["2025"] == _keys("We vote in 2025.")


def test_only_the_beginning_of_a_huge_text_is_read():
    """A million characters cost no more than the first few thousand."""
    text = "tax " * 300_000

    assert READ_LIMIT >= words(text)[-1].span.end
    assert 1.0 == overlap(text, "tax")


def test_marked_words_are_quoted_in_order():
    """An explanation names the marked words in quotation marks."""
    assert "“never”, “raise”" == name_marks("We never raise it", (Span(3, 8), Span(9, 14)))


@given(TEXTS, TEXTS)
def test_every_span_lies_inside_its_text(a: str, b: str):
    """Words, names and differences index the text they were found in, whatever it holds."""
    left, right = differing_spans(a, b)
    spans = [*(w.span for w in words(a)), *(n.span for n in named_things(a)), *left]

    assert all(0 <= span.start < span.end <= len(a) for span in spans)
    assert all(0 <= span.start < span.end <= len(b) for span in right)
    assert 0.0 <= overlap(a, b) <= 1.0


@given(TEXTS)
def test_a_text_differs_from_itself_nowhere(text: str):
    """Nothing sets a text apart from itself."""
    assert ([], []) == differing_spans(text, text)


def test_tags_of_several_words_and_addresses_are_no_words_of_a_sentence():
    """A campaign's tag and a link are left out; a tag of one word and a name with an at sign stay."""
    text = "Hearing now #DoYourJob https://example.org/act www.example.org says #SCOTUS and @dailyexample"

    assert ["hearing", "now", "says", "scotus", "and", "dailyexample"] == [w.text for w in words(text)]


def test_a_tag_that_names_somebody_or_something_keeps_its_words():
    """Only a slogan is left out: names and topics are read by their capitals, in any script."""
    text = "#ObamaCare #McConnell #LePen #ÉcoleÉtat #StopTheCuts"

    assert ["obama", "care", "mcconnell", "le", "pen", "école", "état"] == [w.text for w in words(text)]
    assert ["Obama", "Care", "McConnell", "Le", "Pen", "École", "État"] == [
        w.span.of(text) for w in words(text)
    ]
