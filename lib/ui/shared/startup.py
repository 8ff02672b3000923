"""Sees to what the dashboard needs before its first page: settings, first-run accounts, an embedded API."""

import logging

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.memory import start_gc_keeper
from lib.once import once
from lib.settings import Settings, SettingsError
from lib.staff.accounts import make_demo_accounts
from lib.visitors import HEADER

_log = logging.getLogger(__name__)
LOOK_ONLY = (
    "This desk was started by `streamlit run`, which is for a look on your own machine. It lacks what "
    "`make run` has: policy headers, closed figures (`/_stcore/metrics`) and uploads, bounds on connections "
    "and messages, refusing programs without an Origin, closed tabs that stay their owner's, and exports."
)


def is_look_only() -> bool:
    """Return whether no middleware of ours stands between the network and Streamlit."""
    return HEADER not in st.context.headers


@once
def prepare() -> Settings:
    """Return the settings with their secrets, everything set up; done once a process, for all its users.

    Raises:
        SettingsError: a setting is missing or can't be right.
    """
    settings = Settings.from_env().with_secrets()
    if get_script_run_ctx(suppress_warning=True) and is_look_only():
        _log.warning(LOOK_ONLY)
    if settings.demo_mode:
        make_demo_accounts(settings.staff_file)
    if settings.api_url is None:
        from lib.embedded_api import ensure_embedded_api  # only here: a shop's own API needs none of it

        ensure_embedded_api(settings)
    start_gc_keeper()
    return settings


def desk_settings() -> Settings:
    """Return the settings to a page or the frame; words instead of a page where they can't be right."""
    try:
        if prepare.is_made:
            return prepare()
        with st.spinner("Starting Order Desk …"):
            return prepare()
    except SettingsError as error:
        st.error(f"Order Desk can't start. {error}", icon=":material/settings_alert:")
        st.stop()
