"""Tells people what went wrong, that the API is away, and what was done; no traceback, no personal data."""

import logging
import secrets
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st

from lib.orders_client import OrdersError
from lib.ui.frame.error_words import Words, act_words, part_words, words_for
from lib.ui.shared.clients import api_is_ready
from lib.ui.shared.format import escape
from lib.ui.shared.observing import click_id, count_error

FEEDBACK_FAILURES = "feedback_failures"
DONE_WORDS = "done_words"
DONE_COUNT = "done_count"
API_WATCH_NOTICE = "api_watch_notice"
API_WATCH_RETRY = "api_watch_retry"


FIRST_CHECK_SECONDS = 3
LAST_CHECK_SECONDS = 60

_log = logging.getLogger(__name__)
CHECK_SECONDS = 10


@contextmanager
def api_guard(key: str = "page") -> Iterator[None]:
    """Run a page, or a part of one, so that any failure in it becomes words on the screen.

    Around the whole page in app.py; around a part that only reads under a `key` of its own.
    """
    try:
        yield
    except OrdersError as error:
        say_error(error, key=key)
    except Exception as error:  # the one place that may: nothing else stands between a fault and the screen
        _say_fault(error, key)
    else:
        st.session_state.pop(FEEDBACK_FAILURES, None)


@contextmanager
def act_guard(key: str) -> Iterator[None]:
    """Run an act, in a dialog or beside a field, so that its failure is said there.

    Nothing is run anew by itself, which would close the dialog with all that was entered.
    """
    try:
        yield
    except OrdersError as error:
        say_act_error(error, key=key)
    except Exception as error:  # as in api_guard
        _say_fault(error, key)


def say_act_error(error: OrdersError, *, key: str) -> None:
    """Say what became of an act, as far as is known, and what to do now."""
    with st.container(border=True, key=f"{key}_error"):
        _say(act_words(error), error)


def say_part_error(error: OrdersError, *, key: str) -> None:
    """Say that a part of a page can't be read, with a button to try again.

    The rest is at work meanwhile: nothing runs anew by itself, which would close an open dialog.
    """
    _say_with_retry(part_words(error), error, key)


def say_error(error: OrdersError, *, key: str) -> None:
    """Say what happened, the next step and the request id, with a button to try again.

    Where waiting may mend it, the page also looks for itself, at growing intervals, and reruns once the API
    is ready. `key` sets this message apart from others on the page.
    """
    words = words_for(error)
    _say_with_retry(words, error, key)
    if words.passes:
        _watch_for_recovery()


def _say_with_retry(words: Words, error: OrdersError, key: str) -> None:
    with st.container(border=True, key=f"{key}_error"):
        _say(words, error)
        st.button("Try again", key=f"{key}_retry", icon=":material/refresh:")


def _say(words: Words, error: OrdersError) -> None:
    count_error(type(error).__name__)
    st.markdown(f":red[:material/cloud_off:] **{escape(words.title)}**")
    st.text(words.next_step)
    if error.request_id:
        st.caption(f"Request id {escape(error.request_id)}")


def _watch_for_recovery() -> None:
    """Rerun the page once the API is ready, less and less often while the page still fails."""
    failures = st.session_state.get(FEEDBACK_FAILURES, 0)
    seconds = min(FIRST_CHECK_SECONDS * 2**failures, LAST_CHECK_SECONDS)
    drawn = False

    @st.fragment(run_every=seconds)
    def watch() -> None:
        nonlocal drawn
        if drawn and api_is_ready():  # the first pass is part of the run that has just failed
            st.session_state[FEEDBACK_FAILURES] = failures + 1
            st.rerun()
        drawn = True

    watch()


def _say_fault(error: Exception, key: str) -> None:
    """Log a fault without its text, which may hold personal data, and show only the id to look for."""
    count_error("fault")
    fault_id = (click_id() or secrets.token_hex(4))[:8]  # grep finds the calls of the same click by it
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("page fault %s: %s\n%s", fault_id, type(error).__name__, where)
    with st.container(border=True, key=f"{key}_error"):
        st.markdown(":red[:material/error:] **Something went wrong in this page**")
        st.text("What you did last may have been done: look before you do it again.")
        st.text(f"If this comes back, give this id to whoever runs Order Desk: {fault_id}")
        st.button("Try again", key=f"{key}_retry", icon=":material/refresh:")


@st.fragment(run_every=CHECK_SECONDS)
def watch_api() -> None:
    """Look now and then whether the API answers, and say so for as long as it doesn't.

    Call it as a page's last line, inside a container kept free at the page's top: a check that hangs then
    holds up nothing, and a failure of the page itself is not said twice.
    """
    if api_is_ready():
        return
    with st.container(border=True, key=API_WATCH_NOTICE):
        st.markdown(":red[:material/cloud_off:] **The Orders API can't be reached**")
        st.text("This page looks again by itself, and says no more once the API is back.")
        st.button("Try again", key=API_WATCH_RETRY, icon=":material/refresh:")


def done(words: str) -> NoReturn:
    """Run the page anew, which then says `words`."""
    st.session_state[DONE_WORDS] = words
    st.session_state[DONE_COUNT] = times_done() + 1
    st.rerun()


def say_done() -> None:
    """Say what was just done, if anything was."""
    if words := st.session_state.pop(DONE_WORDS, None):
        st.success(escape(words))


def times_done() -> int:
    """Return how many acts were done in this tab: fields that are named after it are empty after each."""
    return int(st.session_state.get(DONE_COUNT, 0))
