"""Draws the register of customers' requests, and what can be done with one of them."""

import secrets
from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from lib.orders_client import OrderNotFound, OrdersError, PrivacyPreview, PrivacyRequest
from lib.staff.member import StaffMember
from lib.ui.auth.session import staff_later
from lib.ui.frame.error_words import may_be_done
from lib.ui.frame.feedback import act_guard, done, times_done
from lib.ui.privacy import keys
from lib.ui.privacy.words import GOES, KINDS, STAYS, about, register_table, title_of
from lib.ui.shared.clients import orders_client
from lib.ui.shared.format import Reader
from lib.ui.shared.tables import choose_row, draw_table


def new_request(staff: StaffMember) -> None:
    """Draw the form that puts a request in the register; what was typed stays until it is there."""
    noted = times_done()
    with st.expander("New request", icon=":material/add:"), st.form("privacy_new", border=False):
        st.text(
            "Be sure first that it is the customer who asks: by a guest verification, or an answer from the "
            "order's email. Number and email of one of their orders find all of them."
        )
        kind = st.radio(
            "They ask for", list(KINDS), format_func=KINDS.__getitem__, horizontal=True, key=keys.PRIVACY_KIND
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            number = st.text_input("Order number", max_chars=64, key=f"{keys.PRIVACY_ORDER}_{noted}")
            email = st.text_input("Email of that order", max_chars=254, key=f"{keys.PRIVACY_EMAIL}_{noted}")
            sent = st.form_submit_button("Note the request", key=keys.PRIVACY_ASK, type="primary")
    if sent and not (number.strip() and email.strip()):
        st.warning("Give the number and the email of one of their orders.")
    elif sent:
        with act_guard(keys.PRIVACY_ASK), orders_client(staff) as client:
            try:
                made = client.privacy.ask(kind, number.strip(), email.strip())
            except OrderNotFound:
                st.warning("There is no order with this number and this email.")
            except OrdersError as error:
                if not may_be_done(error):
                    raise
                st.warning(
                    "It is not known whether this request was noted: the connection was lost. Look in the "
                    "register before you send it again."
                )
            else:
                done(f"Noted as request {made.id}.")


def register(requests: Sequence[PrivacyRequest], reader: Reader, now: datetime) -> PrivacyRequest | None:
    """Draw the register, and return the request that was chosen."""
    if not requests:
        st.text("There are no requests.")
        return None
    table = register_table(requests, reader, now)
    draw_table(table, keys.PRIVACY_TABLE, "Customers' requests, open ones first")
    return choose_row({each.id: each for each in requests}, title_of, keys.PRIVACY_CHOSEN, "Choose a request")


def work_on(request: PrivacyRequest, preview: PrivacyPreview, staff: StaffMember) -> None:
    """Draw what a request is about, and what can be done."""
    st.text(about(preview))
    if request.still_found and request.state == "DONE":
        st.error(f"Something was still found afterwards: {request.still_found}.")
    elif request.still_found:
        st.error(f"It could not be done: {request.still_found}. Mend that, then confirm it again.")
    if request.kind == "COPY" and preview.orders:
        _copy(request)
    elif request.kind == "FORGET" and request.state == "OPEN":
        _forget(request, staff)


def _copy(request: PrivacyRequest) -> None:
    st.text(
        "The file holds all that we keep about them, and who looked at it. It goes to the order's email only."
    )
    ask = staff_later()

    def made() -> bytes:
        member = ask()
        if member is None or not member.may("privacy"):
            return b"Nobody who may have this file is signed in any more."
        with orders_client(member) as client:
            return client.privacy.copy(request.id)

    # Made on the click and named at random: Streamlit serves it to whoever knows its address.
    st.download_button(
        "Make and download the file",
        data=made,
        file_name=f"your-data-{secrets.token_hex(8)}.zip",
        mime="application/zip",
        key=keys.PRIVACY_COPY,
        icon=":material/download:",
        on_click="ignore",
    )


def _forget(request: PrivacyRequest, staff: StaffMember) -> None:
    goes, stays = st.columns(2)
    for place, title, lines in ((goes, "What goes, for good", GOES), (stays, "What stays", STAYS)):
        with place:
            st.subheader(title)
            st.markdown("\n".join(f"- {line}" for line in lines))
    if request.asked_by == f"staff:{staff.username}":
        st.info("You noted this request. Somebody else, an admin, has to confirm it.")
        return
    if not staff.may("forget"):
        st.info("An admin has to confirm this.")
        return
    read = st.checkbox(
        "I have read what goes, and that it can't be undone.", key=f"{keys.PRIVACY_READ}_{request.id}"
    )
    if st.button("Forget this customer", key=keys.PRIVACY_CONFIRM, type="primary", disabled=not read):
        with act_guard(keys.PRIVACY_CONFIRM), orders_client(staff) as client:
            client.privacy.confirm(request.id)
            done("It is being done. Refresh in a minute to see that it is.")
