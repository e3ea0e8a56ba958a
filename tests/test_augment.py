"""Rules that make training pairs: what each edits, what each leaves alone, and how much each may make."""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

import pytest

# Training scripts belong to the project and not to the installed package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from training import augment
from training.lexicon import BASE_OF, PAST_OF, THIRD_OF
from training.sentences import Made

CONFLICT = ("contradiction", "contradiction")
SAME = ("entailment", "entailment")
APART = ("neutral", "neutral")
LESS = ("entailment", "neutral")
MORE = ("neutral", "entailment")


def make(rule: str, text: str, seed: int = 1) -> Made | None:
    """What the rule makes of the text."""
    return augment.RULES[rule](text, random.Random(seed))


@pytest.mark.parametrize(
    ("rule", "text", "expected", "relations"),
    [
        ("negate", "The road will reach the coast.", "The road will not reach the coast.", CONFLICT),
        ("negate", "This is not the end of it.", "This is the end of it.", CONFLICT),
        ("negate", "The ferry can't land here.", "The ferry can land here.", CONFLICT),
        ("negate", "I'm ready for the work.", "I'm not ready for the work.", CONFLICT),
        ("negate_verb", "We won't.", None, None),
        ("negate_verb", "We did not raise the fee.", "We raised the fee.", CONFLICT),
        ("negate_verb", "He doesn't carry a bag.", "He carries a bag.", CONFLICT),
        ("never", "The council will sell the pier.", "The council will never sell the pier.", CONFLICT),
        ("never", "I never voted for the pier.", "I voted for the pier.", CONFLICT),
        ("undo", "The pier is open at night.", "The pier is no longer open at night.", CONFLICT),
        ("oppose", "We support the treaty.", "We oppose the treaty.", CONFLICT),
        ("oppose", "That was an easy crossing.", "That was a difficult crossing.", CONFLICT),
        ("count_otherwise", "Everyone in the hall agreed.", "No one in the hall agreed.", CONFLICT),
        ("count_otherwise", "We all know the harbor.", "None of us know the harbor.", CONFLICT),
        ("limit", "Every pupil has a desk.", "Not every pupil has a desk.", CONFLICT),
        ("weaken", "The bridge will hold.", "The bridge might hold.", LESS),
        ("reword", "The children went home.", "The kids went home.", SAME),
        ("reword", "The kids didn't go.", "The children did not go.", SAME),
        (
            "shorten",
            "We rebuilt the harbor in two years, with our own hands.",
            "We rebuilt the harbor in two years.",
            LESS,
        ),
        ("pledge_or_deed", "We raised the sea wall.", "We will raise the sea wall.", APART),
    ],
)
def test_each_rule_makes_its_pair(
    rule: str, text: str, expected: str | None, relations: tuple[str, str] | None
) -> None:
    """The edit and both relations, original to edited and back, are as written here."""
    made = make(rule, text)
    assert expected == (made and made.text)
    assert relations == (made and (made.label, made.back))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("negate", "The road will never reach the coast."),
        ("negate", "Some roads are closed today."),
        ("negate", "We will go if the boat is mended."),
        ("negate", "It is not only the road that is bad."),
        ("negate", "Not any boat will do, and it isn't late."),
        ("negate_verb", "We raised the fee because the roof leaked."),
        ("negate_verb", "You know, the pier is open."),
        ("negate_verb", "Boats carried the mail."),
        ("never", "We have never seen any of it."),
        ("undo", "We lost the regatta."),
        ("oppose", "We do not support the treaty."),
        ("oppose", "The support of the harbor board came late."),
        ("oppose", "If you like the pier, you can buy it."),
        ("renumber", "It opened in 1954."),
        ("renumber", "More than 40 boats came."),
        ("redate", "The harbor was quiet in 1954."),
        ("redate", "More boats were built in 1954 than before."),
        ("count_otherwise", "After all the pier is ours."),
        ("limit", "Despite all the rain the pier opened."),
        ("limit", "He thanked every one of them."),
        ("weaken", "The bridge will not hold."),
        ("shorten", "In the spring of that hard year, with our own hands."),
        ("shorten", "We went to see the end of, with our own hands."),
        ("deny", "And so on to the harbor."),
        ("deny", "I think the harbor is full."),
        ("double_negation", "The pier must be sold."),
        ("deny_opposite", "We won the regatta."),
        ("other_place", "The best harbor is in Ohio."),
        ("other_place", "We met in Reno, Nevada on a Monday."),
        ("other_place", "The votes of West Virginia count."),
        ("other_actor", "I love my family."),
        ("other_winner", "I started a shop in the harbor."),
        ("other_winner", "It rained when Barack Obama was elected."),
        ("other_date_edited", "The boats were late."),
        ("pledge_or_deed", "We raised it, and they saw it."),
    ],
)
def test_rules_leave_doubtful_sentences_alone(rule: str, text: str) -> None:
    """Nothing is made where the reach, the sense or the grammar of the edit would be doubtful."""
    assert all(make(rule, text, seed) is None for seed in range(5))


@pytest.mark.parametrize("seed", range(8))
def test_changed_numbers_differ_by_more_than_rounding(seed: int) -> None:
    """The other number is far off and keeps its form."""
    made = make("renumber", "We built 40 schools for $1,200 each.", seed)
    assert made is not None
    words = made.text.split()
    number, price = int(words[2]), int(words[5].lstrip("$").replace(",", ""))
    assert (number != 40) != (price != 1200)
    assert abs(number - 40) in (0, *range(10, 100))
    assert made.label == "contradiction"


