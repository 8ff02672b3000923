"""The ways through the house, read from the imports."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Sequence
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST_MODULE = 300
PRODUCT = sorted([ROOT / "app.py", *(ROOT / "lib").rglob("*.py"), *(ROOT / "pages").rglob("*.py")])
# lib.staff.roles is a table, who may do what, which the frame, the pages and the commands read alike.
PAGE_NAMES = {path.stem for path in (ROOT / "pages").rglob("*.py")}
PAGE_IMPORTS = {
    "streamlit",
    "pandas",
    "lib.ui",
    "lib.orders_client",
    "lib.staff.roles",
    *sys.stdlib_module_names,
}
# The rooms of a package, the lowest first: each imports its own and lower ones. ANY: all that are not named.
ANY = "*"
ROOMS = {
    "lib.ui": ("shared", "auth", "frame", ANY),
    "lib.orders_api": ("domain", "store", "http", ANY, "app", "cli"),
}
PLACED = [path for path in PRODUCT if path.is_relative_to(ROOT / "lib")]


@cache
def imports_of(path: Path) -> tuple[str, ...]:
    """Return every module that a file imports, wherever in it: `from a import b` gives `a` and `a.b`."""
    found: list[str] = []
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            found += [module, *(f"{module}.{alias.name}" for alias in node.names)]
    return tuple(found)


def is_within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def offenders(paths: list[Path], *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in paths
        for module in imports_of(path)
        if is_within(module, *forbidden)
    ]


def below(folder: str) -> list[Path]:
    return [path for path in PRODUCT if path.is_relative_to(ROOT / folder)]


def outside(folder: str) -> list[Path]:
    return [path for path in PRODUCT if not path.is_relative_to(ROOT / folder)]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def package_of(module: str) -> str | None:
    """Return the package that a module of ours is in, None for what is no module; lib's own stand alone."""
    path = ROOT / Path(*module.split("."))
    if not is_within(module, "lib") or not (path.is_dir() or path.with_suffix(".py").exists()):
        return None
    package = module if path.is_dir() else module.rpartition(".")[0]
    return module if package == "lib" else package


def room_of(module: str) -> str | None:
    """Return the package of ours that a module is in, two folders deep: `lib.ui.shared`, `lib.staff`."""
    package = package_of(module)
    return package and ".".join(package.split(".")[:3])


def circle(place: Callable[[str], str | None]) -> list[str]:
    """Return places that import each other in a circle, if any do."""
    graph: dict[str | None, set[str]] = {}
    for path in PLACED:
        here = place(name_of(path))
        there = {each for module in imports_of(path) if (each := place(module))}
        # Whoever imports `lib.a.b` names `lib` and `lib.a` on the way.
        graph.setdefault(here, set()).update(each for each in there if not is_within(str(here), each))
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(each) for each in error.args[1]]
    return []


def climbs(package: str, rooms: Sequence[str]) -> list[str]:
    """Return the imports that lead from one room of a package to a higher one, or from page to page."""
    found = []
    for path in (path for path in PLACED if path.is_relative_to(ROOT / package.replace(".", "/"))):
        here = room_of(name_of(path))
        for module in imports_of(path):
            there = room_of(module)
            if not (there and is_within(module, package)) or package in (here, there) or here == there:
                continue
            mine, other = (
                rooms.index(name if name in rooms else ANY)
                for name in (str(here).split(".")[-1], there.split(".")[-1])
            )
            if other > mine or (other == mine and package == "lib.ui"):
                found.append(f"{path.relative_to(ROOT)} imports {module}")
    return found


def test_packages_import_each_other_in_no_circle() -> None:
    assert circle(room_of) == []
    assert circle(package_of) == []


def test_each_room_imports_lower_ones_only_and_no_page_another() -> None:
    assert [each for package, rooms in ROOMS.items() for each in climbs(package, rooms)] == []


def test_signing_in_is_entered_by_its_four_doors_only() -> None:
    inside = [
        each.stem
        for each in below("lib/ui/auth")
        if each.stem not in ("__init__", "later", "page", "people", "session")
    ]
    assert offenders(outside("lib/ui/auth"), *(f"lib.ui.auth.{each}" for each in inside)) == []


def test_the_api_knows_neither_the_dashboard_nor_the_client() -> None:
    paths = below("lib/orders_api")
    assert paths
    assert offenders(paths, "streamlit", "lib.ui", "lib.orders_client", "lib.staff.accounts", "pages") == []


def test_the_client_and_the_api_share_no_classes() -> None:
    assert offenders(below("lib/orders_client"), "lib.orders_api", "lib.ui", "lib.staff", "streamlit") == []


