"""The parts of a whole installation on one machine, as data."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence

from activities.keyring import load_keys
from workers.local import temporal
from workers.local.addresses import STANDINS, Addresses
from workers.local.checks import Engine, http_answers, leaves_well, postgres_answers
from workers.local.children import Command
from workers.local.datafolder import DataFolder
from workers.local.parts import Part, Ready
from workers.local.postgres import LocalPostgres
from workflows import options

# One process each: the cases, what goes over a wire, and the printers, whose failures must not touch the others.
WORKERS: Mapping[str, Sequence[str]] = {
    "worker-cases": (options.CASES,),
    "worker-partners": (options.NATIONAL, options.BIOMETRICS),
    "worker-printing": tuple(options.printing_at(office) for office in ("latihan", "denpasar")),
}
WEBHOOK_SENDERS = ("billing", "abis")
TRACES = "PASPOR_OTLP_ENDPOINT"


class Plan:
    """All parts of the installation in `folder` at `addresses`."""

    def __init__(self, folder: DataFolder, addresses: Addresses, postgres: LocalPostgres) -> None:
        self._folder, self._addresses, self._postgres = folder, addresses, postgres
        self._engine = Engine(addresses.environment(folder, postgres)["PASPOR_TEMPORAL_ADDRESS"], temporal.NAMESPACE)
        self._webhook_secrets = load_keys(folder.keys).webhook_secrets

    def parts(self) -> list[Part]:
        """The parts, those that others need first."""
        standins = [self._standin(name) for name in STANDINS]
        workers = [self._worker(name, queues) for name, queues in WORKERS.items()]
        return [
            self._database(),
            self._server(),
            self._migrate(),
            self._practice(),
            *standins,
            self._issuer(),
            *workers,
            self._api(),
        ]

    def environment(self) -> dict[str, str]:
        """Our own environment, and what our processes need to know of each other."""
        known = {**self._bare_environment(), **self._addresses.environment(self._folder, self._postgres)}
        # Of what a person has set for us, this one thing holds here too: who sends traces wants them from all parts.
        wished = os.environ.get(TRACES)
        return {**known, TRACES: wished} if wished else known

    def _database(self) -> Part:
        command = self._postgres.command(self._folder.logs / "postgres.log")
        ready = postgres_answers(self._postgres)
        return Part(name="postgres", command=command, ready=ready, stop_signal=signal.SIGINT, grace=5.0)

    def _server(self) -> Part:
        command = temporal.command(self._folder.temporal, self._addresses, self._folder.logs / "temporal.log")
        return Part(name="temporal", command=command, ready=self._engine.prepared)

    def _migrate(self) -> Part:
        command = self._python("migrate", "workers.cli", "migrate")
        return Part(name="migrate", command=command, ready=leaves_well, after=["postgres"], once=True)

    def _practice(self) -> Part:
        command = self._python("practice", "workers.local.practice")
        return Part(name="practice", command=command, ready=leaves_well, after=["migrate"], once=True)

    def _standin(self, name: str) -> Part:
        store = self._folder.standins / name
        more = ["--smtp-port", str(self._addresses.ports["smtp"])] if name == "mail" else []
        # A stand-in plays another organisation: it is told nothing of ours, but its own secret and where to send.
        known = self._bare_environment()
        if name in WEBHOOK_SENDERS:
            known["PASPOR_API_URL"] = self._addresses.url("api")
            known["PASPOR_WEBHOOK_SECRET"] = self._webhook_secrets[name][0]
        port = str(self._addresses.ports[name])
        command = self._python(
            name, f"workers.local.standins.{name}", "--port", port, "--store", str(store), *more, environment=known
        )
        return Part(name=name, command=command, ready=self._http(name, "/healthz"))

    def _issuer(self) -> Part:
        port, store = str(self._addresses.ports["idp"]), str(self._folder.standins / "issuer")
        known = self._bare_environment()
        command = self._python("idp", "workers.local.issuer", "--port", port, "--store", store, environment=known)
        return Part(name="idp", command=command, ready=self._http("idp", "/.well-known/openid-configuration"))

    def _worker(self, name: str, queues: Sequence[str]) -> Part:
        options = [option for queue in queues for option in ("--queue", queue)]
        known = {**self.environment(), "PASPOR_METRICS_ADDRESS": self._addresses.listen(f"{name}_metrics")}
        command = self._python(name, "workers.cli", "worker", *options, environment=known)
        return Part(
            name=name, command=command, ready=self._engine.polled(queues), after=["practice", "temporal", *STANDINS]
        )

    def _api(self) -> Part:
        command = self._python("api", "workers.cli", "api", "--port", str(self._addresses.ports["api"]))
        # After the workers, so that it stops before them: a request under way still needs its workflow to answer.
        return Part(name="api", command=command, ready=self._http("api", "/readyz"), after=["idp", *WORKERS], grace=3.5)

    def _python(self, name: str, module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Command:
        known = self.environment() if environment is None else environment
        return Command(
            argv=[sys.executable, "-m", module, *arguments], environment=known, log=self._folder.logs / f"{name}.log"
        )

    def _http(self, name: str, path: str) -> Ready:
        return http_answers(self._addresses.url(name) + path)

    def _bare_environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PASPOR_")}
        return {**inherited, "PYTHONUNBUFFERED": "1"}
