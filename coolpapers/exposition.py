"""Numbers in Prometheus' text format. What the numbers mean is said by who measures them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Sample:
    """One number, under its labels."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Metric:
    """Numbers of one meaning. `kind` is gauge or counter (whose name ends in `_total`)."""

    name: str
    meaning: str
    samples: Sequence[Sample]
    kind: str = "gauge"


def render(metrics: Iterable[Metric]) -> str:
    """The metrics as Prometheus reads them; one without samples is left out."""
    lines = []
    for metric in metrics:
        if metric.samples:
            lines.append(f"# HELP {metric.name} {_escape(metric.meaning)}")
            lines.append(f"# TYPE {metric.name} {metric.kind}")
        for sample in metric.samples:
            labels = ",".join(
                f'{name}="{_escape(value).replace(chr(34), chr(92) + chr(34))}"'
                for name, value in sample.labels.items()
            )
            shown = f"{{{labels}}}" if labels else ""
            lines.append(f"{metric.name}{shown} {sample.value:.15g}")
    return "\n".join(lines) + "\n"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")
