"""Tells what an address is, and by which a caller is counted; which one to believe is for others to know."""

import ipaddress

MOST_CHARACTERS = 64


def is_address(text: str) -> bool:
    """Return whether a text is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def counted_address(address: str) -> str:
    """Return what a caller is counted by: the address, or the /64 network that a household has of IPv6.

    What is no address counts as it stands, cut to 64 characters.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:MOST_CHARACTERS]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(parsed), 64), strict=False))
