"""The collection off the rerun path: on in every process that turned Streamlit's own off."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import gc, time, weakref
from streamlit import config
from lib.memory import start_gc_keeper

class Knot:
    def __init__(self): self.me = self

start_gc_keeper(0.05)
start_gc_keeper(0.05)
gc.disable()  # what is collected from here on is the keeper's doing
knot = Knot()
gone = weakref.ref(knot)
del knot
for _ in range(200):
    if gone() is None: break
    time.sleep(0.05)
print(config.get_option("runner.postScriptGC"), gone() is None, gc.get_freeze_count() > 10_000)
"""


def test_garbage_goes_though_streamlit_collects_no_more() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["False", "True", "True"], done.stderr
