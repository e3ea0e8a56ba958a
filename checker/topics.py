"""Statements to topics: groups of close statements, named by the words that set them apart.

The same statements give the same topics whatever their order. A statement that is close to no other is
a topic of its own; there is no bin of left-overs.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from checker.cache import Cache
from checker.linkage import link
from checker.readings import Forms, content_forms
from checker.records import Statement, Topic

__all__ = ["find_topics"]

# Average linkage needs the whole distance matrix; above this many statements it is made on a sample of them.
_MOST = 3000
_NAME_WORDS = 3
_ROWS = 2048


def find_topics(
    statements: Sequence[Statement], vectors: NDArray[np.float32], *, cache: Cache, cut: float = 0.55
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
    forms = content_forms([statement.text for statement in statements], cache)
    names = _names([[forms[statements[order[i]].text] for i in group] for group in members])
    return tuple(
        Topic(
            name, tuple(statements[order[i]].id for i in group), statements[order[_central(rows, group)]].id
        )
        for name, group in zip(names, members, strict=True)
    )


def _cluster(rows: NDArray[np.float32], cut: float) -> list[int]:
    """A label for each row; rows beyond the most that linkage can hold join the nearest group's centre."""
    step = max(1, -(-len(rows) // _MOST))
    sample = np.arange(0, len(rows), step)
    found = link(rows[sample], cut)
    if step == 1:
        return found
    labels = np.array(found)
    centres = np.zeros((labels.max() + 1, rows.shape[1]), dtype=np.float32)
    np.add.at(centres, labels, rows[sample])
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    nearest = [(rows[at : at + _ROWS] @ centres.T).argmax(axis=1) for at in range(0, len(rows), _ROWS)]
    return [int(label) for label in np.concatenate(nearest)]


def _central(rows: NDArray[np.float32], group: Sequence[int]) -> int:
    centre = rows[group].mean(axis=0)
    return group[int((rows[group] @ centre).round(5).argmax())]


def _names(groups: Sequence[Sequence[Forms]]) -> list[str]:
    """Distinctive words of each group: class-based TF-IDF (Grootendorst 2022) over their content words."""
    surfaces: dict[str, Counter[str]] = defaultdict(Counter)
    documents = []
    for group in groups:
        words = [word for forms in group for word in forms]
        for stem, form in words:
            surfaces[stem][form] += 1
        documents.append(Counter(stem for stem, _ in words if len(stem) > 2))
    if not any(documents):
        return ["no distinctive words"] * len(groups)
    found_in = Counter(stem for document in documents for stem in document)
    rarity = {stem: math.log((1 + len(groups)) / (1 + count)) + 1 for stem, count in found_in.items()}
    written = _commonest(surfaces)
    names = []
    for document in documents:
        weights = {stem: round((1 + math.log(count)) * rarity[stem], 6) for stem, count in document.items()}
        best = sorted(weights, key=lambda stem: (-weights[stem], stem))[:_NAME_WORDS]
        names.append(", ".join(written[stem] for stem in best) or "other")
    return names


def _commonest(counts: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
    """The commonest written form of each stem, so that names read as words."""
    return {stem: min(forms, key=lambda form: (-forms[form], form)) for stem, forms in counts.items()}
