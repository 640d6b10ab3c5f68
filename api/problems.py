"""What can go wrong, by code: RFC 9457 problem documents, from one table, one error base and one handler.

A document says what happened and never what was sent. `code` is part of the contract, `title` is for people
(Indonesian or English by `Accept-Language`), `trace` is the request id that stands in the logs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from asgi_correlation_id import correlation_id
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from api.language import preferred

MEDIA = "application/problem+json"
MOST_ERRORS = 50
AGAIN_SECONDS = 2

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table: the status, and the title in both languages."""

    status: int
    indonesian: str
    english: str


CODES = {
    "bad_request": Kind(400, "Permintaan tidak dapat dibaca", "The request cannot be read"),
    "idempotency_key_required": Kind(400, "Idempotency-Key wajib diisi", "An Idempotency-Key is required"),
    "notification_stale": Kind(400, "Pemberitahuan sudah kedaluwarsa", "The notification is too old"),
    "not_signed_in": Kind(401, "Silakan masuk lebih dahulu", "Please sign in"),
    "notification_forged": Kind(401, "Tanda tangan tidak sah", "The signature is not valid"),
    "lease_required": Kind(
        403, "Hanya untuk petugas yang sedang mengerjakannya", "Only for an officer who is at work on this"
    ),
    "role_not_allowed": Kind(403, "Peran Anda tidak berwenang", "Your role may not do this"),
    "origin_not_allowed": Kind(403, "Asal permintaan tidak dikenal", "Not from this origin"),
    "not_found": Kind(404, "Tidak ditemukan", "Not found"),
    "bill_not_ready": Kind(404, "Tagihan belum tersedia", "The bill is not ready yet"),
    "method_not_allowed": Kind(405, "Metode tidak didukung", "This cannot be done here"),
    "already_checked_in": Kind(409, "Sudah melapor kedatangan", "Already checked in"),
    "already_claimed": Kind(409, "Sudah diambil petugas lain", "Somebody else has taken this"),
    "already_has_seat": Kind(409, "Sudah memiliki jadwal", "There is an appointment already"),
    "already_waiting": Kind(409, "Sudah dalam daftar tunggu untuk hari lain", "Is waiting for other days already"),
    "already_holds_passport": Kind(409, "Masih memiliki paspor yang berlaku", "Holds a valid passport already"),
    "booklet_not_available": Kind(409, "Blangko tidak tersedia", "This booklet is not in stock"),
    "family_lapsed": Kind(
        409, "Pengajuan bersama tidak selesai pada waktunya", "This filing was not completed in time"
    ),
    "family_together": Kind(409, "Jadwal keluarga dipilih bersama", "A family chooses its time together"),
    "already_entered": Kind(
        409, "Sudah terdaftar dengan permohonan lain", "Has entered by another application already"
    ),
    "draw_closed": Kind(409, "Pendaftaran undian sudah ditutup", "The draw has closed"),
    "draw_exists": Kind(409, "Hari itu sudah diundi pada masa yang sama", "Another draw has some of these days"),
    "draw_not_open": Kind(409, "Pendaftaran undian belum dibuka", "The draw is not open yet"),
    "nothing_to_draw": Kind(
        409, "Tidak ada kursi yang dapat diundi pada hari itu", "These days have no seat that could be drawn"
    ),
    "wrong_lane": Kind(409, "Undian ini untuk layanan lain", "The draw is for another service"),
    "lease_lost": Kind(409, "Hak pengerjaan sudah berakhir", "The lease has ended"),
    "live_application_exists": Kind(409, "Masih ada permohonan yang berjalan", "An application is under way already"),
    "no_offer": Kind(409, "Tidak ada tawaran kursi", "No seat is offered"),
    "no_waiting_list": Kind(409, "Kantor ini tidak memakai daftar tunggu", "This office has no waiting list"),
    "not_your_turn": Kind(409, "Belum waktunya untuk langkah ini", "It is not the turn of this step"),
    "no_other_seat": Kind(409, "Belum ada kursi lain", "No other seat is free"),
    "people_moved": Kind(409, "Sudah ada yang dipindahkan", "Somebody has been moved already"),
    "refusals_used": Kind(409, "Penolakan sudah habis dipakai", "No refusal is left"),
    "request_in_progress": Kind(409, "Permintaan yang sama sedang diproses", "The same request is being worked on"),
    "reschedule_used": Kind(409, "Jadwal ulang sudah pernah dipakai", "The one reschedule is used"),
    "same_officer": Kind(409, "Harus dilakukan petugas lain", "A second officer has to do this"),
    "slot_full": Kind(409, "Kuota waktu ini sudah penuh", "No seat is left at this time"),
    "slot_gone": Kind(409, "Waktu ini tidak tersedia lagi", "This time is no longer offered"),
    "too_late": Kind(409, "Sudah melewati batas waktu", "It is too late for this"),
    "wrong_day": Kind(409, "Bukan hari janji temu", "The appointment is on another day"),
    "body_too_large": Kind(413, "Permintaan terlalu besar", "The request is too large"),
    "file_too_large": Kind(413, "Berkas terlalu besar", "The file is too large"),
    "unsupported_file": Kind(415, "Jenis berkas tidak didukung", "This kind of file is not supported"),
    "capture_not_accepted": Kind(422, "Hasil perekaman belum memenuhi syarat", "The capture is not good enough"),
    "collector_not_entitled": Kind(409, "Tidak berhak mengambil", "May not collect this passport"),
    "idempotency_key_reused": Kind(
        422, "Idempotency-Key sudah dipakai", "The Idempotency-Key was used for another request"
    ),
    "invalid_input": Kind(422, "Isian tidak sah", "The input is not valid"),
    "nik_mismatch": Kind(422, "Data tidak cocok dengan NIK", "The data do not match the NIK"),
    "not_eligible": Kind(422, "Tidak memenuhi syarat", "Not eligible"),
    "exit_ban": Kind(409, "Pemohon dicegah ke luar negeri", "The holder is barred from leaving the country"),
    "wrong_booklet": Kind(409, "Blangko tidak sesuai", "This is another booklet"),
    "no_quota": Kind(409, "Tidak ada kuota tanpa janji temu hari ini", "No walk-ins are served today"),
    "waiting_room": Kind(429, "Anda dalam antrean memilih jadwal", "You are in the line to choose a seat"),
    "too_many_requests": Kind(429, "Terlalu banyak permintaan", "Too many requests"),
    "internal_error": Kind(500, "Terjadi kesalahan", "Something went wrong"),
    "engine_slow": Kind(503, "Sistem sedang sibuk, silakan ulangi", "The system is slow, please try again"),
    "database_away": Kind(503, "Sistem sedang tidak tersedia", "The system is not available"),
    "partner_away": Kind(503, "Sistem mitra sedang tidak tersedia", "A partner system is away"),
    "sign_in_away": Kind(503, "Layanan masuk tidak tersedia", "The sign-in service is not available"),
    "overloaded": Kind(503, "Sistem sedang padat, silakan ulangi", "Too many people at once, please try again"),
}
UNKNOWN_REFUSAL = Kind(409, "Tidak dapat dilakukan saat ini", "This cannot be done now")
BY_STATUS = {401: "not_signed_in", 403: "role_not_allowed", 404: "not_found", 405: "method_not_allowed"}
# Said of a request that was not judged, or may be judged otherwise when it comes again with the same key.
NOT_A_VERDICT = {"invalid_input", "idempotency_key_reused", "request_in_progress"}


