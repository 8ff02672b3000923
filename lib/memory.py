"""Bounds memory off the path of a rerun, so that Streamlit need not collect after every one of them."""

import gc
import threading
import time

from streamlit import config

SECONDS_BETWEEN = 30.0

_lock = threading.Lock()
_keeper: threading.Thread | None = None


def start_gc_keeper(seconds_between: float = SECONDS_BETWEEN) -> None:
    """Turn Streamlit's full collection after every rerun off, and collect at intervals instead.

    Call it once the imports are done: what exists by then is frozen, so that no collection walks it again.
    Calling it again changes nothing.
    """
    global _keeper
    with _lock:
        if _keeper is not None:
            return
        config.set_option("runner.postScriptGC", False)
        gc.collect()
        gc.freeze()
        _keeper = threading.Thread(target=_keep, args=(seconds_between,), name="gc-keeper", daemon=True)
        _keeper.start()


def _keep(seconds_between: float) -> None:
    while True:
        time.sleep(seconds_between)
        gc.collect()
