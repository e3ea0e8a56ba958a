"""Pairs and topics kept between runs: which statements are near each other, asked again only after a change.

Both rest on the statements in their order, the embeddings, the settings of pairing and the screen, and are
kept under a hash of all of these. A run with other cuts on the score finds them at once and needs no
embedding.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from hashlib import blake2b

import numpy as np

from checker.cache import Cache
from checker.evidence import basis, code_version
from checker.pair import Pairing
from checker.records import Pair, Statement, Topic

__all__ = ["kept_or_found"]

# Beyond so many pairs a row of the cache grows too large for what it saves.
_MOST = 1_000_000
_SIZE = struct.Struct("<I")
_ROW = np.dtype(
    [("earlier", "<u4"), ("later", "<u4"), ("similarity", "<f8"), ("promise", "<f8"), ("topic", "<u4")]
)


def kept_or_found(
    statements: Sequence[Statement], rests_on: str, cache: Cache, find: Callable[[], Pairing]
) -> Pairing:
    """The pairing that an earlier run kept, or the one that `find` gives, which is kept.

    Args:
        rests_on: Stands for all that the pairing rests on besides the statements and the code.
    """
    name = _name(statements, rests_on)
    row = cache.get_list(name)
    known = _unpacked(row, statements) if row is not None else None
    if known is not None:
        return known
    pairing = find()
    if len(pairing.pairs) <= _MOST:
        cache.put_list(name, _packed(pairing, statements))
    return pairing


def _name(statements: Sequence[Statement], rests_on: str) -> bytes:
    digest = blake2b(f"{code_version()} {rests_on}".encode(), digest_size=16)
    for statement in statements:
        # The place in the file decides which of two undated statements comes first.
        place = statement.id, statement.source.document, statement.position
        digest.update(repr((place, basis(statement))).encode("utf-8", "surrogatepass"))
    return digest.digest()


def _packed(pairing: Pairing, statements: Sequence[Statement]) -> bytes:
    """Counts, notes, names and topics as JSON, then a row a pair; statements are told by their places."""
    at = {id(statement): place for place, statement in enumerate(statements)}
    places = {statement.id: place for place, statement in enumerate(statements)}
    names = {name: number for number, name in enumerate(dict.fromkeys(p.topic for p in pairing.pairs))}
    rows = np.empty(len(pairing.pairs), dtype=_ROW)
    rows["earlier"] = [at[id(pair.earlier)] for pair in pairing.pairs]
    rows["later"] = [at[id(pair.later)] for pair in pairing.pairs]
    rows["similarity"] = [pair.similarity for pair in pairing.pairs]
    rows["promise"] = pairing.promises
    rows["topic"] = [names[pair.topic] for pair in pairing.pairs]
    topics = [
        (topic.name, [places[one] for one in topic.statement_ids], places[topic.central_id])
        for topic in pairing.topics
    ]
    counts = pairing.possible, pairing.near, pairing.hopeless
    head = json.dumps([counts, pairing.notes, list(names), topics]).encode()
    return _SIZE.pack(len(head)) + head + rows.tobytes()


def _unpacked(row: bytes, statements: Sequence[Statement]) -> Pairing | None:
    """What `_packed` gave; `None` when it cannot be read."""
    try:
        (size,) = _SIZE.unpack_from(row)
        start = _SIZE.size + size
        (possible, near, hopeless), notes, names, topics = json.loads(row[_SIZE.size : start])
        rows = np.frombuffer(row, dtype=_ROW, offset=start)
    except (struct.error, ValueError):
        return None
    columns = (rows[name].tolist() for name in ("earlier", "later", "similarity", "topic"))
    pairs = tuple(
        Pair(statements[one], statements[other], similarity, names[topic])
        for one, other, similarity, topic in zip(*columns, strict=True)
    )
    found = tuple(
        Topic(name, tuple(statements[one].id for one in members), statements[central].id)
        for name, members, central in topics
    )
    return Pairing(pairs, tuple(rows["promise"].tolist()), possible, near, hopeless, tuple(notes), found)
