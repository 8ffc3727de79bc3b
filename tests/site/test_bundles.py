"""One stylesheet and one script, made from the small files."""

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Page

from r2v_site.bundles import CannotBundle, bundle_modules, flatten_css
from r2v_site.static_files import CONTENTS_PAGES, small_bundle

STATIC = Path(__file__).resolve().parents[2] / "static"


def read_static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def test_an_imported_stylesheet_stands_in_its_layer_with_its_addresses_made_right():
    files = {
        "css/app.css": '@layer a, b;\n@import url("parts/one.css") layer(a);\n',
        "css/parts/one.css": '/* no */ .x { content: "a  /* b */"; src: url("../../fonts/f.woff2"); }\n',
    }

    flat = flatten_css("css/app.css", files.__getitem__)

    assert flat == ('@layer a,b;@layer a{.x{content:"a  /* b */";src:url("../fonts/f.woff2")}}\n')


def test_neighbours_of_one_layer_share_a_block_and_others_keep_their_own():
    files = {
        "css/app.css": "".join(
            f'@import url("{name}.css") layer({layer});\n' for name, layer in ("xa", "ya", "zb")
        ),
        "css/x.css": "@media print { .x > a { flex: 0.5; } }\n",
        "css/y.css": ".y :is(a, b) { color: red; }\n",
        "css/z.css": ".z { color: red; }\n",
    }

    flat = flatten_css("css/app.css", files.__getitem__)

    assert flat == ("@layer a{@media print{.x>a{flex:.5}}.y :is(a,b){color:red}}@layer b{.z{color:red}}\n")


@pytest.mark.browser
def test_a_module_hands_its_exports_to_the_module_that_imports_it(page: Page):
    files = {
        "js/app.js": 'import "./elements/a.js";\nimport { two as pair } from "./b.js";\nconsole.log(pair());\n',
        "js/elements/a.js": 'import { two } from "../b.js";\nconst own = two();\nconsole.log(own + 1);\n',
        "js/b.js": "const hidden = 1;\nexport function two() {\n  return hidden + 1;\n}\n",
    }

    bundle = bundle_modules("js/app.js", files.__getitem__)

    assert printed_by(page, bundle) == ["3", "2", "over"]


def test_a_later_import_keeps_pointing_at_its_file():
    files = {
        "js/app.js": 'import "./elements/a.js";\n',
        "js/elements/a.js": 'const load = () => import("../../vendor/tus.min.js");\n',
    }

    assert 'import("../vendor/tus.min.js")' in bundle_modules("js/app.js", files.__getitem__)


@pytest.mark.parametrize(
    "line", ["export default 1;", 'import x from "./b.js";', "export { a };", 'import * as b from "./b.js";']
)
def test_an_unknown_import_or_export_is_refused(line: str):
    files = {"js/app.js": f"{line}\n", "js/b.js": ""}

    with pytest.raises(CannotBundle):
        bundle_modules("js/app.js", files.__getitem__)


def test_a_template_inside_a_template_is_refused_because_the_minifier_would_eat_its_spaces():
    files = {"js/app.js": "const words = `${isBad ? `${name}: ` : 1}`;\n"}

    with pytest.raises(CannotBundle):
        bundle_modules("js/app.js", files.__getitem__)


def test_modules_that_import_each_other_are_refused():
    files = {"js/app.js": 'import "./b.js";\n', "js/b.js": 'import "./app.js";\n'}

    with pytest.raises(CannotBundle):
        bundle_modules("js/app.js", files.__getitem__)


@pytest.mark.browser
@pytest.mark.parametrize("name", sorted(name for name in CONTENTS_PAGES if name.startswith("js/")))
def test_the_products_own_scripts_bundle_into_valid_javascript(page: Page, name: str):
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))

    printed_by(page, small_bundle(name, read_static))

    assert wrong == []


def test_the_stylesheet_and_the_scripts_fit_their_budgets():
    css = gzip.compress(flatten_css("css/app.css", read_static).encode())
    at_once = [small_bundle(name, read_static) for name in ("js/app.js", "js/create.js")]
    at_once.append(read_static("vendor/htmx.min.js"))
    later = gzip.compress(small_bundle("js/upload.js", read_static).encode())
    before_use = sum(len(gzip.compress(script.encode())) for script in at_once)

    assert len(css) <= 20 * 1024
    assert before_use <= 29 * 1024
    assert before_use + len(later) <= 32 * 1024


def printed_by(page: Page, script: str) -> list[str]:
    """What a module writes to the console of a real browser, up to its last line, "over"."""
    lines: list[str] = []
    page.on("console", lambda message: lines.append(message.text))
    html = '<!doctype html><html lang="en"><title>Page</title><script type="module" src="/it.js"></script>'
    page.route("http://studio.test/", lambda route: route.fulfill(body=html, content_type="text/html"))
    body = f'{script}\nconsole.log("over");\n'
    page.route("**/it.js", lambda route: route.fulfill(body=body, content_type="text/javascript"))
    with page.expect_console_message(lambda message: message.text == "over"):
        page.goto("http://studio.test/")
    return lines
