"""Insights: how many orders are where, if that is usual, where they get stuck; it counts nothing itself."""

from datetime import UTC, datetime

import streamlit as st

from lib.staff.roles import roles_for
from lib.ui.auth.session import recheck_staff, require_staff
from lib.ui.frame.feedback import api_guard
from lib.ui.insights import head, paper, view
from lib.ui.insights.bar import check_address, scope_bar
from lib.ui.insights.parts import parts
from lib.ui.shared.clients import orders_client
from lib.ui.shared.keys import INSIGHTS_HINT
from lib.ui.shared.left_out import say_left_out
from lib.ui.shared.reader import current_reader

REFRESH_SECONDS = 60

require_staff(*roles_for("insights"))
reader = current_reader()
today = datetime.now(UTC).astimezone(reader.zone).date()
check_address(today)
scope = scope_bar(today)
say_left_out(INSIGHTS_HINT)


@st.fragment(run_every=REFRESH_SECONDS)
def insights() -> None:
    """Draw all figures as they are now, the cards first."""
    with api_guard("insights"):
        client = orders_client(recheck_staff())
        cards = client.stats.cards(str(reader.zone), **scope.places)
        head.draw_cards(cards, scope, reader)
        head.draw_alarms(client.stats.alarms(), reader)
        grid = None
        for part in parts(client, scope, reader):
            if part.wide:
                view.draw_part(part)
                continue
            grid = grid or st.grid(2, min_column_width=420, gap="large")
            with grid.cell():
                view.draw_part(part)


def sheet() -> None:
    """Draw the figures once, for paper: what is being printed must not change meanwhile."""
    client = orders_client(recheck_staff())
    with paper.sheet():
        cards = client.stats.cards(str(reader.zone), **scope.places)
        paper.draw_head(cards, client.stats.alarms(), scope, reader)
        paper.draw_parts(parts(client, scope, reader), reader)


if scope.on_paper:
    sheet()
else:
    insights()
