"""Everything that `contracts/compat.yaml` promises is asked for by a check."""

from coursegate.contracts.contract import load_contract
from coursegate.suites.regression.compat import CALLED, MODULES, ROWS, SHOWN

COMPAT = load_contract().compat


def test_every_module_is_imported_from() -> None:
    assert set(MODULES) == set(COMPAT.imports)


def test_every_function_is_called() -> None:
    assert set(CALLED) == set(COMPAT.calls)


def test_every_answer_with_keys_is_asked_for() -> None:
    assert set(SHOWN) == set(COMPAT.response_keys)


def test_every_list_of_rows_with_keys_is_asked_for() -> None:
    assert set(ROWS) == {(name, where) for name, entry in COMPAT.row_keys.items() for where in entry}
