"""Texts of an officer's desk: the list, choosing and giving back, and pages that say no."""

TEXTS = {
    "site.desk": ("Meja kerja", "My desk"),
    "desk.title": ("Meja kerja", "My desk"),
    "desk.mine": ("Sedang Anda kerjakan", "You are working on"),
    "desk.mine.none": (
        "Anda belum memegang pekerjaan. Ambil yang berikutnya di bawah ini.",
        "You hold no task yet. Take the next one below.",
    ),
    "desk.mine.idle": ("Anda tidak memegang pekerjaan.", "You hold no task."),
    "desk.mine.until": ("Hak pengerjaan sampai {until}", "Yours until {until}"),
    "desk.go_on": ("Lanjutkan", "Go on"),
    "desk.release": ("Kembalikan", "Give back"),
    "desk.next": ("Ambil berikutnya", "Take the next"),
    "desk.take": ("Pekerjaan berikutnya", "Next task"),
    "desk.take.count": ("menunggu", "waiting"),
    "desk.take.none": ("Tidak ada yang menunggu", "Nothing waits"),
    "desk.nothing": (
        "Tidak ada pekerjaan yang menunggu di langkah itu sekarang.",
        "Nothing waits at that step just now.",
    ),
    "desk.waiting": ("Menunggu di kantor", "Waiting at the office"),
    "desk.waiting.none": ("Tidak ada yang menunggu. Semua selesai.", "Nothing waits. All is done."),
    "desk.no_steps": (
        "Tidak ada langkah yang menunggu keputusan Anda.",
        "No step waits for a decision of yours.",
    ),
    "desk.filter": ("Saring menurut langkah", "Filter by step"),
    "desk.all": ("Semua", "All"),
    "desk.number": ("Nomor permohonan", "Application number"),
    "desk.step": ("Langkah", "Step"),
    "desk.due": ("Batas waktu", "Due"),
    "desk.due.none": ("Tanpa batas waktu", "No due time"),
    "desk.promised": ("Dijanjikan {day}", "Promised for {day}"),
    "desk.holder": ("Dipegang", "Held by"),
    "desk.free": ("Belum diambil", "Free"),
    "desk.lane.priority": ("Prioritas", "Priority"),
    "desk.lane.same_day": ("Percepatan", "Same-day"),
    "desk.doors": ("Layanan di kantor", "At the office"),
    "desk.door.check-in": ("Lapor kedatangan", "Check-in"),
    "desk.door.check-in.text": ("Catat pemohon yang baru datang", "Check in who has just come"),
    "desk.door.counter": ("Loket", "Counter"),
    "desk.door.counter.text": ("Panggil nomor antrean berikutnya", "Call the next queue number"),
    "desk.door.cancellation": ("Pembatalan", "Cancellation"),
    "desk.door.cancellation.text": ("Batalkan permohonan menurut nomornya", "Cancel an application by its number"),
    "desk.choose.title": ("Ambil pekerjaan ini?", "Take this task?"),
    "desk.choose.text": (
        "Biasanya pekerjaan diambil menurut urutan. Untuk memilih yang ini, tulis alasannya; alasan Anda tercatat.",
        "Tasks are usually taken in their order. To choose this one, write why; your reason is recorded.",
    ),
    "desk.choose.reason": ("Mengapa yang ini?", "Why this one?"),
    "desk.choose.reason.hint": (
        "Misalnya: pemohon sudah ada di loket. Jangan tulis nama atau NIK.",
        "For example: the person is at the counter. No names or NIK, please.",
    ),
    "desk.choose.do": ("Ambil pekerjaan ini", "Take this task"),
    "desk.choose.not": ("Kembali ke meja kerja", "Back to my desk"),
    "desk.held.title": ("Sedang dikerjakan petugas lain", "A colleague is working on this"),
    "desk.held.text": (
        "{officer} memegang pekerjaan ini sampai {until}. Setelah itu, atau bila dikembalikan, pekerjaan ini "
        "bebas lagi.",
        "{officer} holds this task until {until}. After that, or when it is given back, it is free again.",
    ),
    "desk.to_desk": ("Ke meja kerja", "Go to my desk"),
    "desk.no.lease_lost": ("Hak pengerjaan Anda sudah berakhir", "Your hold on this task has ended"),
    "desk.no.lease_lost.text": (
        "Tidak ada yang tercatat. Ambil lagi pekerjaan ini bila masih bebas, lalu isi keputusannya sekali lagi.",
        "Nothing was recorded. Take this task again if it is still free, and fill in the decision once more.",
    ),
    "desk.no.lease_lost.do": ("Ambil lagi pekerjaan ini", "Take this task again"),
    "desk.no.lease_required": ("Ambil pekerjaan ini lebih dahulu", "Take this task first"),
    "desk.no.lease_required.text": (
        "Data pemohon hanya untuk petugas yang sedang mengerjakan permohonannya.",
        "A person's data are only for the officer who works on the application.",
    ),
    "desk.no.lease_required.do": ("Ambil pekerjaan ini", "Take this task"),
    "desk.no.not_your_turn": ("Langkah ini tidak menunggu keputusan", "This step does not wait for a decision"),
    "desk.no.not_your_turn.text": (
        "Mungkin sudah diputuskan, belum sampai ke langkah ini, atau permohonan sudah berakhir. Tidak ada yang baru "
        "tercatat.",
        "It may be decided already, not have come to this step yet, or have ended. Nothing new was recorded.",
    ),
    "desk.no.same_officer": ("Harus dikerjakan petugas lain", "A second officer has to do this"),
    "desk.no.same_officer.text": (
        "Anda sudah mengerjakan permohonan ini pada langkah lain. Aturan empat mata meminta petugas kedua.",
        "You have worked on this application at another step. The rule of four eyes asks for a second officer.",
    ),
    "desk.no.already_claimed": ("Baru saja diambil petugas lain", "A colleague was a moment faster"),
    "desk.no.already_claimed.text": (
        "Pekerjaan ini sudah dipegang. Ambil yang berikutnya.",
        "Somebody else holds this task now. Take the next one.",
    ),
    "desk.no.exit_ban": ("Pemegang dicegah ke luar negeri", "The holder is barred from leaving the country"),
    "desk.no.exit_ban.text": (
        "Paspor tidak diserahkan dan tetap di kantor. Permohonan ditolak menurut UU 6/2011 pasal 97; tidak ada yang "
        "perlu Anda isi lagi.",
        "The passport is not handed over and stays at the office. The application is refused under law 6/2011 "
        "article 97; there is nothing more to fill in.",
    ),
    "desk.done.title": ("Tercatat", "Recorded"),
    "desk.done.what": ("Keputusan Anda pukul {at}", "Your decision at {at}"),
    "desk.done.now": ("Permohonan sekarang", "The application is now"),
    "desk.done.next": ("Berikutnya", "What comes next"),
    "desk.done.same": ("Lanjutkan dengan orang ini: {step}", "Go on with this person: {step}"),
    "desk.done.take": ("Ambil berikutnya ({count} menunggu)", "Take the next ({count} waiting)"),
    "desk.wrong.reason": ("Tulis alasannya", "Write the reason"),
    "desk.wrong.outcome": ("Pilih salah satu keputusan", "Choose one of the decisions"),
    "desk.wrong.missing": ("Pilih dokumen yang kurang", "Choose the missing documents"),
    "desk.wrong.until": (
        "Tulis hari yang akan datang, dalam batas dua tahun, seperti 31 12 2027",
        "Write a day to come, within two years, such as 31 12 2027",
    ),
    "desk.wrong.booklet": ("Tulis nomor blangko, seperti C0000001", "Write the booklet number, such as C0000001"),
    "desk.wrong.booklet_number": (
        "Tulis nomor yang tercetak di paspor, seperti C0000001",
        "Write the number that is printed in the passport, such as C0000001",
    ),
    "desk.wrong.wrong_booklet": (
        "Ini bukan paspor permohonan ini. Baca lagi nomor di buku yang ada di tangan Anda",
        "This is not the passport of this application. Read the number of the booklet in your hand again",
    ),
    "desk.wrong.booklet_not_available": (
        "Blangko ini tidak ada di stok kantor, atau sudah terpakai. Pilih yang lain",
        "This booklet is not in the office's stock, or is taken already. Choose another one",
    ),
    "desk.wrong.defect": ("Tulis apa cacatnya", "Write what the defect is"),
    "desk.wrong.relation": ("Pilih siapa yang mengambil", "Choose who collects"),
    "desk.wrong.id_kind": ("Pilih tanda pengenal yang ditunjukkan", "Choose which identity document was shown"),
    "desk.wrong.id_number": (
        "Tulis nomor tanda pengenal: 3 sampai 32 huruf dan angka",
        "Write the number of the identity document: 3 to 32 letters and digits",
    ),
    "desk.wrong.letter": ("Tulis nomor atau tanggal surat kuasa", "Write the number or date of the power of attorney"),
    "desk.wrong.not_entitled.relation": (
        "Paspor anak diserahkan kepada orang tua atau wali",
        "A child's passport is handed to a parent or guardian",
    ),
    "desk.wrong.not_entitled.letter": (
        "Penerima kuasa harus membawa surat kuasa; tulis nomor atau tanggalnya",
        "An attorney brings the power of attorney; write its number or date",
    ),
    "desk.wrong.partner_away": (
        "Sistem nasional tidak menjawab, jadi tidak ada yang tercatat. Kirim lagi sebentar lagi",
        "A national system did not answer, so nothing was recorded. Send it again in a moment",
    ),
    "desk.wrong.number": ("Tulis 16 angka nomor permohonan", "Write the 16 digits of the application number"),
    "desk.wrong.in_the_printer": (
        "Tidak dapat dibatalkan sekarang: permohonan sudah berakhir, atau bukunya ada di mesin cetak. "
        "Coba lagi sebentar lagi",
        "It cannot be cancelled now: it has ended, or its booklet is in the printer. Try again in a moment",
    ),
}
