"""Nothing readable reaches the engine: every payload is compressed, sealed, and opened only by who has the keys.

What stays readable in Temporal is outside a codec's reach: workflow ids, names, task queues and search attributes.
None of these may be personal.
"""

import zlib
from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
    PayloadCodec,
)

from activities.keyring import KeyRing

ENCODING = b"binary/sealed"
CONTEXT = b"payload"
PLAIN, DEFLATED = b"\x00", b"\x01"
# One for the process: the engine makes a converter for each case, and one of its own would learn all types anew.
JSON = PydanticJSONPlainPayloadConverter()


class Converter(CompositePayloadConverter):
    """Values as JSON, by pydantic, which knows dates and decimals; a type is learnt once a process."""

    def __init__(self) -> None:
        usual = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(*(JSON if isinstance(one, JSONPlainPayloadConverter) else one for one in usual))


class SealingCodec(PayloadCodec):
    """Seals whole payloads, so that the type of a value is hidden with it; leaves alone what another codec made."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Seal each payload with the active key."""
        return [
            Payload(metadata={"encoding": ENCODING}, data=self._ring.seal(_pack(payload), CONTEXT))
            for payload in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Open each payload that is ours; raises `CannotOpen` when one was altered or its key is gone."""
        return [self._open(payload) for payload in payloads]

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        return Payload.FromString(_unpack(self._ring.open(payload.data, CONTEXT)))


def data_converter(ring: KeyRing) -> DataConverter:
    """The converter of every client and worker: dates and decimals by pydantic, all sealed, failures' texts too."""
    return DataConverter(
        payload_converter_class=Converter,
        payload_codec=SealingCodec(ring),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


def _pack(payload: Payload) -> bytes:
    # Compression comes before sealing, since sealed bytes do not compress; small payloads would only grow by it.
    clear = payload.SerializeToString()
    deflated = zlib.compress(clear)
    return DEFLATED + deflated if len(deflated) < len(clear) else PLAIN + clear


def _unpack(packed: bytes) -> bytes:
    return zlib.decompress(packed[1:]) if packed[:1] == DEFLATED else packed[1:]
