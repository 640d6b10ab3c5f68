"""All routers of the API, by audience."""

from api import health
from api.applicants import (
    appointment,
    documents,
    draws,
    events,
    families,
    filing,
    pages_checking,
    pages_draws,
    pages_family,
    pages_filing,
    pages_following,
    pages_people,
    pages_performance,
    pages_person,
    pages_proof,
    pages_reseating,
    pages_room,
    pages_starting,
    pages_status,
    pages_visiting,
    pages_waiting,
    person,
    proofs,
    reseating,
    status,
    waiting,
)
from api.auditors import codec, history, pages_history, pages_lists, pages_settlements, registers, settlements
from api.auditors import waiting as waiting_register
from api.officers import (
    cancellation,
    decisions,
    enrolment,
    pages_cancelling,
    pages_desk,
    pages_payments,
    pages_pictures,
    pages_rescheduling,
    pages_tasks,
    payments,
    rescheduling,
    tasks,
)
from api.offices import (
    availability,
    board,
    checkin,
    closures,
    counters,
    means,
    notices,
    pages_closures,
    pages_counter,
    pages_front,
    pages_notices,
    pages_walk_ins,
    walk_ins,
)
from api.offices import draws as office_draws
from api.offices import pages_draws as pages_office_draws
from api.pages import entrance
from api.partners import webhooks

ALL = tuple(
    module.routes
    for module in (
        health,
        filing,
        families,
        status,
        person,
        documents,
        appointment,
        proofs,
        draws,
        office_draws,
        waiting,
        events,
        availability,
        board,
        checkin,
        counters,
        means,
        notices,
        walk_ins,
        tasks,
        decisions,
        enrolment,
        cancellation,
        rescheduling,
        reseating,
        closures,
        payments,
        registers,
        settlements,
        waiting_register,
        history,
        codec,
        webhooks,
    )
)

# In this order: of two paths that fit, the first one is taken.
PAGES = tuple(
    module.routes
    for module in (
        entrance,
        pages_starting,
        pages_status,
        pages_performance,
        pages_office_draws,
        pages_checking,
        pages_people,
        pages_family,
        pages_filing,
        pages_visiting,
        pages_room,
        pages_waiting,
        pages_draws,
        pages_following,
        pages_person,
        pages_proof,
        pages_desk,
        pages_front,
        pages_counter,
        pages_notices,
        pages_walk_ins,
        pages_cancelling,
        pages_payments,
        pages_rescheduling,
        pages_closures,
        pages_reseating,
        pages_pictures,
        pages_tasks,
        pages_lists,
        pages_settlements,
        pages_history,
    )
)
