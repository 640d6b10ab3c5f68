"""The tables of the schema `paspor`, by subject. Importing all of them fills the metadata."""

from activities.storage.tables.assisted import AssistedDay, AssistedFiling
from activities.storage.tables.base import Base
from activities.storage.tables.capacity import SeatRelease, ServiceRate
from activities.storage.tables.cases import Application, CaseEvent, Lease, Task
from activities.storage.tables.closures import Reopening, Reseating, SeatReserve, SpecialMove
from activities.storage.tables.draws import Draw, DrawEntry
from activities.storage.tables.exchange import AccessRecord, IdempotentRequest, InboxMessage, OutboxMessage, Seal
from activities.storage.tables.families import Family
from activities.storage.tables.money import PaymentCase, SettlementDay
from activities.storage.tables.places import CalendarDay, Closure, DatedRule, Office
from activities.storage.tables.queueing import QueueCall, QueueTicket, TicketSeries
from activities.storage.tables.rush import Draft, Notice, RequestCount, RoomPace, RoomPlace, WalkIn, WalkInQuota
from activities.storage.tables.seats import Booking, SeatRequest, Slot, Waiting
from activities.storage.tables.sessions import IssuerKeys, Session
from activities.storage.tables.stock import BillCode, Booklet, PrintAttempt, Printer, SearchCode
from activities.storage.tables.waiting import WaitingStep

__all__ = [
    "AccessRecord",
    "Application",
    "AssistedDay",
    "AssistedFiling",
    "Base",
    "BillCode",
    "Booking",
    "Booklet",
    "CalendarDay",
    "CaseEvent",
    "Closure",
    "DatedRule",
    "Draft",
    "Draw",
    "DrawEntry",
    "Family",
    "IdempotentRequest",
    "InboxMessage",
    "IssuerKeys",
    "Lease",
    "Notice",
    "Office",
    "OutboxMessage",
    "PaymentCase",
    "PrintAttempt",
    "Printer",
    "QueueCall",
    "QueueTicket",
    "Reopening",
    "RequestCount",
    "Reseating",
    "RoomPace",
    "RoomPlace",
    "Seal",
    "SearchCode",
    "SeatRelease",
    "SeatRequest",
    "SeatReserve",
    "ServiceRate",
    "Session",
    "SettlementDay",
    "Slot",
    "SpecialMove",
    "Task",
    "TicketSeries",
    "Waiting",
    "WaitingStep",
    "WalkIn",
    "WalkInQuota",
]
