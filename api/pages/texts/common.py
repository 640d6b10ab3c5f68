"""Texts of every page."""

TEXTS = {
    "site.name": ("Layanan Paspor", "Passport Service"),
    "site.skip": ("Langsung ke isi utama", "Skip to main content"),
    "site.language": ("Bahasa", "Language"),
    "site.menu": ("Menu layanan", "Service menu"),
    "site.applications": ("Permohonan saya", "My applications"),
    "site.audit": ("Pemeriksaan", "Audit"),
    "site.sign_in": ("Masuk", "Sign in"),
    "site.sign_out": ("Keluar", "Sign out"),
    "site.signed_in_as": ("Masuk sebagai", "Signed in as"),
    "site.footer": (
        "Setiap langkah permohonan Anda dicatat dan dapat diperiksa. Halaman ini berfungsi tanpa skrip.",
        "Every step of your application is recorded and can be verified. These pages work without scripts.",
    ),
    "site.practice": (
        "Pemasangan latihan: semua orang dan data di sini rekaan.",
        "Practice installation: all people and data here are invented.",
    ),
    "site.phase": ("Latihan", "Practice"),
    "do.back": ("Kembali", "Back"),
    "do.continue": ("Lanjutkan", "Continue"),
    "do.save": ("Simpan dan lanjutkan", "Save and continue"),
    "do.change": ("Ubah", "Change"),
    "do.again": ("Coba lagi", "Try again"),
    "do.start_page": ("Ke halaman awal", "Go to the start page"),
    "error.summary": ("Ada yang perlu diperbaiki", "There is a problem"),
    "error.title": ("Kesalahan: ", "Error: "),
    "error.word": ("Kesalahan:", "Error:"),
    "problem.help": (
        "Yang sudah Anda simpan tidak hilang. Anda dapat kembali dan mencoba lagi.",
        "What you have saved is not lost. You can go back and try again.",
    ),
    "problem.code": ("Kode", "Code"),
    "problem.to_applications": ("Ke permohonan saya", "Go to my applications"),
    "sign_in_failed.title": ("Anda belum masuk", "You are not signed in"),
    "sign_in_failed.text": (
        "Proses masuk tidak selesai, atau terlalu lama. Silakan mulai lagi dari perangkat dan peramban yang sama.",
        "Signing in was not completed, or took too long. Please start again on the same device and browser.",
    ),
    "currency.free": ("gratis", "free"),
}
