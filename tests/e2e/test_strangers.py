"""What somebody without an account can do to a running desk with any message there is; no browser would."""

from __future__ import annotations

import resource
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import InvalidStatus

from lib.bounded_protocol import FILES_EACH, SPARE_FILES
from lib.middleware.browser_messages import MOST_STRANGERS_BYTES
from lib.staff import changes
from lib.staff.throttle import MOST_PER_ACCOUNT
from tests.e2e.walking import cookie_of
from tests.servers.desk import Desk, wait_until
from tests.servers.raw_browser import RawBrowser

REFUSED = "go together"
PASSWORD = "correct horse battery"
LARGE = WidgetState(id="nothing", string_value="x" * MOST_STRANGERS_BYTES)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk before a shop's own API, which is away: nothing here needs it."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("sam", "olga", "una"):
        changes.add_account(folder / "staff.yaml", name, name.title(), ["support"], PASSWORD)
    running = Desk(
        folder,
        ORDERS_STAFF_FILE=str(folder / "staff.yaml"),
        ORDERS_API_URL="http://127.0.0.1:9",
        ORDERS_API_TOKEN="fixed",
    )
    with running:
        yield running


def answer(request: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_tab_that_was_just_closed_is_given_to_nobody_who_only_knows_its_id(desk: Desk) -> None:
    staff_file = desk.folder / "staff.yaml"
    cookie = cookie_of(staff_file, "sam")
    with RawBrowser(desk.url, cookie=cookie) as sams:
        assert "Sign out" in sams.rerun()
        with RawBrowser(desk.url, session=sams.session) as thief:  # while it is open
            assert "Sign out" not in thief.rerun()
            assert thief.session != sams.session
        assert "Sign out" in sams.rerun()
    for others in (None, cookie_of(staff_file, "olga"), "forged"):
        with RawBrowser(desk.url, cookie=others, session=sams.session) as thief:
            assert ("Sign out" in thief.rerun()) == (others is not None and others != "forged")
            assert thief.session != sams.session
    with RawBrowser(desk.url, cookie=cookie, session=sams.session) as again:
        assert "Sign out" in again.rerun()
        assert again.session == sams.session


def test_a_part_of_a_page_runs_by_itself_for_nobody_whose_account_was_disabled(desk: Desk) -> None:
    with RawBrowser(desk.url, cookie=cookie_of(desk.folder / "staff.yaml", "una")) as unas:
        unas.rerun()
        sort = WidgetState(id=unas.widget("orders_sort"), string_value="Oldest first")
        part = unas.fragment("orders_sort")
        alone = unas.rerun(sort, fragment=part)
        assert "be reached" in alone
        assert "Sign out" not in alone, "the rest of the page ran, too"
        changes.set_disabled(desk.folder / "staff.yaml", "una", disabled=True)
        assert "sign_in_username" in unas.rerun(sort, fragment=part)


def test_a_stranger_says_little_and_who_is_signed_in_may_say_more(desk: Desk) -> None:
    with RawBrowser(desk.url) as browser:
        browser.rerun()
        browser.sign_in("sam", PASSWORD)
        assert browser.rerun(LARGE)
    with RawBrowser(desk.url) as stranger:
        stranger.rerun()
        stranger.send(rerun_script={"widget_states": {"widgets": [LARGE]}})
        assert stranger.close_code() == 1009


def test_no_message_empties_what_the_desk_keeps(desk: Desk) -> None:
    with RawBrowser(desk.url) as sams, RawBrowser(desk.url) as stranger:
        sams.rerun()
        sams.sign_in("sam", PASSWORD)
        stranger.rerun()
        for _ in range(MOST_PER_ACCOUNT):
            assert REFUSED in stranger.sign_in("olga", "guessed")
        for browser in (sams, stranger):
            browser.send(clear_cache=True)
        assert "Sign out" in sams.rerun() or "Signing you in" in sams.rerun()
        assert REFUSED in stranger.sign_in("olga", PASSWORD)


def test_a_stranger_leaves_no_file(desk: Desk) -> None:
    with RawBrowser(desk.url) as stranger:
        stranger.rerun()
        token = "2|aaaaaaaa|bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb|1700000000"
        upload = urllib.request.Request(
            f"{desk.url}/_stcore/upload_file/{stranger.session}/1",
            data=b"x",
            method="PUT",
            headers={"X-Xsrftoken": token, "Cookie": f"_streamlit_xsrf={token}"},
        )
        assert answer(upload) == 404


def test_a_name_that_leads_here_by_somebody_elses_doing_shows_nothing(desk: Desk) -> None:
    request = urllib.request.Request(desk.url, headers={"Host": "evil.example"})
    assert answer(request) == 421
    with pytest.raises(InvalidStatus), RawBrowser(desk.url, host="evil.example"):
        pass


def test_a_stranger_does_not_fill_the_log(desk: Desk) -> None:
    before = len(desk.said)
    with RawBrowser(desk.url) as stranger:
        stranger.rerun()
        bad = WidgetState(id=stranger.widget("sign_in_username"), json_value="{jane@example.com")
        for _ in range(40):
            stranger.rerun(bad)
            stranger.send(rerun_script={"fragment_id": "jane@example.com" * 1000})
    said = desk.said[before:]
    assert "jane" not in said
    assert said.count("Uncaught") <= 20 + 1
    assert len(said) < 100_000


def test_silent_connections_take_no_file_from_anybody_else(desk: Desk) -> None:
    room, before = 20, len(desk.said)
    limits = resource.prlimit(desk.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(desk.process.pid, resource.RLIMIT_NOFILE, (SPARE_FILES + FILES_EACH * room, limits[1]))
    silent = [socket.create_connection(("127.0.0.1", desk.port), timeout=20) for _ in range(room * 4)]
    try:
        for each in silent:
            each.setblocking(False)
        wait_until(lambda: sum(is_closed(each) for each in silent) >= room * 3)
        assert not all(is_closed(each) for each in silent)
    finally:
        for each in silent:
            each.close()
        resource.prlimit(desk.process.pid, resource.RLIMIT_NOFILE, limits)
    wait_until(lambda: answer(urllib.request.Request(f"{desk.url}/_stcore/health")) == 200)
    assert len(desk.said) - before < 300


def is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
