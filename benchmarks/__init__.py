"""Speed and memory, measured: `python3 run.py bench` prints the tables."""
