"""Rotations and playlists to try solvers on, in the words of ``blenddesk solve rotation``; a seed names a case."""

from __future__ import annotations

from random import Random
from typing import Any

Case = dict[str, Any]

SIZES = {
    # groups, stations, rounds a day, days
    "small": ((3, 5), (3, 5), (3, 5), (1, 1)),
    "typical": ((4, 8), (4, 7), (4, 6), (1, 2)),
    "hard": ((7, 12), (6, 9), (4, 6), (2, 3)),
}


def rotation(kind: str, seed: int) -> Case:
    """A case of ``SIZES``. About half of them are tight enough that not everything wished for can be had."""
    random = Random(f"{kind} {seed}")
    groups, stations, rounds, days = (random.randint(*bounds) for bounds in SIZES[kind])
    places = [_station(random, index) for index in range(stations)]
    if random.random() < 0.8:
        places[0] = {"name": "With me", "needs": "teacher", "capacity": 1, "students_per_device": 1, "screen": False}
    sizes = [random.randint(3, 8) for _ in range(groups)]
    visits = []
    everything = random.random() < 0.35
    length = rounds * days
    musts = stations if everything and stations <= length else random.randint(1, max(min(stations, length) // 2, 1))
    doubles = rounds >= 2 and random.random() < 0.35
    for group in range(groups):
        order = random.sample(range(stations), stations)
        for place, station in enumerate(order):
            must = place < musts
            if not must and random.random() < 0.15:
                continue
            span = 2 if doubles and random.random() < 0.15 else 1
            wish = 0 if must else random.randint(1, 9)
            visits.append({"group": group, "station": station, "must": must, "wish": wish, "rounds": span})
    before = []
    if stations > 3 and random.random() < 0.4:
        before = [random.sample(range(stations), 2) for _ in range(random.randint(1, 2))]
        before = before[:1] if len(before) == 2 and before[0] == before[1][::-1] else before
    blocked = []
    if random.random() < 0.4:
        for _ in range(random.randint(1, max(groups // 3, 1))):
            pair = [random.randrange(groups), random.randrange(length)]
            if pair not in blocked:
                blocked.append(pair)
    return {
        "rounds": [{"day": round_ // rounds} for round_ in range(length)],
        "groups": [{"name": f"G{number}", "size": size} for number, size in enumerate(sizes)],
        "devices": random.randint(max(sizes), 3 * max(sizes)),
        "stations": places,
        "visits": visits,
        "before": before,
        "blocked": blocked,
        "seed": seed,
    }


def trolley(seed: int) -> Case:
    """Three sections at the same time, each with its own stations and teacher, and one trolley of computers.

    Teachers are told apart in the file's terms: three adults, and one teacher-led station a section with room for one.
    """
    random = Random(f"trolley {seed}")
    groups, stations, visits = [], [], []
    rounds = random.randint(4, 6)
    for section in range(3):
        count = random.randint(4, 6)
        first_group, first_station = len(groups), len(stations)
        groups += [{"name": f"S{section}G{one}", "size": random.randint(4, 7)} for one in range(count)]
        stations.append({"name": f"S{section} teacher", "needs": "teacher", "capacity": 1})
        stations += [_station(random, len(stations) + one) for one in range(random.randint(3, 5))]
        for station in stations[first_station + 1 :]:
            station["capacity"] = max(station["capacity"], 2)
            if station["needs"] == "teacher":
                station["needs"] = "none"
        for group in range(first_group, len(groups)):
            for station in range(first_station, len(stations)):
                must = station < first_station + 3
                wish = 0 if must else random.randint(1, 9)
                visits.append({"group": group, "station": station, "must": must, "wish": wish, "rounds": 1})
    return {
        "rounds": [{"day": 0}] * rounds,
        "groups": groups,
        "devices": random.randint(10, 16),
        "stations": stations,
        "visits": visits,
        "teachers": 3,
        "seed": seed,
    }


def impossible(seed: int) -> Case:
    """A case that asks for more than there is: of time, room, adults or computers. Some turn out possible after all."""
    random = Random(f"impossible {seed}")
    case = rotation(random.choice(("small", "typical")), seed + 100_000)
    what = random.choice(("time", "room", "teacher", "devices", "doubles"))
    for visit in case["visits"]:
        if what == "doubles" and random.random() < 0.5:
            visit["rounds"] = 2
        if random.random() < 0.7:
            visit["must"] = True
    if what == "time":
        group = random.randrange(len(case["groups"]))
        case["blocked"] += [[group, 0]] if [group, 0] not in case["blocked"] else []
    for station in case["stations"]:
        if what == "room":
            station["capacity"] = 1
        if what == "teacher" and random.random() < 0.5:
            station["needs"] = "teacher"
        if what == "devices" and random.random() < 0.6:
            station["needs"], station["students_per_device"] = "device", 1
    if what == "devices":
        case["devices"] = max(group["size"] for group in case["groups"])
    return case


def playlists(seed: int, kind: str = "typical") -> Case:
    random = Random(f"playlists {kind} {seed}")
    students = random.randint(6, 12) if kind == "small" else random.randint(20, 40)
    slots = random.randint(5, 8) if kind == "small" else random.randint(8, 14)
    capacity = {
        "laptop": max(1, students // random.randint(3, 6)),
        "quiet": max(2, students // random.randint(3, 5)),
        "teacher": 1,
    }
    tasks = []
    for student in range(students):
        for order in range(random.randint(3, 6)):
            resource = random.choice(("laptop", "laptop", "quiet", "paper", "paper", "teacher"))
            length = 1 if resource == "teacher" else random.randint(1, 3)
            free = -1 if random.random() < 0.2 else order
            weight = random.choice((1, 2, 5, 10, 20))
            tasks.append({"student": student, "slots": length, "resource": resource, "weight": weight, "order": free})
    return {
        "kind": "playlists",
        "students": students,
        "slots": slots,
        "capacity": capacity,
        "tasks": tasks,
        "seed": seed,
    }


def _station(random: Random, index: int) -> Case:
    needs = random.choice(
        ("device", "none", "none", "device", "teacher") if random.random() < 0.3 else ("device", "none")
    )
    return {
        "name": f"Station {index}",
        "needs": needs,
        "capacity": 1 if needs == "teacher" else random.choice((1, 1, 2, 2, 3)),
        "students_per_device": random.choice((1, 2)) if needs == "device" else 1,
        "screen": needs == "device" or random.random() < 0.1,
    }
