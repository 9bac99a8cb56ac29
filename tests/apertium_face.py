"""A LibreTranslate-compatible server that mangles as engines do: Debian's apertium between en, es, pt and fr, and for the
survey languages that it cannot reach (ht, vi, zh-Hans, ar) a mangler of our own on top of it.

``with standing() as face`` starts it, and ``face.url`` is what `Libre` is pointed at. Apertium's words are a real
engine's. The mangler's words mean nothing: it does to placeholders, keywords, digits and addresses what engines have
been seen to do, by lot, and always the same for the same text.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

from conftest import missing

MODES = {("en", "es"): "eng-spa", ("es", "en"): "spa-eng", ("es", "pt"): "es-pt_BR", ("pt", "es"): "pt-es",
         ("es", "fr"): "es-fr", ("fr", "es"): "fr-es"}  # fmt: skip
REAL = ("en", "es", "pt", "fr")
MADE_UP = ("ht", "vi", "zh", "ar")


def has_apertium() -> bool:
    """Whether apertium and its three pairs are there."""
    modes = Path("/usr/share/apertium/modes")
    return bool(shutil.which("apertium")) and all(
        (modes / f"{mode}.mode").exists() for mode in MODES.values()
    )


class Engine:
    """Apertium in one process for each request and pair of languages; remembers lines, so that chains cost once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], str] = {}
        self._lock = threading.Lock()

    def translate(self, texts: list[str], source: str, target: str) -> list[str]:
        with self._lock:
            return self._chain(texts, source, target)

    def _chain(self, texts: list[str], source: str, target: str) -> list[str]:
        here = source
        if source in REAL:
            for there in ("es", target if target in REAL else "es"):
                texts = self._hop(texts, here, there) if there != here else texts
                here = there
        return texts if target in REAL and source in REAL else [mangled(text, target) for text in texts]

    def _hop(self, texts: list[str], source: str, target: str) -> list[str]:
        lines = {line for text in texts for line in text.split("\n") if line.strip()}
        new = sorted(line for line in lines if (source, target, line) not in self._known)
        if new:
            for line, done in zip(new, _apertium(new, MODES[source, target]), strict=True):
                self._known[source, target, line] = done
        return [
            "\n".join(self._known.get((source, target, line), line) for line in text.split("\n"))
            for text in texts
        ]


def _apertium(lines: list[str], mode: str) -> list[str]:
    # An empty line after each: apertium takes it for the end of a sentence and moves no word across it.
    done = _piped("\n\n".join(lines), mode, "txt").split("\n\n")
    return done if len(done) == len(lines) else _piped("\n".join(lines), mode, "line").split("\n")


def _piped(text: str, mode: str, form: str) -> str:
    command = ["apertium", "-u", "-f", form, mode]
    run = subprocess.run(command, input=text + "\n", capture_output=True, text=True, check=True, timeout=60)
    return run.stdout.removesuffix("\n")


# What the mangler knows. Every rule is something that an engine was seen to do to a text like ours.
_PIECE = re.compile(
    r"(?P<url>https?://\S+|\w+@\w+\.\w+)|(?P<gap>\$?\{\w+\})|(?P<token>[_⟦⟨\[<#@]+[A-Za-z]*\d+[_⟧⟩\]>#@]+)"
    r"|(?P<keyword>\b[A-Z]{4,}\b)|(?P<number>\d+)|(?P<word>[^\W\d_]+)"
)
_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_COUNTED = {
    "ht": ["zewo", "youn", "de", "twa", "kat", "senk", "sis", "sèt", "uit", "nèf"],
    "vi": ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"],
    "zh": list("零一二三四五六七八九"),
    "ar": ["صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة"],
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "es": ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
    "pt": ["zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove"],
    "fr": ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
}
_STOP = {
    "ht": "SISPANN",
    "vi": "DỪNG",
    "zh": "停止",
    "ar": "توقف",
    "en": "Stop",
    "es": "PARE",
    "pt": "PARE",
    "fr": "ARRÊT",
}
_LETTERS = {
    "ar": "ابتجحدرسشصطعفقكلمنهوي",
    "zh": "学校家长孩子老师公交车时间帮助问题回答上午下午语言信息",
    "vi": "ăâêôơưđáàảãạéèíìóòúùýbcghklmnprstvx",
    "ht": "aeioòèbdfgjklmnprstvwyz",
}


