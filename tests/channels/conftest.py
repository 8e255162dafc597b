"""A certificate for the servers of these tests, made once."""

import ssl

import pytest

from tests.smtp_server import certificate, server_context


@pytest.fixture(scope="session")
def tls(tmp_path_factory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's context, and a client's that trusts it."""
    cert, key = certificate(tmp_path_factory.mktemp("tls"))
    return server_context(cert, key), ssl.create_default_context(cafile=str(cert))
