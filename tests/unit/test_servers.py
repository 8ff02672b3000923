"""The tests' own servers: what fixtures promise to every other test."""

from __future__ import annotations

import smtplib
import ssl
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.servers.databases import Databases, Kind
    from tests.servers.postgres import PostgresServer
    from tests.servers.smtp import MailServer


def test_each_test_gets_an_empty_database_at_the_current_schema(database_url: str) -> None:
    engine = sqlalchemy.create_engine(database_url)
    with engine.connect() as connection:
        tables = set(sqlalchemy.inspect(connection).get_table_names())
        count = connection.execute(sqlalchemy.text("SELECT count(*) FROM orders")).scalar()
    engine.dispose()
    assert "orders" in tables
    assert count == 0


def test_an_empty_database_has_no_tables(empty_database_url: str) -> None:
    engine = sqlalchemy.create_engine(empty_database_url)
    tables = sqlalchemy.inspect(engine).get_table_names()
    engine.dispose()
    assert tables == []


def test_two_databases_are_strangers(databases: Databases, database_kind: Kind) -> None:
    urls = [databases.empty(database_kind) for _ in range(2)]
    engines = [sqlalchemy.create_engine(url) for url in urls]
    with engines[0].begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE mine (x int)"))
    assert sqlalchemy.inspect(engines[1]).get_table_names() == []
    for engine, url in zip(engines, urls, strict=True):
        engine.dispose()
        databases.drop(url)


def test_a_killed_postgres_keeps_what_was_committed(durable_postgres: PostgresServer) -> None:
    with durable_postgres.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    durable_postgres.kill()
    with pytest.raises(psycopg.OperationalError):
        durable_postgres.connect()
    durable_postgres.start()
    with durable_postgres.connect() as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_the_mail_server_keeps_what_it_is_sent(smtp_server: MailServer) -> None:
    with smtplib.SMTP("127.0.0.1", smtp_server.port) as client:
        client.sendmail("shop@example.com", ["jane@example.com"], "Subject: Hello\r\n\r\nYour order")
    (delivered,) = smtp_server.messages
    assert delivered.message["Subject"] == "Hello"
    assert delivered.recipients == ("jane@example.com",)
    assert not delivered.encrypted


def test_the_tls_mail_server_takes_nothing_in_the_clear(smtp_tls_server: MailServer) -> None:
    context = ssl.create_default_context(cafile=smtp_tls_server.certificate)
    with smtplib.SMTP("localhost", smtp_tls_server.port) as client:
        with pytest.raises(smtplib.SMTPException):
            client.sendmail("shop@example.com", ["jane@example.com"], "Subject: Hello\r\n\r\nYour order")
        client.starttls(context=context)
        client.sendmail("shop@example.com", ["jane@example.com"], "Subject: Hello\r\n\r\nYour order")
    (delivered,) = smtp_tls_server.messages
    assert delivered.encrypted


def test_the_browser_runs_pages(page: Page) -> None:
    page.set_content("<button onclick=\"this.textContent = 'Done'\">Do</button>")
    page.get_by_role("button").click()
    assert page.get_by_role("button", name="Done").is_visible()
