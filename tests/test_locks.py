"""The locks hold exact versions with hashes and nothing else, agree with each other and with pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("torch", "run", "test", "model")

PIN = re.compile(r"[a-z0-9][a-z0-9._-]*==[0-9][^\s;@]* \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
COMMENT = re.compile(r"# .*")


def read_lock(name: str) -> list[str]:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def pins(name: str) -> dict[str, str]:
    """From package to version."""
    found = (line.removesuffix(" \\").split("==") for line in read_lock(name) if PIN.fullmatch(line))
    return {canonicalize_name(package): version for package, version in found}


def declared(*extras: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] + [line for extra in extras for line in project["optional-dependencies"][extra]]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_only_pins_and_hashes(lock: str) -> None:
    wrong = [
        f"requirements/{lock}.txt:{number}: {line}"
        for number, line in enumerate(read_lock(lock), start=1)
        if "://" in line or not (PIN.fullmatch(line) or HASH.fullmatch(line) or COMMENT.fullmatch(line))
    ]
    assert wrong == []


@pytest.mark.parametrize("lock", LOCKS)
def test_each_pin_is_followed_by_its_hashes_and_the_last_of_them_ends_it(lock: str) -> None:
    lines = [line for line in read_lock(lock) if not COMMENT.fullmatch(line)]
    wrong = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if line.endswith("\\") != bool(HASH.fullmatch(following))
    ]
    assert wrong == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_package_is_locked_twice(lock: str) -> None:
    assert sum(1 for line in read_lock(lock) if PIN.fullmatch(line)) == len(pins(lock))


def test_what_runs_is_what_is_tested() -> None:
    assert pins("run").items() <= pins("test").items()


def test_torch_and_the_model_have_locks_of_their_own() -> None:
    assert set(pins("torch")) == {"torch"}
    assert not (set(pins("torch")) | set(pins("model"))) & set(pins("test"))


@pytest.mark.parametrize(("lock", "extras"), [("run", ("build",)), ("test", ("build", "dev"))])
def test_locked_versions_are_within_the_declared_bounds(lock: str, extras: tuple[str, ...]) -> None:
    locked = pins(lock) | pins("torch")
    wrong = [
        f"{requirement}: locked is {locked.get(canonicalize_name(requirement.name), 'nothing')}"
        for requirement in declared(*extras)
        if not requirement.specifier.contains(locked.get(canonicalize_name(requirement.name), "0"), prereleases=True)
    ]
    assert wrong == []
