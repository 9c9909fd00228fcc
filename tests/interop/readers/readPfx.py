"""Prints what the package cryptography finds in .pfx files, a line of JSON with base64 DER for each.

Usage: readPfx.py, with a line "PFX<tab>PASSWORD_FILE" on standard input for each file. The answer for
a file or a password that is refused is {"refused": "why"}.
"""

import base64
import json
import sys

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def content_of(pfx_path: str, password_path: str) -> dict[str, object]:
    with open(pfx_path, "rb") as pfx, open(password_path, "rb") as password:
        data, secret = pfx.read(), password.read().removesuffix(b"\n")
    try:
        found = pkcs12.load_pkcs12(data, secret)
    except ValueError as refusal:
        return {"refused": str(refusal)}
    name = found.cert.friendly_name if found.cert else None
    return {
        "privateKey": base64_of(
            found.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        ),
        "certificate": base64_of(found.cert.certificate.public_bytes(Encoding.DER)),
        "others": [
            base64_of(other.certificate.public_bytes(Encoding.DER))
            for other in found.additional_certs
        ],
        "friendlyName": name.decode("utf-8") if name is not None else None,
    }


for line in sys.stdin:
    print(json.dumps(content_of(*line.rstrip("\n").split("\t"))), flush=True)
