# SPDX-License-Identifier: Apache-2.0
"""Figures as Markdown."""

import math


def show_table(title, columns, rows, notes=()):
    """Prints a table with its title before it and NOTES below. Cells are texts."""
    print(f"\n### {title}\n")
    for cells in (columns, ["---"] * len(columns), *rows):
        print("| " + " | ".join(cells) + " |")
    if notes:
        print()
    for note in notes:
        print("- " + note)
    print(flush=True)


def show_missed(missed):
    """Says whether the bar is kept, and returns it. MISSED: texts."""
    missed = list(missed)
    print("\n".join(["Missed:", *missed] if missed else ["The bar is kept."]), flush=True)
    return not missed


def seconds(value, limit=None):
    """A time, or that it was longer than LIMIT, in which case it is infinite."""
    return f"over {limit:g} s" if math.isinf(value) else f"{value:.2f} s"


def ratio(value, unit):
    """So many times UNIT."""
    if math.isinf(value):
        return "–"
    factor = value / unit if unit > 0 else math.inf
    return "–" if math.isinf(factor) else f"{factor:.2g}×" if factor < 100 else f"{factor:.0f}×"
