"""Which of a browser's messages reach Streamlit; all that its protocol has are tried."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg

from lib.middleware.browser_messages import MOST_BYTES, MOST_STRANGERS_BYTES, BrowserMessages
from lib.visitors import HEADER, MOST_STRANGERS_AT_ONE_ADDRESS, Visitors

OPERATIONS = [field.name for field in BackendOperationRequest.DESCRIPTOR.oneofs_by_name["payload"].fields]
KINDS = [field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields]
PASS = {False: {"rerun_script", "stop_script"}, True: {"rerun_script", "stop_script", "deferred_file"}}


def message(kind: str) -> bytes:
    made = BackMsg()
    if kind in OPERATIONS:
        getattr(made.backend_operation_request, kind).SetInParent()
        return bytes(made.SerializeToString())
    field = BackMsg.DESCRIPTOR.fields_by_name[kind]
    if field.message_type is None:
        setattr(made, kind, True)
    else:
        getattr(made, kind).SetInParent()
    return bytes(made.SerializeToString())


def rerun_of(size: int) -> bytes:
    made = BackMsg()
    made.rerun_script.query_string = "x" * size
    return bytes(made.SerializeToString())


def converse(
    *said: bytes | str, visitors: Visitors | None = None, signs_in: bool = False
) -> tuple[list[Any], list[Any]]:
    """Return what Streamlit got of what a browser said, and what the browser got."""
    visitors = visitors or Visitors()
    inbox: list[Any] = [
        {"type": "websocket.receive", "text" if isinstance(part, str) else "bytes": part} for part in said
    ]
    inbox.append({"type": "websocket.disconnect", "code": 1000})
    got: list[Any] = []
    sent: list[Any] = []

    async def receive() -> Any:
        return inbox.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    async def streamlit(scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        got.append(headers)
        if signs_in:
            visitors.signed_in(headers[HEADER.lower().encode()].decode(), "a tab", "sam")
        while got[-1] is headers or got[-1]["type"] == "websocket.receive":
            got.append(await receive())
        await send({"type": "websocket.send", "bytes": b"as Streamlit's sender may, a moment later"})

    scope = {
        "type": "websocket",
        "path": "/_stcore/stream",
        "client": ("192.0.2.7", 1),
        "headers": [(b"host", b"x"), (HEADER.lower().encode(), b"made-up")],
    }
    asyncio.run(BrowserMessages(streamlit, lambda _: None, visitors)(scope, receive, send))
    return got[1:], sent


@pytest.mark.parametrize("signs_in", [False, True])
@pytest.mark.parametrize("kind", KINDS + OPERATIONS)
def test_only_what_a_page_needs_reaches_streamlit(kind: str, signs_in: bool) -> None:
    got, sent = converse(message(kind), signs_in=signs_in)
    passed = ["websocket.receive"] if kind in PASS[signs_in] else []
    assert [each["type"] for each in got] == [*passed, "websocket.disconnect"]
    assert len(sent) == 1


def test_an_empty_kind_does_nothing() -> None:
    unknown = b"\xfa\x7f\x01a"  # field 2047: a later Streamlit's
    got, _ = converse(unknown, message("rerun_script"))
    assert [each.get("bytes") for each in got] == [message("rerun_script"), None]


@pytest.mark.parametrize(
    ("said", "signs_in", "code"),
    [
        (rerun_of(MOST_STRANGERS_BYTES), False, 1009),
        (rerun_of(MOST_BYTES), True, 1009),
        (b"\xff\xff\xff", False, 1003),
        (b"", False, 1003),
        ("text", True, 1003),
    ],
)
def test_what_is_too_long_or_no_message_ends_the_conversation(
    said: bytes | str, signs_in: bool, code: int
) -> None:
    got, sent = converse(said, message("rerun_script"), signs_in=signs_in)
    assert got == [{"type": "websocket.disconnect", "code": code}]
    assert sent == [{"type": "websocket.close", "code": code}]


def test_who_is_signed_in_may_say_more() -> None:
    said = rerun_of(MOST_STRANGERS_BYTES)
    assert converse(said, signs_in=True)[0][0]["bytes"] == said


def test_one_stranger_too_many_never_reaches_streamlit() -> None:
    visitors = Visitors()
    for _ in range(MOST_STRANGERS_AT_ONE_ADDRESS):
        visitors.come("192.0.2.7")
    assert converse(message("rerun_script"), visitors=visitors) == (
        [],
        [{"type": "websocket.close", "code": 1013}],
    )


def test_a_closed_websocket_is_counted_no_more() -> None:
    visitors = Visitors()
    for _ in range(MOST_STRANGERS_AT_ONE_ADDRESS + 1):
        assert converse(visitors=visitors)[0]
