"""Commands beside a running server do their work through it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.processes import Served, byline, environment, start_server

FROG = "# Frogs vote\n\nThe frogs of Uji elected the bullfrog Gekota as their head on 9 July 2025.\n"


def test_commands_work_through_the_server(server: Served, served_library: Path) -> None:
    asked = json.loads(byline("ask", "When did Ponpoko open a shop?", "--json", library=served_library).stdout)
    assert asked["sentences"][0]["text"] == "The tanuki Ponpoko opened a shop for leaves in Takamatsu on 3 May 2024."
    assert json.loads(byline("search", "driftwood", "--json", library=served_library).stdout)["hits"]
    assert byline("show", "池塘 news/ü 1", library=served_library).stdout.startswith("Frogs count\n")
    assert json.loads(byline("status", "--json", library=served_library).stdout)["articles"] == 4
    assert "otter-bridge" in byline("articles", library=served_library).stdout


def test_errors_come_back_with_the_same_words_and_codes(server: Served, served_library: Path) -> None:
    unknown = byline("show", "nobody", library=served_library)
    assert unknown.returncode == 1
    assert unknown.stderr == "byline: There is no article 'nobody' in the library. List them with: byline articles\n"
    assert byline("ask", "Who is the mayor of Gondor?", library=served_library).returncode == 3


def test_the_whole_library_is_kept_through_the_server(tmp_path: Path, pond: Path) -> None:
    library, file = tmp_path / "library", tmp_path / "articles.jsonl"
    assert byline("ingest", str(pond), library=library).returncode == 0
    alone = json.loads(byline("verify", "--json", library=library).stdout)
    served = start_server(library)
    try:
        beside = json.loads(byline("verify", "--json", library=library).stdout)
        assert beside | {"seconds": 0} == alone | {"seconds": 0}
        assert byline("export", str(file), library=library).returncode == 0
        assert file.read_text(encoding="utf-8") == byline("export", "-", library=library).stdout
        removed = byline("remove", "otter-bridge", "nobody", library=library)
        assert (removed.returncode, removed.stdout) == (
            1,
            "removed otter-bridge\nnot in the library: nobody. List what is with: byline articles\n",
        )
        assert json.loads(byline("rebuild", "--json", library=library).stdout)["embedded"] == 0
        assert byline("compact", library=library).returncode == 0
        assert byline("show", "otter-bridge", library=library).returncode == 1
    finally:
        assert served.stop() == 0


def test_an_ingest_beside_the_server_is_answered_at_once(tmp_path: Path) -> None:
    library, news = tmp_path / "library", tmp_path / "news"
    news.mkdir()
    served = start_server(library)
    try:
        empty = httpx.post(
            f"{served.url}/v1/answers", json={"question": "When did the frogs of Uji elect Gekota?"}, trust_env=False
        )
        assert empty.json()["refusal"]["reason"] == "empty_library"
        (news / "frog.md").write_text(FROG, encoding="utf-8")
        made = byline("ingest", str(news), "--json", library=library)
        assert (made.returncode, json.loads(made.stdout)["added"]) == (0, 1)
        answer = httpx.post(
            f"{served.url}/v1/answers", json={"question": "When did the frogs of Uji elect Gekota?"}, trust_env=False
        ).json()
        assert answer["text"] == "The frogs of Uji elected the bullfrog Gekota as their head on 9 July 2025. [1]"
    finally:
        assert served.stop() == 0


def test_a_second_owner_is_told_who_holds_the_library(tmp_path: Path) -> None:
    served = start_server(tmp_path / "library")
    try:
        second = byline("serve", "--port", "0", library=tmp_path / "library")
        assert second.returncode == 75
        assert second.stderr == (
            f"byline: The library {tmp_path / 'library'} is in use by byline serve (process {served.process.pid}), "
            f"which serves it on {served.url}. Wait for it to finish, or stop it.\n"
        )
    finally:
        served.stop()


def test_a_killed_server_leaves_nothing_that_stops_the_next_command(tmp_path: Path) -> None:
    served = start_server(tmp_path / "library")
    os.kill(served.process.pid, signal.SIGKILL)
    served.process.communicate()
    assert (tmp_path / "library" / "owner.json").exists()
    assert byline("status", library=tmp_path / "library").returncode == 0


def test_the_secret_is_readable_by_its_user_alone(server: Served, served_library: Path) -> None:
    assert (served_library / "owner.json").stat().st_mode & 0o777 == 0o600


def test_serve_refuses_to_listen_beyond_loopback(tmp_path: Path) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "ui", "serve", "--host", "0.0.0.0"],
        env=environment(tmp_path / "library"), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert refused.returncode == 2
    assert refused.stderr == (
        "byline: BYLINE_HOST: '0.0.0.0' is not a loopback address. "
        "Byline has no keys yet, so it serves this machine only. Use 127.0.0.1\n"
    )


def test_serve_says_when_its_port_is_taken(server: Served, tmp_path: Path) -> None:
    port = server.url.rsplit(":", 1)[1]
    refused = byline("serve", "--port", port, library=tmp_path / "library")
    assert refused.returncode == 2
    assert refused.stderr == (
        f"byline: BYLINE_PORT: 127.0.0.1:{port} cannot be bound (Address already in use). "
        "Stop what listens there, or name another with --port (0 takes a free one)\n"
    )


def test_a_server_that_is_ingesting_turns_the_next_job_away_or_lets_it_wait_and_tells_both_when_it_stops(
    tmp_path: Path,
) -> None:
    library, news = tmp_path / "library", tmp_path / "news"
    news.mkdir()
    texts = [f"The frogs of pond {number} sing. " * 3 for number in range(5000)]
    ponds = [json.dumps({"id": f"pond-{number}", "text": text}) for number, text in enumerate(texts)]
    (news / "ponds.jsonl").write_text("\n".join(ponds), encoding="utf-8")
    served = start_server(library)
    client = start("ingest", str(news), library=library)
    while httpx.get(f"{served.url}/v1/status", trust_env=False).json()["articles"] == 0:
        assert client.poll() is None, client.communicate()
    holder = rf"byline serve \(process {served.process.pid}, embedding [\d,]+ of 5,000 articles\)"

    turned_away = byline("remove", "pond-1", library=library)
    assert (turned_away.returncode, turned_away.stdout) == (75, "")
    assert re.fullmatch(
        rf"byline: The library .* is in use by {holder}\. Wait for it to finish, or stop it\.\n", turned_away.stderr
    )
    conflict = httpx.delete(f"{served.url}/v1/articles/pond-1", trust_env=False)
    assert (conflict.status_code, conflict.json()["error"]) == (409, "LibraryInUse")
    waiting = start("remove", "pond-1", "--wait", library=library)
    assert waiting.stderr is not None
    assert re.fullmatch(rf"byline: waiting for {holder}\n", waiting.stderr.readline())

    assert served.stop() == 0
    _, said = client.communicate(timeout=60)
    assert client.returncode in (74, 75)
    assert said.endswith("it goes on where it was.\n")
    assert waiting.wait(60) in (74, 75)
    waiting.communicate()
    held = json.loads(byline("status", "--json", library=library).stdout)["articles"]
    assert 0 < held < 5000
    (news / "ponds.jsonl").write_text("\n".join(ponds[: held + 5]), encoding="utf-8")
    again = json.loads(byline("ingest", str(news), "--json", library=library).stdout)
    assert (again["added"], again["unchanged"]) == (5, held)


def start(*arguments: str, library: Path) -> subprocess.Popen[str]:
    """A command that is not waited for."""
    return subprocess.Popen(
        [sys.executable, "-m", "ui", *arguments],
        env=environment(library), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
