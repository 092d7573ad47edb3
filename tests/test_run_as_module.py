import subprocess
import sys

from overtone import __version__


def test_python_dash_m_runs_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "overtone", "--version"], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, f"overtone, version {__version__}\n")
