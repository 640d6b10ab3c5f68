"""Texts of closed days, of what their people are given instead, and of moves for a cause."""

TEXTS = {
    "desk.door.closures": ("Hari tutup", "Closed days"),
    "desk.door.closures.text": (
        "Tutup kantor satu hari; jadwal pemohon dipindahkan",
        "Close the office for a day; its people are moved",
    ),
    "desk.door.reschedule": ("Pindahkan jadwal", "Move an appointment"),
    "desk.door.reschedule.text": (
        "Untuk satu pemohon, dengan alasan dari kantor",
        "For one person, for a cause of the office's",
    ),
    "closures.title": ("Hari tutup", "Closed days"),
    "closures.lead": (
        "Pada hari tutup tidak ada kursi yang dapat diambil. Yang sudah memiliki jadwal pada hari itu mendapat kursi "
        "terdekat, menurut urutan pemesanan; keluarga tetap bersama dan tidak ada yang dibatalkan.",
        "No seat of a closed day can be taken. Who has an appointment on it is given the nearest seat, in the order of "
        "booking; families stay together, and nobody is cancelled.",
    ),
    "closures.ahead": ("Yang akan datang", "Ahead"),
    "closures.none": ("Tidak ada hari tutup yang tercatat.", "No closed day is recorded."),
    "closures.day": ("Hari", "Day"),
    "closures.people": ("Pemohon", "People"),
    "closures.moved": ("Sudah dipindahkan", "Moved"),
    "closures.waiting": ("Belum ada kursi", "Without a seat"),
    "closures.waiting.none": ("Semua sudah mendapat kursi", "Everybody has a seat"),
    "closures.reason": ("Alasan", "Reason"),
    "closures.reason.hint": (
        "Dibaca pemohon. Misalnya: listrik padam di gedung kantor. Jangan tulis nama orang.",
        "Applicants read it. For example: no power in the building. No names, please.",
    ),
    "closures.new": ("Tutup satu hari", "Close a day"),
    "closures.date": ("Hari apa?", "Which day?"),
    "closures.foresee": ("Lihat akibatnya", "See what it does"),
    "closing.title": ("Tutup {day}?", "Close {day}?"),
    "closing.nobody": ("Tidak ada yang memiliki jadwal pada hari itu.", "Nobody has an appointment on that day."),
    "closing.people": ("Pemohon yang dipindahkan", "People who are moved"),
    "closing.unpaid": ("Di antaranya belum membayar", "Of these not yet paid"),
    "closing.families": ("Keluarga yang tetap bersama", "Families that stay together"),
    "closing.unplaced": ("Belum ada kursi untuk", "No seat is free for"),
    "closing.to": ("Ke mana mereka dipindahkan", "Where they are moved to"),
    "closing.count": ("{count} pemohon", "{count} people"),
    "closing.seats": ("Pemohon", "People"),
    "closing.unplaced.text": (
        "Mereka diberi tahu, dan didahulukan bila ada kursi. Anda dapat membuka lebih banyak kursi.",
        "They are told so, and come first when a seat appears. You can open more seats.",
    ),
    "closing.mind": (
        "Pemesanan untuk hari itu langsung berhenti. Selama belum ada yang dipindahkan, penutupan dapat ditarik.",
        "Booking for that day stops at once. While nobody has been moved, the closure can be taken back.",
    ),
    "closing.notice": (
        "Jadwal baru paling cepat {first}, supaya pesan sempat dibaca. Setiap pemohon dapat menolak {refusals} kali.",
        "New appointments are on {first} at the earliest, so that the message is read in time. Each person may refuse "
        "{refusals} times.",
    ),
    "closing.do": ("Tutup hari ini", "Close this day"),
    "closing.not": ("Jangan tutup", "Do not close"),
    "closure.title": ("Tutup: {day}", "Closed: {day}"),
    "closure.by": ("Ditutup oleh {who}, {at}", "Closed by {who}, {at}"),
    "closure.all": ("Semua sudah dipindahkan", "Everybody has been moved"),
    "closure.nobody": ("Tidak ada yang harus dipindahkan", "Nobody had to be moved"),
    "closure.going": ("Sedang dipindahkan", "Being moved"),
    "closure.of": ("{moved} dari {people} pemohon", "{moved} of {people} people"),
    "closure.refresh": ("Lihat lagi", "Look again"),
    "closure.unplaced": ("Belum ada kursi", "No seat yet"),
    "closure.unplaced.text": (
        "Mereka sudah diberi tahu, dan didahulukan begitu ada kursi di layanan yang sama.",
        "They have been told, and come first as soon as a seat of the same service appears.",
    ),
    "closure.moved": ("Yang sudah dipindahkan", "Who has been moved"),
    "closure.number": ("Nomor permohonan", "Application number"),
    "closure.was": ("Semula", "Before"),
    "closure.was.at": ("semula {at}", "before: {at}"),
    "closure.now": ("Sekarang", "Now"),
    "closure.family": ("Keluarga", "Family"),
    "closure.refused": ("{count} kali menolak", "refused {count} times"),
    "closure.reopen": ("Salah menutup hari?", "Closed by mistake?"),
    "closure.reopen.text": (
        "Belum ada yang dipindahkan: hari ini dapat dibuka lagi, dan semua tetap pada jadwalnya.",
        "Nobody has been moved yet: the day can be opened again, and everybody keeps their appointment.",
    ),
    "closure.reopen.why": ("Mengapa dibuka lagi?", "Why is it opened again?"),
    "closure.reopen.do": ("Buka hari ini lagi", "Open this day again"),
    "wrong.closure.date": (
        "Isi hari yang akan ditutup: hari ini atau sesudahnya",
        "Enter the day to close: today or later",
    ),
    "wrong.closure.reason": ("Tulis alasan penutupan", "Write why the office is closed"),
    "wrong.closure.why": ("Tulis mengapa hari dibuka lagi", "Write why the day is opened again"),
    "wrong.closure.people_moved": (
        "Sudah ada yang dipindahkan, sehingga penutupan tidak dapat ditarik lagi",
        "Somebody has been moved already, so the closure cannot be taken back",
    ),
    "move.find": ("Pindahkan jadwal siapa?", "Whose appointment?"),
    "move.find.do": ("Cari permohonan", "Find the application"),
    "move.title": ("Pindahkan jadwal", "Move an appointment"),
    "move.now": ("Jadwal sekarang", "The appointment now"),
    "move.none": (
        "Permohonan ini tidak memiliki jadwal yang dapat dipindahkan.",
        "This application has no appointment that can be moved.",
    ),
    "move.text": (
        "Karena alasan dari kantor. Perubahan jadwal milik pemohon sendiri tidak terpakai; alasan Anda tercatat dan "
        "dikirim kepada pemohon.",
        "For a cause of the office's. The person's own reschedule is not used up; your reason is recorded and sent to "
        "them.",
    ),
    "move.lane": ("Layanan", "Service"),
    "move.day": ("Pilih hari", "Choose a day"),
    "move.days": ("Hari dengan kursi kosong", "Days with free seats"),
    "move.days.none": ("Tidak ada kursi kosong.", "No seat is free."),
    "move.other_day": ("Hari lain", "Another day"),
    "move.slot": ("Jam baru", "The new time"),
    "move.reason": ("Alasan", "Reason"),
    "move.reason.hint": (
        "Dibaca pemohon. Misalnya: penerjemah hanya ada pada hari itu.",
        "The person reads it. For example: the interpreter comes on that day only.",
    ),
    "move.do": ("Pindahkan jadwal", "Move the appointment"),
    "move.done": ("Jadwal sudah dipindahkan", "The appointment was moved"),
    "reseated.title": ("Jadwal Anda dipindahkan", "Your appointment was moved"),
    "reseated.title.sought": ("Jadwal Anda dicarikan pengganti", "Another appointment is being found for you"),
    "reseated.why": ("Kantor tutup pada {day}: {reason}.", "The office is closed on {day}: {reason}."),
    "reseated.was": ("Semula", "Before"),
    "reseated.now": ("Sekarang", "Now"),
    "reseated.sought": (
        "Belum ada kursi yang kosong. Anda didahulukan begitu ada kursi, dan kami beri tahu. Permohonan dan pembayaran "
        "Anda tetap berlaku.",
        "No seat is free yet. You come first as soon as one appears, and we tell you. Your application and payment "
        "stay valid.",
    ),
    "reseated.kept": (
        "Permohonan dan pembayaran Anda tetap berlaku. Perubahan jadwal milik Anda sendiri tidak terpakai.",
        "Your application and payment stay valid. Your own reschedule is not used up.",
    ),
    "reseated.family": (
        "Anggota keluarga yang diajukan bersama dipindahkan bersama.",
        "Members of the family who were filed for together are moved together.",
    ),
    "reseated.left.one": (
        "Waktunya tidak cocok? Anda dapat menolak {left} kali lagi; Anda lalu mendapat kursi terdekat berikutnya.",
        "Does the time not suit you? You may refuse {left} more time; you are then given the next nearest seat.",
    ),
    "reseated.left": (
        "Waktunya tidak cocok? Anda dapat menolak {left} kali lagi, dan mendapat kursi terdekat berikutnya.",
        "Does the time not suit you? You may refuse {left} more times; each time you are given the next nearest seat.",
    ),
    "reseated.left.none": (
        "Jadwal ini tidak dapat ditolak lagi. Anda masih dapat mengubahnya sendiri.",
        "This appointment cannot be refused any more. You can still move it yourself.",
    ),
    "reseated.refuse": ("Tolak, beri yang berikutnya", "Refuse, and get the next one"),
    "reseated.refuse.family": ("Tolak untuk sekeluarga", "Refuse for the whole family"),
    "reseated.own": ("Pilih sendiri jadwal lain", "Choose another time yourself"),
    "reseated.link": ("Mengapa, dan cara menolaknya", "Why, and how to refuse"),
    "reseated.keep": ("Jadwal ini cocok", "This time suits me"),
    "wrong.reseated.no_other_seat": (
        "Belum ada kursi lain. Jadwal ini tetap milik Anda, dan penolakan Anda tidak terpakai",
        "No other seat is free. This appointment stays yours, and the refusal is not used up",
    ),
    "wrong.reseated.refusals_used": (
        "Jadwal ini tidak dapat ditolak lagi",
        "This appointment cannot be refused any more",
    ),
    "wrong.reseated.too_late": (
        "Hanya dapat ditolak sampai sehari sebelumnya",
        "It could be refused until the day before",
    ),
    "wrong.reseated.not_your_turn": ("Jadwal ini sudah berubah", "The appointment has changed meanwhile"),
    "wrong.reseated.overloaded": (
        "Sedang banyak yang memesan. Coba lagi beberapa saat lagi",
        "Many people book now. Try again",
    ),
}
