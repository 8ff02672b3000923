"""A state machine of guest access against a plain model: whatever happens in whatever order, both agree."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

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

from lib.orders_api.guest.service import forget_expired
from lib.settings import Settings
from tests.api.shop import NOW, Shop
from tests.api.test_guest_codes import wrong

_addresses = itertools.count()
WAITS = (1, 59, 60, 61, 300, 599, 600, 601, 1200, 1799, 1800, 3600, 86400)


@dataclass
class Model:
    """What the contract says about one order; nothing here is taken from the product."""

    email: str
    code: str | None = None
    issued: list[datetime] = field(default_factory=list)
    attempts: int = 0
    wrong_at: list[datetime] = field(default_factory=list)
    wrong_in_a_row: int = 0
    locked_until: datetime | None = None
    old_codes: list[str] = field(default_factory=list)
    tokens: dict[str, datetime] = field(default_factory=dict)

    def is_locked(self, now: datetime) -> bool:
        return self.wrong_in_a_row >= 100 or (self.locked_until is not None and now < self.locked_until)

    def has_code(self, now: datetime) -> bool:
        fresh = bool(self.issued) and now < self.issued[-1] + timedelta(minutes=10)
        return self.code is not None and fresh and not self.is_locked(now)

    def may_get_code(self, now: datetime) -> bool:
        lately = [at for at in self.issued if at > now - timedelta(hours=1)]
        too_soon = bool(self.issued) and self.issued[-1] > now - timedelta(minutes=1)
        return not self.is_locked(now) and not too_soon and len(lately) < 5

    def end_code(self) -> None:
        if self.code is not None:
            self.old_codes.append(self.code)
        self.code = None

    def count_wrong(self, now: datetime) -> None:
        self.attempts += 1
        self.wrong_at.append(now)
        self.wrong_in_a_row += 1
        if len([at for at in self.wrong_at if at > now - timedelta(days=1)]) >= 10:
            self.locked_until = now + timedelta(days=1)
        if self.attempts >= 5 or self.is_locked(now):
            self.end_code()


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
            created = self.shop(0).create(email=f"guest-{next(_addresses)}@example.com")
            order = self.shop(0).sql(
                "SELECT email FROM orders WHERE order_number = :n", n=created["orderNumber"]
            )
            self.models[created["orderNumber"]] = Model(order[0]["email"])

    def shop(self, replica: int) -> Shop:
        self.shops[replica].clock.now = self.now
        return self.shops[replica]

    def pick(self, which: int) -> tuple[str, Model]:
        return list(self.models.items())[which]

    def show(self, replica: int, number: str, email: str, code: str) -> tuple[int, str | None]:
        address = next(_addresses)
        answer = self.shop(replica).verify(
            number, code, email, client=f"10.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}"
        )
        assert answer.status in (200, 401)
        return answer.status, answer.json["accessToken"] if answer.status == 200 else None

    which = st.integers(0, 1)

    @rule(which=which, replica=which, right=st.sampled_from([True, True, True, False]))
    def request(self, which: int, replica: int, right: bool) -> None:
        number, model = self.pick(which)
        email = model.email if right else "stranger@example.com"
        address = next(_addresses)
        asked = self.shop(replica).request_code(
            number, email, client=f"10.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}"
        )
        assert asked.status == 202
        before = len(self.shop(0).mails(number, "ACCESS_CODE"))
        self.shop(1 - replica).work()
        issued = len(self.shop(0).mails(number, "ACCESS_CODE")) - before
        assert issued == int(right and model.may_get_code(self.now))
        if issued:
            model.end_code()
            model.code, model.attempts = self.shop(0).codes(number)[-1], 0
            model.issued.append(self.now)

    @rule(which=which, replica=which)
    def right_code(self, which: int, replica: int) -> None:
        number, model = self.pick(which)
        good = model.has_code(self.now)
        status, token = self.show(replica, number, model.email, model.code or "000000")
        assert (status == 200) == good
        if token is not None:
            model.end_code()
            model.wrong_in_a_row = 0
            model.tokens[token] = self.now + timedelta(minutes=30)

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
        self.request(which=which, replica=replica, right=True)
        self.now += timedelta(seconds=seconds)
        if times:
            self.wrong_code(which=which, replica=replica, times=times)
        self.right_code(which=which, replica=replica)

    @rule(seconds=st.sampled_from(WAITS))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(replica=which)
    def sweep(self, replica: int) -> None:
        forget_expired(self.shop(replica).api)

    @rule(replica=which)
    def restart(self, replica: int) -> None:
        self.shops[replica].close()
        self.shops[replica] = self.open_shop()

    @rule(which=which)
    def change_email(self, which: int) -> None:
        number, model = self.pick(which)
        model.email = f"guest-{next(_addresses)}@example.com"
        self.shop(0).sql(
            "UPDATE orders SET email = :e, email_key = :k WHERE order_number = :n",
            e=model.email, k=model.email, n=number,
        )  # fmt: skip
        model.end_code()
        model.tokens = dict.fromkeys(model.tokens, self.now)

    @rule(which=which, replica=which)
    def unlock(self, which: int, replica: int) -> None:
        number, model = self.pick(which)
        shop = self.shop(replica)
        path = f"/v1/orders/{number}/unlock-guest-access"
        assert shop.post(path, token=shop.staff("supervisor")).status == 204
        model.wrong_at, model.wrong_in_a_row, model.locked_until = [], 0, None

    @precondition(lambda self: any(model.tokens for model in self.models.values()))
    @rule(replica=which)
    def use_tokens(self, replica: int) -> None:
        for number, model in self.models.items():
            for token, until in model.tokens.items():
                answer = self.shop(replica).get("/v1/guest/order", token)
                assert (answer.status == 200) == (self.now < until)
                if answer.status == 200:
                    assert answer.json["orderNumber"] == number

    @precondition(lambda self: any(model.tokens for model in self.models.values()))
    @rule(which=which, replica=which)
    def end_access(self, which: int, replica: int) -> None:
        _, model = self.pick(which)
        for token, until in list(model.tokens.items())[-1:]:
            ended = self.shop(replica).call("DELETE", "/v1/guest/order", token=token)
            assert ended.status == (204 if self.now < until else 401)
            model.tokens[token] = min(until, self.now)

    def teardown(self) -> None:
        for shop in self.shops:
            shop.close()


@pytest.fixture
def opening(open_shop: Callable[[Settings], Shop], settings: Settings) -> Callable[[], Shop]:
    """Open one replica more on this test's own store."""
    return lambda: open_shop(settings)


def test_guest_access_does_what_the_model_says(
    opening: Callable[[], Shop], request: pytest.FixtureRequest
) -> None:
    long = bool(request.config.getoption("--long"))
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # Hypothesis has no types here
        lambda: Guests(opening),
        settings=settings(
            max_examples=500 if long else 20,
            stateful_step_count=50 if long else 30,
            deadline=None,
            database=None,
            derandomize=not long,
            phases=[Phase.generate, Phase.shrink] if long else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
