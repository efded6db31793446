import json

import pytest

from omicstoken_kernel.errors import NotFound, ReportError
from omicstoken_kernel.report.templates import find_template, notebooks_folder, template_names


def test_both_report_notebooks_are_found():
    assert template_names() == ("comparison_report", "insight_report")


def test_a_template_has_its_title_and_what_it_requires():
    template = find_template("insight_report")
    assert template.title == "Insight report"
    assert template.required == ("run",)


def test_an_unknown_template_is_answered_with_the_closest():
    with pytest.raises(
        NotFound, match=r"no report template 'insight'.*Did you mean 'insight_report'"
    ):
        find_template("insight")


def test_a_path_is_no_template_name():
    with pytest.raises(NotFound):
        find_template("../reports/insight_report")


def test_a_notebook_without_parameters_cell_is_refused(make_template):
    with pytest.raises(ReportError, match="0 cells tagged 'parameters'"):
        make_template("bare", [("md", "# Bare"), ("code", "1")])


@pytest.mark.parametrize("name", template_names())
def test_a_report_notebook_is_short_clean_and_defines_nothing(name):
    document = json.loads((notebooks_folder() / "reports" / f"{name}.ipynb").read_text("utf-8"))
    for cell in document["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
            assert len(source.splitlines()) <= 10
            assert "def " not in source
