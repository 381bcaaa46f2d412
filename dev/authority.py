"""A certificate authority of this machine's own, for the names of Xero's hosts and no others.

Only the environments of `dev/clients.py` trust it. Its key is thrown away once it has signed one certificate for all the hosts.
"""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dev import bootstrap

DOMAIN = "xero.com"
HOSTS = ("api.xero.com", "identity.xero.com", "login.xero.com")
FOLDER = bootstrap.DEV / "clients" / "authority"
CERTIFICATE = FOLDER / "authority.pem"
HOSTS_CERTIFICATE = FOLDER / "hosts.pem"  # with its key
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "xero_simulator on this machine")])
LIFE = datetime.timedelta(days=3650)


def make():
    """Make the two files, unless they are there."""
    if HOSTS_CERTIFICATE.exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    own_key, hosts_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    CERTIFICATE.write_bytes(_pem(_authority(own_key).sign(own_key, hashes.SHA256())))
    key = hosts_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    HOSTS_CERTIFICATE.touch(0o600)
    HOSTS_CERTIFICATE.write_bytes(_pem(_hosts(own_key, hosts_key).sign(own_key, hashes.SHA256())) + key)


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def _certificate(key, issuer_key):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (
        x509.CertificateBuilder()
        .issuer_name(NAME)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )


def _authority(key):
    usage = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign"), False)
    usage |= dict.fromkeys(("digital_signature", "encipher_only", "decipher_only"), False)
    return (
        _certificate(key, key)
        .subject_name(NAME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(key_cert_sign=True, **usage), critical=True)
        .add_extension(x509.NameConstraints([x509.DNSName(DOMAIN)], None), critical=True)
    )


def _hosts(own_key, key):
    return (
        _certificate(key, own_key)
        .subject_name(x509.Name([]))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
