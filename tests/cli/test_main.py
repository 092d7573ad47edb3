"""Exit codes, and what is said with them."""

import errno
import subprocess
import sys

import pytest

from overtone.core.errors import RunFailed, UserError


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UserError("no column 'txt'"), 2, "Error: no column 'txt'\n"),
        (UserError("holds '\x1b[31m\x00'"), 2, "Error: holds '\\x1b[31m\\x00'\n"),
        (
            PermissionError(errno.EACCES, "Permission denied", "out.csv"),
            2,
            "Error: out.csv: Permission denied.\n",
        ),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "Error: the disk: No space left on device.\n"),
        (RunFailed("parity is broken"), 1, "Error: parity is broken\n"),
        (
            KeyboardInterrupt(),
            130,
            "\nInterrupted. A run goes on where it stopped when the same command is given again.\n",
        ),
    ],
)
def test_what_a_user_can_act_on_is_one_sentence(api, overtone_command, error, code, said):
    api.doctor = raiser(error)
    assert overtone_command("doctor") == (code, "", said)


def test_only_our_own_defect_shows_a_trace_with_where_to_report(api, overtone_command):
    api.doctor = raiser(ZeroDivisionError("division by zero"))
    code, out, said = overtone_command("doctor")
    assert (code, out) == (70, "")
    assert "Traceback" in said
    assert said.endswith(
        "This is a defect of Overtone. Please report the lines above, with what you ran, as an issue.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rnu"], "no command is called 'rnu'. Did you mean 'run'?"),
        (["run", "plan.yaml", "--nmae", "x"], "Did you mean '--name'?"),
        (["plan", "chek"], "'check'"),
        (["runs", "shwo"], "'show'"),
        (["run"], "Missing argument 'PLAN'"),
        (["init", "x.csv", "--bar", "7"], "7.0 is not in the range 0<=x<=1"),
    ],
)
def test_an_unknown_word_is_refused_with_the_nearest(overtone_command, arguments, said):
    code, out, error = overtone_command(*arguments)
    assert (code, out) == (2, "")
    assert said in error
    assert "Traceback" not in error


def test_every_command_explains_itself_and_has_json(overtone_command):
    from overtone.cli.main import overtone

    groups = [([], overtone)]
    seen = 0
    while groups:
        path, group = groups.pop()
        for name in group.list_commands(None):
            command = group.get_command(None, name)
            if hasattr(command, "list_commands"):
                groups.append(([*path, name], command))
                continue
            code, out, _ = overtone_command(*path, name, "--help")
            assert code == 0
            assert "--json" in out, f"{' '.join([*path, name])} lacks --json"
            assert command.help
            seen += 1
    assert seen >= 25


HEAVY = "torch transformers peft sklearn scipy pandas pyarrow fastapi matplotlib datasets"


@pytest.mark.parametrize(
    "arguments", ["--help", "run --help", "plan schema", "plan check plan.yaml", "runs list"]
)
def test_light_commands_import_nothing_heavy(tmp_path, arguments):
    (tmp_path / "plan.yaml").write_text("task: classify\nbase: builtin:minilm\ndata: mails.csv\n")
    script = f"""
import sys
from overtone.cli import main
try:
    main({arguments.split()!r})
finally:
    found = [name for name in {HEAVY.split()!r} if name in sys.modules]
    assert not found, found
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_help_page_answers_without_reading_plans_or_runs(tmp_path):
    """Pydantic and rich cost more than all the rest of the help page; wall time varies by machine."""
    script = """
import sys
from overtone.cli import main
try:
    main(["--help"])
finally:
    found = [name for name in ("pydantic", "rich", "numpy", "yaml", "overtone.runs") if name in sys.modules]
    assert not found, found
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_leaves_early_gets_no_trace(tmp_path):
    script = "from overtone.cli import main; main(['plan', 'schema'])"
    worker = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert worker.stdout is not None
    worker.stdout.close()
    assert worker.stderr is not None
    assert worker.stderr.read() == b""
    worker.stderr.close()
    assert worker.wait() == 1


def raiser(error):
    def function(*arguments, **keywords):
        raise error

    return function
