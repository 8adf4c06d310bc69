"""A Spark of this machine that answers all questions of the suite at once, and prints them as JSON.

Run in its own environment: `python -m tests.peers.spark.process FOLDER`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.analysis.engines.questions import QUESTIONS

from headway.analysis.summaries import Table, from_ibis

#: Small data: one thread of tasks, no second planning, no console, no page.
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


def main() -> None:
    """Print one JSON document: question → answer."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    import ibis

    connection = ibis.pyspark.connect(session)
    folder = Path(sys.argv[1])

    def open_(name: str) -> Table:
        return from_ibis(connection.read_parquet(str(folder / f"{name}.parquet")), name=name)

    print(json.dumps({name: question(open_) for name, question in QUESTIONS.items()}))
    session.stop()


if __name__ == "__main__":
    main()
