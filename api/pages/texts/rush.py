"""Texts of busy hours and outages: status without signing in, the waiting room, notices, walk-ins."""

TEXTS = {
    "status.title": ("Status permohonan", "Status of an application"),
    "status.lead": (
        "Dengan nomor permohonan dan tanggal lahir Anda dapat melihat status tanpa masuk, juga saat layanan masuk "
        "sedang terganggu.",
        "With its number and the birth date you can see where an application stands without signing in, also while the "
        "sign-in service is away.",
    ),
    "status.number": ("Nomor permohonan", "Number of the application"),
    "status.number.hint": (
        "16 angka, tertulis di bukti janji temu dan di setiap pesan kami",
        "16 digits, on the booking proof and in every message of ours",
    ),
    "status.birth_date": ("Tanggal lahir pemegang paspor", "Birth date of the passport's holder"),
    "status.birth_date.hint": ("Contoh: 27 3 1990", "For example, 27 3 1990"),
    "status.look": ("Lihat status", "See the status"),
    "status.appointment": ("Janji temu", "Appointment"),
    "status.more": (
        "Nama, dokumen dan tagihan hanya terlihat setelah masuk.",
        "Name, documents and bill are shown only to who has signed in.",
    ),
    "status.other": ("Lihat permohonan lain", "See another application"),
    "status.sign_in": ("Masuk untuk selengkapnya", "Sign in to see all of it"),
    "status.link": ("Lihat status tanpa masuk", "See a status without signing in"),
    "wrong.status.number": ("Nomor permohonan terdiri dari 16 angka", "The number has 16 digits"),
    "wrong.status.birth_date": ("Isi tanggal lahir, seperti 27 3 1990", "Enter a birth date, such as 27 3 1990"),
    "wrong.status.unknown": (
        "Tidak ada permohonan dengan nomor dan tanggal lahir ini. Periksa keduanya.",
        "There is no application with this number and birth date. Check both.",
    ),
    "notice.label": ("Pemberitahuan", "Notice"),
    "notice.repair": ("Perkiraan pulih: {at}.", "Expected to be repaired by {at}."),
    "notices.title": ("Pemberitahuan", "Notices"),
    "notices.lead": (
        "Yang Anda tulis di sini tampil di setiap halaman, untuk semua orang, dalam beberapa detik.",
        "What you write here is shown on every page, to everybody, within seconds.",
    ),
    "notices.told": ("Sedang tampil", "Shown now"),
    "notices.none": ("Tidak ada pemberitahuan.", "There are no notices."),
    "notices.opened": ("Dibuka {at} oleh {by}", "Opened {at} by {by}"),
    "notices.closed": ("ditutup {at} oleh {by}", "closed {at} by {by}"),
    "notices.until": ("tampil sampai {until}", "shown until {until}"),
    "notices.close": ("Tutup", "Close"),
    "notices.over": ("Sebelumnya", "Before"),
    "notices.new": ("Pemberitahuan baru", "A new notice"),
    "notices.text_id": ("Teks dalam bahasa Indonesia", "Text in Indonesian"),
    "notices.text_en": ("Teks dalam bahasa Inggris", "Text in English"),
    "notices.text.hint": (
        "Apa yang terganggu, dan apa yang sebaiknya dilakukan orang",
        "What does not work, and what people should do",
    ),
    "notices.repair.label": ("Perkiraan waktu pulih", "Expected time of repair"),
    "notices.repair.hint": ("Boleh kosong. Waktu {zone}.", "May be left empty. Times are {zone}."),
    "notices.until.label": ("Tampil sampai", "Shown until"),
    "notices.until.hint": (
        "Boleh kosong: tampil sampai Anda menutupnya. Waktu {zone}.",
        "May be left empty: shown until you close it. Times are {zone}.",
    ),
    "notices.open": ("Tampilkan", "Show it"),
    "desk.door.notices": ("Pemberitahuan", "Notices"),
    "desk.door.notices.text": ("Beri tahu semua orang bila ada gangguan", "Tell everybody when something is down"),
    "wrong.notice.text_id": ("Tulis teks dalam bahasa Indonesia", "Write the text in Indonesian"),
    "wrong.notice.text_en": ("Tulis teks dalam bahasa Inggris", "Write the text in English"),
    "wrong.notice.until": ("Isi waktu yang belum lewat", "Give a time that is still to come"),
    "wrong.notice.repair": ("Isi tanggal dan jam", "Give a date and a time"),
    "room.title": ("Anda dalam antrean memilih jadwal", "You are in the line to choose a seat"),
    "room.position": ("Urutan Anda: {position}", "Your place in the line: {position}"),
    "room.estimate": ("Kira-kira {low} sampai {high} menit", "About {low} to {high} minutes"),
    "room.estimate.short": ("Kira-kira paling lama {high} menit", "About {high} minutes at most"),
    "room.estimate.none": (
        "Lamanya belum dapat diperkirakan: sejak ada antrean, baru sedikit tempat yang kosong.",
        "It cannot be said yet for how long: few places have come free since people wait.",
    ),
    "room.again": (
        "Halaman ini memeriksa lagi sendiri setiap {seconds} detik. Biarkan terbuka.",
        "This page looks again by itself every {seconds} seconds. Leave it open.",
    ),
    "room.now": ("Periksa sekarang", "Look now"),
    "room.order": (
        "Urutan menurut kedatangan. Membuka lebih banyak jendela atau perangkat tidak mempercepat.",
        "The order is that of arrival. More windows or devices do not make it faster.",
    ),
    "room.lasts": (
        "Setelah giliran Anda, tempat Anda tetap selama Anda memilih; {minutes} menit tanpa kegiatan melepaskannya.",
        "When it is your turn, the place is yours while you choose; {minutes} minutes without a click give it up.",
    ),
    "room.elsewhere": (
        "Status, tagihan dan dokumen tetap dapat dibuka tanpa antre.",
        "Status, bills and documents stay open without a line.",
    ),
    "room.leave": ("Keluar dari antrean", "Leave the line"),
    "walkins.title": ("Datang tanpa janji temu hari ini", "Without an appointment today"),
    "walkins.lead": (
        "Kantor dapat membuka kuota untuk lansia, anak, penyandang disabilitas, ibu hamil, orang sakit, dan saat ada "
        "gangguan. Isi permohonan dahulu, lalu tunjukkan nomornya di meja depan.",
        "An office can open places for the elderly, children, people with disabilities, pregnant women, the sick, and "
        "during an outage. File the application first, then show its number at the front desk.",
    ),
    "walkins.none": ("Hari ini tidak ada kuota yang dibuka.", "No places are open today."),
    "walkins.left": ("{left} dari {places} tersisa", "{left} of {places} left"),
    "walkins.full": ("Habis; dicatat untuk hari kerja berikutnya", "None left; noted for the next working day"),
    "walkins.how": (
        "Bila kuota habis, Anda dicatat menurut kedatangan untuk hari kerja berikutnya, dan dilayani lebih dahulu.",
        "When there are none left, you are noted by arrival for the next working day, and served first.",
    ),
    "walkins.link": ("Datang tanpa janji temu hari ini", "Without an appointment today"),
}
