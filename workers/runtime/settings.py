"""Where this process finds the rest of the system; every value comes from the environment as `PASPOR_<NAME>`."""

from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# Longer than anybody takes to look at a case that has gone wrong; the record itself is kept for good.
HISTORY_DAYS = 90


class Settings(BaseSettings):
    """Addresses, key file and limits of one process. The names are the environment's, in lower case."""

    model_config = SettingsConfigDict(env_prefix="PASPOR_", extra="ignore", hide_input_in_errors=True)

    environment: Literal["local", "production"] = "local"
    database_url: str
    temporal_address: str = "127.0.0.1:7233"
    temporal_namespace: str = "paspor"
    # How long the engine keeps the history of a case that has closed; `paspor migrate --engine` brings it into force.
    history_days: int = Field(default=HISTORY_DAYS, ge=1, le=3650)
    keys_file: Path
    files_dir: Path
    oidc_issuer: str
    oidc_audience: str = "paspor"
    oidc_client_id: str = "paspor"
    population_url: str
    passports_url: str
    watchlist_url: str
    billing_url: str
    abis_url: str
    capture_url: str
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    mail_from: str = "no-reply@paspor.invalid"
    public_url: str = "http://127.0.0.1:8000"
    # Where people open the engine's UI; the only other origin whose browsers may ask us, and only to open payloads.
    temporal_ui_url: str = ""
    database_pool: int = 4
    # The proxies in front of the API, as networks with commas between (10.0.0.0/8); of others, `X-Forwarded-For` is not
    # believed. Limits count addresses: behind a proxy that is not named here, everybody has the same one.
    trusted_proxies: str = ""
    # Which build of which deployment the workers of cases are; both empty where one build serves all, as locally.
    deployment: str = Field(default="", pattern=r"^[a-z0-9-]*$")
    build_id: str = ""
    # Where this process serves its metrics (host:port); nowhere when empty. No other process may be given the same.
    metrics_address: str = Field(default="", pattern=r"^([^\s:]+:[0-9]{1,5})?$")
    # Where traces are sent by OTLP over HTTP (http://collector:4318); nothing is traced when empty.
    otlp_endpoint: str = Field(default="", pattern=r"^(https?://\S+)?$")

    @model_validator(mode="after")
    def _a_sound_issuer_in_production(self) -> Self:
        # The local issuer signs in anybody by name alone: with it, a production API would have no doors.
        if self.environment == "production" and _is_loopback(urlsplit(self.oidc_issuer).hostname or ""):
            raise ValueError("oidc_issuer: the local issuer may not serve a production installation")
        # Whoever sits between could hand us keys of their own (OpenID Connect Core 1.0, 16.17; Discovery 1.0, 3).
        if self.environment == "production" and urlsplit(self.oidc_issuer).scheme != "https":
            raise ValueError("oidc_issuer: a production installation asks its issuer by https only")
        return self

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_networks(cls, given: str) -> str:
        for one in given.split(","):
            if one.strip():
                ip_network(one.strip())
        return given

    @model_validator(mode="after")
    def _a_deployment_has_builds(self) -> Self:
        if bool(self.deployment) != bool(self.build_id):
            raise ValueError("deployment and build_id: give both or neither")
        return self


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost") or not host


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
