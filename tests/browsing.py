"""The pages in a real browser: a server in a thread of its own, Chromium, axe, and pictures for people to look at.

Chromium comes from the system, else from Playwright. Pictures are put into var/screenshots.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import cache
from pathlib import Path

import pytest
import uvicorn
from conftest import missing
from fastapi import FastAPI

PICTURES = Path(__file__).parent.parent / "var" / "screenshots"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = {
    "wide": (WIDE, "light"),
    "wide-dark": (WIDE, "dark"),
    "phone": (PHONE, "light"),
    "phone-dark": (PHONE, "dark"),
}


@contextmanager
def chromium() -> Iterator[object]:
    """The browser; skips where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api")
    system = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_api.sync_playwright() as playwright:
        if system is None and not Path(playwright.chromium.executable_path).exists():
            missing("no Chromium: install the system's, or run `playwright install chromium`")
        browser = playwright.chromium.launch(executable_path=system, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def served(make: Callable[[str], AbstractAsyncContextManager[FastAPI]]) -> Iterator[str]:
    """Serve what ``make`` builds for an address, in a thread with a loop of its own; gives that address.

    Whatever ``make`` enters (people, answers, sessions) it enters before it yields the application.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    running: list[uvicorn.Server] = []
    failed: list[BaseException] = []

    async def serve() -> None:
        async with make(url) as web:
            config = uvicorn.Config(
                web,
                "127.0.0.1",
                port,
                log_level="error",
                ws="none",
                lifespan="off",
                timeout_graceful_shutdown=1,
            )
            running.append(uvicorn.Server(config))
            await running[0].serve()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + 180  # it may have much to put in first
    while not (running and running[0].started):
        assert not failed, failed
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.05)
    yield url
    running[0].should_exit = True
    thread.join(30)


def picture(page, name: str) -> None:
    """A whole page, for people to look at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def violations(page) -> list[dict]:
    """What axe finds on a page: nothing is what is wanted."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
    return [
        {"rule": each["id"], "where": [node["target"] for node in each["nodes"]][:5]}
        for each in found["violations"]
    ]


@cache
def _axe() -> str:
    """The script of axe, as it comes with its package."""
    from axe_playwright_python.sync_playwright import Axe

    return Axe().axe_script


def says_no(text: str, *statuses: int) -> bool:
    """Whether the browser only notes the status of a page that says no."""
    return any(f"responded with a status of {status} " in text for status in statuses)


Made = AsyncIterator[FastAPI]
