"""Makes the dashboard's ASGI app: Streamlit's, behind our middleware; how it is run is lib.run's matter."""

import importlib
import logging
import time
import traceback
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import anyio.to_thread
import streamlit as st
from starlette.middleware import Middleware
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime.pages_manager import PagesManager

from lib.memory import start_gc_keeper
from lib.middleware.browser_messages import BrowserMessages, OwnerOf
from lib.middleware.closed_doors import ClosedDoors
from lib.middleware.headers import SecurityHeaders, content_policy
from lib.settings import Network
from lib.ui.frame.looks import KEYBOARD
from lib.ui.orders.export_link import export_route
from lib.ui.shared.observing import metrics_route

SCRIPT = Path(__file__).parents[1] / "app.py"
# Imported before the first visitor comes. Never streamlit_authenticator: its cookie component makes itself
# known to Streamlit on import, which does nothing outside a page's run.
WARM = ("pandas", "pyarrow", "bcrypt", "jwt", "yaml", "lib.orders_client")
MOST_A_MINUTE = 20


def create_dashboard(
    names: Collection[str] = (), owner_of: OwnerOf = lambda _: None, watchers: Collection[Network] = ()
) -> st.App:
    """Make the ASGI app that serves app.py; one a process, because Streamlit's settings are the process's.

    It answers under `names`, under `localhost` and under any address. Only to the browser whose cookie is the
    `owner_of` a tab is the tab given again, after a break of the connection. This machine and `watchers` get
    its figures.
    """
    app = st.App(
        SCRIPT,
        lifespan=_lifespan,
        routes=[export_route(), metrics_route(watchers)],
        middleware=[
            Middleware(SecurityHeaders, policy=content_policy(KEYBOARD)),
            Middleware(ClosedDoors, names=names),
            Middleware(BrowserMessages, owner_of=owner_of),
        ],
    )
    # .streamlit/config.toml names this machine alone, for `streamlit run`; here ClosedDoors sees to it.
    config.set_option("server.allowedHosts", [])
    return app


@asynccontextmanager
async def _lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    for name in ("uvicorn.access", "uvicorn.error"):
        # Streamlit has just turned them up to a line a request, addresses with their queries included. A
        # line for each bad request is too much, too: strangers could fill the disk.
        logging.getLogger(name).setLevel(logging.ERROR)
    shorten_fault_log()
    await anyio.to_thread.run_sync(_warm_up)
    yield {}


def _warm_up() -> None:
    # Or the first visitor's address would be looked for in a flat pages/ folder: see
    # lib.ui.frame.navigation.
    PagesManager.uses_pages_directory = False
    _make_theme_once()
    for module in WARM:
        importlib.import_module(module)
    start_gc_keeper()


class FaultFilter(logging.Filter):
    """Says of a fault what kind it is and where; its text, which may hold personal data, is left out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._minute = 0
        self._count = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is logged: not where there were too many in this minute."""
        minute = int(self._clock() // 60)
        if minute != self._minute:
            self._minute, self._count = minute, 0
        self._count += 1
        if self._count > MOST_A_MINUTE:
            return False
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            record.msg = f"{record.getMessage()}: {kind.__name__}\n{''.join(traceback.format_tb(trace))}"
            record.args, record.exc_info, record.exc_text = None, None, None
        if self._count == MOST_A_MINUTE:
            record.msg = f"{record.getMessage()}\nMore of this minute are left out."
            record.args = None
        return True


def shorten_fault_log() -> None:
    """Put one such filter before what Streamlit says of faults in scripts and of messages it can't take."""
    only = FaultFilter()
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "streamlit":
            logging.getLogger(name).addFilter(only)


def _make_theme_once() -> None:
    """Have Streamlit put the theme together once, not at each run, of which that took a quarter."""
    from streamlit.runtime import app_session  # once its log has been told to keep quiet

    populate = app_session._populate_theme_msg

    @cache
    def made(section: str) -> CustomThemeConfig:
        theme = CustomThemeConfig()
        populate(theme, section)
        return theme

    def copy(msg: CustomThemeConfig, section: str = "theme") -> None:
        msg.MergeFrom(made(section))

    app_session._populate_theme_msg = copy
