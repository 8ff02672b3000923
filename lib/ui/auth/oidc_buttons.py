"""Draws the way in through the shop's own identity provider; it decides nothing about who gets in."""

from __future__ import annotations

import streamlit as st

from lib.staff.errors import SingleSignOnError
from lib.ui.auth import oidc
from lib.ui.auth.password import sign_out


def draw() -> bool:
    """Draw a button for each provider, above the form; return whether there is one."""
    try:
        rules = oidc.rules()
        if rules is None:
            return False
        _say_who_has_no_role()
        for provider in rules.providers:
            name = f"Sign in with {provider}" if provider else "Sign in with single sign-on"
            key = f"sign_in_with_{provider or 'default'}"
            if st.button(name, key=key, icon=":material/key:", width="stretch"):
                oidc.begin(provider)
    except SingleSignOnError as error:
        st.error("Single sign-on is not set up right:", icon=":material/error:")
        st.text(f"{error}.")
        return False
    st.caption("or", text_alignment="center")
    return True


def _say_who_has_no_role() -> None:
    name = oidc.stranger()
    if name is None:
        return
    with st.container(border=True, key="sign_in_stranger"):
        st.markdown(":orange[:material/lock:] **You are known, but have no role here**")
        st.text(f"{name}: ask whoever keeps the staff accounts for a role, then sign in again.")
        st.button("Sign out", key="sign_in_leave", icon=":material/logout:", on_click=sign_out)
