"""Runs schemathesis against a live server as each kind of caller: no 5xx, no answer outside the document.

    python .ci/fuzz.py target/debug/zhidan [--examples 30] [--seed 1]

The server is started with a temporary data folder and its demonstration firm; log-ins go through the API.
"""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

# Examples per operation. With 30 a caller of the staff takes 80 to 170 s on two cores beside other builds (debug build), and there
# are nine of them, with the applicant and a client of a third party beside them; the examples and the coverage of the document come on top of these and find most.
EXAMPLES = 10
# What would end the caller's own session, or needs a second secret; these have tests of their own.
LEFT_OUT = ["logout", "change_own_password", "end_session"]
# In this order, and the operator after them: who administers may end the log-ins of others, and the operator a whole firm's.
STAFF = ["clerk", "channel", "investigator", "reviewer", "executive", "finance", "post_guarantee", "auditor", "administrator"]
# Methods that the document does not have are asked elsewhere; here they would send DELETE to the session that was left out.
CONFIG = "[phases.coverage]\nunexpected-methods = []\n"
# A third party's client that may do all that one can.
CLIENT = {
    "name": "示例模糊测试", "kind": "other",
    "scopes": ["applications.read", "customers.read", "enterprises.read", "equipment.read", "limits.read", "products.read"],
    "limits": {"rate_per_second": 1000, "burst": 5000, "at_once": 200, "per_day": 100000000},
}
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def post(url, body, token=None):
    headers = {"Content-Type": "application/json", "Idempotency-Key": os.urandom(8).hex()}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read() or b"null")


