"""A copy of relgraph to which the changes of docs/add-a-kind.md are applied."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "add-a-kind.md"
_DIFF = re.compile(r"```diff\n(.*?)```", re.S)
_FILE = re.compile(r"^(?=--- )", re.M)


def changed_copy(folder: Path) -> Path:
    """The folder with `relgraph` and `seeds` as the guide has them in the end."""
    for name in ("relgraph", "seeds"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    patch = folder / "guide.patch"
    for block in _DIFF.findall(GUIDE.read_text("utf-8")):
        for diff in _FILE.split(block)[1:]:
            patch.write_text(diff, "utf-8")
            done = subprocess.run(
                # The guide's line numbers are of no file: each change is found by its context.
                ["git", "apply", "--recount", patch.name],
                cwd=folder,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, f"{done.stderr}\n{diff}"
    patch.unlink()
    return folder
