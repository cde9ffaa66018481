"""The parameters of the training, read from the experiment's log `parameters`."""

from dataclasses import asdict, dataclass, fields

from picsellia import Experiment
from picsellia.exceptions import ResourceNotFoundError


@dataclass
class Parameters:
    """The parameters. With the defaults, a training takes about two minutes on two cores."""

    epochs: int = 14
    #: The number of canvases for training; each of the other splits has a quarter of that.
    canvases: int = 1600
    batch_size: int = 8
    #: Width and height of a canvas in pixels.
    image_size: int = 96
    learning_rate: float = 0.003
    #: The number of channels of the first layer.
    width: int = 16
    #: The minimum score of detections for precision, recall and the confusion matrix.
    confidence: float = 0.3
    seed: int = 7

    def validate(self) -> None:
        """Exits with a message if a parameter is invalid."""
        for field in fields(self):
            if field.name != "seed" and getattr(self, field.name) <= 0:
                raise SystemExit(f"the parameter {field.name} is {getattr(self, field.name)}, but must be greater than 0")
        if self.image_size % 8 != 0 or self.image_size < 48:
            raise SystemExit(f"the parameter image_size is {self.image_size}, but must be a multiple of 8 and at least 48")
        if self.batch_size > self.canvases:
            raise SystemExit(f"the parameter batch_size is {self.batch_size}, but there are only {self.canvases} canvases for training")


def read_parameters(experiment: Experiment) -> Parameters:
    """Reads the parameters. If some are missing, logs all of them again with the defaults, so that the page shows the used values."""
    try:
        logged = experiment.get_log("parameters").data
    except ResourceNotFoundError:
        print("the experiment has no log `parameters`: training with the defaults")
        logged = {}
    parameters = Parameters()
    missing = []
    for field in fields(parameters):
        if field.name not in logged:
            missing.append(field.name)
            continue
        kind = type(getattr(parameters, field.name))
        try:
            setattr(parameters, field.name, kind(logged[field.name]))
        except (TypeError, ValueError):
            expected = "an integer" if kind is int else "a number"
            raise SystemExit(f"the parameter {field.name} is {logged[field.name]!r}, but must be {expected}") from None
    parameters.validate()
    if missing:
        if logged:
            print(f"using defaults for {', '.join(missing)}")
        experiment.log_parameters({**logged, **asdict(parameters)})
    return parameters
