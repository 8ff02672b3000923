"""Speaks Streamlit's own protocol over a websocket, as a browser does, or as one never would."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from contextlib import ExitStack

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from lib.staff.accounts import DEFAULT_COOKIE_NAME


class RawBrowser:
    """One tab without a screen; a context manager that closes it."""

    def __init__(
        self, url: str, *, cookie: str | None = None, session: str | None = None, host: str | None = None
    ) -> None:
        """Take note of what it will say: perhaps a staff cookie, an earlier `session`, another name."""
        self._port = int(url.rpartition(":")[2])
        self._name = f"{host or '127.0.0.1'}:{self._port}"
        self._headers = {"Cookie": f"{DEFAULT_COOKIE_NAME}={cookie}"} if cookie else {}
        asked = ("streamlit", "PLACEHOLDER_AUTH_TOKEN", session) if session else ("streamlit",)
        self._asked = [Subprotocol(each) for each in asked]
        self._open = ExitStack()
        self.session = ""
        self.messages: list[ForwardMsg] = []

    def __enter__(self) -> RawBrowser:
        self.socket: ClientConnection = self._open.enter_context(
            connect(
                f"ws://{self._name}/_stcore/stream",
                sock=socket.create_connection(("127.0.0.1", self._port), timeout=20),
                origin=Origin(f"http://{self._name}"),
                subprotocols=self._asked,
                additional_headers=self._headers,
                max_size=None,
                open_timeout=20,
            )
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def send(self, **message: object) -> None:
        """Send one message of Streamlit's protocol."""
        self.socket.send(BackMsg(**message).SerializeToString())  # type: ignore[arg-type]  # by its kind

    def rerun(self, *widgets: WidgetState, fragment: str = "", query: str = "") -> str:
        """Have the page run with these widgets' states; give all that the browser then has to show."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.fragment_id = fragment
        message.rerun_script.widget_states.widgets.extend(widgets)
        self.socket.send(message.SerializeToString())
        return self.wait()

    def wait(self, seconds: float = 30) -> str:
        """Wait until a run has ended; give what it drew."""
        self.messages = []
        until = time.monotonic() + seconds
        while True:
            message = ForwardMsg()
            message.ParseFromString(bytes(self.socket.recv(until - time.monotonic(), decode=False)))
            self.messages.append(message)
            if message.HasField("new_session"):
                self.session = message.new_session.initialize.session_id or self.session
            if message.HasField("script_finished"):
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                return "\n".join(str(each.delta) for each in self.messages)

    def widget(self, key: str) -> str:
        """Return the id of the widget that the last run drew under a key."""
        for element in self._elements():
            kind = element.WhichOneof("type")
            drawn = getattr(element, kind) if kind else None
            if (name := getattr(drawn, "id", "")) and name.endswith(f"-{key}"):
                return str(name)
        raise AssertionError(f"no widget {key}")

    def fragment(self, key: str) -> str:
        """Return the id of the part of the page in which the last run drew the widget under a key."""
        widget = self.widget(key)
        return next(each.delta.fragment_id for each in self.messages if widget in str(each.delta.new_element))

    def sign_in(self, username: str, password: str) -> str:
        """Fill the sign-in's form and send it."""
        return self.rerun(
            WidgetState(id=self.widget("sign_in_username"), string_value=username),
            WidgetState(id=self.widget("sign_in_password"), string_value=password),
            WidgetState(id=self.widget("sign_in_send"), trigger_value=True),
        )

    def close_code(self, seconds: float = 20) -> int | None:
        """Wait until the desk closes the connection; give the code with which it did."""
        try:
            while True:
                self.socket.recv(seconds)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None

    def _elements(self) -> Iterable[Element]:
        return (each.delta.new_element for each in self.messages if each.HasField("delta"))
