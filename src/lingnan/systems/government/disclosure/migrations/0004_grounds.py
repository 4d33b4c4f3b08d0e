"""The field that the versions' own `reason` shadowed has a name of its own; its data are kept.

What the present version says is what the record says. Of earlier versions only the reason of the
act is known: it stands where it stood.
"""

from django.db import migrations, models


def fill(apps, schema_editor):
    schema_editor.execute(
        "UPDATE disclosure_entry_version SET grounds = (SELECT r.grounds FROM disclosure_entry r"
        " WHERE r.key = disclosure_entry_version.key)"
        " WHERE EXISTS (SELECT 1 FROM disclosure_entry r WHERE r.key = disclosure_entry_version.key"
        " AND r.version = disclosure_entry_version.version)"
    )


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0003_search_the_past")]

    operations = [
        migrations.RenameField("entry", "reason", "grounds"),
        migrations.AddField(
            "entryversion",
            "grounds",
            models.CharField(
                blank=True, default="", max_length=400, verbose_name="result of the review"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
