"""The field that the versions' own `reason` shadowed has a name of its own; its data are kept.

What the present version says is what the record says. Of earlier versions only the reason of the
act is known: it stands where it stood.
"""

from django.db import migrations, models


def fill(apps, schema_editor):
    schema_editor.execute(
        "UPDATE credit_repair_version SET decided_because = (SELECT r.decided_because FROM credit_repair r"
        " WHERE r.key = credit_repair_version.key)"
        " WHERE EXISTS (SELECT 1 FROM credit_repair r WHERE r.key = credit_repair_version.key"
        " AND r.version = credit_repair_version.version)"
    )


class Migration(migrations.Migration):
    dependencies = [("credit", "0005_words_of_their_own")]

    operations = [
        migrations.RenameField("repair", "reason", "decided_because"),
        migrations.AddField(
            "repairversion",
            "decided_because",
            models.CharField(
                blank=True, default="", max_length=400, verbose_name="reasons of the decision"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
