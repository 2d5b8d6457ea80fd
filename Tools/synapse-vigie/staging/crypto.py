"""An encrypted attachment, as Matrix clients make it."""

from __future__ import annotations

import base64
import hashlib
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR


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
    digest = base64.b64encode(hashlib.sha256(ciphertext).digest()).rstrip(b"=").decode()
    file = {
        "v": "v2",
        "key": web_key,
        "iv": base64.b64encode(iv).rstrip(b"=").decode(),
        "hashes": {"sha256": digest},
    }
    return ciphertext, file
