"""Says who a signed-in staff member is; how they signed in is lib.ui.auth's."""

from dataclasses import dataclass

from lib.staff.roles import may


@dataclass(frozen=True)
class StaffMember:
    """Who is signed in, with the roles their account has at this run."""

    username: str
    name: str
    roles: tuple[str, ...]

    def may(self, act: str) -> bool:
        """Say whether one of their roles may do `act` (see lib.staff.roles); the API decides it again.

        Raises:
            KeyError: there is no such act.
        """
        return may(self.roles, act)
