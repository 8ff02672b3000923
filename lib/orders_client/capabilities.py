"""What an Orders API can do beyond the contract's core: what pages and scripts ask before they offer it."""

from dataclasses import dataclass

ALL_FILTERS = frozenset(
    {
        "status",
        "payment_status",
        "fulfillment_status",
        "country",
        "currency",
        "created_from",
        "created_to",
        "min_total",
        "max_total",
        "q",
    }
)
"""The contract's filters of `list`; an API may know more."""
ALL_SORTS = frozenset({"createdAt", "grandTotal", "orderNumber"})


@dataclass(frozen=True)
class Capabilities:
    """Which calls are there, by their names in this client, and what `list` heeds.

    A call is True until it is known to be missing: from the API's own `/openapi.json` (`documented`), or
    from its answers. A filter or a sort that is not named here is ignored or refused: what comes back may
    not fit. While the API can't be asked, nothing is `known` and all is taken to be there.
    """

    known: bool = False
    documented: bool = False

    timeline: bool = True
    related: bool = True
    add_note: bool = True
    pin_note: bool = True
    reveal: bool = True
    change_contact: bool = True
    resend_confirmation: bool = True
    unlock_guest_access: bool = True
    end_guest_access: bool = True
    export: bool = True
    create: bool = True
    set_status: bool = True
    audit: bool = True
    preferences: bool = True

    status_counts: bool = True
    daily: bool = True
    pending_age: bool = True
    by_country: bool = True
    by_currency: bool = True
    flow: bool = True
    cards: bool = True
    time_in_status: bool = True
    contradictions: bool = True
    alarms: bool = True

    filters: frozenset[str] = ALL_FILTERS
    sorts: frozenset[str] = ALL_SORTS

    @property
    def stats(self) -> bool:
        """Whether the contract's three figures are there."""
        return self.status_counts and self.daily and self.pending_age

    @property
    def search(self) -> bool:
        """Whether `list` searches by `q`."""
        return "q" in self.filters
