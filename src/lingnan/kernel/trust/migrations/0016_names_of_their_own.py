"""The fields that the versions' own `reason` shadowed have names of their own; data are kept.

What the present version says is what the record says. Of earlier versions only the reason of the
act is known: it stands where it stood.
"""

from django.db import migrations, models

FIELDS = (("trust_issuedcertificate", "because"), ("trust_delegation", "why"))


def fill(apps, schema_editor):
    for table, field in FIELDS:
        schema_editor.execute(
            f"UPDATE {table}_version SET {field} = (SELECT r.{field} FROM {table} r"
            f" WHERE r.key = {table}_version.key)"
            f" WHERE EXISTS (SELECT 1 FROM {table} r WHERE r.key = {table}_version.key"
            f" AND r.version = {table}_version.version)"
        )


class Migration(migrations.Migration):
    dependencies = [("trust", "0015_consent_requests")]

    operations = [
        migrations.RenameField("issuedcertificate", "reason", "because"),
        migrations.AddField(
            "issuedcertificateversion",
            "because",
            models.CharField(blank=True, default="", max_length=30),
            preserve_default=False,
        ),
        migrations.RenameField("delegation", "reason", "why"),
        migrations.AddField(
            "delegationversion",
            "why",
            models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
