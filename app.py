"""The app: `python3 run.py app`, `uv run app.py`, or `python app.py [--host H] [--port P]` inside the environment."""

import sys

from interviewer.cli.main import run

if __name__ == "__main__":
    sys.argv[1:1] = ["app"]
    run()
