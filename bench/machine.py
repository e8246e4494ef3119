"""The machine that a benchmark runs on: which CPUs to use, what to say of it, where results go."""

import json
import os
import platform
import subprocess
import time
from pathlib import Path

from peers import BenchError


def two_cpus() -> tuple[int, int]:
    """One CPU for the server and one for the client, on different cores if there are such."""
    cpus = sorted(os.sched_getaffinity(0))
    if len(cpus) < 2:
        raise BenchError("this needs two CPUs: a server and a client on one would measure each other")
    others = [cpu for cpu in cpus[1:] if cpu not in siblings(cpus[0])]
    return cpus[0], (others or cpus[1:])[-1]


def siblings(cpu: int) -> set[int]:
    """The CPUs that share a core with this one, itself included."""
    try:
        text = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text().strip()
    except OSError:
        return {cpu}
    spans = (part.partition("-") for part in text.split(","))
    return {number for low, _, high in spans for number in range(int(low), int(high or low) + 1)}


def first_line(command: list[str]) -> str:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return ((done.stdout or done.stderr).splitlines() or ["unknown"])[0].strip()


def machine() -> dict:
    models = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
              if line.startswith("model name")]
    server_cpu, client_cpu = two_cpus()
    return {
        "cpu": models[0] if models else platform.machine(),
        "cpus": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "load_before": os.getloadavg()[0],
        "server_cpu": server_cpu,
        "client_cpu": client_cpu,
        "one_core_shared": client_cpu in siblings(server_cpu),
    }


def facts_of(versions: dict[str, str]) -> dict:
    """When and on what something is measured."""
    return {"started_at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "machine": machine(), "versions": versions}


def print_machine(facts: dict) -> None:
    told = facts["machine"]
    print(f"\nMachine   {told['cpu']}, {told['cpus']} CPUs, Linux {told['kernel']}, load {told['load_before']:.1f} before")
    print(f"Versions  {', '.join(facts['versions'].values())}")


def print_doubts(facts: dict) -> None:
    """What about the machine makes its figures worse than they could be."""
    told = facts["machine"]
    if told["one_core_shared"]:
        print("          both CPUs are threads of one core: the sides slow each other down")
    if told["load_before"] > 0.5:
        print("          the machine was busy before it began: repeat this when it is quiet")


def print_limits(limits: tuple[str, ...]) -> None:
    for number, limit in enumerate(limits):
        print(f"{'' if number else 'Limits':10}{limit}")


def write_result(name: str, result: dict) -> Path:
    folder = Path("results") / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}"
    folder.mkdir(parents=True)
    file = folder / f"{name}.json"
    file.write_text(json.dumps(result, indent=2) + "\n")
    return file
