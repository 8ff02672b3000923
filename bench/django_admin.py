"""Serves Django's admin over a store's orders: `django_admin.py ORDERS.DB FOLDER PORT`; it only reads them.

Run by Django's own interpreter (bench_clicks makes it one); Order Desk does not know Django.
"""

# mypy: ignore-errors

import sys

APPS = ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")
MIDDLEWARE = ("sessions.middleware.Session", "auth.middleware.Authentication", "messages.middleware.Message")


class Router:
    """Reads the store's tables from the store."""

    def db_for_read(self, model, **_):
        return "store" if model._meta.app_label == "django_admin" else "default"


def main(store, folder, port):
    import django
    from django.conf import settings

    sqlite = {"ENGINE": "django.db.backends.sqlite3", "CONN_MAX_AGE": None}
    names = {
        "auth": "django.contrib.auth",
        "messages": "django.contrib.messages",
        "request": "django.template",
    }
    settings.configure(
        SECRET_KEY="only for benchmarks on loopback", ALLOWED_HOSTS=["127.0.0.1"], STATIC_URL="/static/",
        INSTALLED_APPS=[*(f"django.contrib.{each}" for each in APPS), "django_admin"],
        MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
                    *(f"django.contrib.{each}Middleware" for each in MIDDLEWARE)],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "OPTIONS": {"context_processors": [f"{names[each]}.context_processors.{each}" for each in names]},
        }],
        DATABASES={
            "default": {"NAME": f"{folder}/django.db", **sqlite},
            "store": {"NAME": f"file:{store}?mode=ro", "OPTIONS": {"uri": True}, **sqlite},
        },
        DATABASE_ROUTERS=["django_admin.Router"], USE_TZ=True,
    )  # fmt: skip
    django.setup()
    from django.contrib import admin
    from django.contrib.auth.models import User
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.management import call_command
    from django.core.servers.basehttp import run
    from django.core.wsgi import get_wsgi_application
    from django.db import models
    from django.urls import path

    def table(name, fields, **more):
        meta = type("Meta", (), {"app_label": "django_admin", "managed": False, "db_table": name})
        texts = {each: models.TextField() for each in fields.split()}
        made = {"Meta": meta, "__module__": "django_admin", "id": models.BigAutoField(primary_key=True)}
        return type(name.title().replace("_", ""), (models.Model,), made | texts | more)

    def choice(*values):
        return models.CharField(max_length=20, choices=[(each, each.title()) for each in values])

    order = table(
        "orders", "order_number currency customer_name email phone shipping_city shipping_country carrier",
        status=choice("PENDING", "CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED", "CANCELLED", "REFUNDED"),
        payment_status=choice("PENDING", "PAID", "PARTIALLY_REFUNDED", "REFUNDED", "FAILED", "VOIDED"),
        fulfillment_status=choice("UNFULFILLED", "PARTIALLY_FULFILLED", "FULFILLED", "RETURNED"),
        grand_total=models.BigIntegerField(), item_count=models.IntegerField(),
        created_at=models.BigIntegerField(),
    )  # fmt: skip

    def lines(name, fields):
        of_order = models.ForeignKey(order, models.CASCADE)
        inline = {"model": table(name, fields, order=of_order), "extra": 0}
        return type(f"{name}_inline", (admin.TabularInline,), inline)

    class Orders(admin.ModelAdmin):
        list_display = ("order_number", "status", "customer_name", "grand_total", "currency", "created_at",
                        "payment_status", "fulfillment_status", "shipping_city", "item_count")  # fmt: skip
        list_filter = ("status", "payment_status", "fulfillment_status")
        search_fields = ("order_number", "customer_name", "email")
        list_per_page = 25
        ordering = ("-created_at", "-id")
        inlines = (lines("line_items", "sku name quantity total"), lines("timeline", "at actor kind detail"))

    admin.site.register(order, Orders)
    settings.ROOT_URLCONF = (path("admin/", admin.site.urls),)
    call_command("migrate", verbosity=0)
    if not User.objects.exists():
        User.objects.create_superuser("bench", password="bench")
    run("127.0.0.1", int(port), StaticFilesHandler(get_wsgi_application()), threading=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
