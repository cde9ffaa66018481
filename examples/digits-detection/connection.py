"""The command-line options of the experiment to log to, and its status during the training."""

import os
import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from picsellia import Client, Experiment
from picsellia.types.enums import ExperimentStatus


def add_options(parser: ArgumentParser) -> None:
    """Adds the options. Their defaults are environment variables."""
    for option, variable, description in [
        ("--token", "api_token", "a token of scope write"),
        ("--host", "host", "the server's URL"),
        ("--experiment", "experiment_id", "the id of the experiment to log to"),
    ]:
        value = os.environ.get(variable)
        parser.add_argument(option, default=value, required=not value, help=f"{description}; default: the variable {variable}")


def find_experiment(options: Namespace) -> Experiment:
    client = Client(api_token=options.token, host=options.host)
    return client.get_experiment_by_id(options.experiment)


@contextmanager
def status_updates(experiment: Experiment) -> Iterator[None]:
    """Sets the experiment to RUNNING, and after the block to SUCCESS, FAILED or TERMINATED."""
    # SIGTERM, for example from a job scheduler, is handled like Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    experiment.update(status=ExperimentStatus.RUNNING)
    try:
        yield
    except KeyboardInterrupt:
        experiment.update(status=ExperimentStatus.TERMINATED)
        raise SystemExit("stopped") from None
    except BaseException:
        experiment.update(status=ExperimentStatus.FAILED)
        raise
    experiment.update(status=ExperimentStatus.SUCCESS)
