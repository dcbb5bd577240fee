"""Moves as many records as told from one Morango database to another through a file; prints CPU seconds of both sides.

Run with a Python of its own that has ``morango==0.8.15`` (see ``exchanges100k``): ``morango_peer.py RECORDS``. By hand,
without Morango's network session, which sleeps a second a chunk: serialize, queue, gzipped JSON lines, dequeue,
deserialize.
"""

import gzip
import json
import random
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

PROFILE, PARTITION = "school", "class"
COLUMNS = (
    "model_uuid, serialized, deleted, last_saved_instance, last_saved_counter, hard_deleted, model_name, profile,"
    " partition, source_id, conflicting_serialized_data, transfer_session_id, _self_ref_fk"
)
MODEL = f"""
import uuid
from django.db import models
from morango.models import SyncableModel
from morango.models.fields.uuids import UUIDField


class Entry(SyncableModel):
    morango_profile, morango_model_name = "{PROFILE}", "entry"
    student, plan, block = UUIDField(), UUIDField(), UUIDField()
    kind, day, by = (models.CharField(max_length=20) for _field in range(3))
    at_ms, round = models.BigIntegerField(), models.IntegerField()

    def calculate_source_id(self, *args, **kwargs):
        return uuid.uuid4().hex

    def calculate_partition(self, *args, **kwargs):
        return "{PARTITION}"
"""
"""A model like our entry."""
COUNTERS = "instance_id, counter, transfer_session_id, model_uuid"


def set_up(database):
    """Django on this database, with one app that has the model, made beside the database."""
    import django
    from django.conf import settings

    app = Path(database).parent / "peer"
    app.mkdir(exist_ok=True)
    (app / "__init__.py").write_text("")
    (app / "models.py").write_text(MODEL)
    sys.path.insert(0, str(app.parent))
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "morango", "peer"],
        SECRET_KEY="peer",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    )
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from peer.models import Entry

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Entry)
    return Entry


def transfer_session(fsic):
    from django.utils import timezone
    from morango.models import SyncSession, TransferSession

    now = timezone.now()
    session = SyncSession.objects.create(id=uuid.uuid4().hex, profile=PROFILE, last_activity_timestamp=now)
    return TransferSession.objects.create(
        id=uuid.uuid4().hex,
        filter=PARTITION,
        push=True,
        sync_session=session,
        last_activity_timestamp=now,
        client_fsic=json.dumps(fsic),
    )


def send(database, records, file):
    entry_model = set_up(database)
    from django.db import connection
    from morango.models import DatabaseMaxCounter, Filter
    from morango.sync.controller import MorangoProfileController
    from morango.sync.operations import _queue_into_buffer_v1

    rng = random.Random(1)
    ids = [uuid.UUID(int=rng.getrandbits(128)).hex for _id in range(1_000)]
    entries = []
    for number in range(records):
        entry = entry_model(
            student=rng.choice(ids[:30]),
            plan=rng.choice(ids[30:]),
            block=rng.choice(ids[30:]),
            kind="claimed",
            day="2026-11-23",
            by="student",
            at_ms=1_795_422_600_000 + number,
            round=number % 4,
        )
        entry._morango_dirty_bit = True
        entry.id = uuid.UUID(int=rng.getrandbits(128)).hex
        entry._morango_source_id, entry._morango_partition = entry.id, PARTITION
        entries.append(entry)
    entry_model.objects.bulk_create(entries, batch_size=50)
    spent = time.process_time()
    MorangoProfileController(PROFILE).serialize_into_store()
    fsic = DatabaseMaxCounter.calculate_filter_specific_instance_counters(Filter(PARTITION))
    session = transfer_session(fsic)
    _queue_into_buffer_v1(session)
    with gzip.open(file, "wt", 6) as out, connection.cursor() as cursor:
        out.write(json.dumps(fsic) + "\n")
        for table, columns in (("morango_buffer", COLUMNS), ("morango_recordmaxcounterbuffer", COUNTERS)):
            cursor.execute(f"SELECT {columns} FROM {table}")
            for row in cursor.fetchall():
                out.write(json.dumps([table, row]) + "\n")
    return time.process_time() - spent


def receive(database, records, file):
    entry_model = set_up(database)
    from django.db import connection, transaction
    from morango.sync.controller import MorangoProfileController
    from morango.sync.operations import _dequeue_into_store

    spent = time.process_time()
    with gzip.open(file, "rt") as lines:
        fsic = json.loads(next(lines))
        session = transfer_session(fsic)
        rows = {"morango_buffer": [], "morango_recordmaxcounterbuffer": []}
        for line in lines:
            table, row = json.loads(line)
            row[11 if table == "morango_buffer" else 2] = session.id
            rows[table].append(row)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns in (("morango_buffer", COLUMNS), ("morango_recordmaxcounterbuffer", COUNTERS)):
            marks = ", ".join(["%s"] * len(columns.split(",")))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows[table])
    _dequeue_into_store(session, json.dumps(fsic))
    MorangoProfileController(PROFILE).deserialize_from_store()
    spent = time.process_time() - spent
    assert entry_model.objects.count() == records
    return spent


def main(arguments):
    if len(arguments) > 1:
        doing, records, database, file = arguments
        print((send if doing == "send" else receive)(database, int(records), file))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for doing in ("send", "receive"):
            steps = [doing, arguments[0], f"{folder}/{doing}.db", f"{folder}/records.gz"]
            done = subprocess.run([sys.executable, __file__, *steps], stdout=subprocess.PIPE, text=True, check=True)
            found.append(float(done.stdout))
        print(*found, Path(f"{folder}/records.gz").stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1:])
