"""Makes an experiment with parameters, and its project where there is none, and prints the experiment's id."""

import argparse
import json
import os

# Keeps what the SDK tells off standard output, where nothing but the id belongs.
os.environ["PICSELLIA_SDK_CUSTOM_LOGGING"] = "yes"

from picsellia import Client  # noqa: E402
from picsellia.exceptions import ResourceNotFoundError  # noqa: E402


def parameter(text: str) -> tuple[str, object]:
    """`epochs=12` is a number, `optimizer=adamw` a text."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} must be NAME=VALUE, such as epochs=12")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for option, variable, what in [
        ("--token", "api_token", "a token that may write"),
        ("--host", "host", "the server's address"),
    ]:
        value = os.environ.get(variable)
        parser.add_argument(option, default=value, required=not value, help=f"{what}; else the variable {variable}")
    parser.add_argument("--project", default="Handwritten digits", help="the project's name")
    parser.add_argument("--name", required=True, help="the experiment's name")
    parser.add_argument("--description", default="", help="in Markdown")
    parser.add_argument("--set", action="append", type=parameter, default=[], metavar="NAME=VALUE", help="a parameter")
    options = parser.parse_args()

    client = Client(api_token=options.token, host=options.host)
    try:
        project = client.get_project(options.project)
    except ResourceNotFoundError:
        project = client.create_project(options.project)
    experiment = project.create_experiment(options.name, options.description)
    if options.set:
        experiment.log_parameters(dict(options.set))
    print(experiment.id)


if __name__ == "__main__":
    main()
