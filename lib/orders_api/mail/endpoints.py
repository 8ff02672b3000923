"""The demonstration's mailbox over HTTP; with real customers there is no such call."""

from fastapi import APIRouter, Depends

from lib.orders_api.domain.tokens import Role
from lib.orders_api.domain.wire import UtcTime, WireModel
from lib.orders_api.http.dependencies import ApiParts, SignedIn, no_query
from lib.orders_api.mail import outbox
from lib.orders_api.mail.templates import parts_of
from lib.orders_api.store.api import Api
from lib.orders_api.store.tables.mail import OutboxMessage

demo_router = APIRouter(prefix="/v1/demo", tags=["demonstration"], dependencies=[Depends(no_query)])

SHOWN = 50


class MailboxMessage(WireModel):
    """An email that would have been sent; its text is empty once it was sent or has expired."""

    message_id: str
    kind: str
    recipient: str
    subject: str
    text: str
    created_at: UtcTime
    sent_at: UtcTime | None


class Mailbox(WireModel):
    """The newest emails, newest first."""

    items: list[MailboxMessage]


@demo_router.get("/mailbox")
def mailbox(api: ApiParts, principal: SignedIn) -> Mailbox:
    """Show what would have been mailed, newest first."""
    principal.require(*Role)
    with api.database.reading() as session:
        messages = outbox.newest(session, SHOWN)
    return Mailbox(items=[_shown(api, each) for each in messages])


def _shown(api: Api, message: OutboxMessage) -> MailboxMessage:
    told = {name: getattr(message, name) for name in MailboxMessage.model_fields if name != "text"}
    text = parts_of(api.sealer.open(message.sealed_body))[0] if message.sealed_body else ""
    return MailboxMessage(**told, text=text)
