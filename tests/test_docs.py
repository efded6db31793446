"""What exists is documented, and what is documented exists."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path

import pytest
import typer

from omicstoken_kernel.cli import app
from omicstoken_kernel.errors import OmicsTokenError
from omicstoken_kernel.ingest import formats
from omicstoken_kernel.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
SOURCES = sorted((ROOT / "omicstoken_kernel").rglob("*.py"))


@cache
def documentation() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def inner_commands(command) -> dict:
    """Return the commands of a group by name; a command of its own has none."""
    return getattr(command, "commands", {})


def commands() -> dict:
    """Return every command by its words: 'runs list', 'upload'."""
    found = {}

    def walk(command, words):
        for name, inner in inner_commands(command).items():
            walk(inner, f"{words} {name}".strip())
        if not inner_commands(command):
            found[words] = command

    walk(typer.main.get_command(app), "")
    return found


COMMANDS = commands()
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_is_documented(words):
    assert re.search(rf"(omicstoken |`){re.escape(words)}\b", documentation())


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_has_help_with_an_example_that_fits_it(words):
    text = COMMANDS[words].help or ""
    example = re.search(r"Example: (omicstoken .+)", text)
    assert example, f"the help of '{words}' has no example"
    assert example[1].startswith(f"omicstoken {words}")
    assert refusal(example[1]) is None


@pytest.mark.parametrize("words", COMMANDS)
def test_every_option_of_a_command_says_what_it_is(words):
    silent = [
        parameter.name
        for parameter in COMMANDS[words].params
        if not getattr(parameter, "help", None) and parameter.name != "help"
    ]
    assert silent == []


def test_every_command_has_the_two_options_of_all():
    """Commands that only look at a file or make a workspace of their own excepted."""
    for words, command in COMMANDS.items():
        options = {option for parameter in command.params for option in parameter.opts}
        assert "--json" in options or words == "lab", words
        assert "--home" in options or words == "demo", words


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name):
    assert f"`OMICSTOKEN_{name.upper()}`" in documentation()
    assert Settings.model_fields[name].description


@pytest.mark.parametrize("name", [info.name for info in formats()])
def test_every_format_is_documented(name):
    assert f"`{name}`" in documentation()


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_is_documented(target):
    if target != "help":
        assert f"make {target}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_make_target_named_in_the_docs_exists():
    named = set(re.findall(r"`?make ([a-z]+)`", documentation()))
    assert named <= set(TARGETS)


def test_every_setting_named_anywhere_exists():
    texts = [documentation(), *(path.read_text(encoding="utf-8") for path in SOURCES)]
    named = {
        name for text in texts for name in re.findall(r"\bOMICSTOKEN_([A-Z]+(?:_[A-Z]+)*)", text)
    }
    assert named <= {name.upper() for name in Settings.model_fields}


def refusal(line: str) -> str | None:
    """Return why a command line names what does not exist, None if all of it does."""
    words = [word for word in shlex.split(line.replace("...", ""))[1:] if word not in ("|", ">")]
    command = typer.main.get_command(app)
    given = list(command.params)
    while words and words[0] in inner_commands(command):
        command = inner_commands(command)[words.pop(0)]
        given += command.params
    if inner_commands(command) and words and not words[0].startswith("-"):
        return f"there is no command '{words[0]}'"
    known = {
        option for parameter in given for option in (*parameter.opts, *parameter.secondary_opts)
    }
    for word in words:
        option = word.partition("=")[0].rstrip(",;:")
        if option.startswith("-") and option not in {*known, "--help"}:
            return f"'{line}': there is no option '{option}'"
    return None


def command_lines() -> list[str]:
    """Return every command line in the docs, and in the hints and docstrings of the source."""
    found = re.findall(r"`(omicstoken [^`\n]+)`", documentation())
    for block in re.findall(r"```\w*\n(.*?)```", documentation(), re.DOTALL):
        found += re.findall(r"^(?:\S*/)?(omicstoken [^#\n]+)", block, re.MULTILINE)
    for path in SOURCES:
        text = re.sub(r'"\s*\n\s*f?"', "", path.read_text(encoding="utf-8"))
        found += re.findall(r"(?:'|``)(omicstoken [^'`\n{]+?)(?:'|``)", text)
    return sorted(set(found))


@pytest.mark.parametrize("line", command_lines())
def test_every_command_line_written_anywhere_can_be_typed(line):
    assert refusal(line) is None


def test_the_docs_name_the_exit_codes():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"0 done, 2 bad input, 3 not found.*, 4 .*not available, 1", text, re.DOTALL)


def test_every_error_has_a_code_of_its_own():
    kinds, queue = [], [OmicsTokenError]
    while queue:
        kind = queue.pop()
        kinds.append(kind)
        queue += kind.__subclasses__()
    codes = [kind.code for kind in kinds if kind.__module__ == "omicstoken_kernel.errors"]
    assert sorted(codes) == sorted(set(codes))


def test_links_between_documents_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize(
    "line", ["omicstoken unload x", "omicstoken upload --nope x", "omicstoken runs lists"]
)
def test_a_command_line_that_cannot_be_typed_is_noticed(line):
    assert refusal(line) is not None
