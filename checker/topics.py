"""Statements to topics: groups of close statements, named by the words that set them apart.

The same statements give the same topics whatever their order. A statement that is close to no other is
a topic of its own; there is no bin of left-overs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from checker.alignment import content_words
from checker.records import Statement, Topic

__all__ = ["find_topics", "topic_names"]

# Average linkage needs the whole distance matrix; above this many statements it is made on a sample of them.
_MOST = 3000
_NAME_WORDS = 3


def find_topics(
    statements: Sequence[Statement], vectors: NDArray[np.float32], *, cut: float = 0.55
) -> tuple[Topic, ...]:
    """Groups whose mean cosine distance stays under `cut`, largest first.

    Args:
        vectors: Unit rows, shape (statements, dimension).
    """
    if not statements:
        return ()
    order = sorted(range(len(statements)), key=lambda index: statements[index].id)
    rows = vectors[order]
    groups: dict[int, list[int]] = defaultdict(list)
    for position, label in enumerate(_cluster(rows, cut)):
        groups[label].append(position)
    members = sorted(groups.values(), key=lambda group: (-len(group), statements[order[group[0]]].id))
    names = _names([[statements[order[i]] for i in group] for group in members])
    return tuple(
        Topic(
            name, tuple(statements[order[i]].id for i in group), statements[order[_central(rows, group)]].id
        )
        for name, group in zip(names, members, strict=True)
    )


def topic_names(topics: Sequence[Topic]) -> dict[str, str]:
    """The topic's name for each statement id."""
    return {identifier: topic.name for topic in topics for identifier in topic.statement_ids}


def _cluster(rows: NDArray[np.float32], cut: float) -> list[int]:
    """A label for each row; rows beyond the most that linkage can hold join the nearest group's centre."""
    if len(rows) == 1:
        return [0]
    from sklearn.cluster import AgglomerativeClustering

    step = max(1, -(-len(rows) // _MOST))
    sample = np.arange(0, len(rows), step)
    if len(sample) == 1:
        return [0] * len(rows)
    model = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=cut
    )
    labels = model.fit_predict(rows[sample])
    if step == 1:
        return [int(label) for label in labels]
    centres = np.stack([rows[sample[labels == label]].mean(axis=0) for label in range(labels.max() + 1)])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    return [int(label) for label in (rows @ centres.T).argmax(axis=1)]


def _central(rows: NDArray[np.float32], group: Sequence[int]) -> int:
    centre = rows[group].mean(axis=0)
    return group[int((rows[group] @ centre).round(5).argmax())]


def _names(groups: Sequence[Sequence[Statement]]) -> list[str]:
    """Distinctive words of each group: class-based TF-IDF (Grootendorst 2022) over their content words."""
    documents = [[_terms(statement) for statement in group] for group in groups]
    from sklearn.feature_extraction.text import TfidfVectorizer

    joined = [[term for terms in document for term in terms] for document in documents]
    if not any(joined):
        return ["no distinctive words"] * len(groups)
    vectorizer = TfidfVectorizer(analyzer=lambda terms: terms, sublinear_tf=True)
    weights = vectorizer.fit_transform(joined).toarray().round(6)
    vocabulary = vectorizer.get_feature_names_out()
    surfaces = _surfaces(groups)
    names = []
    for row in weights:
        best = sorted(np.flatnonzero(row), key=lambda column: (-row[column], vocabulary[column]))
        names.append(", ".join(surfaces[vocabulary[column]] for column in best[:_NAME_WORDS]) or "other")
    return names


def _terms(statement: Statement) -> list[str]:
    return [word.stem for word in content_words(statement.text) if len(word.stem) > 2]


def _surfaces(groups: Sequence[Sequence[Statement]]) -> dict[str, str]:
    """The commonest written form of each stem, so that names read as words."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for group in groups:
        for statement in group:
            for word in content_words(statement.text):
                counts[word.stem][word.span.of(statement.text)] += 1
    return {stem: min(forms, key=lambda form: (-forms[form], form)) for stem, forms in counts.items()}
