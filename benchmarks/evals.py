"""What the evals cost: the retrieval of every query in a cold process, and a whole run with its arms."""

import tempfile

from benchmarks.measure import Row, interviewer, measure_command

MOST_S = 60.0


def eval_rows() -> list[Row]:
    """The index is built beforehand, as it is in use."""
    with tempfile.TemporaryDirectory() as data_dir:
        environment = {"INTERVIEWER_DATA_DIR": data_dir}
        measure_command(interviewer("index", "build"), environment)
        rows = []
        for what, options in (("retrieval only", ["--retrieval-only"]), ("with all arms", [])):
            cost = measure_command(interviewer("eval", "run", *options), environment)
            rows.append(
                Row(f"`interviewer eval run`, {what}", f"{cost.cpu_s:.1f} s CPU", "<= 60 s CPU", cost.cpu_s <= MOST_S)
            )
        cost = measure_command(interviewer("eval", "run", "--smoke"), environment)
        rows.append(Row("`interviewer eval run --smoke`", f"{cost.cpu_s:.1f} s CPU", "<= 10 s CPU", cost.cpu_s <= 10.0))
        return rows
