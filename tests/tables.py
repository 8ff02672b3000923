"""Reads the tables of docs/ that tests hold the product to; it tests nothing by itself."""

from __future__ import annotations

from pathlib import Path

ROLES = Path(__file__).parents[1] / "docs" / "roles.md"


def who_may(section: str) -> dict[str, frozenset[str]]:
    """Return for each row of a section's table, named by what stands in its second column, who may."""
    lines = ROLES.read_text("utf-8").split(f"## {section}\n", 1)[1].split("\n## ", 1)[0].splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    heads, rows = table[0][2:], table[2:]
    return {
        row[1].strip("`"): frozenset(head for head, cell in zip(heads, row[2:], strict=True) if cell)
        for row in rows
    }
