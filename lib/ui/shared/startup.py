"""Sees to what the dashboard needs before its first page: settings, first-run accounts, an embedded API."""

from __future__ import annotations

import streamlit as st

from lib.memory import start_gc_keeper
from lib.settings import Settings, SettingsError
from lib.staff.accounts import make_demo_accounts


@st.cache_resource(show_spinner="Starting Order Desk …")
def prepare() -> Settings:
    """Return the settings with their secrets, everything set up; done once a process, for all its users.

    Raises:
        SettingsError: a setting is missing or can't be right.
    """
    settings = Settings.from_env().with_secrets()
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
        return prepare()
    except SettingsError as error:
        st.error(f"Order Desk can't start. {error}", icon=":material/settings_alert:")
        st.stop()
