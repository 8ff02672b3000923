"""Says from which address a browser comes; it believes a header only from the proxies that settings name."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

import streamlit as st

from lib.settings import Network

LOOPBACK = "127.0.0.1"


def client_address(trusted_proxies: Sequence[Network]) -> str:
    """Return the address of the browser that this page is drawn for.

    Under `make run` uvicorn has read the proxy's header already; under `streamlit run` nobody has.
    """
    # Streamlit gives no address for this machine's own.
    return address_behind(
        st.context.ip_address or LOOPBACK, st.context.headers.get_all("X-Forwarded-For"), trusted_proxies
    )


def address_behind(peer: str, forwarded_for: Sequence[str], trusted: Sequence[Network]) -> str:
    """Return the last address on the way here that is not a trusted proxy's; no stranger can make one up."""
    address = peer
    hops = [hop.strip() for line in forwarded_for for hop in line.split(",")]
    while hops and _is_within(address, trusted):
        address = hops.pop()
    return address if _is_address(address) else peer


def _is_within(address: str, networks: Sequence[Network]) -> bool:
    return _is_address(address) and any(ipaddress.ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
