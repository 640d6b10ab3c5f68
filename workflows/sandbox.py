"""How workers run the procedure: in the engine's sandbox, with our own pure modules passed through.

Without that each case imports all of them anew, which costs as much CPU as the case itself.
"""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions


def runner(*, guard_our_modules: bool = False) -> SandboxedWorkflowRunner:
    """The runner of production workers; `guard_our_modules` lets the sandbox watch our own rules as well."""
    restrictions = SandboxRestrictions.default
    if not guard_our_modules:
        restrictions = restrictions.with_passthrough_modules("workflows")
    return SandboxedWorkflowRunner(restrictions=restrictions)
