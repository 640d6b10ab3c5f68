"""Sealed payloads: what comes back, what does not open, and what an outsider can read."""

import os
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.exceptions import ApplicationError

from activities.keyring import CannotOpen, KeyRing
from workers.runtime.codec import Converter, SealingCodec, data_converter

OLD, NEW = os.urandom(32), os.urandom(32)
SECRET = "Ni Luh Sari"


def ring(active: str = "k1", **keys: bytes) -> KeyRing:
    return KeyRing(active, keys or {"k1": OLD})


def payload(text: str = SECRET) -> Payload:
    return Payload(metadata={"encoding": b"json/plain", "messageType": b"Person"}, data=text.encode())


async def test_what_was_sealed_comes_back_whole() -> None:
    codec = SealingCodec(ring())
    clear = [payload(), payload("x" * 100_000), Payload(metadata={"encoding": b"binary/null"})]
    assert await codec.decode(await codec.encode(clear)) == clear


async def test_dates_and_decimals_travel() -> None:
    converter = data_converter(ring())
    values = [date(2026, 2, 28), Decimal("350000.00"), datetime(2026, 11, 24, tzinfo=UTC)]
    assert await converter.decode(await converter.encode(values), [date, Decimal, datetime]) == values


async def test_neither_value_nor_type_can_be_read() -> None:
    (sealed,) = await SealingCodec(ring()).encode([payload()])
    seen = sealed.SerializeToString()
    assert SECRET.encode() not in seen
    assert b"Person" not in seen
    assert dict(sealed.metadata) == {"encoding": b"binary/sealed"}


async def test_equal_values_do_not_look_equal() -> None:
    first, second = await SealingCodec(ring()).encode([payload(), payload()])
    assert first.data != second.data


async def test_long_payloads_shrink_and_short_ones_hardly_grow() -> None:
    codec = SealingCodec(ring())
    (long,) = await codec.encode([payload("alamat " * 1_000)])
    (short,) = await codec.encode([payload("x")])
    assert len(long.data) < 500
    assert len(short.data) < len(payload("x").SerializeToString()) + 40


async def test_an_old_key_opens_and_the_new_one_seals() -> None:
    (before,) = await SealingCodec(ring()).encode([payload()])
    rotated = SealingCodec(ring("k2", k1=OLD, k2=NEW))
    (after,) = await rotated.encode([payload()])
    assert await rotated.decode([before, after]) == [payload(), payload()]
    with pytest.raises(CannotOpen):
        await SealingCodec(ring()).decode([after])


@pytest.mark.parametrize("place", [0, 4, 20, -1])
async def test_an_altered_payload_does_not_open(place: int) -> None:
    codec = SealingCodec(ring())
    (sealed,) = await codec.encode([payload()])
    altered = bytearray(sealed.data)
    altered[place] ^= 1
    with pytest.raises(CannotOpen):
        await codec.decode([Payload(metadata=sealed.metadata, data=bytes(altered))])


async def test_what_was_sealed_for_another_place_does_not_open() -> None:
    foreign = Payload(metadata={"encoding": b"binary/sealed"}, data=ring().seal(b"\x00", b"column"))
    with pytest.raises(CannotOpen):
        await SealingCodec(ring()).decode([foreign])


async def test_what_is_not_ours_passes_through() -> None:
    assert await SealingCodec(ring()).decode([payload()]) == [payload()]


async def test_the_text_of_a_failure_is_sealed() -> None:
    converter, failure = data_converter(ring()), Failure()
    await converter.encode_failure(ApplicationError(SECRET, SECRET, type="WrongState"), failure)
    assert SECRET.encode() not in failure.SerializeToString()
    opened = await converter.decode_failure(failure)
    assert isinstance(opened, ApplicationError)
    assert (opened.message, opened.details[0], opened.type) == (SECRET, SECRET, "WrongState")


def test_types_are_learnt_once_a_process() -> None:
    first, second = Converter(), Converter()
    payloads = first.to_payloads([date(2026, 2, 28)])
    assert first.from_payloads(payloads, [date]) == second.from_payloads(payloads, [date]) == [date(2026, 2, 28)]
    assert first.converters[b"json/plain"] is second.converters[b"json/plain"]
