"""What happened, as sentences for people, in Indonesian and English."""

SENTENCES = {
    "application.filed": ("permohonan diajukan", "the application was filed"),
    "claims.verified": ("data cocok dengan register penduduk", "the claims match the population register"),
    "claims.waiting": ("register penduduk tidak menjawab; ditunggu", "the register was away; the case waits for it"),
    "paper.added": ("dokumen {kind} diunggah", "the document {kind} was uploaded"),
    "seat.held": ("jadwal dipilih", "an appointment was chosen"),
    "seat.moved": ("jadwal dipindahkan sebelum pembayaran", "the appointment was moved before payment"),
    "seat.rescheduled": ("jadwal dipindahkan", "the appointment was moved"),
    "seat.reseated": ("jadwal dipindahkan ({outcome}): {reason}", "the appointment was moved ({outcome}): {reason}"),
    "seat.lost": ("kursi tidak tersedia lagi; pilih yang lain", "the seat was gone; another one is to be chosen"),
    "bill.made": ("tagihan Rp{amount} dibuat", "a bill of Rp {amount} was made"),
    "bill.paid": ("tagihan dibayar, NTPN {receipt}", "the bill was paid, receipt {receipt}"),
    "applicant.checked_in": ("pemohon hadir: {outcome}", "the applicant checked in: {outcome}"),
    "documents.examined": ("dokumen diperiksa: {outcome}", "the documents were examined: {outcome}"),
    "documents.completed": ("dokumen dilengkapi", "what was missing was brought"),
    "booth.opened": ("tidak ada pencegahan; wawancara dan biometrik dibuka", "no exit ban; the booth was opened"),
    "interview.held": ("wawancara: {outcome}", "the interview was held: {outcome}"),
    "suspension.begun": ("ditangguhkan: {reason}", "put on hold: {reason}"),
    "suspension.ended": ("penangguhan diputus: {outcome}", "the hold was decided: {outcome}"),
    "enrolment.captured": (
        "foto, tanda tangan, {fingers} jari direkam",
        "portrait, signature, {fingers} fingers captured",
    ),
    "duplicates.searched": ("pencarian duplikasi: {outcome}", "the search for duplicates found: {outcome}"),
    "adjudication.opinion": ("pendapat adjudikasi: {outcome}", "an adjudicator's opinion: {outcome}"),
    "adjudication.concluded": ("adjudikasi selesai: {outcome}", "the adjudication concluded: {outcome}"),
    "application.approved": ("disetujui; dapat diambil {collect_on}", "approved; to be collected on {collect_on}"),
    "booklet.allocated": ("blangko {booklet} dialokasikan", "booklet {booklet} was allocated"),
    "print.unknown": ("hasil cetak tidak diketahui; petugas ditanya", "the print's end is unknown; a person is asked"),
    "booklet.personalised": ("blangko {booklet}: {outcome}", "booklet {booklet}: {outcome}"),
    "quality.checked": ("uji kualitas {booklet}: {outcome}", "quality of {booklet}: {outcome}"),
    "passport.ready": ("paspor siap diambil", "the passport is ready"),
    "passport.handed_over": (
        "paspor {booklet} diserahkan ({relation})",
        "passport {booklet} was handed over ({relation})",
    ),
    "issue.declined": ("register paspor menolak pencatatan", "the passport register declined the entry"),
    "payment.stray": ("pembayaran {receipt} perlu diselesaikan petugas", "payment {receipt} needs an officer"),
    "applicant.told": ("pemohon diberi tahu: {outcome}", "the applicant was told: {outcome}"),
    "pushed.news": ("kursi berubah di luar permohonan", "something about the seat was decided beside the case"),
    "notice.failed": ("pesan {outcome} tidak terkirim", "the message {outcome} did not get through"),
    "application.ended": ("permohonan berakhir: {outcome}", "the application ended: {outcome}"),
    "pushed.payment": ("sistem penagihan melaporkan pembayaran", "the billing system reported a payment"),
    "pushed.match_result": ("sistem biometrik menjawab", "the matcher answered"),
    "due": ("batas waktu lewat: {outcome}", "a deadline passed: {outcome}"),
    "failed": ("permintaan tidak berhasil: {outcome}", "a request did not succeed: {outcome}"),
}


