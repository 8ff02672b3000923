"""Says by which address a caller is counted; which address to believe is for others to know."""

import ipaddress

MOST_CHARACTERS = 64


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
