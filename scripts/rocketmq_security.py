"""What `scripts/rocketmq --acl` and `--tls` set up: certificates, an account that may do everything, and how to ask servers
that demand them."""
import base64
import hashlib
import hmac
import json
import secrets
import ssl
import subprocess

from servers import HOST, Failure

ACCOUNT = "rocketmq-admin"
AUTH = "org.apache.rocketmq.auth"
PROXY_AUTH = "org.apache.rocketmq.proxy.auth"


def new_key():
    return secrets.token_hex(16)


def signed(fields, body, key):
    """`fields` with the account and its signature."""
    fields = {**fields, "AccessKey": ACCOUNT}
    text = "".join(str(fields[name]) for name in sorted(fields)).encode() + body
    return {**fields, "Signature": base64.b64encode(hmac.new(key.encode(), text, hashlib.sha1).digest()).decode()}


# ---------------------------------------------------------------------------------------------- access control

def write_acl(folder, version, key, broker, proxy):
    """Turns access control on in the configurations `broker` and `proxy`, and gives mqadmin its account."""
    conf = folder / "home" / "conf"
    (conf / "tools.yml").write_text(f"accessKey: {ACCOUNT}\nsecretKey: {key}\n")
    if version.startswith("4"):
        broker["aclEnable"] = "true"
        rules = conf / "plain_acl.yml"
        if not rules.exists():  # it may have been changed since
            rules.write_text(f"accounts:\n- accessKey: {ACCOUNT}\n  secretKey: {key}\n  whiteRemoteAddress:\n  admin: true\n")
        return
    user = {"username": ACCOUNT, "password": key}
    settings = {
        "authenticationEnabled": "true", "authorizationEnabled": "true",
        "authenticationProvider": f"{AUTH}.authentication.provider.DefaultAuthenticationProvider",
        "authorizationProvider": f"{AUTH}.authorization.provider.DefaultAuthorizationProvider",
        "innerClientAuthenticationCredentials": json.dumps({"accessKey": ACCOUNT, "secretKey": key}),
    }
    broker.update(settings)
    broker.update({
        "initAuthenticationUser": json.dumps(user),
        "authenticationMetadataProvider": f"{AUTH}.authentication.provider.LocalAuthenticationMetadataProvider",
        "authorizationMetadataProvider": f"{AUTH}.authorization.provider.LocalAuthorizationMetadataProvider"})
    proxy.update(settings)
    proxy.update({
        "enableAclRpcHookForClusterMode": True,  # its own requests, signed as tools.yml says
        "authenticationMetadataProvider": f"{PROXY_AUTH}.ProxyAuthenticationMetadataProvider",
        "authorizationMetadataProvider": f"{PROXY_AUTH}.ProxyAuthorizationMetadataProvider"})


# ---------------------------------------------------------------------------------------------- TLS

def openssl(*arguments):
    try:
        run = subprocess.run(["openssl", *arguments], capture_output=True, text=True)
    except OSError:
        raise Failure("openssl is not installed: run scripts/setup") from None
    if run.returncode != 0:
        raise Failure(f"openssl {arguments[0]} failed: {run.stderr.strip()}")


def make_certificates(folder):
    """A CA, and certificates signed by it: server.pem (for localhost and 127.0.0.1) and client.pem, with NAME.key each."""
    if (folder / "client.pem").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]

    def make(name, *more):
        openssl(*new, "-subj", f"/CN=rocketlink test {name}", "-keyout", str(folder / f"{name}.key"),
                "-out", str(folder / f"{name}.pem"), *more)

    make("ca")
    by_ca = ["-CA", str(folder / "ca.pem"), "-CAkey", str(folder / "ca.key"), "-addext", "basicConstraints=critical,CA:FALSE"]
    make("server", *by_ca, "-addext", f"subjectAltName=DNS:localhost,IP:{HOST}")
    make("client", *by_ca)


def java_properties(folder, conf):
    """Of every Java process, to serve and to speak TLS only; `conf` overrides them."""
    properties = {
        "tls.enable": "true", "tls.test.mode.enable": "false", "tls.server.mode": "enforcing",
        "tls.server.certPath": folder / "server.pem", "tls.server.keyPath": folder / "server.key",
        "tls.server.trustCertPath": folder / "ca.pem", "tls.server.authClient": "true", "tls.server.need.client.auth": "none",
        "tls.client.certPath": folder / "client.pem", "tls.client.keyPath": folder / "client.key",
        "tls.client.trustCertPath": folder / "ca.pem", "tls.client.authServer": "true",
        "tls.config.file": folder / "none", **conf}
    return [f"-D{name}={value}" for name, value in properties.items()]


def client_context(folder):
    """To ask those servers."""
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    context.load_cert_chain(folder / "client.pem", folder / "client.key")
    return context