@pytest.mark.parametrize("seed", range(8))
def test_a_bound_is_kept_or_broken_as_labelled(seed: int) -> None:
    """The label agrees with the arithmetic of 40 against the bound."""
    made = make("bound", "We built 40 schools.", seed)
    assert made is not None
    low = made.text.split()[2] in ("more", "over", "upwards") or "at least" in made.text
    number = int("".join(filter(str.isdigit, made.text)))
    assert ("entailment" if (number < 40) == low else "contradiction") == made.label


@pytest.mark.parametrize("seed", range(5))
def test_another_place_or_actor_is_no_conflict(seed: int) -> None:
    """The same sentence about another place or by another actor can also be true, even when turned round."""
    for rule, text, gone in (
        ("other_place", "Jobs came back to Ohio.", "Ohio"),
        ("other_place_edited", "Jobs are coming back to Ohio.", "Ohio"),
        ("other_actor", "I support the treaty.", "I support"),
        ("other_actor_edited", "I support the treaty.", "I support"),
        ("other_actor", "Barack Obama spoke at the pier.", "Obama"),
        ("other_date_edited", "The fee was raised in 1954.", "1954"),
    ):
        made = make(rule, text, seed)
        assert made is not None
        assert APART == (made.label, made.back)
        assert gone not in made.text


def test_places_are_exchanged_for_their_kind() -> None:
    """A city stands for a city, not for a country."""
    texts = {made.text for seed in range(40) if (made := make("other_place", "Boston is cold.", seed))}
    assert len(texts) > 5
    assert not any("Iran" in text or "Ohio" in text for text in texts)


def test_only_one_can_be_first() -> None:
    """A deed that excludes others conflicts with the same deed of another."""
    made = make("other_winner", "I was the first to cross the bay.")
    assert made is not None
    assert made.text.endswith(" was the first to cross the bay.")
    assert CONFLICT == (made.label, made.back)


@pytest.mark.parametrize("text", ["The pier was opened in 1954.", "In March we signed the treaty."])
def test_an_event_has_one_date(text: str) -> None:
    """Another date for what happens once is a conflict."""
    made = make("redate", text)
    assert made is not None
    assert made.text != text
    assert CONFLICT == (made.label, made.back)


@pytest.mark.parametrize(
    ("rule", "relations"),
    [
        ("deny", CONFLICT),
        ("affirm", SAME),
        ("attribute", APART),
        ("double_negation", SAME),
        ("add_clause", MORE),
    ],
)
def test_frames_keep_the_sentence(rule: str, relations: tuple[str, str]) -> None:
    """A frame or clause is put around the sentence, whose words stay."""
    made = make(rule, "The harbor is full of boats.")
    assert made is not None
    assert "full of boats" in made.text
    assert relations == (made.label, made.back)


def test_the_opposite_denied_follows() -> None:
    """Who supports does not oppose; who does not oppose need not support."""
    made = make("deny_opposite", "We support the treaty.")
    assert made in (
        Made("We do not oppose the treaty.", *LESS),
        Made("We don't oppose the treaty.", *LESS),
    )


def test_conflicts_are_made_from_paraphrases_too() -> None:
    """The paraphrase is turned round, so that two places differ."""
    made = make("negate_paraphrase", "The children are at the pier.")
    assert made is not None
    assert "kids" in made.text
    assert "not" in made.text.split() or "no longer" in made.text
    assert CONFLICT == (made.label, made.back)


def test_verb_forms_lead_back_to_their_base() -> None:
    """Past and third person of every verb are read as forms of that verb."""
    assert all(base == BASE_OF[PAST_OF[base]] == BASE_OF[THIRD_OF[base]] for base in PAST_OF)
    assert ("carried", "goes", "tries") == (PAST_OF["carry"], THIRD_OF["go"], THIRD_OF["try"])


def test_every_rule_is_capped() -> None:
    """No rule makes more pairs than the cap, the twins of conflicts included."""
    texts = [f"The road number {i} will reach the coast." for i in range(50)]
    counts = Counter(row["source"] for row in augment.make_pairs(texts, cap=7, rng=random.Random(1)))
    assert 7 == max(counts.values())
    assert {"rule/negate", "rule/stranger"} <= set(counts)


def test_one_text_makes_few_pairs() -> None:
    """A sentence that suits many rules does not fill the set; conflicts bring at most a twin each."""
    text = "The children will always support the 40 boats of Ohio."
    rows = list(augment.make_pairs([text, "The pier is closed."], cap=100, rng=random.Random(1)))
    made = [r for r in rows if text in (r["premise"], r["hypothesis"]) and "str" not in r["source"]]
    assert 4 == len([r for r in made if "neighbour" not in r["source"]])


def test_only_whole_sentences_are_used() -> None:
    """Questions, handles, links and fragments are left out; apostrophes become straight."""
    texts = [
        "The harbor isn’t as full as it was.",
        "Is the harbor as full as it was?",
        "and the harbor is full of boats.",
        "See @harbor for all the new boats.",
        "The harbor is full of boats and",
    ]
    assert ["The harbor isn't as full as it was."] == augment.usable(texts)
