SECRET_KEY = "of a tree that only tests run, and long enough to sign with"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "courses"]
MIDDLEWARE = []
ROOT_URLCONF = "shop.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
