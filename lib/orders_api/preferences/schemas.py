"""The shapes of the calls about staff members' preferences; what a value says is the dashboard's own."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StringConstraints

from lib.orders_api.domain.wire import RequestModel, UtcTime, WireModel, clean
from lib.orders_api.store.tables.preferences import MAX_NAME

MAX_VALUE = 4_000
Key = Annotated[str, StringConstraints(max_length=100), BeforeValidator(clean)]
Values = dict[
    Key,
    Annotated[
        list[Annotated[str, StringConstraints(max_length=300), BeforeValidator(clean)]], Field(max_length=300)
    ],
]


def _short(value: Values) -> Values:
    if sum(len(name) + sum(map(len, words)) for name, words in value.items()) > MAX_VALUE:
        raise ValueError(f"must have at most {MAX_VALUE} characters")
    return value


class PreferenceBody(RequestModel):
    """Something to remember, for oneself or for everybody; one of its kind and name is replaced."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}$")]
    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME),
        BeforeValidator(clean),
    ]
    value: Annotated[Values, Field(max_length=50), AfterValidator(_short)]
    shared: StrictBool = False


class Preference(WireModel):
    """Something remembered."""

    id: int
    kind: str
    name: str
    value: dict[str, Any]
    shared: bool
    changed_by: str
    changed_at: UtcTime


class Preferences(WireModel):
    """All that a staff member may use: their own, then everybody's, by name."""

    items: list[Preference]
