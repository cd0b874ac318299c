"""Forms of the administration."""

from django import forms

from .models import Category


class CategoryForm(forms.ModelForm):
    class Meta:
        model = Category
        fields = ["name", "description", "icon", "parent", "is_active", "sort_order", "featured"]

    def clean_name(self):
        return Category().normalize_name(self.cleaned_data["name"])


class CategorySearchForm(forms.Form):
    query = forms.CharField(required=False, max_length=100, strip=True)
    is_active = forms.NullBooleanField(required=False)


class BulkCategoryImportForm(forms.Form):
    """One category name in each line."""

    category_data = forms.CharField(widget=forms.Textarea)

    def clean_category_data(self):
        longest = Category._meta.get_field("name").max_length
        names, seen = [], set()
        for number, line in enumerate(self.cleaned_data["category_data"].splitlines(), start=1):
            name = Category().normalize_name(line)
            if not name:
                continue
            if not 2 <= len(name) <= longest:
                raise forms.ValidationError(f"Line {number}: a name has 2 to {longest} characters.")
            if name.casefold() in seen:
                raise forms.ValidationError(f"Line {number}: “{name}” is listed twice.")
            seen.add(name.casefold())
            names.append(name)
        if not names:
            raise forms.ValidationError("Enter at least one name.")
        return names
