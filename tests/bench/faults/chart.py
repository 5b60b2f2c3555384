# SPDX-License-Identifier: Apache-2.0
"""A picture of a run, as SVG: each request where it was due and by how long it took."""

import math
from dataclasses import dataclass
from html import escape

from .users import PATIENCE, SLOW

WIDTH, HEIGHT = 560, 150         # of a panel's plot
LEFT, RIGHT, TOP, BELOW = 58, 22, 40, 34
COLUMNS = 2
HEAD = 64                        # of the picture: its title and what the marks mean
FASTEST, SLOWEST = 0.001, 100.0  # s, the ends of a panel's scale
LEVELS = ((0.001, "1 ms"), (0.01, "10 ms"), (0.1, "100 ms"), (1, "1 s"), (10, "10 s"),
          (100, "100 s"))

STYLE = """
  :root { color-scheme: light dark; }
  svg { --paper: #ffffff; --ink: #1f2328; --grey: #59636e; --line: #d1d9e0; --band: #fff1c9;
        --quick: #0969da; --slow: #bc4c00; --failed: #cf222e; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #0d1117; --ink: #e6edf3; --grey: #9198a1; --line: #3d444d; --band: #3a2f10;
          --quick: #58a6ff; --slow: #f0983e; --failed: #ff7b72; }
  }
  text { font: 12px system-ui, sans-serif; fill: var(--ink); }
  .title { font-size: 16px; font-weight: 600; }
  .name { font-weight: 600; }
  .grey { fill: var(--grey); }
  .end { text-anchor: end; }
  .middle { text-anchor: middle; }
  .paper { fill: var(--paper); }
  .band { fill: var(--band); }
  .line { stroke: var(--line); fill: none; }
  .limit { stroke: var(--grey); stroke-dasharray: 3 3; fill: none; }
  .quick { stroke: var(--quick); stroke-width: 2.4; stroke-linecap: round; fill: none; }
  .slow { stroke: var(--slow); stroke-width: 4.4; stroke-linecap: round; fill: none; }
  .failed { stroke: var(--failed); stroke-width: 1.4; fill: none; }
"""
# How a mark of each kind is drawn at a point; failed ones are crosses.
MARKS = {"quick": "M{x:.1f} {y:.1f}h0", "slow": "M{x:.1f} {y:.1f}h0",
         "failed": "M{x0:.1f} {y0:.1f}l5 5m-5 0l5 -5"}
MEANINGS = (("quick", "200"), ("slow", f"200 after {SLOW:g} s"),
            ("failed", f"not 200, or after {PATIENCE:g} s"))


@dataclass(frozen=True)
class Panel:
    name: str
    figures: str
    answers: list
    # From, to, what happened then.
    bands: list


def _height(seconds):
    """From the top of a panel's plot."""
    seconds = min(max(seconds, FASTEST), SLOWEST)
    return HEIGHT * math.log(SLOWEST / seconds) / math.log(SLOWEST / FASTEST)


def _text(x, y, words, kind=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(words)}</text>'


def _mark(kind, x, y):
    return MARKS[kind].format(x=x, y=y, x0=x - 2.5, y0=y - 2.5)


def _kind(answer):
    return "failed" if answer.failed else "slow" if answer.slow else "quick"


def _marks(answers, scale):
    """A path of each kind; what would lie on the same point is drawn once."""
    drawn = {kind: {} for kind in MARKS}
    for answer in answers:
        point = _mark(_kind(answer), answer.due * scale, _height(answer.seconds))
        drawn[_kind(answer)][point] = True
    return [f'<path class="{kind}" d="{"".join(points)}"/>'
            for kind, points in drawn.items() if points]


def _bands(bands, scale):
    """The words last, so that no neighbour covers them."""
    parts, told = [], []
    for number, (begin, end, words) in enumerate(bands):
        parts.append(f'<rect class="band" x="{begin * scale:.1f}" y="0" height="{HEIGHT}" '
                     f'width="{max(1.5, (end - begin) * scale):.1f}"/>')
        told.append(f'<path class="limit" d="M{begin * scale:.1f} 0v{HEIGHT}"/>')
        told.append(_text(begin * scale + 4, 12 + number % 2 * 14, words, "grey"))
    return parts + told


def _scales(span, scale):
    parts = []
    for seconds, words in LEVELS:
        y = _height(seconds)
        kind = "limit" if seconds == SLOW else "line"
        parts.append(f'<path class="{kind}" d="M0 {y:.1f}h{WIDTH}"/>')
        parts.append(_text(-6, y + 4, words, "grey end"))
    step = next(step for step in (1, 2, 5, 10, 20, 60, 120) if span / step <= 10)
    for second in range(0, int(span) + 1, step):
        parts.append(f'<path class="line" d="M{second * scale:.1f} {HEIGHT}v4"/>')
        parts.append(_text(second * scale, HEIGHT + 17, f"{second} s", "grey middle"))
    return parts


def _panel(panel, span):
    scale = WIDTH / span
    return [_text(0, -10, panel.name, "name"), _text(WIDTH, -10, panel.figures, "end"),
            *_bands(panel.bands, scale), *_scales(span, scale), *_marks(panel.answers, scale)]


def _legend(x, y):
    parts = []
    for kind, words in MEANINGS:
        parts.append(f'<path class="{kind}" d="{_mark(kind, x + 3, y - 4)}"/>')
        parts.append(_text(x + 12, y, words, "grey"))
        x += 48 + 6 * len(words)
    parts.append(_text(x, y, "at the right of each: failed / slow, worst", "grey"))
    return parts


def draw(title, panels):
    """The whole picture."""
    span = max(1.0, max(answer.due for panel in panels for answer in panel.answers) + 0.01)
    across, down = LEFT + WIDTH + RIGHT, TOP + HEIGHT + BELOW
    columns = min(COLUMNS, len(panels))
    width = across * columns
    height = HEAD + down * math.ceil(len(panels) / columns)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
             f'width="{width}" height="{height}" role="img">',
             f"<title>{escape(title)}</title><style>{STYLE}</style>",
             f'<rect class="paper" width="{width}" height="{height}"/>',
             _text(LEFT, 28, title, "title"), *_legend(LEFT, 52)]
    for number, panel in enumerate(panels):
        row, column = divmod(number, columns)
        parts.append(f'<g transform="translate({column * across + LEFT} '
                     f'{HEAD + row * down + TOP})">')
        parts += [*_panel(panel, span), "</g>"]
    return "\n".join([*parts, "</svg>", ""])
