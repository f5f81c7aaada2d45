"""How `make docs` builds the site, from README, CONTRIBUTING and docs/."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

project = "Accidental transfers"
author = "Accidental transfers"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "docs/index"
include_patterns = ["*.md", "docs/**.md", "docs/**.ipynb"]
exclude_patterns = [".*", "benchmarks", "events", "out", "site", "src", "statemachine", "tests"]

# Notebooks show the outputs that they are stored with; a test runs them.
nb_execution_mode = "off"
myst_heading_anchors = 4

default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_google_docstring = False
# They are sentences, not names with types.
napoleon_custom_sections = ["Returns", "Yields"]
# Other projects' names lead nowhere without the network.
nitpick_ignore_regex = [("py:.*", r"(?!accidental_transfers).*")]

html_theme = "furo"
html_title = "Accidental transfers"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_additional_pages = {"index": "index.html"}
templates_path = ["templates"]
html_static_path = ["static"]
html_css_files = ["site.css"]
