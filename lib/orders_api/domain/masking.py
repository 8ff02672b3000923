"""Masks personal data by the contract's rules (section 4, Masking); it decides for nobody what is masked."""

STARS = "***"
MIN_DIGITS_TO_SHOW_TWO = 5


def mask_email(email: str | None) -> str | None:
    """Return `j***@example.com` for `jane.doe@example.com`: three stars whatever the length."""
    if email is None:
        return None
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}{STARS}@{domain}"


def mask_phone(phone: str | None) -> str | None:
    """Return stars and the last two digits, enough to tell two numbers of a caller apart."""
    if phone is None:
        return None
    digits = [character for character in phone if character.isdigit()]
    return STARS + "".join(digits[-2:]) if len(digits) > MIN_DIGITS_TO_SHOW_TWO else STARS


def mask_text(text: str | None) -> str | None:
    """Return stars for whatever text there is."""
    return STARS if text else text
