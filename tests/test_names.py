from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.names import bare_name, fold_name, merge_names, same_person, skeleton


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Alexandr Lukashenko", "Alexander Lukashenko"),
        ("Александр Лукашенко", "Aleksandr Lukashenko"),
        ("President Lukashenko", "Alexander Lukashenko"),
        ("Belarusian President Alexander Lukashenko", "Alexander Lukashenko"),
        ("Volodimir Zelenski", "Volodymyr Zelenskyy"),
        ("Ukrainian president Zelenskiy", "Zelensky"),
        ("Defense Minister Viktor Khrenin", "Viktor Khrenin"),
        ("Biden, Joe", "Joe Biden"),
        ("Dr. Angela Merkel, Chancellor of Germany", "Angela Merkel"),
        ("Kim Jong-un", "Kim Jong Un"),
        ("José María Aznar", "Jose Maria Aznar"),
        ("Jose\u0301 Mari\u0301a Aznar", "José María Aznar"),
        ("Lech Wałęsa", "Lech Walesa"),
        ("Boris A. Johnson", "Boris Johnson"),
        ("B. Johnson", "Boris Johnson"),
        ("Sergei Lavrov", "Sergey Lavrov"),
        ("Ada Mint MP", "Ada Mint"),
        ("Ada Mint (opposition)", "Ada Mint"),
    ],
)
def test_spellings_and_titles_of_one_name_match(first: str, second: str) -> None:
    """Transliteration, accents, titles, initials and word order do not make two people."""
    assert same_person(first, second).same
    assert same_person(second, first).same


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Boris Johnson", "Boris Johnston"),
        ("Kim Jong Un", "Kim Jong Il"),
        ("Vladimir Putin", "Volodymyr Putin"),
        ("Maria Silva", "Mario Silva"),
        ("Maria Fernandez Rodriguez", "Mario Fernandez Rodriguez"),
        ("Jan Nowak", "Jana Nowak"),
        ("Emmanuel Macron", "Brigitte Macron"),
        ("Donald Trump", "Donald Trump Jr."),
        ("George W. Bush", "George H. W. Bush"),
        ("Sergei Tikhanovsky", "Svetlana Tikhanovskaya"),
        ("Ivan Petrov", "Ivan Petrova"),
        ("Witness 1", "Witness 2"),
        ("Speaker A", "Speaker B"),
        ("Ministry of Health", "Ministry of Defence"),
        ("Ministry of Defence", "Defence"),
        ("President of Belarus", "Belarus"),
        ("the opposition leader", "the party leader"),
        ("John Major", "John Smith"),
        ("", "Ada Mint"),
        ("?", "?"),
    ],
)
def test_names_of_two_people_never_match(first: str, second: str) -> None:
    """Names that differ by a letter, an ending, a suffix or a number stay apart in both directions."""
    assert not same_person(first, second).same
    assert not same_person(second, first).same


def test_commonest_full_spelling_becomes_canonical() -> None:
    """Titles and bare surnames give way to the full name, however often they occur."""
    counts = {
        "Alexandr Lukashenko": 3,
        "Alexander Lukashenko": 5,
        "President Lukashenko": 90,
        "Lukashenko": 7,
    }
    canonical, merges, suggestions = merge_names(counts)
    assert {"Alexander Lukashenko"} == set(canonical.values())
    variants = ("Alexandr Lukashenko", "Lukashenko", "President Lukashenko")
    assert [("Alexander Lukashenko", variants)] == merges
    assert [] == suggestions


def test_a_bare_surname_of_two_people_is_left_alone() -> None:
    """With two people of one surname the bare surname belongs to neither, and both are suggested."""
    canonical, merges, suggestions = merge_names({"Ada Mint": 9, "Bert Mint": 1, "Mint": 4})
    assert "Mint" == canonical["Mint"]
    assert [] == merges
    assert [("Ada Mint", "Mint"), ("Bert Mint", "Mint")] == [(a, b) for a, b, _ in suggestions]


def test_a_short_name_that_fits_two_people_is_left_alone() -> None:
    """George Bush may be either of two, so it is merged with none."""
    _, merges, suggestions = merge_names({"George Bush": 3, "George W. Bush": 5, "George H. W. Bush": 2})
    assert [] == merges
    assert 2 == len(suggestions)


def test_only_likely_spellings_are_suggested() -> None:
    """Names alike in their consonants alone are for a person to decide."""
    canonical, merges, suggestions = merge_names({"Alyaksandr Lukashenka": 1, "Alexander Lukashenko": 1})
    assert [] == merges
    assert [("Alexander Lukashenko", "Alyaksandr Lukashenka")] == [(a, b) for a, b, _ in suggestions]
    assert canonical == {name: name for name in canonical}


def test_an_alias_decides() -> None:
    """What a person wrote down is done, whatever the letters say, and needs no suggestion."""
    aliases = {"alyaksandr lukashenka": "Alexander Lukashenko", "Batka": "Alexander Lukashenko"}
    names = {"Alyaksandr Lukashenka": 1, "Batka": 1, "Lukashenko": 1}
    canonical, merges, suggestions = merge_names(names, aliases=aliases)
    assert {"Alexander Lukashenko"} == set(canonical.values())
    assert [("Alexander Lukashenko", ("Alyaksandr Lukashenka", "Batka", "Lukashenko"))] == merges
    assert [] == suggestions


def test_order_of_names_changes_nothing() -> None:
    """The same names in any order give the same merges."""
    names = ["Ada Mint", "Dr Mint", "Mint", "Joe Fern", "Fern, Joe", "Joseph Fern", "J. Fern", "Jo Fernn"]
    expected = merge_names(dict.fromkeys(names, 1))
    for turn in range(len(names)):
        turned = names[turn:] + names[:turn]
        assert expected == merge_names(dict.fromkeys(turned, 1))
        assert expected == merge_names(dict.fromkeys(reversed(turned), 1))


def test_titles_go_and_the_name_stays_as_written() -> None:
    """The bare name keeps its letters; the folded one is plain ASCII, surname last."""
    assert "Élise Mint" == bare_name("Prime Minister Élise Mint")
    assert ("elise", "mint") == fold_name("Prime Minister Élise Mint")
    assert "President" == bare_name("President")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Tikhanovskaya", "Tsikhanouskaya"),
        ("Zelenski", "Zelenskyy"),
        ("Khrenin", "Хренин"),
        ("Zhukov", "Жуков"),
    ],
)
def test_transliterations_share_a_skeleton(first: str, second: str) -> None:
    """The consonants left after collapsing are the same in the usual transliterations."""
    assert skeleton(first) == skeleton(second)


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_can_be_compared(first: str, second: str) -> None:
    """Comparing never raises and does not depend on the order."""
    assert same_person(first, second).same == same_person(second, first).same


@given(st.dictionaries(st.text("AaBbeo. -,JrM1", max_size=12), st.integers(1, 5), max_size=8))
def test_every_name_gets_exactly_one_canonical_name(names: dict[str, int]) -> None:
    """Each name maps to one of the names, and a canonical name maps to itself."""
    canonical, _, _ = merge_names(names)
    assert set(names) == set(canonical)
    assert all(canonical[best] == best for best in canonical.values())
