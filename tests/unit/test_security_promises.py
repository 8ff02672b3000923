"""Each promise of docs/security.md names tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


def functions_of(name: str) -> set[str]:
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "tests").rglob(name)]
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_message_of_streamlits_protocol_is_gone_through() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    kinds = [field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields]
    kinds += [field.name for field in BackendOperationRequest.DESCRIPTOR.oneofs_by_name["payload"].fields]
    assert [kind for kind in kinds if f"`{kind}`" not in text] == []


def test_every_promise_names_tests_that_exist() -> None:
    text, _, _ = (ROOT / "docs" / "security.md").read_text("utf-8").partition("## What times tell")
    promises = [line for line in text.splitlines() if line.startswith("| ") and "| promise |" not in line]
    assert len(promises) > 25
    for promise in promises:
        named = NAMED.findall(promise)
        assert named, promise
        for file, test in named:
            assert test in functions_of(file), (file, test)
