"""Draws the staff accounts, and what an admin can do with one of them; a password is taken, never shown."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from lib.orders_client import OrdersError
from lib.staff import changes
from lib.staff.errors import StaffFileError
from lib.staff.member import StaffMember
from lib.staff.roles import ROLES
from lib.ui.accounts import keys
from lib.ui.accounts.words import accounts_table, sentence, session_words, title_of
from lib.ui.auth.people import People, Person, acting, end_sessions
from lib.ui.frame.error_words import may_be_done, words_for
from lib.ui.frame.feedback import act_guard, done, times_done
from lib.ui.shared.format import Reader, escape, plural
from lib.ui.shared.startup import desk_settings
from lib.ui.shared.tables import choose_row, draw_table

MOST_SESSIONS = 20
KEPT_AT_PROVIDER = (
    "Accounts of single sign-on are kept at your provider: name, role and password are changed there. Here "
    "you see who has signed in, and can end their sessions. Whom the provider still knows can sign in again."
)


def say_where_kept(found: People) -> None:
    """Say what can't be changed here, and where it can."""
    if found.fault and not (found.has_provider and not desk_settings().staff_file.exists()):
        st.warning(f"Accounts can't be changed here: {escape(found.fault)}.")
    if found.has_provider:
        st.info(KEPT_AT_PROVIDER)


def new_account(staff: StaffMember) -> None:
    """Draw the form that adds an account; what was typed stays until it is there."""
    turn = times_done()
    with st.expander("New account", icon=":material/person_add:"), st.form("accounts_new", border=False):
        with st.container(horizontal=True):
            username = st.text_input(
                "User name", max_chars=64, key=f"{keys.ACCOUNTS_USERNAME}_{turn}", width=250
            )
            name = st.text_input("Name", max_chars=100, key=f"{keys.ACCOUNTS_NAME}_{turn}", width=250)
            roles = st.multiselect(
                "Roles",
                ROLES,
                placeholder="Choose",
                select_all=False,
                key=f"{keys.ACCOUNTS_ROLES}_{turn}",
                width=250,
            )
        password = _password_twice(f"new_{turn}")
        sent = st.form_submit_button("Add account", key=keys.ACCOUNTS_ADD, type="primary")
    if sent:
        username = username.strip()
        with _changing(keys.ACCOUNTS_ADD):
            new = _same(*password)
            changes.add_account(desk_settings().staff_file, username, name.strip(), roles, new, acting(staff))
            done(f"{username} can sign in now.")


def register(found: People, reader: Reader) -> Person | None:
    """Draw the table of accounts, and return the one that was chosen."""
    if not found.all:
        st.text("There are no accounts, and nobody has signed in.")
        return None
    table = accounts_table(found.all, reader, has_provider=found.has_provider)
    draw_table(table, keys.ACCOUNTS_TABLE, "Staff accounts by user name")
    by_name = {each.username: each for each in found.all}
    return choose_row(by_name, title_of, keys.ACCOUNTS_CHOSEN, "Choose an account")


def work_on(person: Person, found: People, staff: StaffMember, reader: Reader) -> None:
    """Draw what can be done with an account, and its sessions."""
    with st.container(horizontal=True, gap="small"):
        if not person.by_provider and not found.fault:
            _roles(person, staff)
            _password(person, staff)
            _disable(person, staff)
        if person.sessions:
            _end_all(person, staff)
    _sessions(person, found, staff, reader)


def _roles(person: Person, staff: StaffMember) -> None:
    key = _key(keys.ACCOUNTS_ROLES, person)
    with st.popover("Roles …", key=f"{key}_box"), st.form(f"{key}_form", border=False):
        roles = st.multiselect("Roles", ROLES, default=person.roles, select_all=False, key=key)
        st.text("They hold from the next click on.")
        if st.form_submit_button(
            "Save roles", key=f"{key}_save", type="primary", on_click=_keep_seen, args=(person.roles,)
        ):
            with _changing(key):
                seen = st.session_state.pop(keys.ACCOUNTS_SEEN)
                changes.set_roles(desk_settings().staff_file, person.username, roles, acting(staff), seen)
                done(f"{person.username}: {', '.join(roles)}.")


