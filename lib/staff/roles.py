"""Says which role may do what in the dashboard; the API decides it again, and this never replaces that."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

ADMIN = "admin"
ROLES = ("support", "ops", "supervisor", ADMIN)

_EVERYBODY = frozenset(ROLES)
_NOT_OPS = frozenset({"support", "supervisor", "admin"})

ACTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "view": _EVERYBODY,
        "cancel": _NOT_OPS,
        "note": _NOT_OPS,
        "reveal": _NOT_OPS,
        "resend": _NOT_OPS,
        "correct": _NOT_OPS,
        "track": _NOT_OPS,
        "guest_access": _NOT_OPS,
        "mailbox": _NOT_OPS,
        "export": frozenset({"supervisor", "ops", "admin"}),
        "insights": frozenset({"supervisor", "ops", "admin"}),
        "audit": frozenset({"supervisor", "admin"}),
        "privacy": frozenset({"supervisor", "admin"}),
        "forget": frozenset({"admin"}),
        "accounts": frozenset({"admin"}),
        "unlock": frozenset({"supervisor", "admin"}),
        "share_views": frozenset({"supervisor", "admin"}),
        "create": frozenset({"admin"}),
        "set_status": frozenset({"admin"}),
    }
)


def may(roles: Iterable[str], act: str) -> bool:
    """Return whether any of `roles` may do `act`.

    Raises:
        KeyError: there is no such act.
    """
    return not ACTS[act].isdisjoint(roles)


def roles_for(act: str) -> tuple[str, ...]:
    """Name the roles that may do `act`, as `require_staff(*roles_for("cancel"))` takes them.

    Raises:
        KeyError: there is no such act.
    """
    return tuple(role for role in ROLES if role in ACTS[act])
