"""The certificates with which this computer speaks with a cluster, and what is said where they do not serve."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

from grader.errors import LabError
from grader.messages.sentences import say

CERTIFICATE = "openssl req -x509 -newkey rsa:3072 -nodes -days 365 -subj /CN=grade -keyout grade.key -out grade.crt"
"""Makes one key and certificate for scheduler, hosts and teacher. docs/cluster.md says where to put them."""


def certified() -> Any:  # noqa: ANN401 (its fields are slots that are set by name)
    """Return the certificates that Dask's own settings name; raise LabError where they name none that can be used."""
    from distributed import Security  # noqa: PLC0415 (heavy, and an extra)

    security: Any = Security(require_encryption=True)
    missing = [
        name
        for name, file in (
            ("DASK_DISTRIBUTED__COMM__TLS__CA_FILE", security.tls_ca_file),
            ("DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT", security.tls_client_cert),
            ("DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY", security.tls_client_key),
        )
        if not file
    ]
    if missing:
        raise LabError(
            say(
                "tls:// needs certificates, and no setting of Dask names them: {names}. Make them once with "
                "`{command}`, and name them as docs/cluster.md says.",
                names=", ".join(missing),
                command=CERTIFICATE,
            )
        )
    named = (security.tls_ca_file, security.tls_client_cert, security.tls_client_key)
    texts = [str(file) for file in dict.fromkeys(named)]
    absent = [file for file in texts if "\n" not in file and not Path(file).exists()]  # Dask takes a text as well
    try:
        security.get_connection_args("client")
    except (OSError, ssl.SSLError) as error:
        files = ", ".join(absent or [file for file in texts if "\n" not in file])
        raise LabError(
            say(
                "The certificates for tls:// cannot be used ({reason}): {files}. docs/cluster.md says how to make "
                "them.",
                reason=error.strerror or str(error),
                files=files,
            )
        ) from error
    return security


def refusal_in(error: BaseException | None) -> str | None:
    """Return what TLS said, where it is TLS that has refused a connection."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return error.reason or str(error)
        error = error.__cause__ or error.__context__
    return None
