"""Where to log: the options that say it, and the status that an experiment shows meanwhile."""

import os
import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from picsellia import Client, Experiment
from picsellia.types.enums import ExperimentStatus


def add_options(parser: ArgumentParser) -> None:
    """Each is taken from the environment when it is not given."""
    for option, variable, what in [
        ("--token", "api_token", "a token that may write"),
        ("--host", "host", "the server's address"),
        ("--experiment", "experiment_id", "the id of the experiment to log to"),
    ]:
        value = os.environ.get(variable)
        parser.add_argument(option, default=value, required=not value, help=f"{what}; else the variable {variable}")


def experiment_of(options: Namespace) -> Experiment:
    client = Client(api_token=options.token, host=options.host)
    return client.get_experiment_by_id(options.experiment)


@contextmanager
def running(experiment: Experiment) -> Iterator[None]:
    """The experiment is RUNNING within, and afterwards what became of it."""
    # A scheduler that stops us is as good as Ctrl-C.
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
