"""Settings refuse an issuer that anybody could speak for, and histories that nobody could still look at."""

from typing import Any

import pytest
from pydantic import ValidationError

from workers.runtime.settings import Settings

KNOWN = dict.fromkeys(
    ("population_url", "passports_url", "watchlist_url", "billing_url", "abis_url", "capture_url"), "https://x.invalid"
)


def settings(environment: Any, issuer: str) -> Settings:
    return Settings(
        environment=environment,
        oidc_issuer=issuer,
        database_url="postgresql+psycopg2://nowhere/paspor",
        keys_file="keys.json",  # type: ignore[arg-type]  # as the environment has it
        files_dir=".",  # type: ignore[arg-type]
        **KNOWN,
    )


@pytest.mark.parametrize(
    "issuer", ["http://sign-in.example", "HTTP://sign-in.example", "sign-in.example", "ftp://x.example"]
)
def test_production_asks_its_issuer_by_https_only(issuer: str) -> None:
    with pytest.raises(ValidationError, match=r"https only|local issuer"):
        settings("production", issuer)
    assert settings("production", "https://sign-in.example").environment == "production"


@pytest.mark.parametrize("issuer", ["https://127.0.0.1:18000", "https://localhost", "http://[::1]:1"])
def test_production_refuses_the_local_issuer_by_any_scheme(issuer: str) -> None:
    with pytest.raises(ValidationError, match="local issuer"):
        settings("production", issuer)
    assert settings("local", issuer).environment == "local"


def test_the_refusal_repeats_no_setting() -> None:
    with pytest.raises(ValidationError) as refusal:
        settings("production", "http://sign-in.example")
    assert "nowhere" not in str(refusal.value)


def test_histories_are_kept_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings("local", "http://127.0.0.1").history_days == 90
    monkeypatch.setenv("PASPOR_HISTORY_DAYS", "400")
    assert settings("local", "http://127.0.0.1").history_days == 400
    monkeypatch.setenv("PASPOR_HISTORY_DAYS", "0")
    with pytest.raises(ValidationError, match="history_days"):
        settings("local", "http://127.0.0.1")