def mangled(text: str, target: str) -> str:
    """The text in words of no language, but in the target's letters, and damaged as an engine may damage it."""
    lot = Random(sha256(f"{target}:{text}".encode()).digest())
    done = _PIECE.sub(lambda piece: _piece(piece, target, lot), text)
    fate = lot.randrange(60)
    if fate == 0:
        return ""
    if fate == 1:
        return text
    if fate == 2:
        return done + 9 * (" " + (done.split() or ["ha"])[-1])
    if fate == 3:
        return f"<b>{done}</b>"
    return done.replace("\n", " ") if fate == 4 else done


def _piece(piece: re.Match[str], target: str, lot: Random) -> str:
    said = piece[0]
    match piece.lastgroup:
        case "url":
            return lot.choice(
                [said, said, said.replace("://", ": //"), said.replace(".", ". "), said.title()]
            )
        case "gap":
            name = said.strip("${}")
            return lot.choice(
                [said, f"{{{_word(name, target)}}}", f"{{ {name} }}", name.replace("_", " "), ""]
            )
        case "token":
            return _token(said, lot)
        case "keyword":
            return lot.choice([said, _STOP[target], said.lower(), said.capitalize()])
        case "number":
            return _number(said, target, lot)
    return _word(said, target)


def _token(said: str, lot: Random) -> str:
    """Mostly left alone, as measured; else what rarer texts show."""
    if lot.random() < 0.8:
        return said
    inside = said.strip("_⟦⟧⟨⟩[]<>#@")
    return lot.choice([
        said.lower(), said.replace(inside, f" {inside} "), said.replace("__", "_"), said.translate(_INDIC),
        said.translate(_WIDE), said.replace(inside, inside[:1] + " " + inside[1:]), f"{said} {said}", "", inside,
    ])  # fmt: skip


def _number(said: str, target: str, lot: Random) -> str:
    if target == "ar" and lot.random() < 0.5:
        return said.translate(_INDIC)
    if target == "zh" and lot.random() < 0.2:
        return said.translate(_WIDE)
    return _COUNTED[target][int(said)] if len(said) == 1 and said.isascii() and lot.random() < 0.3 else said


def _word(said: str, target: str) -> str:
    """A word in the target's letters, about as long as words are there; the same for the same word."""
    target = target if target in _LETTERS else "ht"
    own = Random(sha256(f"{target}:{said.casefold()}".encode()).digest())
    length = 1 + len(said) // 3 if target == "zh" else max(1, len(said))
    word = "".join(own.choice(_LETTERS[target]) for _ in range(length))
    return word.capitalize() if said[0].isupper() else word


@dataclass
class Face:
    """Where it listens, and how often it was asked."""

    url: str
    engine: Engine
    asked: list[tuple[str, str, int]] = field(default_factory=list)


def _handler(face: Face) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            every = [*REAL, *MADE_UP]
            rows = [{"code": s, "name": s, "targets": [t for t in every if t != s]} for s in every]
            self._answer(200, rows if self.path == "/languages" else {"error": "not found"})

        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            q, source, target = said["q"], said["source"], said["target"]
            if self.path != "/translate" or source == target or {source, target} - {*REAL, *MADE_UP}:
                return self._answer(400, {"error": f"{source} to {target} is not supported"})
            texts = [q] if isinstance(q, str) else q
            face.asked.append((source, target, len(texts)))
            done = face.engine.translate(texts, source, target)
            return self._answer(200, {"translatedText": done[0] if isinstance(q, str) else done})

        def _answer(self, status: int, what: Any) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    return Handler


@contextmanager
def standing() -> Iterator[Face]:
    """The server, on a port of its own. Without apertium the test skips. For a fixture with the scope of its module."""
    if not has_apertium():
        missing("no apertium: apt-get install apertium apertium-eng-spa apertium-es-pt apertium-fr-es")
    face = Face("", Engine())
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(face))
    face.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield face
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
