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
}
