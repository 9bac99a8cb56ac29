"""The picture itself: boxes, arrows and words as SVG, in the light and in the dark, with a description to hear."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from ..items import Block
from ..program import walked
from ..prompts import right_to_left
from ..questions import Question
from ..survey import Survey
from ..told import told
from .cards import BADGE, CARD, KINDS, LEADING, PAD, SMALL, TEXT, Card, boxed
from .flow import Say, flow
from .layout import GAP, LABEL, Drawing
from .layout import LEADING as LABEL_LEADING

WIDTH = 800
MARGIN = 28.0
TOP = 74.0
ROUND = 7.0

_STYLE = """
  .openline { --page: #fbfaf7; --box: #ffffff; --edge: #c9c4b8; --ink: #23211c; --soft: #625d52; --line: #8a8476;
    --badge: #1d5c63; --on-badge: #ffffff; --note: #f3efe4; --frame: #f4f6f4; --frame-edge: #a9b8b0; }
  @media (prefers-color-scheme: dark) {
    .openline { --page: #17191a; --box: #222627; --edge: #464d4e; --ink: #eceae4; --soft: #a9aba4; --line: #838b8a;
      --badge: #7fc4c4; --on-badge: #10201f; --note: #2a2a24; --frame: #1c2021; --frame-edge: #4d5d58; }
  }
  .openline text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
    fill: var(--ink); }
  .openline .soft { fill: var(--soft); }
  .openline .key { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: var(--soft); }
  .openline .page { fill: var(--page); }
  .openline .question { fill: var(--box); stroke: var(--edge); }
  .openline .note { fill: var(--note); stroke: var(--edge); stroke-dasharray: 5 4; }
  .openline .value { fill: var(--page); stroke: var(--edge); stroke-dasharray: 2 3; }
  .openline .end { fill: var(--note); stroke: var(--edge); }
  .openline .frame { fill: var(--frame); stroke: var(--frame-edge); stroke-dasharray: 8 5; }
  .openline .line { fill: none; stroke: var(--line); stroke-width: 1.6; }
  .openline .tip { fill: var(--line); }
  .openline .badge { fill: var(--badge); }
  .openline .on-badge { fill: var(--on-badge); font-weight: 700; }
"""


def draw(survey: Survey, language: str | None = None, say: Say = str) -> str:
    """The survey as an SVG picture, 800 wide, its texts in ``language`` (the source if left out); ``say`` gives our own words
    in the language of whoever looks.

    Raises LookupError for a language that the survey does not have.
    """
    language = language or survey.source
    if language not in survey.languages:
        raise LookupError(f"survey {survey.key} is not in {language}")
    drawing = Drawing(language, right_to_left(language), say)
    room = WIDTH - 2 * MARGIN
    middle = WIDTH / 2
    y = drawing.card(
        boxed("end", survey.intro[language], CARD, kind=say(told("first of all"))), MARGIN, TOP, room
    )
    parts = flow(survey, language, say)
    drawing.line((middle, y), (middle, y + GAP), arrow=True)
    y = drawing.steps(parts, MARGIN, y + GAP, room)
    drawing.line((middle, y), (middle, y + GAP), arrow=True)
    y = drawing.card(
        boxed("end", survey.thanks[language], CARD, kind=say(told("at the end"))), MARGIN, y + GAP, room
    )
    return _svg(survey, language, drawing, y + MARGIN)


def _svg(survey: Survey, language: str, drawing: Drawing, height: float) -> str:
    title = survey.title[language]
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="openline" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}" role="img" aria-labelledby="title desc" lang="{escape(language)}">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(described(survey, language, drawing.say))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height:.0f}"/>',
        _text(
            title, WIDTH / 2, 34, 20, anchor="middle", more=' font-weight="700"', rtl=drawing.right_to_left
        ),
        _text(f"{survey.key} · {language}", WIDTH / 2, 55, SMALL, "key", anchor="middle"),
    ]
    for x, y, wide, high, key, words in sorted(
        drawing.frames, key=lambda frame: -frame[3]
    ):  # the outer ones first
        rows.append(
            f'<rect class="frame" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="12"/>'
        )
        rows.append(_text(key, x + 14, y + 20, SMALL, "key"))
        for number, line in enumerate(words, start=1):
            rows.append(_text(line, x + 14, y + 20 + number * SMALL * LEADING, SMALL, "soft"))
    rows += [_line(points, arrow) for points, arrow in drawing.lines]
    for lines, x, y in drawing.labels:
        for number, line in enumerate(lines):
            at = y + LABEL * 0.85 + number * LABEL * LABEL_LEADING
            rows.append(_text(line, x, at, LABEL, "soft", anchor="middle", rtl=drawing.right_to_left))
    for made, x, y in drawing.cards:
        rows += _card(made, x, y, drawing.right_to_left)
    return "\n".join([*rows, "</svg>\n"])


def _line(points: Sequence[tuple[float, float]], arrow: bool) -> str:
    """A line with round corners, and a tip at its end."""
    kept = [points[0]]
    for point in points[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) > 0.5:
            kept.append(point)
    if len(kept) < 2:
        return ""
    (x, y), path = kept[0], f"M{kept[0][0]:.1f} {kept[0][1]:.1f}"
    for (ax, ay), (bx, by) in pairwise(kept[1:]):
        bend = min(ROUND, (abs(ax - x) + abs(ay - y)) / 2, (abs(bx - ax) + abs(by - ay)) / 2)
        path += f"L{ax - bend * _sign(ax - x):.1f} {ay - bend * _sign(ay - y):.1f}"
        path += f"Q{ax:.1f} {ay:.1f} {ax + bend * _sign(bx - ax):.1f} {ay + bend * _sign(by - ay):.1f}"
        x, y = ax, ay
    ex, ey = kept[-1]
    path += f"L{ex:.1f} {ey - 7 if arrow else ey:.1f}"
    drawn = f'<path class="line" d="{path}"/>'
    if arrow:
        drawn += f'<path class="tip" d="M{ex:.1f} {ey - 1:.1f}l-5 -9h10z"/>'
    return drawn


def _sign(difference: float) -> int:
    return (difference > 0) - (difference < 0)


def _card(made: Card, x: float, y: float, rtl: bool) -> list[str]:
    rows = [
        f'<rect class="{made.look}" x="{x:.1f}" y="{y:.1f}" width="{made.width:.1f}" height="{made.height:.1f}" rx="9"/>'
    ]
    left, right = x + PAD, x + made.width - PAD
    at = y + PAD - 2
    if made.kind:
        start = left
        if made.number is not None:
            rows.append(
                f'<circle class="badge" cx="{left + BADGE:.1f}" cy="{at + BADGE:.1f}" r="{BADGE:.1f}"/>'
            )
            rows.append(
                _text(str(made.number), left + BADGE, at + BADGE + 4.5, SMALL, "on-badge", anchor="middle")
            )
            start = left + 2 * BADGE + 8
        rows.append(_text(made.key, start, at + BADGE + 4.5, SMALL, "key"))
        if made.stacked:
            at += SMALL * LEADING
            rows.append(_text(made.kind, start, at + BADGE + 4.5, SMALL, "soft"))
        elif made.key:
            rows.append(_text(made.kind, right, at + BADGE + 4.5, SMALL, "soft", anchor="end"))
        else:
            rows.append(_text(made.kind, left, at + BADGE + 4.5, SMALL, "soft"))
        at += 2 * BADGE + 6
    size = SMALL if made.look == "value" else TEXT
    start = right if rtl and made.look != "value" else left
    for line in made.lines:
        at += TEXT * LEADING
        rows.append(
            _text(
                line,
                start,
                at - 4,
                size,
                "key" if made.look == "value" else "",
                rtl=rtl and made.look != "value",
            )
        )
    for line in made.hints:
        at += SMALL * LEADING
        rows.append(_text(line, start, at - 3, SMALL, "soft", rtl=rtl))
    at += 8
    for mark, label in made.rows:
        at += 3
        for number, line in enumerate(label):
            at += SMALL * LEADING
            if not number and mark:
                rows.append(
                    _text(mark, right - 9 if rtl else left + 9, at - 3, SMALL, "soft", anchor="middle")
                )
            rows.append(_text(line, right - 28 if rtl else left + 28, at - 3, SMALL, rtl=rtl))
    return rows


def _text(
    text: str,
    x: float,
    y: float,
    size: float,
    look: str = "",
    *,
    anchor: str = "start",
    rtl: bool = False,
    more: str = "",
) -> str:
    if not text:
        return ""
    parts = [f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"']
    if look:
        parts.append(f'class="{look}"')
    if anchor != "start":
        parts.append(f'text-anchor="{anchor}"')
    if rtl and any(unicodedata.bidirectional(char) in ("R", "AL") for char in text):
        parts.append('direction="rtl"')
    elif rtl and anchor == "start":
        parts.append('text-anchor="end"')
    return f"<text {' '.join(parts)}{more}>{escape(text, quote=False)}</text>"


def described(survey: Survey, language: str, say: Say = str) -> str:
    """The survey in sentences, for those who hear the picture."""
    first, last = survey.intro[language], survey.thanks[language]
    rows = [say(told("How the survey {survey} goes. First: {words}", survey=survey.key, words=first))]
    number = 0
    for item, _, blocks in walked(survey.items):
        if not isinstance(item, Question):
            continue
        number += 1
        kind = say(KINDS.get(item.kind, item.kind))
        asked = f"{number}, {item.key} ({kind}): {item.wording(language, None)}"
        labels = [choice.label for choice in item.choices(language)]
        if labels:
            asked += " " + say(told("Choices: {labels}.", labels="; ".join(labels)))
        if item.ask_if or any(isinstance(block, Block) and block.ask_if for block in blocks):
            asked += " " + say(told("Asked only of some."))
        rows.append(asked)
    return "\n".join([*rows, say(told("At the end: {words}", words=last))])