def get(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return json.loads(answer.read())


def wait_for(what, seconds=60):
    """Asks again until `what` gives something or the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    return None


def up(url):
    try:
        return get(f"{url}/ready")
    except OSError:
        return None


def document_for(url, token, home, caller):
    """The document with the operations that this caller may use; what others are refused is the access test's."""
    document = get(f"{url}/openapi.json")
    held = set()
    if caller == "operator":
        held = {"tenants.manage"}
    elif caller == "client":
        held = set(CLIENT["scopes"]) | {"own.client"}
    elif token:
        request = urllib.request.Request(f"{url}/v1/session", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            held = set(json.loads(answer.read())["permissions"])
    for path, item in list(document["paths"].items()):
        for method, operation in list(item.items()):
            permission = operation.get("x-permission")
            mine = permission in held if token else permission is None
            # a client only reads
            mine = mine and (caller != "client" or method == "get")
            if not mine or operation["operationId"] in LEFT_OUT:
                del item[method]
        if not item:
            del document["paths"][path]
    show_what_is_there(url, token, document)
    file = os.path.join(home, f"{caller}.json")
    with open(file, "w", encoding="utf-8") as out:
        json.dump(document, out)
    return file


def show_what_is_there(url, token, document):
    """Gives path parameters the ids of things that this caller sees as examples, so that not every call ends in 404.

    The list at the path before a parameter says what is there; a list under a list is asked with the ids found before.
    """
    seen = {}
    for path in sorted(document["paths"], key=lambda path: path.count("{")):
        filled, known = [], {}
        for part in path.strip("/").split("/"):
            if part.startswith("{") and part != "{tenant}":
                found = first_id(url, token, seen, "/" + "/".join(filled))
                if not found:
                    break
                known[part.strip("{}")] = found
                part = found
            filled.append("demo" if part == "{tenant}" else part)
        for operation in document["paths"][path].values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and parameter["name"] in known:
                    parameter["example"] = known[parameter["name"]]


def first_id(url, token, seen, path):
    """The id of the first thing in a list, or None; each list is asked once."""
    if path not in seen:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            with urllib.request.urlopen(urllib.request.Request(url + path, headers=headers), timeout=20) as answer:
                items = json.loads(answer.read()).get("items") or [{}]
                seen[path] = items[0].get("id")
        except urllib.error.HTTPError:
            seen[path] = None
    return seen[path]


def start_applications(url, token):
    """Two drafts, one of a person and one of an enterprise, so that the applicant and the staff have something."""
    products = get(f"{url}/v1/t/demo/products")["items"]
    for kind in ("person", "enterprise"):
        product = next(p for p in products if kind in p["terms"]["subjects"])
        post(f"{url}/v1/my/applications", {"product_id": product["id"], "subject_kind": kind}, token)


def code_in(path, since):
    """The code in what was logged after the first `since` characters, if there is one yet."""
    found = re.findall(r"验证码(\d{6})", open(path, encoding="utf-8").read()[since:])
    return found[-1] if found else None


def log_in(url, home, log):
    """Every caller with a token, each logged in when its turn comes: a token lives ten minutes, and all of them take longer."""
    firm = f"{url}/v1/t/demo"
    password = open(os.path.join(home, "keys", "demo.password"), encoding="utf-8").read().strip()
    operator = open(os.path.join(home, "keys", "operator.key"), encoding="utf-8").read().strip()
    front = get(firm)
    since = len(open(log, encoding="utf-8").read())
    post(f"{firm}/sms-codes", {"phone": "13900000009"})
    code = wait_for(lambda: code_in(log, since))
    if not code:
        raise SystemExit("the server sent no code")
    applicant = post(f"{firm}/applicant-sessions", {
        "phone": "13900000009", "code": code,
        "privacy_version": front["privacy_version"], "terms_version": front["terms_version"],
    })
    start_applications(url, applicant["access_token"])
    yield "nobody", None
    yield "client", client_token(firm, url, password)
    yield "applicant", applicant["access_token"]
    for role in STAFF:
        yield role, post(f"{firm}/staff-sessions", {"login_name": role, "password": password})["access_token"]
    yield "operator", post(f"{url}/v1/platform/sessions", {"operator_key": operator})["access_token"]


def client_token(firm, url, password):
    """The token of a client that the administrator registers."""
    admin = post(f"{firm}/staff-sessions", {"login_name": "administrator", "password": password})["access_token"]
    made = post(f"{url}/v1/clients", CLIENT, admin)
    form = {"grant_type": "client_credentials", "client_id": made["client"]["id"], "client_secret": made["secret"]}
    with urllib.request.urlopen(f"{firm}/oauth/token", urllib.parse.urlencode(form).encode(), timeout=20) as answer:
        return json.loads(answer.read())["access_token"]


def is_logged_in(url, caller, token):
    """Whether a caller's log-in still counts; one that ended on the way would have passed with nothing but 401."""
    path = {"operator": "/v1/platform/tenants", "client": "/v1/client"}.get(caller, "/v1/session")
    try:
        with urllib.request.urlopen(urllib.request.Request(url + path, headers={"Authorization": f"Bearer {token}"}), timeout=20):
            return True
    except urllib.error.HTTPError:
        return False


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary")
    arguments.add_argument("--examples", type=int, default=EXAMPLES)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", default="")
    arguments = arguments.parse_args()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    failed = []
    with tempfile.TemporaryDirectory() as home:
        log, config = os.path.join(home, "log"), os.path.join(home, "schemathesis.toml")
        with open(config, "w", encoding="utf-8") as out:
            out.write(CONFIG)
        environment = dict(os.environ, ZHIDAN_DATA_DIR=home, ZHIDAN_HTTP__LISTEN=f"127.0.0.1:{port}",
                           ZHIDAN_HTTP__RATE_PER_MINUTE="10000000", ZHIDAN_HTTP__LOGIN_RATE_PER_MINUTE="10000000")
        for name in list(environment):
            if name.startswith("ZHIDAN_DATABASE"):
                del environment[name]
        with open(log, "w", encoding="utf-8") as out:
            server = subprocess.Popen([arguments.binary], env=environment, stdout=out, stderr=out)
        try:
            if not wait_for(lambda: up(url)):
                print(open(log, encoding="utf-8").read()[-4000:])
                raise SystemExit("the server did not come up; above is its log")
            # the story first, so that staff have applications in many states to be asked about
            played = subprocess.run([arguments.binary, "demo", "--url", url, "--data-dir", home, "--log", log],
                                    capture_output=True, text=True, check=False)
            if played.returncode != 0:
                raise SystemExit(played.stdout[-3000:] + played.stderr[-1000:])
            for caller, token in log_in(url, home, log):
                if arguments.only and caller != arguments.only:
                    continue
                command = ["schemathesis", "--config-file", config, "run", document_for(url, token, home, caller), "--url", url, "--checks", CHECKS, "--seed", str(arguments.seed),
                           "--max-examples", str(arguments.examples), "--phases", "examples,coverage,fuzzing",
                           "--workers", "1", "--suppress-health-check", "all", "--no-color", "--continue-on-failure",
                           "--generation-database", "none"]
                if token:
                    command += ["--header", f"Authorization: Bearer {token}"]
                run = subprocess.run(command, capture_output=True, text=True, check=False)
                tail = [line for line in run.stdout.splitlines() if line.strip()][-1:]
                print(f"{caller}: {'passed' if run.returncode == 0 else 'FAILED'} {' '.join(tail)}", flush=True)
                if run.returncode != 0:
                    failed.append(caller)
                    print(run.stdout[-12000:], run.stderr[-2000:], flush=True)
                if token and not is_logged_in(url, caller, token):
                    failed.append(caller)
                    print(f"{caller}: the log-in ended on the way", flush=True)
        finally:
            server.send_signal(signal.SIGTERM)
            ended = server.wait(timeout=60)
            if failed:
                print("\n".join(line for line in open(log, encoding="utf-8") if "request failed" in line)[-6000:])
    if ended != 0:
        print(f"the server ended with {ended} when told to stop")
    sys.exit(bool(failed) or ended != 0)


if __name__ == "__main__":
    main()
