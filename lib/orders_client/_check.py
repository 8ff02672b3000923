"""`check URL`: says of every call whether an API has it as the contract says; for those who build one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

import httpx

from ._call import READY
from ._check_core import check_core
from ._check_more import check_features, check_more
from ._findings import Finding
from ._requests import Requests, checked_url
from ._retrying import Retries
from ._subject import Subject
from ._transport import SharedTransport

SECONDS = 10.0
OWN = {
    "preferences",
    "by_country",
    "by_currency",
    "flow",
    "cards",
    "time_in_status",
    "contradictions",
    "alarms",
}
WIDTHS, LINE = (24, 10), 110


@dataclass(frozen=True)
class Report:
    """What was found out about an API, in groups."""

    groups: Sequence[tuple[str, Sequence[Finding]]]

    @property
    def core_holds(self) -> bool:
        """Whether the desk and the client work in front of this API."""
        return all(finding.holds for finding in self.groups[0][1])

    def lines(self) -> Iterator[str]:
        """Return the report as lines of text."""
        for title, findings in self.groups:
            yield title
            for finding in findings:
                yield from _rows(finding)
            yield ""
        failing = ", ".join(finding.name for finding in self.groups[0][1] if not finding.holds)
        yield "The core holds." if self.core_holds else f"The core does not hold: {failing}."


def check(
    url: str, token: str | None = None, *, write: bool = False, transport: httpx.BaseTransport | None = None
) -> Report:
    """Ask an API everything, and return what was found out.

    Raises:
        ValueError: the address or the token can't be one.
        OrdersError: it can't be reached.
    """
    requests = Requests(checked_url(url), SECONDS, None, Retries(attempts=1))
    with transport or SharedTransport() as carrier:
        subject = Subject(requests, token, carrier, write)
        subject.ask(READY, as_nobody=True)
        core, more = check_core(subject), check_more(subject)
        return Report(
            (
                ("The core", core),
                ("More calls of the contract", [each for each in more if each.name not in OWN]),
                ("Calls beyond the contract", [each for each in more if each.name in OWN]),
                ("Features", list(check_features(subject))),
            )
        )


def _rows(finding: Finding) -> Iterator[str]:
    name, verdict = WIDTHS
    margin = name + verdict + 4
    first, *others = [line for remark in finding.remarks for line in wrap(remark, LINE - margin)] or [""]
    yield f"  {finding.name:<{name}} {finding.verdict:<{verdict}} {first}".rstrip()
    yield from (" " * margin + other for other in others)
