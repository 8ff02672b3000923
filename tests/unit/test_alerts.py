"""deploy/alerts.yml: promtool accepts it, each alert fires on what it is for, and its metrics are exposed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import generate_latest

from lib.orders_api.http.metrics import Metrics, Waiting
from lib.ui.shared.observing import REGISTRY

DEPLOY = Path(__file__).parents[2] / "deploy"
HOW_TO_GET = "promtool is missing. `make test` gets it where it may; by hand: apt-get install -y prometheus"
ALERTS = {
    each["alert"]: each
    for each in yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
}
DESK = {"job": "order-desk-dashboard", "instance": "127.0.0.1:8501"}
API = {"job": "order-desk-api", "instance": "127.0.0.1:8601"}
CALLS = 'orders_request_duration_seconds_count{method="GET",route="/v1/orders",status="%s"}'
SLOW_CALLS = 'orders_request_duration_seconds_bucket{route="/v1/orders",le="%s"}'
SLOW_EXPORTS = SLOW_CALLS.replace("/v1/orders", "/v1/orders.csv")
SLOW_RUNS = 'desk_run_duration_seconds_bucket{page="Orders",le="%s"}'
# What each alert is for: the series that have it fire after half an hour, and with which labels it does.
CASES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "ProcessAway": ({"up{job='order-desk-api',instance='127.0.0.1:8601'}": "0x40"}, API),
    "AllAway": ({"up{job='order-desk-api'}": "0x40"}, {"job": "order-desk-api"}),
    "StoreAway": ({"orders_store_up{instance='a'}": "1x40", "orders_store_up{instance='b'}": "0x40"}, {}),
    "CallsFail": ({CALLS % 200: "0+98x40", CALLS % 503: "0+2x40"}, {}),
    "CallsSlow": (
        {SLOW_CALLS % "1.0": "0+90x40", SLOW_CALLS % "2.5": "0+100x40", SLOW_CALLS % "+Inf": "0+100x40"},
        {"route": "/v1/orders"},
    ),
    "MailWaits": ({"orders_outbox_oldest_seconds": "0+60x40"}, {}),
    "CallersTurnedAway": ({"orders_throttled_total{route='/v1/orders'}": "0+90x40"}, {"route": "/v1/orders"}),
    "PagesFail": ({"desk_errors_total{page='Orders',kind='fault'}": "0x25 1x15"}, {"page": "Orders"}),
    "PagesSlow": (
        {SLOW_RUNS % "1.0": "0+90x40", SLOW_RUNS % "5.0": "0+100x40", SLOW_RUNS % "+Inf": "0+100x40"},
        {"page": "Orders"},
    ),
    "DeskFull": (
        {"desk_sessions{signed_in='no',instance='d'}": "201x40"},
        {"signed_in": "no", "instance": "d"},
    ),
    "DeskMemory": (
        {"process_resident_memory_bytes{job='order-desk-dashboard',instance='127.0.0.1:8501'}": "3e9x40"},
        DESK,
    ),
}  # fmt: skip
CALM = {
    "up{job='order-desk-api'}": "1x40",
    "orders_store_up": "1x40",
    CALLS % 200: "0+999x40",
    CALLS % 503: "0+1x40",
    SLOW_CALLS % "1.0": "0+99x40",
    SLOW_CALLS % "+Inf": "0+100x40",
    SLOW_EXPORTS % "1.0": "0x40",
    SLOW_EXPORTS % "2.5": "0+100x40",
    SLOW_EXPORTS % "+Inf": "0+100x40",
    "orders_outbox_oldest_seconds": "5x40",
    "desk_errors_total{page='Orders',kind='Unavailable'}": "0+1x40",
    "desk_sessions{signed_in='yes'}": "400x40",
    "process_resident_memory_bytes{job='order-desk-dashboard'}": "2e8x40",
}


def promtool(*arguments: str | Path) -> None:
    program = shutil.which("promtool") or shutil.which(Path(sys.prefix) / "bin" / "promtool")
    assert program, HOW_TO_GET
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def a_test(series: dict[str, str], expected: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "alert_rule_test": [
            {"eval_time": "32m", "alertname": name, "exp_alerts": alerts} for name, alerts in expected.items()
        ],
    }


def fired(name: str, labels: dict[str, str]) -> list[dict[str, Any]]:
    summary = re.sub(
        r"{{ \$labels\.(\w+) }}", lambda found: labels[found[1]], ALERTS[name]["annotations"]["summary"]
    )
    return [{"exp_labels": {**labels, **ALERTS[name]["labels"]}, "exp_annotations": {"summary": summary}}]


def test_each_alert_fires_on_what_it_is_for_and_none_on_a_calm_day(tmp_path: Path) -> None:
    assert set(CASES) == set(ALERTS)
    tests = [a_test(series, {name: fired(name, labels)}) for name, (series, labels) in CASES.items()]
    tests.append(a_test(CALM, {name: [] for name in ALERTS}))
    file = tmp_path / "tests.yml"
    file.write_text(yaml.safe_dump({"rule_files": [str(DEPLOY / "alerts.yml")], "tests": tests}))
    promtool("test", "rules", file)


def test_promtool_takes_what_prometheus_is_to_ask(tmp_path: Path) -> None:
    for shipped, name in (("alerts.yml", "order-desk-alerts.yml"), ("prometheus.yml", "prometheus.yml")):
        shutil.copy(DEPLOY / shipped, tmp_path / name)
    promtool("check", "config", tmp_path / "prometheus.yml")


def test_every_metric_of_an_alert_is_one_that_is_exposed() -> None:
    text = (Metrics(None).text(Waiting(0, 0.0)) + generate_latest(REGISTRY)).decode()
    kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE)) | {"up": "gauge"}
    of_histogram = {
        f"{name}_{part}"
        for name, kind in kinds.items()
        if kind == "histogram"
        for part in ("bucket", "count")
    }
    used = {
        name
        for alert in ALERTS.values()
        for name in re.findall(
            r"\b(up|[a-z]+(?:_[a-z]+)+)\b(?=[\[{) ])", re.sub(r"by \(.*?\)|{.*?}", " ", alert["expr"])
        )
    }
    assert used > {"up", "desk_sessions", "orders_store_up"}
    assert used - {"histogram_quantile"} - set(kinds) - of_histogram == set()
