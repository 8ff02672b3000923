"""The demonstration's mailbox over HTTP; with real customers there is no such call."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from lib.orders_api.domain.tokens import Role
from lib.orders_api.http.dependencies import ApiParts, SignedIn, no_query
from lib.orders_api.mail import outbox
from lib.orders_api.mail.schemas import Mailbox, MailboxMessage
from lib.orders_api.mail.templates import parts_of

demo_router = APIRouter(prefix="/v1/demo", tags=["demonstration"], dependencies=[Depends(no_query)])

SHOWN = 50


@demo_router.get("/mailbox")
def mailbox(api: ApiParts, principal: SignedIn) -> Mailbox:
    """Show what would have been mailed, newest first."""
    principal.require(*Role)
    with api.database.reading() as session:
        messages = outbox.newest(session, SHOWN)
    return Mailbox(
        items=[
            MailboxMessage(
                message_id=message.message_id,
                kind=message.kind,
                recipient=message.recipient,
                subject=message.subject,
                text=parts_of(api.sealer.open(message.sealed_body))[0] if message.sealed_body else "",
                created_at=message.created_at,
                sent_at=message.sent_at,
            )
            for message in messages
        ]
    )
