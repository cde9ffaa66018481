"""What can be set: the experiment's log `parameters`."""

from dataclasses import asdict, dataclass, fields

from picsellia import Experiment
from picsellia.exceptions import ResourceNotFoundError


@dataclass
class Parameters:
    """With these defaults training takes about two minutes on two cores."""

    epochs: int = 14
    #: For training; each of the other splits has a quarter as many.
    canvases: int = 1600
    batch_size: int = 8
    #: Width and height of a canvas in pixels.
    image_size: int = 96
    learning_rate: float = 0.003
    #: How many channels the network begins with.
    width: int = 16
    #: How sure a detection must be to count for precision, recall and the confusion matrix.
    confidence: float = 0.3
    seed: int = 7

    def check(self) -> None:
        """Ends the program when one does not fit."""
        for field in fields(self):
            if field.name != "seed" and getattr(self, field.name) <= 0:
                raise SystemExit(f"the parameter {field.name} is {getattr(self, field.name)}, it must be more than 0")
        if self.image_size % 8 != 0 or self.image_size < 48:
            raise SystemExit(f"the parameter image_size is {self.image_size}, it must be a multiple of 8, at least 48")
        if self.batch_size > self.canvases:
            raise SystemExit(f"a batch of {self.batch_size} is more than the {self.canvases} canvases for training")


def read(experiment: Experiment) -> Parameters:
    """Reads them, and logs them again where defaults had to fill gaps, so that the page says what was used."""
    try:
        given = experiment.get_log("parameters").data
    except ResourceNotFoundError:
        print("the experiment has no log `parameters`: training with the defaults")
        given = {}
    parameters = Parameters()
    missing = []
    for field in fields(parameters):
        if field.name not in given:
            missing.append(field.name)
            continue
        kind = type(getattr(parameters, field.name))
        try:
            setattr(parameters, field.name, kind(given[field.name]))
        except (TypeError, ValueError):
            expected = "a whole number" if kind is int else "a number"
            raise SystemExit(f"the parameter {field.name} is {given[field.name]!r}, it must be {expected}") from None
    parameters.check()
    if missing:
        if given:
            print(f"defaults are used for {', '.join(missing)}")
        experiment.log_parameters({**given, **asdict(parameters)})
    return parameters