def test_only_the_client_imports_httpx() -> None:
    assert offenders(outside("lib/orders_client"), "httpx", "httpx2", "requests", "urllib.request") == []


def test_the_dashboard_reaches_the_store_through_the_client_alone() -> None:
    assert offenders(outside("lib/orders_api"), "lib.orders_api", "sqlalchemy", "psycopg") == []


def test_pages_import_only_the_rooms_they_may_enter() -> None:
    strays = [
        f"{page.relative_to(ROOT)} imports {module}"
        for page in below("pages")
        for module in imports_of(page)
        if (not is_within(module, *PAGE_IMPORTS) and module not in {"lib", "lib.staff"})
        or (room_of(module) or "lib.ui.shared").split(".")[-1] in PAGE_NAMES - {page.stem}
    ]
    assert strays == []


def test_no_page_lies_flat_where_streamlit_runs_it_without_the_frame() -> None:
    assert list((ROOT / "pages").glob("*.py")) == []


def test_every_page_asks_who_is_there_before_anything_else() -> None:
    for page in below("pages"):
        body = [
            node
            for node in ast.parse(page.read_text("utf-8")).body
            if not isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef))
            and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
            and not is_constant(node)
        ]
        first = ast.unparse(body[0])
        assert "require_staff(" in first, f"{page.relative_to(ROOT)} begins with {first!r}"


def is_constant(node: ast.stmt) -> bool:
    """Return whether a statement only names a constant: UPPER_CASE on its left, no call on its right."""
    if isinstance(node, ast.Assign):
        names = [ast.unparse(target) for target in node.targets]
    elif isinstance(node, ast.AnnAssign):
        names = [ast.unparse(node.target)]
    else:
        return False
    calls = any(isinstance(part, ast.Call) for part in ast.walk(node))
    return all(name.isupper() for name in names) and not calls


def test_only_endpoints_know_http_and_none_of_them_sql() -> None:
    features = [path for path in below("lib/orders_api") if path.parent.name != "orders_api"]
    rules = [path for path in features if path.name in {"service.py", "repository.py"}]
    assert offenders(rules, "fastapi", "starlette") == []
    queries = offenders([path for path in features if path.name == "endpoints.py"], "sqlalchemy")
    # A session is handed from the request to the service; nothing is asked of it on the way.
    assert [line for line in queries if not line.endswith(("sqlalchemy.orm", "sqlalchemy.orm.Session"))] == []


def test_rules_of_figures_write_no_sql() -> None:
    writers = {"repository.py"}
    rules = [path for path in below("lib/orders_api/stats") if path.name not in writers]
    lines = offenders(rules, "sqlalchemy")
    assert [line for line in lines if not line.endswith(("sqlalchemy.orm", "sqlalchemy.orm.Session"))] == []


def test_only_settings_reads_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in PRODUCT
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"})
        or (isinstance(node, ast.ImportFrom) and {"environ", "getenv"} & {alias.name for alias in node.names})
    ]
    assert set(readers) <= {"lib/settings.py"}


def test_no_page_or_frame_catches_everything() -> None:
    catchers = [
        str(path.relative_to(ROOT))
        for path in [ROOT / "app.py", *below("pages")]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
    ]
    assert catchers == []


def test_every_package_says_that_it_is_one() -> None:
    packages = {path.parent for path in below("lib") if path.parent.name != "versions"}  # Alembic's own
    assert [str(each.relative_to(ROOT)) for each in packages if not (each / "__init__.py").exists()] == []


def test_every_module_opens_with_its_job_and_stays_readable() -> None:
    texts = {path: path.read_text("utf-8") for path in PRODUCT}
    silent = [path for path, text in texts.items() if text.strip() and not ast.get_docstring(ast.parse(text))]
    long = [
        path
        for path, text in texts.items()
        if len(text.splitlines()) > LONGEST_MODULE and path.parent.name != "versions"
    ]
    assert [str(path.relative_to(ROOT)) for path in (*silent, *long)] == []


def test_private_modules_are_imported_by_their_own_package_only() -> None:
    strays = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in PRODUCT
        for module in imports_of(path)
        if is_within(module, "lib")
        for at, part in enumerate(module.split("."))
        if part.startswith("_")
        and (ROOT / Path(*module.split(".")[: at + 1])).with_suffix(".py").exists()
        and not path.is_relative_to(ROOT / Path(*module.split(".")[:at]))
        and path != ROOT / "app.py"  # the frame is lib.ui's own
    ]
    assert strays == []
