"""Proves that the simulation can fail: plants one bug after the other in a copy of the core.

Each `mutants/<name>.patch` begins with a line `invariant: <name>`; the next says what is wrong.
A mutant is killed when the simulation fails under that invariant's name.

    python tests/simulation/mutants.py [NAME ...] [--seeds N] [--jobs N]
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATCHES = Path(__file__).resolve().parent / "mutants"
PARTS = ("CMakeLists.txt", "pyproject.toml", "cmake", "cpp", "tests/simulation")
TARGET = "vx_simulation_test"


@dataclass(frozen=True)
class Mutant:
    """One deliberate bug."""

    patch: Path
    invariant: str

    @property
    def name(self) -> str:
        """The patch's name without its suffix."""
        return self.patch.stem


def mutants(names: list[str]) -> list[Mutant]:
    """The mutants of those names, or all."""
    found = []
    for patch in sorted(PATCHES.glob("*.patch")):
        first = patch.read_text().partition("\n")[0]
        expected = re.fullmatch(r"invariant: (\w+)", first)
        assert expected, f"{patch.name} must begin with `invariant: <name>`"
        if not names or patch.stem in names:
            found.append(Mutant(patch, expected.group(1)))
    missing = set(names) - {mutant.name for mutant in found}
    assert not missing, f"there is no mutant {', '.join(sorted(missing))}"
    return found


class Laboratory:
    """A copy of the sources with a build folder of its own."""

    def __init__(self, folder: Path, jobs: int, seeds: int) -> None:
        self.source = folder / "source"
        self.build = folder / "build"
        self.jobs = str(jobs)
        self.seeds = str(seeds)
        for part in PARTS:
            target = self.source / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, target)
            else:
                shutil.copy2(ROOT / part, target)
        # The root's CMake file asks for the folder of the unit tests, which are not needed here.
        (self.source / "tests/cpp").mkdir()
        (self.source / "tests/cpp/CMakeLists.txt").touch()
        configure = ["cmake", "-S", self.source, "-B", self.build, "-G", "Ninja"]
        # Asserts stay on and little is optimised: most of the time goes into compiling.
        run([*configure, "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O1"])

    def simulate(self) -> str:
        """Builds and runs; the output if it failed, else nothing."""
        run(["cmake", "--build", self.build, "-j", self.jobs, "-t", TARGET])
        environment = {**os.environ, "VX_SEEDS": self.seeds}
        environment.pop("VX_SEED", None)
        program = self.build / "tests/simulation" / TARGET
        # A planted bug may well crash or hang; that counts as found only under its name.
        try:
            done = subprocess.run(
                [program], env=environment, capture_output=True, text=True, timeout=300, check=False
            )
        except subprocess.TimeoutExpired:
            return "timeout"
        return (done.stdout or "failed without a word") if done.returncode else ""

    @contextmanager
    def planted(self, mutant: Mutant) -> Iterator[None]:
        """Applies the patch for a while."""
        patch = ["patch", "-p1", "--silent", "--no-backup-if-mismatch", "-i", mutant.patch]
        run([*patch, "--forward"], self.source)
        try:
            yield
        finally:
            run([*patch, "--reverse"], self.source)


def run(command: list[str | Path], folder: Path | None = None) -> None:
    """Runs a command; shows its output and ends when it fails."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(
            f"{' '.join(map(str, command))} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        )


def judge(laboratory: Laboratory, mutant: Mutant) -> bool:
    """Plants one mutant and prints what became of it."""
    with laboratory.planted(mutant):
        output = laboratory.simulate()
    broken = re.findall(r"invariant (\w+) is broken", output)
    seed = re.search(r"VX_SEED=(\d+)", output)
    found = mutant.invariant in broken
    if found:
        verdict = f"killed    {mutant.name}: {mutant.invariant}, first at seed "
        verdict += seed.group(1) if seed else "?"
    else:
        seen = ", ".join(sorted(set(broken))) or output[-200:] or "nothing"
        verdict = f"SURVIVED  {mutant.name}: {mutant.invariant} expected, seen: {seen}"
    print(verdict, flush=True)
    return found


def main() -> int:
    """All mutants that were asked for; 1 if one of them survives."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="veltrix-mutants-") as folder:
        laboratory = Laboratory(Path(folder), options.jobs, options.seeds)
        if output := laboratory.simulate():
            sys.exit(f"the simulation fails without any mutant:\n{output[-3000:]}")
        verdicts = [judge(laboratory, mutant) for mutant in mutants(options.names)]
    print(f"{sum(verdicts)} of {len(verdicts)} mutants killed")
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
