"""Tabs without a screen: sessions of a Streamlit server, as a browser holds them; they count their frames."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from lib.staff._file import read_raw, text_of, write_text
from lib.staff.accounts import DEMO_ACCOUNTS, load_accounts, make_demo_accounts, make_entry
from lib.staff.cookies import begin_session, seal

ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
_FIELDS = {bool: "trigger_value", int: "int_value", str: "string_value", list: "string_array_value"}
"""How the state of a widget is sent, by what is set: a click, a number, a text, or choices."""


class Tab:
    """One tab, and which widgets are on it."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._widgets: dict[str, tuple[str, str]] = {}
        self._page = ""
        self._timers: dict[str, tuple[float, float]] = {}
        self.pages: dict[str, str] = {}
        self.options: dict[str, list[str]] = {}
        """The words of each choice, which are what a browser sends."""
        self.drawn: set[str] = set()
        """The keys of what the last run drew."""
        self.frames = self.bytes = 0

    async def run(self, page: str | None = None, **states: object) -> float:
        """Set widgets by the beginnings of their keys, perhaps on another page; return the run's seconds."""
        message = BackMsg()
        asked = message.rerun_script
        asked.page_script_hash = self._page if page is None else self.pages[page]
        for name, value in states.items():
            key = next(each for each in reversed(self._widgets) if each.startswith(name))
            widget, asked.fragment_id = self._widgets[key]
            state, field = asked.widget_states.widgets.add(id=widget), _FIELDS[type(value)]
            if isinstance(value, list):
                state.string_array_value.data.extend(value)
            else:
                setattr(state, field, value)
        return await self._send(message)

    async def run_timers(self) -> None:
        """Run the parts of the page that run by themselves and are due."""
        for fragment, (interval, due) in list(self._timers.items()):
            if due <= time.monotonic():
                self._timers[fragment] = (interval, time.monotonic() + interval)
                message = BackMsg()
                message.rerun_script.page_script_hash = self._page
                message.rerun_script.fragment_id = fragment
                message.rerun_script.is_auto_rerun = True
                await self._send(message)

    async def _send(self, message: BackMsg) -> float:
        self.drawn = set()
        began = time.perf_counter()
        if not message.rerun_script.fragment_id:
            self._timers = {}
        await self._socket.send(message.SerializeToString())
        while True:
            data = await self._socket.recv(decode=False)
            self.frames += 1
            self.bytes += len(data)
            answer = ForwardMsg.FromString(data)
            if answer.HasField("delta"):
                self._note(answer.delta)
            elif answer.HasField("new_session"):
                self._page = answer.new_session.page_script_hash
            elif answer.HasField("navigation"):
                self.pages = {
                    each.url_pathname: each.page_script_hash for each in answer.navigation.app_pages
                }
            elif answer.HasField("auto_rerun"):
                timer = answer.auto_rerun
                self._timers[timer.fragment_id] = (timer.interval, time.monotonic() + timer.interval)
            elif answer.script_finished in ENDED and answer.HasField("script_finished"):
                return time.perf_counter() - began

    def _note(self, delta: Delta) -> None:
        kind = delta.new_element.WhichOneof("type")
        if kind is None:
            return
        widget = getattr(getattr(delta.new_element, kind), "id", "")
        key = widget.split("-", 2)[-1] if widget else kind
        self.drawn.add(key)
        if kind == "button_group":
            self.options[key] = [each.content for each in delta.new_element.button_group.options]
        self._widgets.pop(key, None)  # what was drawn last is to stand last
        self._widgets[key] = (widget, delta.fragment_id)


@asynccontextmanager
async def opened_tab(port: int, cookie: str = "") -> AsyncIterator[Tab]:
    """Open a tab and have its page drawn."""
    async with connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        origin=Origin(f"http://127.0.0.1:{port}"),
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Cookie": cookie} if cookie else {},
        compression=None,
        max_size=None,
    ) as socket:
        tab = Tab(socket)
        await tab.run()
        yield tab


def staff_cookies(folder: Path, people: int) -> list[str]:
    """Make so many accounts for a desk; return each one's cookie, as a signed-in browser sends it."""
    path = folder / "data" / "staff.yaml"
    make_demo_accounts(path)
    raw = read_raw(path)
    users, names = raw["credentials"]["usernames"], [f"bench{number}" for number in range(people)]
    password = users[DEMO_ACCOUNTS[0].username]["password"]
    users |= {name: make_entry(name, password, ["support"]) for name in names}
    write_text(path, text_of(raw))
    accounts, now = load_accounts(path), datetime.now(UTC)
    sessions = [begin_session(accounts, accounts.by_username[name], now) for name in names]
    return [f"{accounts.cookie_name}={seal(accounts, each, now)}" for each in sessions]
