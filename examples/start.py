"""Creates an experiment with parameters, and its project if it does not exist, and prints the experiment's id."""

import argparse
import json
import os

# Keeps the SDK's messages off the standard output, which must contain only the id.
os.environ["PICSELLIA_SDK_CUSTOM_LOGGING"] = "yes"

from picsellia import Client  # noqa: E402
from picsellia.exceptions import ResourceNotFoundError  # noqa: E402


def parse_parameter(text: str) -> tuple[str, object]:
    """Parses `epochs=12` as a number and `optimizer=adamw` as a string."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} must be NAME=VALUE, such as epochs=12")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for option, variable, description in [
        ("--token", "api_token", "a token of scope write"),
        ("--host", "host", "the server's URL"),
    ]:
        value = os.environ.get(variable)
        parser.add_argument(option, default=value, required=not value, help=f"{description}; default: the variable {variable}")
    parser.add_argument("--project", default="Handwritten digits", help="the name of the project")
    parser.add_argument("--name", required=True, help="the name of the experiment")
    parser.add_argument("--description", default="", help="the description of the experiment, in Markdown")
    parser.add_argument("--set", action="append", type=parse_parameter, default=[], metavar="NAME=VALUE", help="a parameter; can be repeated")
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
