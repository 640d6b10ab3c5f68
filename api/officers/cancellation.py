"""The head of an office cancels a case (Permenkumham 8/2014 art. 30)."""

from api.acts import Speaking
from api.fields import Form, Reason
from api.routing import SHOWN, router
from api.shown import Application
from workflows.messages import Cancellation

routes = router("officers")


class CancellationForm(Form):
    """Why the case is cancelled."""

    reason: Reason


@routes.post("/v1/applications/{number}/cancellation", **SHOWN)
async def cancel(form: CancellationForm, speaker: Speaking) -> Application:
    """Cancel the case, for a reason that stands in its record."""
    await speaker.says("cancel", Cancellation(by=speaker.actor, reason=form.reason))
    return await speaker.sees()
