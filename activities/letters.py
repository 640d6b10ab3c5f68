"""The texts of messages to applicants, in Indonesian and English; dates and numbers come from the case."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and body; `{number}` and the other fields are filled from the notice's facts."""

    subject: str
    body: str


ENDINGS = {
    "id": {
        "lapsed_unpaid": "tagihan tidak dibayar pada waktunya",
        "lapsed_with_payment": "tagihan tidak dibayar penuh pada waktunya; petugas memutuskan uang yang sudah dibayar",
        "no_show": "Anda tidak hadir pada hari janji temu",
        "withdrawn": "permohonan ditarik kembali",
        "refused": "permohonan ditolak",
        "incomplete": "berkas tidak dilengkapi pada waktunya",
        "uncollected": "paspor tidak diambil dalam satu bulan",
        "cancelled": "permohonan dibatalkan",
    },
    "en": {
        "lapsed_unpaid": "the bill was not paid in time",
        "lapsed_with_payment": "the bill was not paid in full in time; an officer decides on what was paid",
        "no_show": "you did not come on the day of your appointment",
        "withdrawn": "the application was withdrawn",
        "refused": "the application was refused",
        "incomplete": "the documents were not completed in time",
        "uncollected": "the passport was not collected within a month",
        "cancelled": "the application was cancelled",
    },
}

LETTERS = {
    ("confirmed", "id"): Letter(
        "Janji temu {number}", "Pembayaran diterima. Silakan datang ke kantor {office} pada {starts_at}."
    ),
    ("confirmed", "en"): Letter(
        "Appointment {number}", "Your payment has arrived. Please come to the {office} office at {starts_at}."
    ),
    ("returned", "id"): Letter(
        "Berkas {number} belum lengkap", "Yang masih kurang: {missing}. Lengkapi paling lambat {until}."
    ),
    ("returned", "en"): Letter(
        "Documents of {number} are incomplete", "Still missing: {missing}. Please complete them by {until}."
    ),
    ("seat_lost", "id"): Letter(
        "Pilih jadwal lain untuk {number}",
        "Pembayaran Anda diterima, tetapi kursi Anda sudah tidak tersedia. Pilih jadwal lain paling lambat {until}; "
        "tidak ada tagihan baru.",
    ),
    ("seat_lost", "en"): Letter(
        "Choose another time for {number}",
        "Your payment has arrived, but your seat is no longer free. Please choose another time by {until}; "
        "there is no new bill.",
    ),
    ("ready", "id"): Letter("Paspor {number} siap", "Paspor Anda dapat diambil sampai {until}."),
    ("ready", "en"): Letter("Passport {number} is ready", "Your passport can be collected until {until}."),
    ("offered", "id"): Letter(
        "Kursi untuk {number}",
        "Kursi pada {starts_at} di kantor {office} disediakan untuk Anda sampai {until}. Jawablah di halaman Anda.",
    ),
    ("offered", "en"): Letter(
        "A seat for {number}",
        "A seat at {starts_at} at the {office} office is offered to you until {until}. Take or refuse it on your page.",
    ),
    ("reseated", "id"): Letter(
        "Jadwal {number} dipindahkan",
        "Jadwal Anda dipindahkan ke {starts_at} di kantor {office}: {reason}. Yang lain dapat diminta di halaman Anda.",
    ),
    ("reseated", "en"): Letter(
        "Appointment {number} was moved",
        "Your appointment is now at {starts_at} at the {office} office: {reason}. You may ask for another.",
    ),
    ("seat_sought", "id"): Letter(
        "Jadwal {number} dicarikan pengganti",
        "Kantor {office} tutup pada {was_at}: {reason}. Belum ada kursi lain; Anda didahulukan dan akan diberi tahu.",
    ),
    ("seat_sought", "en"): Letter(
        "Another appointment for {number}",
        "The {office} office is closed on {was_at}: {reason}. No other seat is free yet; you come first and will hear.",
    ),
    ("drawn", "id"): Letter("Undian {number}", "Hasil undian kursi kantor {office}: {result}. Lihat halaman Anda."),
    ("drawn", "en"): Letter("Draw {number}", "The draw for seats at the {office} office: {result}. See your page."),
    ("filed_for_you", "id"): Letter(
        "Permohonan {number} atas nama Anda",
        "Lembaga {institution} mengajukan paspor untuk Anda dengan persetujuan Anda. Bila Anda tidak menyetujuinya, "
        "beri tahu kantor imigrasi dengan nomor ini.",
    ),
    ("filed_for_you", "en"): Letter(
        "Application {number} in your name",
        "The institution {institution} has applied for a passport for you, with your consent. If you have not agreed, "
        "please tell an immigration office this number.",
    ),
    ("ended", "id"): Letter("Permohonan {number} selesai", "Permohonan Anda berakhir: {ending_text}."),
    ("ended", "en"): Letter("Application {number} has ended", "Your application has ended: {ending_text}."),
}

RESULTS = {
    "id": {
        "won": "kursi pada {starts_at} disediakan untuk Anda sampai {until}",
        "not_drawn": "urutan Anda {rank} dari {of}, belum ada kursi; kursi yang kembali ditawarkan menurut urutan itu",
    },
    "en": {
        "won": "a seat at {starts_at} is yours to take until {until}",
        "not_drawn": "your rank is {rank} of {of}, and no seat is left; seats that come back are offered by rank",
    },
}


def letter(kind: str, language: str, facts: dict[str, str]) -> Letter:
    """The message in the person's language (Indonesian where there is no other)."""
    language = language if (kind, language) in LETTERS else "id"
    result = RESULTS[language].get(facts.get("result", ""), "").format(**facts)
    filled = {**facts, "result": result, "ending_text": ENDINGS[language].get(facts.get("ending", ""), "")}
    template = LETTERS[(kind, language)]
    return Letter(subject=template.subject.format(**filled), body=template.body.format(**filled))
