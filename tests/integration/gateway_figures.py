"""What a gateway answers to those who run it."""

from __future__ import annotations

import asyncio

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.integration.gateway_stage import PATIENCE

Figures = dict[tuple[str, ...], float]


async def got(gateway: str, path: str) -> tuple[int, str, str]:
    """Status, content type and text of what a plain request is answered."""
    address = gateway.replace("ws:", "http:", 1) + path
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, answer.headers["Content-Type"], await answer.text()


async def figures(gateway: str) -> Figures:
    """Every sample: its name and the values of its labels -> its value."""
    status, kind, text = await got(gateway, "/metrics")
    assert (status, kind.partition(";")[0]) == (200, "text/plain")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def until_figures(gateway: str, wanted: Figures) -> Figures:
    """The figures once they have the wanted values."""
    found: Figures = {}
    try:
        async with asyncio.timeout(PATIENCE):
            while wanted.items() - found.items():
                found = await figures(gateway)
    except TimeoutError:
        raise AssertionError({name: found.get(name) for name in wanted}) from None
    return found
