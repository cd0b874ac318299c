"""Forms for categories: one, a search, and many at once."""

from collections.abc import Iterator

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import Category
from .utils import clean_html_content, sanitize_input

MIN_NAME_LENGTH = 2
MAX_NAME_LENGTH = 100
MAX_IMPORT_LINES = 200


def normalise_category_name(name: str) -> str:
    """The name as plain text with single blanks."""
    return " ".join(sanitize_input(name).split())


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]
    """Makes or edits a category; the slug is the model's business."""

    class Meta:
        model = Category
        fields = ("name", "description", "icon", "parent", "sort_order", "is_active", "featured")

    def clean_name(self) -> str:
        return normalise_category_name(self.cleaned_data["name"])

    def clean_description(self) -> str:
        return clean_html_content(self.cleaned_data["description"])

    def clean_parent(self) -> Category | None:
        """Refuses the category itself and everything below it."""
        parent: Category | None = self.cleaned_data["parent"]
        ancestor, visited = parent, {self.instance.pk}
        while ancestor is not None:
            if ancestor.pk in visited:
                raise ValidationError(_("A category cannot be below itself."), code="cycle")
            visited.add(ancestor.pk)
            ancestor = ancestor.parent
        return parent


class CategorySearchForm(forms.Form):
    """What to look for; every field may stay empty."""

    query = forms.CharField(required=False, max_length=MAX_NAME_LENGTH, label=_("Search"))
    is_active = forms.NullBooleanField(required=False)
    featured = forms.NullBooleanField(required=False)

    def clean_query(self) -> str:
        return normalise_category_name(self.cleaned_data["query"])


class BulkCategoryImportForm(forms.Form):
    """Names of new categories, one a line (FORM-01)."""

    category_data = forms.CharField(widget=forms.Textarea, label=_("Categories, one a line"))

    def clean_category_data(self) -> list[str]:
        """The normalised names in their order; an error for every name that cannot be taken."""
        lines = self.cleaned_data["category_data"].splitlines()
        names = [name for name in map(normalise_category_name, lines) if name]
        errors = list(_import_errors(names))
        if errors:
            raise ValidationError(errors)
        return names


def _import_errors(names: list[str]) -> Iterator[ValidationError]:
    if not names:
        yield ValidationError(_("Enter at least one name."), code="required")
    if len(names) > MAX_IMPORT_LINES:
        limit = {"limit": MAX_IMPORT_LINES}
        yield ValidationError(_("At most %(limit)d names at once."), code="too_many", params=limit)
    seen: set[str] = set()
    for name in names:
        if not MIN_NAME_LENGTH <= len(name) <= MAX_NAME_LENGTH:
            message = _("“%(name)s…” does not have %(low)d to %(high)d characters.")
            params = {"name": name[:20], "low": MIN_NAME_LENGTH, "high": MAX_NAME_LENGTH}
            yield ValidationError(message, code="invalid_length", params=params)
        if name.casefold() in seen:
            yield ValidationError(_("“%(name)s” stands twice."), code="duplicate", params={"name": name})
        seen.add(name.casefold())
