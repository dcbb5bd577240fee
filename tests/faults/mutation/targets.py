"""What is mutated, and which tests may notice."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

CORE = tuple(
    f"blenddesk/{floor}/{name}.py"
    for floor, names in (
        ("domain", ("merge", "ops", "hlc", "authority")),
        ("storage", ("frames", "streams", "verdicts", "withdrawals", "history", "contests", "erasing", "transaction")),
        ("storage", ("ledger", "receiving", "projection", "selfcheck", "salvage", "digest")),
        ("storage", ("packed_frames", "appended", "short_ids", "rebuilding", "touched", "tallies")),
        ("sync", ("statements", "trust", "standings", "retiring", "erasures", "envelope", "manifest", "segments")),
        ("sync", ("packages", "words", "keys", "seats", "importing", "exchange", "peers", "sticks")),
    )
    for name in names
)
"""What decides what becomes of an op."""

SIMULATOR = (
    "tests/faults/histories/ending.py",
    "tests/faults/histories/facts.py",
    "tests/faults/histories/story.py",
    "tests/faults/arena.py",
    "tests/faults/fat_stick.py",
    "tests/faults/recording_vfs.py",
)
"""What judges the core in the fault tests: here their negative controls must notice."""

CORE_TESTS = ("tests/domain", "tests/storage", "tests/sync", "tests/services", "tests/faults/test_attacks.py")
"""The quick ones. What they leave alive may be tried with ``--tests tests --again``: the fault tests judge, too."""
SIMULATOR_TESTS = ("tests/faults",)
LEFT_OUT = (
    # They run other programs, which no mutant reaches, or the same again with other seeds.
    "test_kill.py",
    "test_syncthing_lap.py",
    "test_guided_fuzz.py",
    "test_io_errors.py",
    "tests/faults/test_mutation.py",
    *(f"test_no_entry_is_lost_and_all_computers_come_out_the_same[{seed}]" for seed in range(20, 300, 20)),
    "-3-False-60]",
)
"""Tests whose name holds one of these do not take part."""


def mirrors(module: str) -> tuple[str, ...]:
    """The names of the test files that are there for ``module``."""
    stem = Path(module).stem
    return (f"test_{stem}.py", *EXTRA.get(stem, ()))


EXTRA = {
    "frames": ("test_frames_format.py",),
    "ending": ("test_histories.py",),
    "facts": ("test_histories.py",),
    "story": ("test_histories.py",),
    "arena": ("test_attacks.py",),
    "fat_stick": ("test_pulled_sticks.py",),
    "recording_vfs": ("test_power_cuts.py",),
    "standings": ("test_trust.py",),
    "verdicts": ("test_rulings.py",),
    "ledger": ("test_ledger_rows.py",),
    "statements": ("test_trust.py",),
    "retiring": ("test_trust.py",),
    "importing": ("test_packages.py", "test_round_trips.py"),
    "manifest": ("test_packages.py",),
    "segments": ("test_packages.py",),
    "streams": ("test_genesis.py",),
    "erasing": ("test_erasing.py",),
    "erasures": ("test_erasing.py",),
}
