"""Every read, as it is deployed: on PostgreSQL, with no transaction around it but the backend's own."""

from __future__ import annotations

from collections.abc import Iterator

from coursegate.harness.checks import samples
from coursegate.harness.client import CannotAsk
from coursegate.suites.deployed.promise import promised
from coursegate.suites.deployed.stage import Stage


@promised("policy 3", "policy 6")
def every_read_is_answered(stage: Stage) -> Iterator[str]:
    """No operation that reads ends in an error of the server on PostgreSQL, where no test holds a transaction open."""
    url = stage.serve()
    reads = {
        name: cell
        for name, cell in samples(stage.contract).items()
        if stage.contract.api.operations[name].is_safe
    }
    assert reads, "the contract has no operation that reads"
    broken, unasked = 0, dict[str, str]()
    for name, cell in reads.items():
        try:
            answer = stage.ask(url, cell)
        except CannotAsk as problem:  # one subject that was not built leaves the other reads to be judged
            unasked[name] = str(problem)
            continue
        if answer.hang:
            yield f"{name} asked by {cell.principal}: no answer"
            return  # its only process may stand there yet, and keep the others waiting
        if answer.status >= 500:
            broken += 1
            yield f"{name} asked by {cell.principal}: {answer.summary}"
    if unasked and not broken:
        name, reason = next(iter(unasked.items()))
        more = f" and {len(unasked) - 1} more" if len(unasked) > 1 else ""
        raise CannotAsk(
            f"{name}{more} could not be asked ({reason}); the other {len(reads) - len(unasked)} reads are answered"
        )
