"""A receiver of webhooks as a process of its own, which checks signatures as receivers do, and does as it is told.

    python receiver.py FOLDER PORT

FOLDER/mode says how it answers (ok, 500, hang, redirect); FOLDER/secrets holds the secrets; FOLDER/received grows by a line
for each request: its id, whether a signature fits, and the body.
"""

import base64
import hashlib
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER, PORT = Path(sys.argv[1]), int(sys.argv[2])


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
        fitting = {
            "v1,"
            + base64.b64encode(hmac.digest(base64.b64decode(secret[6:]), signed, hashlib.sha256)).decode()
            for secret in (FOLDER / "secrets").read_text().split()
        }
        signatures = self.headers["webhook-signature"].split()
        fits = (
            bool(fitting & set(signatures))
            and abs(time.time() - int(self.headers["webhook-timestamp"])) < 300
        )
        mode = (FOLDER / "mode").read_text()
        if mode == "hang":
            time.sleep(30)
        line = {
            "id": self.headers["webhook-id"],
            "fits": fits,
            "mode": mode,
            "signatures": len(signatures),
            "path": self.path,
            "body": json.loads(body),
        }
        with (FOLDER / "received").open("a") as file:
            file.write(json.dumps(line) + "\n")
        answer = {"500": b"out of order", "redirect": b""}.get(mode, b"thanks")
        self.send_response({"500": 500, "redirect": 302}.get(mode, 200))
        if mode == "redirect":
            self.send_header("Location", f"http://127.0.0.1:{PORT}/elsewhere")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
