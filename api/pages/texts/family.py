"""Texts of applications for several people."""

TEXTS = {
    "people.which": ("Orang ke-{place}, paling banyak {most}", "Person {place}, at most {most}"),
    "people.leave_out.now": ("Jangan sertakan orang ini", "Leave this person out"),
    "people.title": ("Orang-orang dalam pengajuan ini", "The people in this filing"),
    "people.hint": (
        "Semua diajukan sekaligus: bila satu orang ditolak, tidak ada yang terdaftar. Jadwal dipilih bersama.",
        "All are filed at once: if one person is refused, nobody is. The time is chosen for all together.",
    ),
    "people.this": ("Isian di bawah ini", "The answers below"),
    "people.leave_out": ("Hapus", "Leave out"),
    "people.add": ("Tambah orang lain", "Add another person"),
    "people.add.hint": (
        "Keluarga dapat mengajukan bersama, paling banyak {most} orang, dan datang pada waktu yang sama.",
        "A family can apply together, up to {most} people, and come at the same time.",
    ),
    "people.full": ("Sudah {most} orang, yaitu batas satu pengajuan.", "There are {most} people, the most in one act."),
    "people.send": ("Kirim semua permohonan", "Send all applications"),
    "people.wrong": ("{name}: {said}", "{name}: {said}"),
    "family.title": ("Permohonan keluarga", "Family application"),
    "family.of": ("Keluarga, {count} orang", "A family of {count}"),
    "family.filed": ("Semua permohonan terkirim", "All applications were sent"),
    "family.now": ("Pilih hari dan jam kunjungan untuk semua", "Choose the day and time for all"),
    "family.now.hint": (
        "Semua duduk pada jam yang sama, atau pada jam tepat sesudahnya; atau tidak seorang pun.",
        "All are seated at the same time, or right after it; or nobody is.",
    ),
    "family.choose": ("Pilih jadwal bersama", "Choose a time for all"),
    "family.move": ("Ubah jadwal bersama", "Move the time of all"),
    "family.bills": (
        "Setiap orang punya tagihan sendiri. Bayar semuanya sebelum batas waktunya.",
        "Each person has a bill of their own. Pay all of them before they are due.",
    ),
    "family.pay": ("Lihat tagihan", "See the bill"),
    "family.member": ("Bagian dari permohonan keluarga", "Part of a family application"),
    "family.see": ("Lihat seluruh keluarga", "See the whole family"),
    "family.days": ("Pilih hari untuk {count} orang", "Choose a day for {count} people"),
    "family.times": ("Pilih jam untuk {count} orang", "Choose a time for {count} people"),
    "family.no_room": ("Tidak cukup untuk semua", "Not enough for all"),
    "family.none": (
        "Dalam {count} hari ke depan tidak ada jam dengan tempat cukup untuk semua. Coba kantor lain, atau lihat lagi "
        "besok.",
        "At no time in the next {count} days is there room for all. Try another office, or look again tomorrow.",
    ),
    "refused.family_full": (
        "Tempat pada jam ini tidak lagi cukup untuk semua. Pilih jam lain",
        "This time has no room for all any more. Choose another time",
    ),
    "ending.family_refused": (
        "Permohonan anggota lain ditolak, dan semua diajukan sekaligus",
        "Another member was refused, and all were filed at once",
    ),
}
