"""The fields that the versions' own `reason` shadowed have names of their own; data are kept.

What the present version says is what the record says. Of earlier versions only the reason of the
act is known: it stands where it stood.
"""

from django.db import migrations, models

FIELDS = (("population_formeridentity", "grounds"), ("population_migrationpaper", "purpose"))


def fill(apps, schema_editor):
    for table, field in FIELDS:
        schema_editor.execute(
            f"UPDATE {table}_version SET {field} = (SELECT r.{field} FROM {table} r"
            f" WHERE r.key = {table}_version.key)"
            f" WHERE EXISTS (SELECT 1 FROM {table} r WHERE r.key = {table}_version.key"
            f" AND r.version = {table}_version.version)"
        )


class Migration(migrations.Migration):
    dependencies = [("population", "0008_guardians")]

    operations = [
        migrations.RenameField("formeridentity", "reason", "grounds"),
        migrations.AddField(
            "formeridentityversion",
            "grounds",
            models.CharField(
                default="", max_length=200, verbose_name="grounds of the correction"
            ),
            preserve_default=False,
        ),
        migrations.RenameField("migrationpaper", "reason", "purpose"),
        migrations.AddField(
            "migrationpaperversion",
            "purpose",
            models.CharField(default="", max_length=200, verbose_name="reason of the move"),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
