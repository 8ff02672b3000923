"""A state machine of guest access against a plain model: whatever happens in whatever order, both agree."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lib.orders_api.guest.service import end_expired
from lib.settings import Settings
from tests.api.guest_model import Model
from tests.api.shop import NOW, Shop, new_address, wrong
from tests.servers.databases import Kind

_guests = itertools.count()
WAITS = (1, 59, 60, 61, 300, 599, 600, 601, 1200, 1799, 1800, 3600, 86400)
JUST_BEFORE = timedelta(microseconds=1)


class Guests(RuleBasedStateMachine):
    """Two orders, two replicas, one clock."""

    def __init__(self, open_shop: Callable[[], Shop]) -> None:
        super().__init__()
        self.open_shop = open_shop
        self.shops = [open_shop(), open_shop()]
        self.now = NOW
        self.models: dict[str, Model] = {}

    @initialize()
    def orders(self) -> None:
        for _ in range(2):
            email = f"guest-{next(_guests)}@example.com"
            self.models[self.shop(0).create(email=email)["orderNumber"]] = Model(email)

    def shop(self, replica: int) -> Shop:
        self.shops[replica].clock.now = self.now
        return self.shops[replica]

    def pick(self, which: int) -> tuple[str, Model]:
        return list(self.models.items())[which]

    def show(self, replica: int, number: str, email: str, code: str) -> tuple[int, str | None]:
        answer = self.shop(replica).verify(number, code, email, client=new_address())
        assert answer.status in (200, 401)
        return answer.status, answer.json["accessToken"] if answer.status == 200 else None

    which = st.integers(0, 1)

    @rule(
        which=which,
        replica=which,
        right=st.sampled_from([True, True, True, False]),
        late=st.sampled_from((0, 0, 0, 241)),
    )
    def request(self, which: int, replica: int, right: bool, late: float) -> None:
        """Ask for a code; the worker may come late to it."""
        number, model = self.pick(which)
        email = model.email if right else "stranger@example.com"
        asked = self.shop(replica).request_code(number, email, client=new_address())
        assert asked.status == 202
        self.now += timedelta(seconds=late)
        before = len(self.shop(0).mails(number, "ACCESS_CODE"))
        self.shop(1 - replica).work()
        issued = len(self.shop(0).mails(number, "ACCESS_CODE")) - before
        assert issued == int(right and late <= 300 and model.may_get_code(self.now))
        if issued:
            model.issue(self.shop(0).codes(number)[-1], self.now)

    @rule(which=which, replica=which)
    def right_code(self, which: int, replica: int) -> None:
        number, model = self.pick(which)
        good = model.has_code(self.now)
        # Where there is none any more, the last one is the most likely to work against all promises.
        code = model.code or (model.old_codes or ["000000"])[-1]
        status, token = self.show(replica, number, model.email, code)
        assert (status == 200) == good
        if token is not None:
            model.redeem(token, self.now)

    @rule(which=which, replica=which, times=st.integers(1, 6))
    def wrong_code(self, which: int, replica: int, times: int) -> None:
        number, model = self.pick(which)
        for turn in range(times):
            guess = wrong(model.code or "000000", turn + 1)
            counts = model.has_code(self.now)
            assert self.show(replica, number, model.email, guess)[0] == 401
            if counts:
                model.count_wrong(self.now)

    @precondition(lambda self: any(model.old_codes for model in self.models.values()))
    @rule(which=which, replica=which)
    def old_code(self, which: int, replica: int) -> None:
        number, model = self.pick(which)
        for code in model.old_codes[-1:]:
            if code != model.code:
                counts = model.has_code(self.now)
                assert self.show(replica, number, model.email, code)[0] == 401
                if counts:
                    model.count_wrong(self.now)

    @rule(which=which, replica=which)
    def code_with_the_other_orders_number(self, which: int, replica: int) -> None:
        _, model = self.pick(which)
        number, _ = self.pick(1 - which)
        assert self.show(replica, number, model.email, model.code or "000000")[0] == 401

    @rule(
        which=which,
        replica=which,
        times=st.sampled_from((0, 0, 3, 4, 5)),
        seconds=st.sampled_from((0, 0, 599, 600)),
    )
    def whole_way(self, which: int, replica: int, times: int, seconds: int) -> None:
        """What guests do: the edges of attempts and of time are right here."""
        self.get_code(which, replica)
        self.now += timedelta(seconds=seconds)
        if times:
            self.wrong_code(which=which, replica=replica, times=times)
        self.right_code(which=which, replica=replica)

    def get_code(self, which: int, replica: int) -> None:
        """Wait for as long as it takes, to the microsecond, and not that long at first."""
        _, model = self.pick(which)
        first = model.next_code_at(self.now)
        if first > self.now:
            self.now = first - JUST_BEFORE
            self.request(which=which, replica=replica, right=True, late=0)
            self.now = first
        self.request(which=which, replica=replica, right=True, late=0)

    @rule(
        which=which,
        replica=which,
        steps=st.sampled_from(
            ((5, 4), (5, 5), (5, 4, 1), (4, 4, 2), (3, 4, 3), (4, 5, 0, 5, 1), (4, 5, 0, 4))
        ),
    )
    def many_codes(self, which: int, replica: int, steps: tuple[int, ...]) -> None:
        """Guess at one code after another, up to the tenth guess or nearly; 0 for the rest of 24 hours."""
        _, model = self.pick(which)
        begun = len(model.wrong_at)
        for times in steps:
            if times:
                self.get_code(which, replica)
                self.wrong_code(which=which, replica=replica, times=times)
            elif len(model.wrong_at) > begun:
                self.now = max(self.now, model.wrong_at[begun] + timedelta(days=1))
        self.right_code(which=which, replica=replica)

    @rule(which=which, replica=which, count=st.integers(4, 6))
    def many_requests(self, which: int, replica: int, count: int) -> None:
        """Ask once a minute, up to what an hour allows and once more."""
        for _ in range(count):
            self.request(which=which, replica=replica, right=True, late=0)
            self.now += timedelta(minutes=1)

    @rule(
        which=which,
        replica=which,
        count=st.integers(93, 98),
        steps=st.sampled_from(((2,), (4, 3), (4, 1), (4, 2, 0), (2, 0, 4, 3), (1, 0))),
        undo=st.booleans(),
    )
    def guessed_for_weeks(
        self, which: int, replica: int, count: int, steps: tuple[int, ...], undo: bool
    ) -> None:
        """As if so many wrong codes in a row were tried long ago; then so many more, 0 for a right one."""
        number, model = self.pick(which)
        self.unlock(which=which, replica=replica)
        self.get_code(which, replica)
        rule = "order_id = (SELECT id FROM orders WHERE order_number = :n)"
        self.shop(replica).sql(f"UPDATE guest_locks SET wrong_in_a_row = {count} WHERE {rule}", n=number)
        model.wrong_in_a_row = count
        for times in steps:
            self.get_code(which, replica)
            if times:
                self.wrong_code(which=which, replica=replica, times=times)
            else:
                self.right_code(which=which, replica=replica)
        self.now += timedelta(days=1)
        self.whole_way(which=which, replica=replica, times=0, seconds=0)
        if undo:
            self.unlock(which=which, replica=replica)

    @rule(which=which, replica=which, seconds=st.sampled_from((300, 300.000001)))
    def worker_comes_late(self, which: int, replica: int, seconds: float) -> None:
        """Requests that nobody waits for any more are dropped."""
        self.now = self.pick(which)[1].next_code_at(self.now)
        self.request(which=which, replica=replica, right=True, late=seconds)

    @rule(which=which, nth=st.integers(0, 3), early=st.booleans())
    def wait_for_an_edge(self, which: int, nth: int, early: bool) -> None:
        """Go to a moment at which something ends or begins, or to just before it."""
        edges = list(self.pick(which)[1].edges(self.now))
        if edges:
            self.now = max(self.now, edges[min(nth, len(edges) - 1)] - early * JUST_BEFORE)

    @rule(seconds=st.sampled_from(WAITS))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(replica=which)
    def sweep(self, replica: int) -> None:
        end_expired(self.shop(replica).api)

    @rule(replica=which)
    def restart(self, replica: int) -> None:
        self.shops[replica].close()
        self.shops[replica] = self.open_shop()

    @rule(which=which)
    def change_email(self, which: int) -> None:
        number, model = self.pick(which)
        model.change_email(f"guest-{next(_guests)}@example.com", self.now)
        self.shop(0).sql(
            "UPDATE orders SET email = :e, email_key = :k WHERE order_number = :n",
            e=model.email, k=model.email, n=number,
        )  # fmt: skip

    @rule(which=which, replica=which)
    def unlock(self, which: int, replica: int) -> None:
        number, model = self.pick(which)
        shop = self.shop(replica)
        path = f"/v1/orders/{number}/unlock-guest-access"
        assert shop.post(path, token=shop.staff("supervisor")).status == 204
        model.unlock()

    @precondition(lambda self: any(model.tokens for model in self.models.values()))
    @rule(replica=which)
    def use_tokens(self, replica: int) -> None:
        for number, model in self.models.items():
            for token, until in model.tokens.items():
                answer = self.shop(replica).get("/v1/guest/order", token)
                assert (answer.status == 200) == (self.now < until)
                if answer.status == 200:
                    assert answer.json["orderNumber"] == number

    @rule(which=which, replica=which)
    def use_a_token_to_its_end(self, which: int, replica: int) -> None:
        """A guest stays for as long as they may, and once more."""
        self.whole_way(which=which, replica=replica, times=0, seconds=0)
        for until in list(self.pick(which)[1].tokens.values())[-1:]:
            for moment in (until - JUST_BEFORE, until):
                self.now = max(self.now, moment)
                self.use_tokens(replica=replica)

    @precondition(lambda self: any(model.tokens for model in self.models.values()))
    @rule(which=which, replica=which)
    def end_access(self, which: int, replica: int) -> None:
        _, model = self.pick(which)
        for token, until in list(model.tokens.items())[-1:]:
            ended = self.shop(replica).call("DELETE", "/v1/guest/order", token=token)
            assert ended.status == (204 if self.now < until else 401)
            model.tokens[token] = min(until, self.now)
            self.use_tokens(replica=1 - replica)

    def teardown(self) -> None:
        for shop in self.shops:
            shop.close()


@pytest.fixture
def opening(open_shop: Callable[[Settings], Shop], settings: Settings) -> Callable[[], Shop]:
    """Open one replica more on this test's own store."""
    return lambda: open_shop(settings)


def test_guest_access_does_what_the_model_says(
    opening: Callable[[], Shop], database_kind: Kind, request: pytest.FixtureRequest
) -> None:
    long = bool(request.config.getoption("--long"))
    run_state_machine_as_test(
        lambda: Guests(opening),  # type: ignore[arg-type]  # a factory does, Hypothesis says so
        settings=settings(
            max_examples=500 if long else 20 if database_kind == "sqlite" else 8,
            stateful_step_count=50 if long else 30,
            deadline=None,
            database=None,
            derandomize=not long,
            phases=[Phase.generate, Phase.shrink] if long else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
