"""`make bench`: measure, keep each figure as it is found, and print them.

python benchmarks/run.py                 # a small run
python benchmarks/run.py --size full     # 10 and 50 million rows
python benchmarks/run.py --only history  # one measure
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import guard, measures

SIZES: dict[str, dict[str, Callable[[Path], measures.Figures]]] = {
    "small": {
        "against_hand": lambda at: measures.against_hand(at, 200_000, 5_000, 3, 1),
        "history": lambda at: measures.history(at, 20_000, 1_000),
        "opened_files": lambda at: measures.opened_files(at, 100),
        "memory": lambda at: measures.memory(at, 500_000, "1GB"),
        "nothing_new": lambda at: measures.nothing_new(at, [2, 5], 1),
        "guard": lambda at: guard.guards(at, 200_000, 5_000, 1),
    },
    "medium": {
        "against_hand": lambda at: measures.against_hand(at, 2_000_000, 20_000, 3, 1),
        "history": lambda at: measures.history(at, 200_000, 5_000),
        "opened_files": lambda at: measures.opened_files(at, 1_000),
        "memory": lambda at: measures.memory(at, 10_000_000, "1GB"),
        "nothing_new": lambda at: measures.nothing_new(at, [5, 20], 1),
        "guard": lambda at: guard.guards(at, 1_000_000, 20_000, 3),
    },
    "full": {
        "against_hand": lambda at: measures.against_hand(at, 10_000_000, 100_000, 5, 3),
        "history": lambda at: measures.history(at, 1_000_000, 10_000),
        "opened_files": lambda at: measures.opened_files(at, 5_000),
        "memory": lambda at: measures.memory(at, 50_000_000, "3GB"),
        "nothing_new": lambda at: measures.nothing_new(at, [5, 50], 3),
        "guard": lambda at: guard.guards(at, 10_000_000, 100_000, 5),
    },
}


def main() -> None:
    """Run the measures that have no figures yet, and print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=list(SIZES), default="small")
    parser.add_argument("--only", nargs="*", choices=list(SIZES["small"]), help="these alone")
    parser.add_argument(
        "--folder", type=Path, default=Path(__file__).with_name("lake"), help="where lakes are put"
    )
    parser.add_argument("--again", action="store_true", help="measure what has figures already")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve() / arguments.size
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "figures.json"
    figures = json.loads(kept.read_text()) if kept.exists() else {}
    for name, measure in SIZES[arguments.size].items():
        if arguments.only and name not in arguments.only:
            continue
        if name not in figures or arguments.again:
            print(f"==> {name}", file=sys.stderr, flush=True)
            figures[name] = measure(folder)
            kept.write_text(json.dumps(figures, indent=2))
        show(name, figures[name])


def show(name: str, figures: measures.Figures) -> None:
    """One measure as a table."""
    print(f"\n{name}")
    for what, value in figures.items():
        print(f"  {what:<60} {value if not isinstance(value, float) else round(value, 3)}")


if __name__ == "__main__":
    main()
