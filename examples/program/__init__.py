"""Four small ML projects: they train on data inside Python packages and log to a real MLflow.

Imported before any numerical library, so this is where they are told to use one thread (the order
of additions, and with it the last digits, depends on threads) and where telemetry is switched off.
"""

from __future__ import annotations

import os

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"
for _variable in ("MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
    os.environ[_variable] = "true"
