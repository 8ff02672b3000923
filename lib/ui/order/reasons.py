"""Asks why something is done to an order, and keeps what was answered until it is done."""

from collections.abc import Sequence

import streamlit as st

SHORTEST_REASON, LONGEST_REASON = 3, 200


def ask_reason(
    lead: str, usual: Sequence[str], *, key: str, do_label: str, do_key: str, disabled: bool = False
) -> str | None:
    """Return the reason for which it is to be done now, on whichever button says so; None until then."""
    st.markdown(f"**{lead}**")
    chosen = None
    with st.container(gap="xxsmall"):
        for at, reason in enumerate(usual):
            if st.button(reason, key=f"{key}_{at}", width="stretch", disabled=disabled):
                chosen = reason
    with st.container(horizontal=True, vertical_alignment="bottom"):
        own = (
            st.text_input("Another reason", key=key, live=True, autocomplete="off", persist_state="page")
            or ""
        ).strip()
        wrong = why_no_reason(own)
        if st.button(do_label, key=do_key, type="primary", disabled=disabled or bool(wrong)):
            chosen = own
    st.caption("Your reason is kept in the log. Leave out names and other data of the customer.")
    if own and wrong:
        st.warning(wrong)
    return chosen


def begin(about: str, number: str, *answers: str) -> bool:
    """Begin an attempt on an order with empty answers; return False where one goes on.

    One on the same order does, which `about` names until it is over: its dialog may have closed by itself.
    """
    if st.session_state.get(about) == number:
        return False
    st.session_state[about] = number
    for key in answers:
        st.session_state.pop(key, None)
    return True


def why_no_reason(reason: str | None) -> str | None:
    """Say what is wrong with a reason; None where it will do."""
    length = len((reason or "").strip())
    if SHORTEST_REASON <= length <= LONGEST_REASON:
        return None
    return f"A reason has {SHORTEST_REASON} to {LONGEST_REASON} characters."
