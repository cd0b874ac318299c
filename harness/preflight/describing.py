"""An exception as one line for a person: where in the backend, what, and what to do."""

from __future__ import annotations

import traceback

from coursegate.harness.preflight.hints import hint_of
from coursegate.harness.targets.binding import Binding

# Import names whose package is called otherwise.
_PACKAGES = {
    "allauth": "django-allauth",
    "bs4": "beautifulsoup4",
    "corsheaders": "django-cors-headers",
    "cv2": "opencv-python",
    "debug_toolbar": "django-debug-toolbar",
    "decouple": "python-decouple",
    "django_filters": "django-filter",
    "dotenv": "python-dotenv",
    "environ": "django-environ",
    "jwt": "PyJWT",
    "magic": "python-magic",
    "PIL": "Pillow",
    "rest_framework": "djangorestframework",
    "rest_framework_simplejwt": "djangorestframework-simplejwt",
    "social_django": "social-auth-app-django",
    "storages": "django-storages",
    "yaml": "PyYAML",
}


def install_hint(module: str) -> str:
    top = module.split(".")[0]
    return f"pip install {_PACKAGES.get(top, top)}"


def describe(problem: BaseException, binding: Binding) -> str:
    """`path:line: Type: message`, at the deepest line of the backend's own code."""
    where = place(problem, binding)
    text = f"{type(problem).__name__}: {' '.join(str(problem).split())[:400]}"
    if isinstance(problem, SyntaxError):
        text = f"{type(problem).__name__}: {problem.msg}"
    if (
        isinstance(problem, ModuleNotFoundError)
        and problem.name
        and not (binding.path / problem.name.split(".")[0]).exists()
    ):
        text += f" ({install_hint(problem.name)})"
    elif hint := hint_of(problem, binding):
        text += f" ({hint})"
    return f"{where}: {text}" if where else text


def place(problem: BaseException, binding: Binding) -> str:
    if isinstance(problem, SyntaxError) and problem.filename:
        return f"{binding.relative(problem.filename)}:{problem.lineno}"
    frames = traceback.extract_tb(problem.__traceback__)
    own = [frame for frame in frames if binding.owns(frame.filename)]
    return f"{binding.relative(own[-1].filename)}:{own[-1].lineno}" if own else ""
