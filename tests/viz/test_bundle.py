"""Modules become functions of one script; what that cannot hold is refused."""

from __future__ import annotations

import pytest

from relgraph.viz.bundle import NotBundled, bundle


def bundled(**modules: str) -> str:
    return bundle("main.js", lambda name: modules[name.removesuffix(".js")])


def test_each_module_is_a_function_of_what_it_imports() -> None:
    script = bundled(
        main='import { twice, LIMIT as most } from "./sums.js";\nconst size = twice(most);\n',
        sums="export const LIMIT = 4;\nexport function twice(n) {\n  return 2 * n;\n}\n",
    )
    assert script == (
        "const $sums=(()=>{\nconst LIMIT = 4;function twice(n) {return 2 * n;}\n"
        "return {LIMIT,twice};\n})();\n"
        "const $main=(({twice,LIMIT:most})=>{\nconst size = twice(most);\nreturn {};\n})($sums);\n"
    )


def test_a_module_that_two_import_stands_there_once_and_before_both() -> None:
    script = bundled(
        main='import { a } from "./a.js";\nimport { b } from "./b.js";\na(b);\n',
        a='import { c } from "./c.js";\nexport const a = c;\n',
        b='import { c } from "./c.js";\nexport const b = c;\n',
        c="export class c {}\n",
    )
    order = [line.split("=")[0] for line in script.splitlines() if line.startswith("const $")]
    assert order == ["const $c", "const $a", "const $b", "const $main"]


def test_comments_and_types_are_left_out() -> None:
    script = bundled(
        main="// @ts-check\n// Why.\n/**\n * @param {string} text\n */\n"
        "function f(text) {\n  // then\n"
        '  return /** @type {string} */ (text) + "// no comment";\n}\n'
    )
    assert script == (
        'const $main=(()=>{\nfunction f(text) {return (text) + "// no comment";}\n'
        "return {};\n})();\n"
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('import x from "./x.js";\n', "this form of import or export: import x"),
        ('import * as x from "./x.js";\n', "this form of import or export"),
        ('import "./x.js";\n', "this form of import or export"),
        ('import { x } from "https://elsewhere.example/x.js";\n', "this form of import or export"),
        ("export default 1;\n", "this form of import or export: export default 1;"),
        ("export let x = 1;\n", "this form of import or export: export let x"),
        ("const x = 1;\nexport { x };\n", "this form of import or export"),
        ('export * from "./x.js";\n', "this form of import or export"),
        ("export const { x } = y;\n", "this form of import or export"),
        ('const x = () => import("./x.js");\n', "import() and import.meta"),
        ("const x = import.meta.url;\n", "import() and import.meta"),
        ("const x = await y;\n", "await outside a function"),
        ("const x = `a\n  b`;\n", "a template over several lines"),
        ("const x = f(1, // one\n  2);\n", "a comment behind code"),
        ("const x = 1; /* one\n*/\n", "a comment behind code"),
        ("const f = () => {\n  return 1 // one\n};\n", "a comment behind code"),
    ],
)
def test_what_it_does_not_handle_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(NotBundled) as refused:
        bundled(main=text, x="export const x = 1;\n")
    assert str(refused.value).startswith("main.js: ") and named in str(refused.value)


def test_a_missing_export_is_refused() -> None:
    with pytest.raises(NotBundled, match=r"main\.js: x\.js does not export y, z"):
        bundled(main='import { x, y, z as q } from "./x.js";\n', x="export const x = 1;\n")


def test_modules_in_a_circle_are_refused() -> None:
    with pytest.raises(NotBundled, match=r"a\.js → b\.js → a\.js"):
        bundled(
            main='import { a } from "./a.js";\n',
            a='import { b } from "./b.js";\nexport const a = 1;\n',
            b='import { a } from "./a.js";\nexport const b = 1;\n',
        )
