"""What `check` finds out about a call or a feature, and how it judges answers alike everywhere."""

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ValidationError

from ._answers import Answer, faults
from ._call import NOT_THERE
from .errors import OrdersError

MOST_REMARKS = 5


class Verdict(StrEnum):
    """Whether something is as the contract has it."""

    THERE = "there"
    MISSING = "missing"
    DIFFERENT = "different"
    UNTRIED = "not tried"


@dataclass(frozen=True)
class Finding:
    """What was found out about one call or feature; remarks name fields and what was expected."""

    name: str
    verdict: Verdict
    remarks: Sequence[str] = ()

    @property
    def holds(self) -> bool:
        """Whether a client can work with it, as far as it was tried."""
        return self.verdict in (Verdict.THERE, Verdict.UNTRIED)


def there(name: str, *remarks: str) -> Finding:
    """Find that it is as it should be; remarks say what could be better."""
    return Finding(name, Verdict.THERE, remarks)


def missing(name: str, *remarks: str) -> Finding:
    """Find that it is not there."""
    return Finding(name, Verdict.MISSING, remarks)


def different(name: str, *remarks: str) -> Finding:
    """Find that it is not as the contract has it."""
    return Finding(name, Verdict.DIFFERENT, remarks[:MOST_REMARKS])


def untried(name: str, *remarks: str) -> Finding:
    """Find nothing, and say why."""
    return Finding(name, Verdict.UNTRIED, remarks)


def found(name: str, check: Callable[[str], Finding]) -> Finding:
    """Return what a check finds; no answer is a finding, too."""
    try:
        return check(name)
    except OrdersError:
        return different(name, "no answer, or none in time")


def by_status(name: str, answer: Answer, expected: int) -> Finding | None:
    """Judge an answer by its status alone; None: it is the expected one."""
    if answer.status == expected:
        return None
    if answer.status in NOT_THERE:
        return missing(name, f"answered {answer.status}")
    if answer.status == 403:
        return there(name, "this token may not use it: 403")
    return different(name, f"answered {answer.status}; expected: {expected}")


def by_shape(name: str, answer: Answer, model: type[BaseModel], context: Any = None) -> Finding:
    """Judge the body of a success by the model that the client makes of it."""
    try:
        model.model_validate_json(answer.body, context=context)
    except ValidationError as error:
        first: dict[str, str] = {}  # by field, of whichever item
        for each in faults(error):
            first.setdefault(re.sub("[0-9]+", "", each.field), f"{each.field}: {each.expected}")
        return different(name, *first.values())
    return there(name)


def not_given(model: type[BaseModel], body: Any, but: Set[str] = frozenset()) -> list[str]:
    """Return the contract's fields that an object leaves out, as one remark or none."""
    names = [field.alias or name for name, field in model.model_fields.items()]
    left = [name for name in names if isinstance(body, dict) and name not in body and name not in but]
    return ["not given: " + ", ".join(left)] if left else []
