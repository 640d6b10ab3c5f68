"""Texts of filings by an institution's operator for citizens."""

TEXTS = {
    "question.consent": ("Persetujuan warga", "The citizen's consent"),
    "field.consent": ("Bagaimana warga menyetujui?", "How did the citizen agree?"),
    "consent.written": ("Persetujuan tertulis", "In writing"),
    "consent.written.hint": (
        "Surat bertanda tangan, disimpan di lembaga Anda",
        "A signed form, kept by your institution",
    ),
    "consent.spoken": ("Persetujuan lisan", "In speech"),
    "consent.spoken.hint": ("Dinyatakan di depan Anda", "Said in front of you"),
    "field.consent_on": ("Tanggal persetujuan", "Date of the consent"),
    "field.consent_on.hint": ("Misalnya 24 11 2026", "For example, 24 11 2026"),
    "field.consent_statement": ("Pernyataan, atau tempat surat disimpan", "The statement, or where the form is kept"),
    "field.consent_statement.hint": (
        "Dicatat bersama permohonan; warga diberi tahu lewat email bahwa Anda mengajukan untuknya",
        "Kept with the application; the citizen is told by mail that you have filed for them",
    ),
    "wrong.consent_on": ("Tulis tanggal yang benar, misalnya 24 11 2026", "Enter a real date, such as 24 11 2026"),
    "wrong.consent_statement": ("Tulis pernyataan warga", "Enter the citizen's statement"),
    "check.consent": ("Persetujuan", "Consent"),
    "check.consent_on": ("Tanggal persetujuan", "Date of the consent"),
    "check.consent_statement": ("Pernyataan", "Statement"),
    "assisted.for_citizens": (
        "Anda mengajukan untuk warga, atas nama Anda sendiri dan dengan persetujuan mereka.",
        "You file for citizens, under your own name and with their consent.",
    ),
    "assisted.today": (
        "Hari ini: Anda {operator} dari {operator_most}, lembaga Anda {institution} dari {institution_most}.",
        "Today: {operator} of {operator_most} for you, {institution} of {institution_most} for your institution.",
    ),
    "assisted.by": (
        "Diajukan oleh petugas {institution} dengan persetujuan pemohon tanggal {day}.",
        "Filed by an operator of {institution} with the applicant's consent of {day}.",
    ),
}
