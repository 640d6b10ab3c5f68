"""Texts of every page."""

TEXTS = {
    "site.name": ("Layanan Paspor", "Passport Service"),
    "site.skip": ("Langsung ke isi utama", "Skip to main content"),
    "site.language": ("Bahasa", "Language"),
    "site.menu": ("Menu layanan", "Service menu"),
    "site.applications": ("Permohonan saya", "My applications"),
    "site.audit": ("Audit", "Audit"),
    "site.sign_in": ("Masuk", "Sign in"),
    "site.sign_out": ("Keluar", "Sign out"),
    "site.signed_in_as": ("Masuk sebagai", "Signed in as"),
    "site.footer": (
        "Setiap langkah permohonan dicatat dan dapat diperiksa. Halaman ini berfungsi tanpa skrip.",
        "Every step of an application is recorded and can be verified. These pages work without scripts.",
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
    "problem.404": (
        "Alamatnya keliru, atau yang dituju bukan milik Anda. Periksa tautannya, atau mulai dari halaman berikut.",
        "The address is wrong, or what it leads to is not yours. Check the link, or go on from here.",
    ),
    "problem.role_not_allowed": (
        "Akun yang Anda pakai tidak berwenang membuka halaman ini. Bila Anda punya akun lain, keluar dahulu lalu masuk "
        "dengan akun itu. Percobaan ini dicatat.",
        "The account you signed in with may not open this page. If you have another one, sign out and use that. "
        "This attempt was recorded.",
    ),
    "problem.bad_request": (
        "Formulir ini berasal dari sesi yang sudah berakhir, atau tidak lengkap. Tidak ada yang tercatat. Buka lagi "
        "halamannya dan isi sekali lagi.",
        "This form comes from a session that has ended, or is not complete. Nothing was recorded. Open its page again "
        "and fill it in once more.",
    ),
    "problem.503": (
        "Tidak ada yang hilang. Tunggu sebentar, lalu muat ulang halaman ini.",
        "Nothing is lost. Wait a moment, then load this page again.",
    ),
    "problem.429": (
        "Dari akun atau jaringan Anda datang terlalu banyak permintaan dalam waktu singkat. Yang sudah Anda simpan "
        "tidak hilang.",
        "Too many requests came from your account or network within a short time. What you have saved is not lost.",
    ),
    "problem.wait": ("Coba lagi setelah {minutes} menit.", "Please try again after {minutes} minutes."),
    "problem.sign_in_away": (
        "Layanan masuk sedang terganggu; itu layanan lain, dan yang sudah masuk dapat terus bekerja. Yang sudah Anda "
        "simpan tidak hilang. Status permohonan dapat dilihat tanpa masuk.",
        "The sign-in service is away. It is another service: who is signed in already can go on, and what you have "
        "saved is not lost. The status of an application can be seen without signing in.",
    ),
    "problem.trace": ("Bila terjadi lagi, sebutkan nomor ini:", "Should it happen again, please tell us this number:"),
    "problem.to_applications": ("Ke permohonan saya", "Go to my applications"),
    "sign_in_failed.title": ("Anda belum masuk", "You are not signed in"),
    "sign_in_failed.text": (
        "Proses masuk tidak selesai, atau terlalu lama. Silakan mulai lagi dari perangkat dan peramban yang sama.",
        "Signing in was not completed, or took too long. Please start again on the same device and browser.",
    ),
    "currency.free": ("gratis", "free"),
}
