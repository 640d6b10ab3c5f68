"""Texts of the waiting list."""

TEXTS = {
    "waiting.title": ("Daftar tunggu", "Waiting list"),
    "waiting.link": ("Lihat daftar tunggu", "See the waiting list"),
    "waiting.answer": ("Ambil atau tolak", "Take or refuse"),
    "waiting.full": ("Penuh, tunggu kursi", "Full, wait for a seat"),
    "waiting.lead": (
        "Kursi yang dikembalikan ditawarkan menurut urutan masuk daftar, bukan kepada yang paling cepat.",
        "Seats that are given back are offered in the order in which people joined, not to who looks most often.",
    ),
    "waiting.join": ("Masuk daftar tunggu", "Join the waiting list"),
    "waiting.from": ("Dari hari", "From"),
    "waiting.to": ("Sampai hari", "Until"),
    "waiting.days": ("Hari mana yang bisa Anda datang?", "On which days can you come?"),
    "waiting.days.hint": (
        "{lane} di {office}. Semakin banyak hari, semakin besar kesempatannya; paling banyak {most} hari.",
        "{lane} at {office}. The more days, the better your chance; at most {most} days.",
    ),
    "waiting.rule": (
        "Sebuah tawaran berlaku {hours} jam, dan {soon} menit bila kursinya dalam {within} jam. Kursi yang dimulai "
        "dalam {least} jam tidak ditawarkan. Anda boleh menolak {refusals} kali dan tetap di tempat Anda; tawaran yang "
        "tidak dijawab dihitung sebagai penolakan.",
        "An offer lasts {hours} hours, and {soon} minutes when the seat is within {within} hours. A seat that starts "
        "within {least} hours is not offered. You may refuse {refusals} times and keep your place; an offer that is "
        "not answered counts as refused.",
    ),
    "waiting.rule.title": ("Bagaimana daftar ini bekerja", "How the list works"),
    "waiting.ahead.none": (
        "Tidak ada yang mendaftar sebelum Anda untuk hari-hari ini; kursi berikutnya yang kembali ditawarkan kepada "
        "Anda.",
        "Nobody joined before you for these days; the next seat that comes back is offered to you.",
    ),
    "waiting.ahead.one": (
        "Satu orang mendaftar sebelum Anda untuk hari-hari ini; kursi yang kembali ditawarkan kepadanya lebih dahulu.",
        "One person joined before you for these days; seats that come back go to them first.",
    ),
    "waiting.ahead.many": (
        "{count} orang mendaftar sebelum Anda untuk hari-hari ini; kursi yang kembali ditawarkan kepada mereka lebih "
        "dahulu.",
        "{count} people joined before you for these days; seats that come back go to them first.",
    ),
    "waiting.you_wait": ("Anda menunggu kursi", "You are waiting for a seat"),
    "waiting.place": ("Urutan Anda", "Your place"),
    "waiting.where": ("Kantor", "Office"),
    "waiting.when": ("Hari", "Days"),
    "waiting.since": ("Mendaftar", "Joined"),
    "waiting.people": ("Orang", "People"),
    "waiting.people.text": (
        "{count} anggota keluarga, hanya bersama-sama",
        "{count} of one family, only together",
    ),
    "waiting.refusals": ("Penolakan", "Refusals"),
    "waiting.refusals.text": ("{count} dari {most}", "{count} of {most}"),
    "waiting.news": (
        "Bila ada kursi, kami mengirim surel, dan tawarannya tampil di sini. Anda tidak perlu memeriksa terus-menerus.",
        "When there is a seat we send you a mail, and it is shown here. You need not keep looking.",
    ),
    "waiting.offered": ("Kursi ini ditawarkan kepada Anda", "This seat is offered to you"),
    "waiting.offered.family": (
        "Tawaran ini untuk {count} anggota keluarga: semua mengambilnya bersama, atau tidak sama sekali.",
        "This offer is for {count} of your family: you take all of it together, or none.",
    ),
    "waiting.until": ("Ambil atau tolak sebelum", "Take or refuse it before"),
    "waiting.then": (
        "Setelah itu, atau bila Anda menolak, kursi ini ditawarkan kepada orang berikutnya.",
        "After that, or if you refuse it, it is offered to the next person.",
    ),
    "waiting.take": ("Ambil kursi ini", "Take this seat"),
    "waiting.refuse": ("Tolak", "Refuse"),
    "waiting.refuse.keeps": (
        "Bila menolak, Anda tetap di urutan Anda; masih boleh {left} kali.",
        "If you refuse you keep your place; you may do so {left} more times.",
    ),
    "waiting.refuse.last": (
        "Ini penolakan terakhir: bila menolak, Anda keluar dari daftar.",
        "You have refused as often as you may: if you refuse again, you leave the list.",
    ),
    "waiting.leave": ("Keluar dari daftar tunggu", "Leave the waiting list"),
    "waiting.leave.text": (
        "Bila keluar, tempat Anda hilang; bila masuk lagi, Anda mulai dari belakang.",
        "If you leave, your place is lost; if you join again, you start at the end.",
    ),
    "waiting.history": ("Yang terjadi sejauh ini", "What has happened so far"),
    "waiting.dropped": ("Anda tidak lagi dalam daftar tunggu", "You are not in the waiting list any more"),
    "waiting.step.joined": ("Masuk daftar tunggu", "Joined the list"),
    "waiting.step.offered": ("Kursi ditawarkan", "A seat was offered"),
    "waiting.step.skipped": ("Dilewati", "Passed over"),
    "waiting.step.refused": ("Tawaran ditolak", "The offer was refused"),
    "waiting.step.lapsed": ("Tawaran tidak dijawab pada waktunya", "The offer was not answered in time"),
    "waiting.step.revoked": ("Tawaran ditarik oleh kantor", "The office took the offer back"),
    "waiting.step.taken": ("Kursi diambil", "A seat was taken"),
    "waiting.step.left": ("Keluar dari daftar", "Left the list"),
    "waiting.step.dropped": ("Dikeluarkan dari daftar", "Taken off the list"),
    "waiting.why.too_late": (
        "kursi kembali terlalu dekat dengan waktunya untuk ditawarkan",
        "the seat came back too close to its time to be offered",
    ),
    "waiting.why.family_does_not_fit": (
        "tidak cukup kursi berdekatan untuk seluruh keluarga",
        "there were not enough seats together for the whole family",
    ),
    "waiting.why.had_this_offer": ("kursi ini sudah pernah ditawarkan", "this seat had been offered before"),
    "waiting.why.already_has_seat": ("sudah memiliki jadwal", "there was an appointment already"),
    "waiting.why.not_bookable": (
        "permohonan tidak dapat memesan jadwal saat itu",
        "the application could not take a seat then",
    ),
    "waiting.why.seat_gone": ("kursi tidak tersedia lagi", "the seat was not there any more"),
    "waiting.why.left_meanwhile": ("keluar dari daftar saat itu", "left the list at that moment"),
    "waiting.why.too_many_refusals": (
        "tawaran ditolak atau tidak dijawab terlalu sering",
        "offers were refused or not answered too often",
    ),
    "waiting.why.case_ended": ("permohonan sudah berakhir", "the application has ended"),
    "waiting.why.days_over": ("hari-hari itu sudah lewat", "the days are over"),
    "refused.no_offer": (
        "Tawaran itu sudah tidak ada. Anda tetap dalam daftar tunggu",
        "That offer is over. You are still in the waiting list",
    ),
    "refused.already_has_seat": (
        "Anda sudah memiliki jadwal, jadi tidak perlu menunggu",
        "You have an appointment already, so there is nothing to wait for",
    ),
    "refused.already_waiting": (
        "Anda sudah dalam daftar tunggu untuk hari lain. Keluar dahulu bila ingin menggantinya",
        "You are waiting for other days already. Leave the list first to change them",
    ),
    "refused.no_waiting_list": (
        "Kantor ini tidak memakai daftar tunggu",
        "This office has no waiting list",
    ),
    "wrong.waiting_days": (
        "Pilih hari terakhir yang tidak sebelum hari pertama",
        "Choose a last day that is not before the first",
    ),
}
