"""The ranked chart as a drawing of its own, to be put into a slide or a paper: no style sheet, no script, words as words."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from ..tongue import say
from .charts import Tick
from .ranked import Bar

WIDTH, ROW, HEAD, FOOT = 960, 36, 110, 64
BARS, NUMBERS = (300, 700), (770, 860, 940)
INK, SOFT, LINE, EDGE, FILL, ACCENT = "#13202a", "#42505a", "#d8e0e3", "#7a8891", "#7d98a3", "#0b5a75"
FONT = "system-ui, 'Noto Sans', 'Segoe UI', sans-serif"


def chart(title: str, base: str, bars: Sequence[Bar], ticks: Sequence[Tick], foot: str, people: str) -> str:
    """The SVG, as text. ``base`` says of whom the shares are, ``foot`` as of when."""
    height = HEAD + ROW * len(bars) + FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-labelledby="title base" font-family="{FONT}" font-size="15" fill="{INK}">',
        f'<title id="title">{escape(title)}</title><desc id="base">{escape(base)}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="20" y="38" font-size="22" font-weight="600">{escape(title)}</text>',
        f'<text x="20" y="64" fill="{SOFT}">{escape(base)}</text>',
    ]
    for name, x in zip((say("Share"), say("Likely"), people.capitalize()), NUMBERS, strict=True):
        parts.append(
            f'<text x="{x}" y="94" text-anchor="end" fill="{SOFT}" font-size="13">{escape(name)}</text>'
        )
    for number, tick in enumerate(ticks):
        at = _x(tick.at)
        parts.append(f'<text x="{at}" y="94" fill="{SOFT}" font-size="13">{escape(tick.label)}</text>')
        parts.append(
            f'<line x1="{at}" x2="{at}" y1="{HEAD - 8}" y2="{height - FOOT}" stroke="{LINE if number else EDGE}"/>'
        )
    parts += [line for number, bar in enumerate(bars) for line in _row(bar, HEAD + ROW * number)]
    parts.append(f'<text x="20" y="{height - 22}" fill="{SOFT}" font-size="13">{escape(foot)}</text></svg>')
    return "\n".join(parts)


def _x(percent: str) -> str:
    return f"{BARS[0] + (BARS[1] - BARS[0]) * float(percent) / 100:.1f}"


def _row(bar: Bar, y: int) -> list[str]:
    middle, apart = y + ROW // 2, bar.classes == "apart"
    wide = (BARS[1] - BARS[0]) * float(bar.width) / 100
    drawn = (
        f'fill="none" stroke="{FILL}" stroke-width="1.5"' if apart else f'fill="{ACCENT if bar.on else FILL}"'
    )
    low, high = _x(bar.low), _x(bar.high)
    label = bar.label if len(bar.label) <= 36 else f"{bar.label[:35]}…"
    strong = ' font-weight="600"' if bar.on else ""
    doubt = f'stroke="{INK}" stroke-width="1.6"'
    return [
        f'<text x="20" y="{middle + 5}"{strong}>{escape(label)}</text>',
        f'<rect x="{BARS[0]}" y="{y + 8}" width="{wide:.1f}" height="{ROW - 16}" {drawn}/>',
        f'<line x1="{low}" x2="{high}" y1="{middle}" y2="{middle}" stroke="#ffffff" stroke-width="5"/>',
        f'<line x1="{low}" x2="{high}" y1="{middle}" y2="{middle}" {doubt}/>',
        f'<line x1="{low}" x2="{low}" y1="{middle - 5}" y2="{middle + 5}" {doubt}/>',
        f'<line x1="{high}" x2="{high}" y1="{middle - 5}" y2="{middle + 5}" {doubt}/>',
        f'<text x="{NUMBERS[0]}" y="{middle + 5}" text-anchor="end" font-weight="600">{escape(bar.share)}</text>',
        f'<text x="{NUMBERS[1]}" y="{middle + 5}" text-anchor="end">{escape(bar.likely)}</text>',
        f'<text x="{NUMBERS[2]}" y="{middle + 5}" text-anchor="end">{escape(bar.count)}</text>',
    ]
