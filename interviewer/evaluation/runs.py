"""Runs on disk: one JSON file each under the data folder, and the baseline that ships."""

import json
import os
from pathlib import Path

from pydantic import ValidationError

from interviewer.errors import NotFoundError, QuerySetError
from interviewer.evaluation.record import RunRecord

BASELINE = "baseline"
"""Names the baseline: the one that was accepted on this machine, else the shipped one."""


class Runs:
    """The runs of a folder.

    Args:
        folder: where runs are kept, `ID.json`.
        shipped: the folder `evals/baselines`.
    """

    def __init__(self, folder: Path, shipped: Path) -> None:
        self._folder = folder
        self._shipped = shipped

    def save(self, record: RunRecord) -> Path:
        """Write a run; one of the same id is replaced.

        Raises:
            QuerySetError: the folder cannot be written.
        """
        return write_record(self._folder / f"{record.id}.json", record)

    def read(self, name: str) -> RunRecord:
        """A run by its id or the beginning of it, `last`, `baseline`, `baseline-smoke`, or the path of a file.

        Raises:
            NotFoundError: there is none, or the beginning fits several.
            QuerySetError: its file does not parse.
        """
        return read_record(self._path(name))

    def accept(self, record: RunRecord) -> Path:
        """Make a run the baseline of this machine for its suite."""
        return write_record(self._folder / "baselines" / f"{baseline_name(record)}.json", record)

    def ids(self) -> list[str]:
        """Ids of the runs that are kept, oldest first (ids begin with the time)."""
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def records(self) -> list[RunRecord]:
        """Every run that can be read, oldest first."""
        found = []
        for name in self.ids():
            try:
                found.append(read_record(self._folder / f"{name}.json"))
            except QuerySetError:
                continue
        return found

    def _path(self, name: str) -> Path:
        if name.startswith(BASELINE):
            places = (self._folder / "baselines" / f"{name}.json", self._shipped / f"{name}.json")
            found = [path for path in places if path.is_file()][:1]
        elif name == "last":
            found = [self._folder / f"{one}.json" for one in self.ids()[-1:]]
        elif name.endswith(".json"):
            found = [Path(name)]
        else:
            found = [self._folder / f"{one}.json" for one in self.ids() if one.startswith(name)]
        if len(found) != 1 or not found[0].is_file():
            what = "several runs begin" if len(found) > 1 else "no run is called or begins"
            raise NotFoundError(
                f"{what} with {name!r}.", where=str(self._folder), next_step="`interviewer eval runs` lists them."
            )
        return found[0]


def baseline_name(record: RunRecord) -> str:
    return BASELINE if record.suite == "full" else f"{BASELINE}-{record.suite}"


def read_record(path: Path) -> RunRecord:
    """A run from its file.

    Raises:
        QuerySetError: it cannot be read or does not parse.
    """
    try:
        return RunRecord.model_validate_json(path.read_bytes())
    except OSError as error:
        raise QuerySetError(f"cannot be read ({error.strerror}).", where=str(path)) from error
    except ValidationError as error:
        raise QuerySetError(f"is not the record of a run ({error.errors()[0]['msg']}).", where=str(path)) from None


def write_record(path: Path, record: RunRecord) -> Path:
    """Write a run with sorted keys and four decimals, so that two runs can be told apart line by line."""
    temporary = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(_rounded(record.model_dump(mode="json")), sort_keys=True, indent=0)
        temporary.write_text(f"{text}\n", encoding="utf-8")
        os.replace(temporary, path)
    except OSError as error:
        raise QuerySetError(f"cannot be written ({error.strerror}).", where=str(path)) from error
    return path


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value
