"""Runs the part of a page that people work in as the whole page is run: checked, timed, its failures said."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.staff.member import StaffMember
from lib.ui.auth import page as sign_in
from lib.ui.auth.session import recheck_staff
from lib.ui.frame.feedback import api_guard
from lib.ui.shared.observing import timed_run


@contextmanager
def part_of(page: str, act: str, opened_by: StaffMember) -> Iterator[StaffMember]:
    """Run a part that runs anew without the rest of its page; return who is signed in.

    By itself it sees to what the frame does for a page: whether they still may, that they are at work, how
    long it takes. What fails is said in its place, and ends the run.
    """
    run = get_script_run_ctx()
    alone = run is not None and bool(run.fragment_ids_this_run)
    staff, done = opened_by, False
    with ExitStack() as around:
        if alone:
            staff = recheck_staff(opened_by)
            if not staff.may(act):
                st.rerun()
            around.enter_context(timed_run(page))
        with api_guard():
            yield staff
            done = True
        if alone:
            sign_in.note_work()
    if not done:
        st.stop()
