"""Seconds of several calls in one run, fairly: rounds are interleaved, so other work on the machine weighs on all alike."""

import time


def best_seconds(calls, rounds):
    """The least time of each call over interleaved rounds."""
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            best[name] = min(best[name], time.perf_counter() - start)
    return best
