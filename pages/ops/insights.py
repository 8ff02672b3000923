"""Insights: how many orders are where, if that is usual, where they get stuck; it counts nothing itself."""

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from lib.staff.roles import roles_for
from lib.ui.auth.session import recheck_staff, require_staff
from lib.ui.frame.feedback import api_guard
from lib.ui.insights import head, paper, view
from lib.ui.insights.bar import check_address, scope_bar
from lib.ui.insights.figures import Figures, all_from_api
from lib.ui.insights.parts import parts
from lib.ui.shared.clients import capabilities, orders_client
from lib.ui.shared.keys import INSIGHTS_HINT
from lib.ui.shared.left_out import say_left_out
from lib.ui.shared.read_ahead import read_ahead
from lib.ui.shared.reader import current_reader

REFRESH_SECONDS = 60

staff = require_staff(*roles_for("insights"))
reader = current_reader()
today = datetime.now(UTC).astimezone(reader.zone).date()
check_address(today)
wanted = scope_bar(today, reader)
say_left_out(INSIGHTS_HINT)
can = capabilities(staff)


def figures_now() -> Figures:
    """Take figures from the API, or from its newest orders, for whoever is signed in now."""
    client, member = orders_client(recheck_staff()), recheck_staff()
    return Figures(client, can, partial(read_ahead, client, member))


@st.fragment(run_every=REFRESH_SECONDS if all_from_api(can) else None)
def insights() -> None:
    """Draw all figures as they are now, the cards first."""
    with api_guard("insights"):
        figures = figures_now()
        stats = figures.client.stats
        if can.cards:
            head.draw_cards(stats.cards(str(reader.zone), **wanted.places), wanted, reader)
        else:
            counts = (figures.own("status_counts") or stats).status_counts(**wanted.places)
            head.draw_counts(counts, figures.made_of(reader, "status_counts"), wanted, reader)
        if can.alarms:
            head.draw_alarms(stats.alarms(), reader)
        scope = figures.covered(wanted, reader)
        if scope != wanted:
            head.say_reach(scope, reader)
        grid = None
        for part in parts(figures, scope, reader) if scope else ():
            if part.wide:
                view.draw_part(part)
                continue
            grid = grid or st.grid(2, min_column_width=420, gap="large")
            with grid.cell():
                view.draw_part(part)


def sheet() -> None:
    """Draw the figures once, for paper: what is being printed must not change meanwhile."""
    figures = figures_now()
    stats, places = figures.client.stats, wanted.places
    scope = figures.covered(wanted, reader)
    compared = scope is not None and figures.knows_before(scope, reader)
    with paper.sheet():
        if can.cards and can.alarms:
            cards, alarms = stats.cards(str(reader.zone), **places), stats.alarms()
            paper.draw_head(cards.as_of, wanted, reader, compared=compared)
            paper.draw_cards(cards, alarms, wanted, reader)
        else:
            counts = (figures.own("status_counts") or stats).status_counts(**places)
            paper.draw_head(counts.as_of, wanted, reader, compared=compared)
            paper.draw_counts(counts, figures.made_of(reader, "status_counts"), reader)
        if scope != wanted:
            head.say_reach(scope, reader)
        if scope:
            paper.draw_parts(parts(figures, scope, reader), reader)


if wanted.on_paper:
    sheet()
else:
    insights()