FOR_THE_CITIZEN = (
    (", untuk warga", ", for the citizen"),
    (", dengan persetujuan ({consent}, {consent_on})", ", with consent ({consent}, {consent_on})"),
)

# What outcomes, relations and kinds of documents are called; what nobody named is read as it stands.
WORDS = {
    "no_match": ("tidak sama", "no match"),
    "match": ("sama", "match"),
    "unsure": ("tidak yakin", "unsure"),
    "candidates": ("ada kandidat", "candidates"),
    "none": ("tidak ada", "none"),
    "complete": ("lengkap", "complete"),
    "return": ("dikembalikan", "returned"),
    "refuse": ("ditolak", "refused"),
    "pass": ("lulus", "passed"),
    "fail": ("tidak lulus", "failed"),
    "suspend": ("ditangguhkan", "suspended"),
    "resume": ("dilanjutkan", "resumed"),
    "printed": ("tercetak", "printed"),
    "spoiled": ("rusak", "spoiled"),
    "waiting": ("menunggu", "waiting"),
    "too_early": ("terlalu awal", "too early"),
    "late": ("terlambat", "late"),
    "self": ("pemegang sendiri", "self"),
    "family": ("keluarga", "family"),
    "attorney": ("kuasa", "attorney"),
    "guardian": ("wali", "guardian"),
    "post": ("pos", "post"),
    "id_card": ("KTP", "identity card"),
    "family_card": ("kartu keluarga", "family card"),
    "birth_record": ("akta kelahiran", "birth record"),
    "previous_passport": ("paspor lama", "previous passport"),
    "parents_ids": ("KTP orang tua", "parents' identity cards"),
    "parents_consent": ("persetujuan orang tua", "parents' consent"),
    "power_of_attorney": ("surat kuasa", "power of attorney"),
    "other": ("lainnya", "other"),
    "collected": ("diambil", "collected"),
    "lapsed_unpaid": ("tidak dibayar", "lapsed unpaid"),
    "no_show": ("tidak hadir", "no show"),
    "withdrawn": ("ditarik kembali", "withdrawn"),
    "refused": ("ditolak", "refused"),
    "incomplete": ("tidak lengkap", "incomplete"),
    "uncollected": ("tidak diambil", "uncollected"),
    "cancelled": ("dibatalkan", "cancelled"),
    "not_accepted": ("tidak diterima", "not accepted"),
}


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def sentence(action: str, facts: dict[str, str], language: str) -> str:
    """The sentence of an action with its facts; an action that nobody described speaks for itself."""
    indonesian, english = SENTENCES.get(action, (action, action))
    said = _Blank({name: _word(name, value, language) for name, value in facts.items()})
    plain = (english if language == "en" else indonesian).format_map(said)
    return plain + _acted_for(facts, language) if "acted_for" in facts else plain


def _acted_for(facts: dict[str, str], language: str) -> str:
    """What is said of an act of an institution's operator: that it was for the citizen, and by which consent."""
    indonesian, english = FOR_THE_CITIZEN[0]
    if "consent" in facts:
        more = FOR_THE_CITIZEN[1]
        indonesian, english = indonesian + more[0], english + more[1]
    return (english if language == "en" else indonesian).format_map(_Blank(facts))


def _word(name: str, value: str, language: str) -> str:
    if name == "amount" and value.isdigit():
        return f"{int(value):,}".replace(",", ".")
    if name not in ("outcome", "relation", "kind") or value not in WORDS:
        return value
    indonesian, english = WORDS[value]
    return english if language == "en" else indonesian
