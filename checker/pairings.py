"""Pairs and topics kept between runs: which statements are near each other, asked again only after a change.

Both rest on the statements in their order, the embeddings, the settings of pairing and the screen, and are
kept under a hash of all of these. A run with other cuts on the score finds them at once and needs no
embedding. Of each large block the lists of nearest rows are kept as well, under the name of its speaker, and
the promises of all near pairs, so that a record that has grown is asked about what is new.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from checker.cache import Cache
from checker.evidence import basis, code_version, list_name
from checker.nearest import Indices, Near
from checker.pair import Numbers, Pairing, Rate, Remember
from checker.pairs import Pairs
from checker.records import Statement, Topic

__all__ = ["kept_or_found", "kept_promises", "neighbourhoods"]

# Beyond so many pairs a row of the cache grows too large for what it saves.
_MOST = 1_000_000
_SIZE = struct.Struct("<I")
_SIZES = struct.Struct("<II")
_TURN = 0x9E3779B97F4A7C15
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
    pairs = pairing.pairs
    at = {id(statement): place for place, statement in enumerate(statements)}
    places = {statement.id: place for place, statement in enumerate(statements)}
    own = np.array([at[id(statement)] for statement in pairs.statements], dtype=np.int64)
    rows = np.empty(len(pairs), dtype=_ROW)
    rows["earlier"], rows["later"] = own[pairs.earlier], own[pairs.later]
    rows["similarity"], rows["topic"] = pairs.similarity, pairs.topic
    rows["promise"] = pairing.promises
    topics = [
        (topic.name, [places[one] for one in topic.statement_ids], places[topic.central_id])
        for topic in pairing.topics
    ]
    counts = pairing.possible, pairing.near, pairing.hopeless
    head = json.dumps([counts, pairing.notes, list(pairs.names), topics]).encode()
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
    earlier, later, topic = (rows[name].astype(np.int64) for name in ("earlier", "later", "topic"))
    pairs = Pairs(statements, earlier, later, rows["similarity"], topic, names)
    found = tuple(
        Topic(name, tuple(statements[one].id for one in members), statements[central].id)
        for name, members, central in topics
    )
    return Pairing(pairs, tuple(rows["promise"].tolist()), possible, near, hopeless, tuple(notes), found)


def neighbourhoods(rests_on: str, cache: Cache) -> Remember:
    """Keeps who is near whom in a block; the last state of a block is the one that is known.

    Args:
        rests_on: Stands for all that the lists rest on besides the vectors and the code.
    """

    def remember(block: str, find: Callable[[Near | None], Near]) -> Near:
        name = list_name("near", rests_on, block)
        row = cache.get_list(name)
        near = find(_near_from(row) if row is not None else None)
        if len(near.rows) <= 4 * _MOST:
            cache.put_list(name, _near_packed(near))
        return near

    return remember


def kept_promises(statements: Sequence[Statement], rate: Rate, rests_on: str, cache: Cache) -> Rate:
    """`rate`, asked only of pairs that had no promise the last time these speakers' statements were paired.

    Args:
        rests_on: Stands for all that a promise rests on besides the two statements and the code.
    """

    def promises(first: Indices, second: Indices, cosines: Numbers) -> Numbers:
        speakers = sorted({statement.speaker for statement in statements})
        name = list_name("promises", rests_on, speakers)
        marks = np.array([_mark(statement) for statement in statements], dtype=np.uint64)
        # A pair turned round has another key.
        keys = marks[first] * np.uint64(_TURN) + marks[second]
        known, values = _promises_from(cache.get_list(name))
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        found = values[at]
        missing = np.flatnonzero(known[at] != keys)
        if len(missing):
            found[missing] = rate(first[missing], second[missing], cosines[missing])
            order = np.argsort(keys)
            if len(keys) <= 4 * _MOST:
                row = keys[order].astype("<u8").tobytes() + found[order].astype("<f8").tobytes()
                cache.put_list(name, row)
        return found

    return promises


def _mark(statement: Statement) -> int:
    content = basis(statement).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "little")


def _promises_from(row: bytes | None) -> tuple[NDArray[np.uint64], Numbers]:
    """Keys, ascending, and promises as they were kept; one of each that no pair has where there are none."""
    if not row or len(row) % 16:
        return np.zeros(1, dtype=np.uint64), np.zeros(1)
    half = len(row) // 2
    return np.frombuffer(row[:half], dtype="<u8"), np.frombuffer(row[half:], dtype="<f8")


def _near_packed(near: Near) -> bytes:
    columns = near.marks, near.rows.astype("<u4"), near.columns.astype("<u4"), near.products
    return _SIZES.pack(len(near.marks), len(near.rows)) + b"".join(one.tobytes() for one in columns)


def _near_from(row: bytes) -> Near | None:
    """What `_near_packed` gave; `None` when it cannot be read."""
    try:
        count, found = _SIZES.unpack_from(row)
        at = _SIZES.size
        columns = []
        for kind, length in (("<u8", count), ("<u4", found), ("<u4", found), ("<f4", found)):
            columns.append(np.frombuffer(row, dtype=kind, count=length, offset=at))
            at += columns[-1].nbytes
    except (struct.error, ValueError):
        return None
    marks, rows, places, products = columns
    return Near(marks, rows.astype(np.int64), places.astype(np.int64), products)
