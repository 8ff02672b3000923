"""Makes the dashboard's ASGI app: Streamlit's, behind our middleware; how it is run is lib.run's matter."""

from __future__ import annotations

import importlib
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio.to_thread
import streamlit as st
from starlette.middleware import Middleware
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

from lib.fault_log import shorten_fault_log
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
    for module in WARM:
        importlib.import_module(module)
    start_gc_keeper()
