"""How workers run the procedure: straight in production, in the engine's sandbox where tests watch over our rules.

The sandbox finds what a rule may not do (read a clock, open a file). To do so it would have to import all our modules
anew for each case, which costs as much CPU as the case itself. With our modules passed through it guards nothing, and
still takes a fifth of a worker's time; so in production it is off, and histories are replayed before a deploy.
"""

from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner


def runner(*, guard_our_modules: bool = False) -> WorkflowRunner:
    """The runner of production workers; with `guard_our_modules` the sandbox, around our own rules as well."""
    return SandboxedWorkflowRunner() if guard_our_modules else UnsandboxedWorkflowRunner()
