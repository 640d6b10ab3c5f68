"""Messages to applicants by mail."""

from temporalio import activity

from activities.clients.smtp import SmtpClient
from activities.failures import told_to_the_engine
from activities.letters import letter
from workflows.partners.notices import Notice, Notices


class MailNotices(Notices):
    """Carries out `Notices`."""

    def __init__(self, client: SmtpClient) -> None:
        self._client = client

    @activity.defn(name="notices.send")
    @told_to_the_engine
    def send(self, notice: Notice) -> None:
        """Send the message; a repeat carries the same message id."""
        text = letter(notice.kind.value, notice.language, notice.facts)
        self._client.send(notice.key, notice.to, text.subject, text.body)
