"""Registers for auditors: all cases, the seals of the record, who looked at what, and every exception."""

from api.routing import router

routes = router("auditors")
