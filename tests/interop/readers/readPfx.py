"""Prints what the package cryptography finds in a .pfx, as JSON with base64 DER.

Usage: readPfx.py PFX PASSWORD_FILE. Ends with 3 if the file or the password is refused.
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


def main() -> int:
    with open(sys.argv[1], "rb") as pfx, open(sys.argv[2], "rb") as password:
        data, secret = pfx.read(), password.read().removesuffix(b"\n")
    try:
        found = pkcs12.load_pkcs12(data, secret)
    except ValueError as refusal:
        print(refusal, file=sys.stderr)
        return 3
    name = found.cert.friendly_name if found.cert else None
    print(
        json.dumps(
            {
                "privateKey": base64_of(
                    found.key.private_bytes(
                        Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()
                    )
                ),
                "certificate": base64_of(found.cert.certificate.public_bytes(Encoding.DER)),
                "others": [
                    base64_of(other.certificate.public_bytes(Encoding.DER))
                    for other in found.additional_certs
                ],
                "friendlyName": name.decode("utf-8") if name is not None else None,
            }
        )
    )
    return 0


sys.exit(main())
