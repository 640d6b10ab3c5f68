"""What the stand-ins have written down, and what they are told beforehand."""

from typing import Any

import httpx2

from tests.journeys.installation import Installation


def asked(installation: Installation, standin: str, what: str) -> list[dict[str, Any]]:
    """What a stand-in has written down."""
    address = installation.addresses["standins"][standin]
    answer = httpx2.get(f"{address}/standins/{standin}/{what}", trust_env=False, timeout=10)
    items: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
    return items


def plant(installation: Installation, standin: str, what: str, **values: Any) -> None:
    """Tell a stand-in what to answer or do."""
    address = installation.addresses["standins"][standin]
    answer = httpx2.post(f"{address}/standins/{standin}/{what}", json=values, trust_env=False, timeout=10)
    answer.raise_for_status()
