"""Certificates for tests of TLS, made with the `openssl` program in a folder: an authority, and keys that it signs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


class Authority:
    """A certificate authority of one test run; `certificate` is the file that others trust."""

    def __init__(self, folder: Path, name: str = "ca") -> None:
        if shutil.which("openssl") is None:
            pytest.skip("openssl is not installed: TLS was NOT tried")
        self.folder = folder
        self.certificate, self._key = folder / f"{name}.pem", folder / f"{name}.key"
        _openssl(
            "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "2", "-subj", f"/CN=baocao test {name}",
            "-keyout", self._key, "-out", self.certificate,
        )  # fmt: skip

    def sign(self, name: str) -> tuple[Path, Path]:
        """The certificate and the key of `name`, good for this machine by name and by number."""
        request, certificate, key = (self.folder / f"{name}.{end}" for end in ("csr", "pem", "key"))
        _openssl(
            "req", "-nodes", "-newkey", "rsa:2048", "-subj", f"/CN={name}", "-keyout", key, "-out", request
        )
        about = self.folder / f"{name}.ext"
        about.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n", encoding="utf-8")
        _openssl(
            "x509", "-req", "-days", "2", "-in", request, "-CA", self.certificate, "-CAkey", self._key,
            "-CAcreateserial", "-extfile", about, "-out", certificate,
        )  # fmt: skip
        key.chmod(0o600)
        return certificate, key


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
