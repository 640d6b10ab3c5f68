"""Texts of draws: for everybody, for who enters one, and for the supervisor who opens one."""

TEXTS = {
    "draws.title": ("Undian kursi", "Draws of seats"),
    "draws.lead": (
        "Hari yang lebih diminati daripada kursinya dibagi dengan undian: semua yang mendaftar pada masanya"
        " punya peluang"
        " sama, siapa pun yang lebih cepat.",
        "Days that more people want than there are seats are given by lot: all who enter in time have the same chance,"
        " however fast they are.",
    ),
    "draws.none": ("Belum ada undian.", "There are no draws yet."),
    "draws.link": ("Undian kursi", "Draws of seats"),
    "draw.title": ("Undian kursi", "Draw of seats"),
    "draw.days": ("Hari", "Days"),
    "draw.office": ("Kantor", "Office"),
    "draw.window": ("Masa pendaftaran", "Time to enter"),
    "draw.until": ("Sampai {until}", "Until {until}"),
    "draw.seats": ("Kursi", "Seats"),
    "draw.entered": ("Pendaftar", "Entries"),
    "draw.won": ("Mendapat kursi", "Drawn"),
    "draw.state": ("Keadaan", "State"),
    "draw.phase.announced": ("Diumumkan", "Announced"),
    "draw.phase.open": ("Pendaftaran dibuka", "Open"),
    "draw.phase.closed": ("Pendaftaran ditutup", "Closed"),
    "draw.phase.drawn": ("Sudah diundi", "Drawn"),
    "draw.phase.done": ("Selesai", "Over"),
    "draw.rule": (
        "Urutan ditentukan oleh angka rahasia yang dikunci sebelum pendaftaran dan sidik seluruh daftar."
        " Waktu mendaftar,"
        " jumlah percobaan dan akun tidak berpengaruh: satu orang satu undian, satu keluarga satu undian bersama. Kursi"
        " yang kembali ditawarkan kepada urutan berikutnya.",
        "The order comes from a secret number that was locked before anybody entered, and the hash of the"
        " whole list. The"
        " time of entering, the number of tries and the account have no influence: one person, one lot; one family, one"
        " lot together. Seats that come back are offered to the next in that order.",
    ),
    "draw.asked": ("Nomor undian ini", "This entry"),
    "draw.asked.none": (
        "Nomor undian itu tidak ada dalam daftar, atau daftarnya belum diumumkan.",
        "That entry is not in the list, or the list is not published yet.",
    ),
    "draw.rank": ("Urutan {rank} dari {of}", "Rank {rank} of {of}"),
    "draw.commitment": ("Angka yang dikunci", "The locked number"),
    "draw.commitment.text": (
        "Sidik SHA-256 angka rahasia ini diumumkan {at}, sebelum pendaftaran. Angkanya tidak dapat diganti lagi.",
        "This SHA-256 hash of the secret number was published {at}, before anybody could enter. The number cannot be"
        " changed since.",
    ),
    "draw.before": (
        "Angka rahasia, daftar nomor undian dan urutannya diumumkan di sini setelah pendaftaran ditutup.",
        "The secret number, the list of entries and their ranks are published here when the time to enter is over.",
    ),
    "draw.closed.waits": (
        "Pendaftaran sudah ditutup. Urutannya diumumkan sebentar lagi.",
        "The time to enter is over. The ranks are published in a moment.",
    ),
    "draw.revealed": ("Angka yang dibuka", "The number, opened"),
    "draw.revealed.text": ("Dibuka {at}.", "Opened {at}."),
    "draw.seed": ("Angka rahasia", "Secret number (seed)"),
    "draw.list_hash": ("Sidik daftar", "Hash of the list"),
    "draw.again": ("Hitung sendiri", "Count it yourself"),
    "draw.again.text": (
        "Baris pertama harus menghasilkan sidik di atas; baris kedua menghasilkan angka yang menentukan urutan sebuah"
        " nomor undian. Perintah terakhir memeriksa semuanya dan menyebut setiap perbedaan.",
        "The first line must give the hash above; the second gives the number by which a lot is ranked. The"
        " last command"
        " checks all of it and names every difference.",
    ),
    "draw.document": ("Seluruh daftar sebagai JSON", "The whole list as JSON"),
    "draw.result": ("Hasil", "Result"),
    "draw.result.none": ("Tidak ada yang mendaftar.", "Nobody entered."),
    "draw.result.more": (
        "{count} urutan pertama. Selebihnya ada dalam dokumen JSON.",
        "The first {count} ranks. The others are in the JSON document.",
    ),
    "draw.place": ("Urutan", "Rank"),
    "draw.id": ("Nomor undian", "Entry"),
    "draw.came": ("Hasil", "Outcome"),
    "draw.short.won": ("Mendapat kursi", "Seat offered"),
    "draw.short.not_drawn": ("Menunggu kursi kembali", "In line"),
    "draw.short.skipped": ("Dilewati", "Passed"),
    "draw.short.left": ("Keluar", "Left"),
    "draw.short.pending": ("Sedang diproses", "Being carried out"),
    "draw.outcome.won": ("Kursi sudah ditawarkan kepada Anda", "A seat was offered to you"),
    "draw.outcome.not_drawn": (
        "Belum ada kursi untuk urutan ini. Kursi yang kembali ditawarkan menurut urutan. Sementara itu, Anda boleh ikut"
        " undian lain atau daftar tunggu.",
        "There was no seat for this rank. Seats that come back are offered in the order of ranks. Meanwhile"
        " you may enter"
        " another draw or a waiting list.",
    ),
    "draw.outcome.skipped": ("Dilewati ketika tiba gilirannya", "Passed when its turn came"),
    "draw.outcome.left": ("Keluar dari undian", "Left the draw"),
    "draw.outcome.pending": ("Kursi sedang dibagikan", "Seats are being given out"),
    "draw.why.holds_seat": ("sudah memiliki jadwal", "there was an appointment already"),
    "draw.why.not_bookable": ("permohonan tidak menunggu jadwal", "the application was not waiting for a seat"),
    "my_draw.title": ("Undian kursi", "Draw of seats"),
    "my_draw.lead": (
        "Daftar sekali, kapan saja selama masa pendaftaran. Peluang Anda sama, pada detik pertama atau terakhir.",
        "Enter once, at any time while it is open. Your chance is the same in the first second and in the last.",
    ),
    "my_draw.entered": ("Anda terdaftar", "You have entered"),
    "my_draw.drawn_at": (
        "Undian dilakukan setelah {at}. Kami mengirim surel.",
        "The draw is after {at}. You will get a mail.",
    ),
    "my_draw.closing": ("Pendaftaran ditutup, hasilnya segera ada", "Closed; the result is coming"),
    "my_draw.won": ("Anda mendapat kursi", "A seat is yours"),
    "my_draw.take_by": ("Ambil paling lambat", "Take it by"),
    "my_draw.then": (
        "Setelah itu kursi ditawarkan kepada urutan berikutnya.",
        "After that it is offered to the next in line.",
    ),
    "my_draw.take": ("Ambil kursi ini", "Take this seat"),
    "my_draw.id": ("Nomor undian Anda", "Your entry"),
    "my_draw.salt": ("Kunci nomor ini (hanya untuk Anda)", "Its key (for you alone)"),
    "my_draw.page": ("Halaman undian", "Page of the draw"),
    "my_draw.leave": ("Batalkan pendaftaran", "Leave the draw"),
    "my_draw.leave_line": ("Keluar dari antrean undian", "Leave the line"),
    "my_draw.open": ("Undian yang dapat diikuti", "Draws that you may enter"),
    "my_draw.none": ("Belum ada undian yang dibuka untuk layanan Anda.", "No draw is open for your service."),
    "my_draw.seated": (
        "Anda sudah memiliki jadwal, jadi tidak perlu ikut undian.",
        "You have an appointment already, so there is no need for a draw.",
    ),
    "my_draw.seats": ("{seats} kursi, {entered} pendaftar sejauh ini", "{seats} seats, {entered} entries so far"),
    "my_draw.opens": ("Dibuka {at}", "Opens {at}"),
    "my_draw.from": ("Dari hari", "From"),
    "my_draw.to": ("Sampai hari", "To"),
    "my_draw.enter": ("Daftar undian", "Enter the draw"),
    "my_draw.how": ("Bagaimana urutannya ditentukan", "How the order comes about"),
    "wrong.draw.days": (
        "Pilih hari pertama yang tidak sesudah hari terakhir",
        "Choose a first day that is not after the last one",
    ),
    "refused.draw_closed": ("Pendaftaran undian ini sudah ditutup", "The time to enter this draw is over"),
    "refused.draw_not_open": ("Pendaftaran undian ini belum dibuka", "This draw is not open yet"),
    "refused.already_entered": (
        "Anda sudah terdaftar dengan permohonan lain",
        "You have entered by another application already",
    ),
    "refused.wrong_lane": ("Undian ini untuk layanan lain", "This draw is for another service"),
    "desk.door.draws": ("Undian kursi", "Draws"),
    "desk.door.draws.text": ("Bagikan kursi sebuah hari dengan undian", "Give the seats of a day by lot"),
    "desk_draws.title": ("Undian kursi", "Draws of seats"),
    "desk_draws.lead": (
        "Hari yang aturannya undian tidak dibuka menurut jam: kursinya dibagi kepada semua yang mendaftar.",
        "Days whose rule is a draw are not released by the clock: their seats go to all who enter, by lot.",
    ),
    "desk_draws.listed": ("Undian kantor ini", "Draws of this office"),
    "desk_draws.new": ("Buka undian baru", "Open a draw"),
    "desk_draws.no_days": (
        "Tidak ada hari yang kursinya menunggu undian. Hari seperti itu dibuat oleh aturan pembukaan kursi `draw`.",
        "No day has seats that wait for a draw. Such days are made by the release rule `draw`.",
    ),
    "desk_draws.lane": ("Layanan", "Service"),
    "desk_draws.choose": ("Pilih", "Choose"),
    "desk_draws.first_day": ("Hari pertama", "First day"),
    "desk_draws.last_day": ("Hari terakhir", "Last day"),
    "desk_draws.seats": ("{seats} kursi", "{seats} seats"),
    "desk_draws.closes": ("Kapan pendaftaran ditutup?", "When does the time to enter end?"),
    "desk_draws.closes.hint": (
        "Waktu kantor ({zone}). Pendaftaran dibuka sekarang juga.",
        "By the clock of the office ({zone}). It opens at once.",
    ),
    "desk_draws.closes_on": ("Tanggal", "Date"),
    "desk_draws.closes_at": ("Jam", "Time"),
    "desk_draws.fixed": (
        "Setelah dibuka, hari, masa pendaftaran dan angka yang dikunci tidak dapat diubah oleh siapa pun.",
        "Once it is open, days, time to enter and the locked number cannot be changed by anybody.",
    ),
    "desk_draws.open": ("Buka undian", "Open the draw"),
    "wrong.draw.lane": ("Pilih layanan", "Choose a service"),
    "wrong.draw.first_day": ("Pilih hari pertama", "Choose the first day"),
    "wrong.draw.last_day": (
        "Pilih hari terakhir, tidak sebelum hari pertama dan paling banyak 31 hari",
        "Choose the last day, not before the first one and at most 31 days in all",
    ),
    "wrong.draw.closes_at": (
        "Tulis tanggal dan jam yang masih akan datang",
        "Write a date and a time that are still to come",
    ),
    "wrong.draw.nothing_to_draw": (
        "Hari itu tidak punya kursi yang masih dapat ditawarkan setelah pendaftaran ditutup",
        "These days have no seat that could still be offered after the time to enter",
    ),
    "wrong.draw.draw_exists": (
        "Sebagian hari itu sudah diundi pada masa yang sama",
        "Another draw has some of these days in the same time",
    ),
}
