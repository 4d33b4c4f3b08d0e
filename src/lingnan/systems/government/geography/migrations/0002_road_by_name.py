"""Roads are also looked up by their name alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("geography", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="road",
            index=models.Index(fields=["name", "division"], name="road_by_name"),
        ),
    ]
