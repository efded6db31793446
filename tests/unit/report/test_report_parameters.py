import pytest

from omicstoken_kernel.errors import InputError, ReportError
from omicstoken_kernel.report.parameters import check_parameters, template_parameters, with_runs
from omicstoken_kernel.report.templates import find_template

CELL = """run: str = "a"
seed: int = 0
share: float = 0.5
full: bool = False
runs: list[str] = ["a", "b"]
grade: Literal["pass", "fail"] = "pass"
donor: str | None = None
"""


@pytest.fixture
def template(make_template):
    return make_template("typed", [("md", "# Typed"), ("parameters", CELL)], required=["run"])


def test_every_default_is_read_with_its_type(template):
    found = template_parameters(template)
    assert [(p.name, p.written, p.default) for p in found.values()] == [
        ("run", "str", "a"),
        ("seed", "int", 0),
        ("share", "float", 0.5),
        ("full", "bool", False),
        ("runs", "list[str]", ["a", "b"]),
        ("grade", "Literal['pass', 'fail']", "pass"),
        ("donor", "str | None", None),
    ]


def test_what_is_not_given_has_its_default(template):
    values = check_parameters(template, {"run": "x", "seed": 3})
    assert values["run"] == "x"
    assert values["seed"] == 3
    assert values["donor"] is None
    assert values["share"] == 0.5


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("seed", "7", 7), ("share", "0.25", 0.25), ("full", "true", True), ("grade", "fail", "fail")],
)
def test_text_from_a_command_line_is_read_as_the_type(template, name, text, value):
    assert check_parameters(template, {"run": "x", name: text})[name] == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("run", 1382),
        ("seed", "many"),
        ("seed", 1.5),
        ("seed", True),
        ("full", 1),
        ("runs", "a"),
        ("runs", [1]),
        ("grade", "warn"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_by_name(template, name, value):
    with pytest.raises(InputError, match=rf"parameter '{name}' is .*expected"):
        check_parameters(template, {"run": "x", name: value})


def test_an_unknown_parameter_is_refused_with_the_closest(template):
    with pytest.raises(InputError, match=r"no parameter 'sed'.*Did you mean 'seed'"):
        check_parameters(template, {"run": "x", "sed": 1})


@pytest.mark.parametrize("given", [{}, {"run": ""}])
def test_a_required_parameter_must_be_given(template, given):
    with pytest.raises(InputError, match="needs the parameter 'run'"):
        check_parameters(template, given)


@pytest.mark.parametrize("line", ["seed = 0", "import os", "a: int", "x: dict[str, int] = {}"])
def test_a_parameters_cell_with_anything_but_typed_defaults_is_refused(make_template, line):
    broken = make_template("broken", [("parameters", line)])
    with pytest.raises(ReportError, match="parameters"):
        template_parameters(broken)


def test_runs_go_where_the_template_takes_them():
    assert with_runs("insight_report", ["r1"], {"seed": 1}) == {"run": "r1", "seed": 1}
    assert with_runs("comparison_report", ["r1", "r2"], {}) == {"runs": ["r1", "r2"]}


def test_two_runs_do_not_fit_a_report_about_one():
    with pytest.raises(InputError, match="about one run; 2 were given"):
        with_runs("insight_report", ["r1", "r2"], {})


def test_the_packaged_templates_have_checkable_parameters():
    assert list(template_parameters(find_template("insight_report"))) == ["run", "model", "seed"]
    comparison = template_parameters(find_template("comparison_report"))
    assert list(comparison) == ["runs", "by", "il_equivalent", "normalise", "model", "seed"]
