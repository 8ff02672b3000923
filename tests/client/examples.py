"""Runs the Python examples of a page against an API: `examples.py PAGE URL`; it needs nothing but the client.

All share one namespace, and may `await`. What `print(…)  # …` says has to be what stands in its comment. It
says how many did so.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import sys
from pathlib import Path
from typing import Any


async def run(page: str, url: str) -> int:
    """Run all examples and return how many outputs were as they say."""
    said: list[str] = []
    names: dict[str, Any] = {"print": lambda *values: said.append(" ".join(map(str, values)))}
    expected: list[str] = []
    for source in re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        expected += re.findall(r"^ *print\(.*\)  # (.*)$", source, re.MULTILINE)
        code = compile(
            source.replace("https://api.shop.example", url), source, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        )
        waiting = eval(code, names)
        if inspect.isawaitable(waiting):
            await waiting
        assert said == expected, f"{source}\nsays {said}"
    return len(said)


if __name__ == "__main__":
    sys.stdout.write(str(asyncio.run(run(Path(sys.argv[1]).read_text("utf-8"), sys.argv[2]))))