def _keep_seen(roles: tuple[str, ...]) -> None:
    """Keep the roles that stood on the page at the click: another admin may have changed them since."""
    st.session_state[keys.ACCOUNTS_SEEN] = roles


def _password(person: Person, staff: StaffMember) -> None:
    key = _key(keys.ACCOUNTS_TWICE, person)
    with st.popover("New password …", key=f"{key}_box"), st.form(f"{key}_form", border=False):
        password = _password_twice(key)
        is_own = person.username == staff.username
        st.text(f"It signs {'you' if is_own else person.username} out everywhere.")
        if st.form_submit_button("Set password", key=f"{key}_save", type="primary"):
            with _changing(key):
                new = _same(*password)
                changes.set_password(desk_settings().staff_file, person.username, new, acting(staff))
                done(f"{person.username} has a new password.")


def _disable(person: Person, staff: StaffMember) -> None:
    act = "Enable" if person.disabled else "Disable"
    key = _key(f"{keys.ACCOUNTS_DISABLE}_{act}", person)  # a click on the one is never taken for the other
    with st.popover(f"{act} …", key=f"{key}_box"):
        if person.username == staff.username:
            st.text("This is your own account. Another admin has to disable it.")
            return
        st.text(
            "They can sign in again, with the password that they had."
            if person.disabled
            else "They can't sign in any more, and all their sessions end. The audit log keeps what they did."
        )
        if st.button(f"{act} {escape(person.username)}", key=key, type="primary"):
            with _changing(key):
                changes.set_disabled(
                    desk_settings().staff_file, person.username, not person.disabled, acting(staff)
                )
                can = "can sign in again" if person.disabled else "can't sign in any more"
                done(f"{person.username} {can}.")


def _end_all(person: Person, staff: StaffMember) -> None:
    key = _key(keys.ACCOUNTS_END_ALL, person)
    with st.popover("End all sessions …", key=f"{key}_box"):
        st.text("They are signed out at their next click, and can sign in again.")
        if st.button("End all sessions", key=key, type="primary"):
            with _changing(key):
                end_sessions(staff, person)
                done(f"{person.username} is signed out everywhere.")


def _sessions(person: Person, found: People, staff: StaffMember, reader: Reader) -> None:
    if not person.sessions:
        st.text("No session is open.")
        return
    st.text(f"{plural(len(person.sessions), 'session')} open:")
    for session in person.sessions[:MOST_SESSIONS]:
        key = f"{keys.ACCOUNTS_END}_{session.session_id}"
        with st.container(horizontal=True, vertical_alignment="center"):
            own = session.session_id == found.own_session
            st.text(session_words(session, reader, own=own), width="content")
            if st.button("End", key=key, icon=":material/logout:"):
                with _changing(key):
                    end_sessions(staff, person, session)
                    done(f"A session of {person.username} has ended.")


def _password_twice(key: str) -> tuple[str, str]:
    with st.container(horizontal=True):
        first, again = (
            st.text_input(
                label, type="password", key=f"{keys.ACCOUNTS_TWICE}_{which}_{key}", width=250,
                autocomplete="new-password",
            )
            for which, label in enumerate(("Password", "The same again"))
        )  # fmt: skip
    return first, again


def _same(first: str, again: str) -> str:
    if first != again:
        raise StaffFileError("the two passwords are not the same")
    return first


def _key(act: str, person: Person) -> str:
    """Name a field after an account and what was done before, so that nothing typed is for anybody else."""
    return f"{act}_{person.username}_{times_done()}"


@contextmanager
def _changing(key: str) -> Iterator[None]:
    """Do something with an account, and say where it can't be done; what was typed stays."""
    with act_guard(key):
        try:
            yield
        except StaffFileError as error:
            st.warning(escape(sentence(str(error))))
        except OrdersError as error:
            may = " It may be there all the same, and sessions may have ended." if may_be_done(error) else ""
            st.error(
                f"{words_for(error).title}. The account was not changed, for it could not be written down in "
                f"the audit log first.{may} Try again. In a hurry, `python -m lib.staff` does it at once."
            )
        except OSError:
            st.error("The staff file, or the log, can't be written. Nothing was changed.")
