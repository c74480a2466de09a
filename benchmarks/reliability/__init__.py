"""`make reliability`: every promise tried many times, and what was lost in it.

    python -m reliability [--list] [--only NAME ...] [--share 0.1] [--seed 7] [--table]

(with `benchmarks` and `tests` on PYTHONPATH). A promise is a module in `parts/`; what it finds is
kept in `benchmarks/reliability.json` beside the others, and the table in `docs/reliability.md` is
made of that. All of it takes at most half an hour on two cores; --share tries a part of it, writes
nothing, and is for a look. Exit status 1 if anything was lost.
"""
