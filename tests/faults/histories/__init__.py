"""Device histories on the real code: seeded months of files, copied disks, old backups and wrong clocks, then two laps.

Every computer is a real encrypted database with the real keys, ledger and packages; only its disk is memory (a tmpfs
where the system has one), its clock is moved by hand and its seats are locked with a weak ``Strength``. A seed fixes
every step; keys of age and of sealed words are the system's chance, so bytes differ from run to run and steps do not.

``facts`` is the model, ``steps`` the table of all that can happen (one function a line, in ``work``, ``files`` and
``machines``), ``ending`` the two laps and the judgement. Run long with
``python -m tests.faults.histories --seeds 0:20000 --jobs 2``.
"""

from tests.faults.histories.classrooms import memory_folder as memory_folder