class Problem(Exception):
    """An answer that is no: its code, and what a client can use. `about` adds fields to the document."""

    def __init__(self, code: str, detail: str = "", *, retry_after: int | None = None, **about: Any) -> None:
        super().__init__(code)
        self.code, self.detail, self.retry_after, self.about = code, detail, retry_after, about

    @property
    def kind(self) -> Kind:
        """The row of the table; a refusal that the table does not know is still a "no" of the world."""
        return CODES.get(self.code, UNKNOWN_REFUSAL)

    @property
    def final(self) -> bool:
        """Whether the same request with the same key is to hear the same again."""
        return self.kind.status in (409, 422) and self.code not in NOT_A_VERDICT and self.retry_after is None


def invalid(pointer: str, detail: str) -> Problem:
    """The 422 for one field, by its JSON pointer."""
    return Problem("invalid_input", errors=[{"pointer": pointer, "detail": detail}])


def answer(problem: Problem, headers: Mapping[str, str]) -> JSONResponse:
    """The problem as a document, in the language that `headers` prefer."""
    kind, language = problem.kind, preferred(headers.get("accept-language", ""))
    title = kind.indonesian if language == "id" else kind.english
    document = {
        **problem.about,
        "type": f"/problems/{problem.code}",
        "title": title,
        "status": kind.status,
        "detail": problem.detail or title,
        "code": problem.code,
        "trace": correlation_id.get(),
    }
    response = JSONResponse(document, kind.status, {"Content-Language": language}, media_type=MEDIA)
    wait = problem.retry_after or (AGAIN_SECONDS if kind.status == 503 else None)
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    if kind.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def as_problem(error: Exception) -> Problem:
    """Any exception as a problem; what nobody expected becomes `internal_error` and is logged without its text."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        if any(found["loc"][0] == "path" for found in error.errors()):
            return Problem("not_found")
        return Problem("invalid_input", errors=[_field_error(found) for found in error.errors()[:MOST_ERRORS]])
    if isinstance(error, HTTPException):
        return Problem(BY_STATUS.get(error.status_code, "bad_request"))
    log.error("request failed", exc_info=error)
    return Problem("internal_error")


HANDLED: tuple[type[Exception], ...] = (Problem, HTTPException, RequestValidationError, Exception)


async def handle(request: Request, error: Exception) -> JSONResponse:
    """The one handler of the application."""
    return answer(as_problem(error), request.headers)


def _field_error(found: Mapping[str, Any]) -> dict[str, str]:
    place, path = str(found["loc"][0]), [str(part) for part in found["loc"][1:]]
    if found["type"] == "json_invalid":
        path = []
    steps = [part.replace("~", "~0").replace("/", "~1") for part in path]
    where = "" if place == "body" else f"/{place}"
    return {"pointer": where + "".join(f"/{step}" for step in steps), "detail": str(found["msg"])}
