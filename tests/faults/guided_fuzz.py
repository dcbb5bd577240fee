"""Coverage-guided fuzzing of all that decodes a package: ``python -m tests.faults.guided_fuzz [--runs N]``.

Needs atheris (``uv sync --group fuzzing``; Linux), which watches the lines that an input reaches and breeds those that
reach new ones. Each target gives the bytes to the real decoder behind all signatures: what the grammar-aware fuzzer
(``fuzz_packages``) cannot think of. Only ``ExchangeTrouble`` may come back. One process for each target, as the engine
ends its process when it is done; inputs worth keeping stay in ``--corpus``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import zstandard

from blenddesk.domain.registry import Audience
from blenddesk.errors import ExchangeTrouble
from blenddesk.storage import frames
from blenddesk.storage.streams import decode_genesis
from blenddesk.sync import manifest, segments
from tests.faults.hostile import Target, class_position, make_target

if TYPE_CHECKING:
    from collections.abc import Sequence

Decode = Callable[[bytes], object]
INSTRUMENTED = ("sync.manifest", "sync.segments", "storage.frames", "storage.streams")
LONGEST = 8_192


def targets(target: Target) -> dict[str, tuple[Decode, list[bytes]]]:
    """By name: what is called with the bytes, and what to begin with."""
    keys = target.station.keys
    entry = target.listed.segments[class_position(target)]
    stream_id = frames.stream_id_of(target.listed.streams[entry.stream])
    start = sum(before.z_len for before in target.listed.segments[: class_position(target)])
    packed = target.body[start : start + entry.z_len]
    raw = zstandard.ZstdDecompressor().decompress(packed)

    def signed_manifest(data: bytes) -> object:
        head = manifest.MAGIC + keys.signing_public + len(data).to_bytes(4, "big")
        return manifest.check(manifest.unwrap(head + data + keys.sign(manifest.SIGNED_AS + data))[0])

    def compressed(data: bytes) -> object:
        digest = blake2b(data, digest_size=32).digest()
        return segments.unpack(stream_id, msgspec.structs.replace(entry, z_len=len(data), digest=digest), data)

    def content(data: bytes) -> object:
        return [_fields(*frame) for frame in frames.split_frames(data)]

    return {
        "manifest": (signed_manifest, [msgspec.msgpack.encode(target.listed)]),
        "compressed": (compressed, [packed]),
        "content": (content, [raw]),
        "genesis": (decode_genesis, list(target.listed.streams)),
    }


def _fields(header_bytes: bytes, payload: bytes) -> object:
    """The fields of an op of the class; on the way it is tried in the streams where it does not belong as well."""
    header = frames.decode_header(header_bytes)
    for audience in Audience:
        once(lambda data, audience=audience: frames.decode_fields(header, data, audience), payload)  # type: ignore[misc]
    return frames.decode_fields(header, payload, Audience.CLASS)


def once(decode: Decode, data: bytes) -> bool:
    """Whether the bytes were taken. Anything else than a refusal comes through."""
    try:
        decode(data)
    except ExchangeTrouble:
        return False
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.guided_fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--corpus", type=Path)
    wanted = parser.parse_args(arguments)
    try:
        import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: F401
    except ImportError:
        print("atheris is not installed (it exists for Linux only): uv sync --group fuzzing")
        return 2
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        corpus = wanted.corpus or Path(folder)
        for name in wanted.targets or ["manifest", "compressed", "content", "genesis"]:
            process = multiprocessing.get_context("spawn").Process(
                target=_fuzz, args=(name, wanted.runs, corpus / name)
            )
            process.start()
            process.join()
            print(
                f"{name}: {wanted.runs:,} runs, {'failed' if process.exitcode else 'nothing but refusals'}", flush=True
            )
            failed += [name] if process.exitcode else []
    return int(bool(failed))


def _fuzz(name: str, runs: int, corpus: Path) -> None:
    import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

    corpus.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        target = make_target(Path(folder))
        decode, seeds = targets(target)[name]
        target.room.close()
    for number, seed in enumerate(seeds):
        (corpus / f"seed{number}").write_bytes(seed)
    for module in INSTRUMENTED:
        _instrument(atheris, sys.modules[f"blenddesk.{module}"])
    given = [sys.argv[0], f"-runs={runs}", f"-max_len={LONGEST}", f"-artifact_prefix={corpus}/", str(corpus)]
    atheris.Setup(given, lambda data: once(decode, data) and None)
    atheris.Fuzz()


def _instrument(atheris: object, module: object) -> None:
    """Every function of the module and of its classes, in place: they were imported before."""
    instrument = atheris.instrument_func  # type: ignore[attr-defined]
    for holder in (module, *(thing for thing in vars(module).values() if isinstance(thing, type))):
        for found in list(vars(holder).values()):
            if getattr(found, "__module__", None) == getattr(module, "__name__", None) and hasattr(found, "__code__"):
                instrument(found)


if __name__ == "__main__":
    sys.exit(main())
