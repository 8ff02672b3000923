"""What the guest access page says and staff read aloud; it never tells whether an email was sent."""

from collections.abc import Mapping

from lib.ui.guest_access.flow import CODE_DIGITS, Why

STEPS = ("Send a code", "Enter the code", "The order")

SAY_ASK = "Please tell me your order number, and spell the email address you ordered with."
SAY_SENT = (
    "If the order number and the email address belong together, an email with a six-digit code is on its "
    "way. Please look in your inbox, and in the spam folder, and read me the code."
)
SAY_OLD = (
    "That code is too old by now. I am sending you a new one; please read me the code in the newest email."
)
SAY_OPEN = "Thank you, I have your order in front of me. How can I help?"
SAY_OVER: Mapping[Why, str] = {
    Why.ENDED: "I have closed your order again. Is there anything else I can do for you?",
    Why.UNCONFIRMED: "I have closed your order again. Is there anything else I can do for you?",
    Why.UNENDED: "I have closed your order again. Is there anything else I can do for you?",
    Why.EXPIRED: "For your safety your order closes after half an hour. If there is more to do, I will "
    "send you a new code.",
    Why.REFUSED: "Your order has closed on my side. If there is more to do, I will send you a new code.",
}

RULES = (
    "A code works for ten minutes, and once. After five wrong tries it is dead, and a newer code ends an "
    "older one. Nobody here can see whether an email was sent: the answer is the same for every order number "
    "and address."
)
CODE_INCOMPLETE = (
    f"That is not a whole code: it has {CODE_DIGITS} digits. Nothing was sent; ask the caller to repeat it."
)
CODE_RESENT = "A new code was asked for. Only the code in the newest email works."
CODE_REFUSED = "This code does not open the order."
CODE_REFUSED_NEXT = "Compare it with the caller digit by digit, or send a new code."
REQUEST_REFUSED = (
    "The Orders API would not take this. Check how the order number and the email address are written."
)
ANSWER_LOST = (
    "The Orders API's answer was lost, so the code may be used up. Try it once more; if it is refused, send "
    "a new one."
)
SEND_LOST = (
    "The Orders API's answer was lost, so it is not known whether a code was asked for. Send one once more; "
    "only the code in the newest email works."
)
TOO_MANY = "Too many requests. Wait until the time is over, then go on; the caller can stay on the line."

OVER: Mapping[Why, tuple[str, str]] = {
    Why.ENDED: ("Access ended", "The order is off this screen, and its access is dead everywhere."),
    Why.UNCONFIRMED: (
        "Access ended on this screen",
        "The Orders API could not be told. Nobody holds the access any more, and it lapses by itself within "
        "30 minutes.",
    ),
    Why.UNENDED: (
        "Access ended on this screen",
        "The shop's API can't end an access early. Nobody holds it any more, and it lapses by itself.",
    ),
    Why.EXPIRED: ("The time is over", "The order has left the screen by itself."),
    Why.REFUSED: (
        "The access is no longer good",
        "The Orders API ended it, for example because the order's email address was changed.",
    ),
}
