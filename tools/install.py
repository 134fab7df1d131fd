"""Make the environment: `python tools/install.py .venv [arguments of venv]`. Standard library only.

Everything in requirements.txt is installed in its pinned version. One exception: where the environment already sees a
torch that pyproject.toml accepts (--system-site-packages on a GPU machine), that build is kept.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOWEST = (3, 11)


def main(folder: str, *venv_arguments: str) -> None:
    if sys.version_info < LOWEST:
        sys.exit(f"Python {LOWEST[0]}.{LOWEST[1]} or newer is needed; {sys.executable} is {sys.version.split()[0]}. "
                 "Name another one with `make PYTHON=python3.12 ...`.")
    try:
        import ensurepip  # noqa: F401 - only whether it is there
    except ImportError:
        sys.exit(f"{sys.executable} cannot make virtual environments (its module ensurepip is missing; "
                 "on Debian and Ubuntu the package is called python3-venv).")
    environment = ROOT / folder
    run(sys.executable, "-m", "venv", *venv_arguments, str(environment))
    python = str(environment / "bin" / "python")
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if "--system-site-packages" in venv_arguments and (torch := inherited_torch(python)):
        print(f"keeping the installed torch {torch}")
        requirements = [line for line in requirements if not line.startswith("torch==")] + [f"torch=={torch}"]
    chosen = environment / "requirements.txt"
    chosen.write_text("\n".join(requirements) + "\n", encoding="utf-8")
    run(python, "-m", "pip", "install", "--requirement", str(chosen))
    run(python, "-m", "pip", "install", "--no-build-isolation", "--editable", str(ROOT))


def inherited_torch(python: str) -> str | None:
    """The version of the torch that the environment inherits, or None."""
    code = "import importlib.metadata as m; print(m.version('torch'))"
    answer = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return answer.stdout.strip() if answer.returncode == 0 else None


def run(*command: str) -> None:
    if status := subprocess.run(command, cwd=ROOT, env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}).returncode:
        sys.exit(f"`{' '.join(command)}` failed with exit code {status}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
