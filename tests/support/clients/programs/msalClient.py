"""Signs in by MSAL for Python in the way that the argument names, and prints the token's type or the error."""

import os
import sys

import msal

tenant, client = os.environ["TENANT_ID"], os.environ["CLIENT_ID"]


def credential(way):
    if "certificate" in way:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes

        pem = open(os.environ["CLIENT_PEM"], "rb").read()
        certificate = x509.load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERTIFICATE") :])
        return {
            "private_key": pem.decode(),
            "thumbprint": certificate.fingerprint(hashes.SHA1()).hex(),
        }
    if "federated" in way:
        return {"client_assertion": open(os.environ["CLIENT_ASSERTION_FILE"]).read()}
    return "wrong" if "wrong" in way else os.environ["CLIENT_SECRET"]


application = msal.ConfidentialClientApplication(
    client,
    authority=f"https://login.microsoftonline.com/{tenant}",
    client_credential=credential(sys.argv[1]),
)
answer = application.acquire_token_for_client(["https://outlook.office365.com/.default"])
if "error" in answer:
    print(answer["error"], answer["error_description"].split(":")[0])
else:
    print(answer["token_type"])
