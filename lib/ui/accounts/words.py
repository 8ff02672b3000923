"""Says what there is to know of accounts and sessions; pure."""

from collections.abc import Iterable

import pandas as pd

from lib.staff.cookies import HashedSession
from lib.ui.auth.people import Person
from lib.ui.shared.format import Reader, in_line, plain


def accounts_table(people: Iterable[Person], reader: Reader, *, has_provider: bool) -> pd.DataFrame:
    """Make the table of accounts, in the order given; where they are kept only if that differs."""
    rows = [
        (
            plain(each.username),
            plain(each.name),
            ", ".join(each.roles) or "none",
            "Disabled" if each.disabled else "Active",
            reader.moment(each.last_sign_in) if each.last_sign_in else "None recorded",
            str(len(each.sessions)),
            "Provider" if each.by_provider else "Here",
        )
        for each in people
    ]
    columns = ["User name", "Name", "Roles", "State", "Last sign-in", "Sessions", "Kept at"]
    table = pd.DataFrame(rows, columns=columns)
    return table if has_provider else table.drop(columns="Kept at")


def title_of(person: Person) -> str:
    """Name somebody in a list to choose from."""
    return in_line(person.username, person.name if person.name != person.username else None)


def session_words(session: HashedSession, reader: Reader, *, own: bool) -> str:
    """Say since when a session is open, and from where."""
    since = f"Since {reader.moment(session.began_at)}, from {session.address}"
    return f"{since} (this one)" if own else since


def sentence(text: str) -> str:
    """Make a sentence of what lib.staff says against something."""
    return f"{text[:1].upper()}{text[1:]}."
