"""A scratch clone of the project, in which things are typed as a newcomer types them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
BASH = "set -euo pipefail"
STAMPS = ("created", "local", "tests")
"""By which make knows that the parts of .venv are there."""
SCRIPT = """#!{python}
import sys
from {module} import main
sys.exit(main())
"""
"""What pip makes of an entry of ``project.scripts``."""
OFFLINE = {"PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1",
           "PIP_DISABLE_PIP_VERSION_CHECK": "1"}  # fmt: skip
"""What `pip install .` would fetch is there already; pip takes 0 for "no isolation"."""


@dataclass(frozen=True)
class Clone:
    """The files of a commit that would be made now, and an environment that takes no time.

    The environment has the packages of the interpreter that runs the tests.
    """

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> Clone:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        for name in filter(None, listed.split("\0")):
            source, target = ROOT / name, folder / name
            if source.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
        clone = cls(folder)
        clone._set_up()
        return clone

    @property
    def environment(self) -> Path:
        return self.folder / ".venv"

    def _set_up(self) -> None:
        subprocess.run(
            [sys.executable, "-m", "venv", "--without-pip", str(self.environment)], check=True
        )
        own = sysconfig.get_path("purelib", "venv", {"base": str(self.environment)})
        installed = sysconfig.get_path("purelib")
        Path(own, "installed.pth").write_text(f"{self.folder / 'src'}\n{installed}\n")
        project = tomllib.loads((self.folder / "pyproject.toml").read_text("utf-8"))["project"]
        self._install("pip", "pip._internal.cli.main")
        for name, entry in project["scripts"].items():
            self._install(name, entry.partition(":")[0])
        for stamp in STAMPS:
            (self.environment / stamp).touch()

    def _install(self, name: str, module: str) -> None:
        script = self.environment / "bin" / name
        script.write_text(SCRIPT.format(python=script.with_name("python"), module=module))
        script.chmod(0o755)

    def type(self, line: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a line of Bash in the clone, with its environment activated."""
        return subprocess.run(
            ["bash", "-c", f"{BASH}\n{line}"],
            cwd=self.folder,
            env={
                "PATH": os.pathsep.join([str(self.environment / "bin"), os.environ["PATH"]]),
                "HOME": str(self.folder),
                **OFFLINE,
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
