"""Addresses are also looked up by their place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("geography", "0002_road_by_name")]

    operations = [
        migrations.AddIndex(
            model_name="address",
            index=models.Index(fields=["longitude", "latitude", "key"], name="address_by_place"),
        ),
    ]
