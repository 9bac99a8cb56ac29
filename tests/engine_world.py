"""A translation server for tests: real, on this machine, with a mood. It keeps what it was asked."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl, urlsplit

LANGUAGES = ["en", "es", "ht", "vi", "ar", "zh-Hans", "pt"]
MOODS = {
    "html": (200, "text/html", b"<html><h1>Welcome, la guagua</h1>"),
    "garbage": (200, "application/json", b'{"translatedText": ["half of'),
    "binary": (200, "application/json", b"\xff\xfe\x00\x01"),
    "empty": (200, "application/json", b""),
    "none": (200, "application/json", b"null"),
    "list": (200, "application/json", b"[1, 2]"),
    "short": (200, "application/json", b'{"translatedText": ["one"]}'),
    "text": (200, "application/json", b'{"translatedText": "one"}'),
    "number": (200, "application/json", b'{"translatedText": 7}'),
    "huge": (200, "application/json", b'"' + b"x" * 5_000_000 + b'"'),
}


class Asked:
    """One request: its line, headers and body."""

    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.body = method, target, headers, body

    @property
    def path(self):
        return urlsplit(self.target).path

    @property
    def query(self):
        return dict(parse_qsl(urlsplit(self.target).query))

    @property
    def json(self):
        return json.loads(self.body)


class TranslationServer:
    """Speaks LibreTranslate's and DeepL's language: ``mood`` is "well", a status, a name of MOODS, "never" (takes the request
    and is silent), "drip" (sends a byte now and then), "cut" (hangs up), or a function of the texts that gives a status."""

    def __init__(self):
        self.mood = "well"
        self.headers = {}
        self.languages = list(LANGUAGES)
        self.asked = []
        self.url = ""
        self._open = set()

    @property
    def sent(self):
        """The texts of every request, in order."""
        return [
            asked.json.get("q") or asked.json.get("text") for asked in self.asked if asked.method == "POST"
        ]

    async def answer(self, reader, writer):
        task = asyncio.current_task()
        self._open.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _one(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        method, target, _ = first.split(" ")
        asked = Asked(method, target, headers, body)
        self.asked.append(asked)
        mood = self.mood(asked) if callable(self.mood) else self.mood
        if mood == "cut":
            return False
        if mood == "never":
            await asyncio.sleep(3600)
        if mood == "drip":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)
        if isinstance(mood, int) and mood != 200:
            await self._send(writer, mood, "text/html", b"<h1>the text was: la guagua</h1>")
        elif mood in MOODS and method == "POST":
            await self._send(writer, *MOODS[mood])
        else:
            await self._send(writer, 200, "application/json", json.dumps(self._well(asked)).encode())
        return True

    def _well(self, asked):
        if asked.path == "/languages":
            return [{"code": one, "name": one, "targets": self.languages} for one in self.languages]
        if asked.path == "/v2/languages":
            of_source = asked.query.get("type") == "source"
            return [
                {"language": one} for one in (["ES", "ZH", "EN"] if of_source else ["EN-US", "ES", "ZH-HANS"])
            ]
        if asked.path == "/v2/translate":
            return {"translations": [{"text": f"en({text})"} for text in asked.json["text"]]}
        if asked.query.get("q"):  # deep-translator's LibreTranslate
            return {"translatedText": f"en({asked.query['q']})"}
        q = asked.json["q"]
        return {"translatedText": [f"en({text})" for text in q]}

    async def _send(self, writer, status, kind, body):
        more = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode()
            + body
        )
        await writer.drain()

    async def stop(self):
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)


@asynccontextmanager
async def served():
    """Such a server, at ``url``."""
    ours = TranslationServer()
    server = await asyncio.start_server(ours.answer, "127.0.0.1", 0)
    ours.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield ours
    finally:
        server.close()
        await ours.stop()


async def dead_address():
    """An address at which nobody listens."""
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()
    return url


class HandTime:
    """Seconds that pass when told to."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now

    def forward(self, seconds):
        self.now += seconds
