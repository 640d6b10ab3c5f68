import pytest

from activities.keyring import KeyRing, Keys


@pytest.fixture(scope="session")
def keys() -> Keys:
    def ring() -> KeyRing:
        return KeyRing("k1", {"k1": bytes(32)})

    return Keys(
        payloads=ring(),
        columns=ring(),
        files=ring(),
        pepper=b"pepper of the tests",
        proof=b"p" * 32,
        webhook_secrets={"billing": ["whsec_" + "b2xk" * 8, "whsec_" + "bmV3" * 8], "abis": ["whsec_" + "YWJp" * 8]},
    )
