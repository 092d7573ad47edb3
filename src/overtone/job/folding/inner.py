"""The search inside a fold: it sees the fold's training and validation rows alone."""

import os
import time
from math import inf
from pathlib import Path

from overtone.core.errors import RunFailed
from overtone.core.event import Watch
from overtone.job.searching.begin import check_search, count_of, space_of, write_beginning
from overtone.job.searching.rows import Rows
from overtone.job.searching.team import of_this_machine, worker_name
from overtone.job.searching.values import with_values
from overtone.job.searching.work import Search, work
from overtone.plan import Plan
from overtone.search.queue import recover
from overtone.search.storage import address_of


def search_fold(plan: Plan, rows: Rows, folder: Path, watch: Watch) -> Plan:
    """The resolved plan with the values of the best trial; a search that was interrupted goes on."""
    space = space_of(plan)
    search = Search(plan, space, rows, folder, address_of(folder), count_of(plan, space))
    check_search(search)
    folder.mkdir(parents=True, exist_ok=True)
    write_beginning(search, {})
    recover(search.study, of_this_machine)
    work(search, worker_name(os.getpid()), inf, time.monotonic, watch)
    best = search.winner
    if best is None:
        raise RunFailed(
            f"the search inside a fold finished no trial that keeps the constraints; see {folder}"
        )
    return with_values(plan, best.values)
