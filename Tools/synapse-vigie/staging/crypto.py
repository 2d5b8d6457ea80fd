"""Encrypted attachments as Matrix clients make them, certificates and keys of servers."""

from __future__ import annotations

import base64
import datetime
import hashlib
import ipaddress
import os
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def encrypted_file(data: bytes) -> tuple[bytes, dict[str, Any]]:
    """The ciphertext, and the `file` of its event but for the url.

    Source: Matrix specification v1.11, client-server API, "Sending encrypted attachments".
    """
    key = os.urandom(32)
    iv = os.urandom(8) + bytes(8)
    encryptor = Cipher(AES(key), CTR(iv)).encryptor()
    ciphertext = encryptor.update(data) + encryptor.finalize()
    web_key = {
        "kty": "oct",
        "key_ops": ["encrypt", "decrypt"],
        "alg": "A256CTR",
        "k": base64.urlsafe_b64encode(key).rstrip(b"=").decode(),
        "ext": True,
    }
    digest = unpadded(hashlib.sha256(ciphertext).digest())
    file = {
        "v": "v2",
        "key": web_key,
        "iv": unpadded(iv),
        "hashes": {"sha256": digest},
    }
    return ciphertext, file


def write_certificate(path: Path) -> None:
    """A certificate of 127.0.0.1 that nobody but itself has signed, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    path.chmod(0o600)


def unpadded(data: bytes) -> str:
    """Base64 as Matrix writes it.

    Source: Matrix specification v1.11, Appendices, "Unpadded Base64".
    """
    return base64.b64encode(data).rstrip(b"=").decode()
